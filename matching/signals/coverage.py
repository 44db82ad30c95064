"""Signal: how much of what one title asks for the other text holds, both ways (BM25-like saturation)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.rows import WHOLE, Values, row_sums, weighted
from matching.signals.base import Block, Scores, mean_of_known, unknown_where
from matching.signals.views import View
from matching.statistics import Statistics

_K, _B = 0.8, 0.75


class CoverageSignal:
    """Share of a title's weight (rare characters and pairs weigh more) that is found in the other text."""

    name: ClassVar[str] = "coverage"
    label: ClassVar[str] = "要点覆盖"
    weight: ClassVar[float] = 0.35

    def fit(self, statistics: Statistics) -> FittedCoverage:
        """Take rarity and mean length from the statistics."""
        return FittedCoverage(self.name, View("characters", statistics))


class FittedCoverage:
    """Keeps what a title asks for in all, and where a text of its length saturates."""

    def __init__(self, name: str, view: View) -> None:
        self._name = name
        self._view = view

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Counted terms; the title's weight in all; the count that saturates by half."""
        rows = self._view.rows(texts)
        weights = _sharpened(self._view.rarities(texts))
        lengths = row_sums(rows.indptr, weighted(rows.counts, WHOLE).astype(np.float64))
        telling = np.diff(texts.characters.indptr) > 0  # else the text is project language alone, words or not
        return {
            **self._view.encode(texts),
            f"{self._name}.asked": row_sums(rows.indptr, np.where(rows.counts[:, 0] > 0, weights, 0.0)),
            f"{self._name}.halves": _K * (1.0 - _B + _B * lengths / self._view.vocabulary.mean_length),
            f"{self._name}.lengths": np.where(telling, lengths, 0.0),
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Mean coverage."""
        meeting = self._view.meet(query, offers, at)
        own_half, halves = query[f"{self._name}.halves"][0], offers[f"{self._name}.halves"][at]
        ours, theirs = meeting.covered(_sharpened(meeting.rarities), own_half, halves)
        asked, their_asked = query[f"{self._name}.asked"][0], offers[f"{self._name}.asked"][at]
        empty = (offers[f"{self._name}.lengths"][at] == 0.0) | (query[f"{self._name}.lengths"][0] == 0.0)
        return mean_of_known(
            unknown_where(ours / (asked or 1.0), empty | (asked == 0.0)),
            unknown_where(theirs / np.where(their_asked > 0.0, their_asked, 1.0), empty | (their_asked == 0.0)),
        )


def _sharpened(factors: Values) -> Values:
    """Rarity to the power 1.5, by operations that round alike everywhere."""
    return factors * np.sqrt(factors)
