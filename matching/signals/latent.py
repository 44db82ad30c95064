"""Signal: both texts lie in the same direction of the catalogue's subjects, even where they share few signs (LSA)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.signals.base import Block, Scores, unknown_where
from matching.signals.vectors import cosines, quantised
from matching.statistics import Statistics


class LatentSignal:
    """Cosine of the two texts' places among the catalogue's main directions, opposite directions counting as none."""

    name: ClassVar[str] = "latent"
    label: ClassVar[str] = "主题相近"
    weight: ClassVar[float] = 0.05

    def fit(self, statistics: Statistics) -> FittedLatent:
        """Take the directions from the statistics."""
        return FittedLatent(statistics)


class FittedLatent:
    """Keeps one small vector of whole numbers for each posting."""

    def __init__(self, statistics: Statistics) -> None:
        self._latent = statistics.latent
        self._vocabulary = statistics.characters

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Places, shape (postings, dimensions)."""
        return {"latent.places": quantised(self._latent.places(texts.characters, self._vocabulary))}

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Cosines; unknown where a text has no place."""
        values = cosines(query["latent.places"][0], offers["latent.places"], at)
        return unknown_where(np.nan_to_num(values), np.isnan(values))
