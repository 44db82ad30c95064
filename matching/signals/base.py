"""What a ranking signal is: a name, a weight, a block that it keeps of each posting, and scores that may be unknown."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.blocks import Block
from matching.statistics import Statistics

Scores = NDArray[np.float64]


class FittedSignal(Protocol):
    """A signal that knows the statistics."""

    def encode(self, texts: Texts) -> Block:
        """What to keep of these postings (a sequence of Analysed). A posting's part depends on this posting alone."""

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Scores in [0, 1] of ONE encoded posting with the postings ``at`` of a block, shape (len(at),).

        NaN where the signal cannot tell. A pair's score does not depend, to the last bit, on which side asks, nor on
        the block that holds the posting.
        """


class Signal(Protocol):
    """One reason to rank a pair."""

    name: ClassVar[str]
    label: ClassVar[str]
    weight: ClassVar[float]

    def fit(self, statistics: Statistics) -> FittedSignal:
        """Make ready to encode and score under these statistics."""


def unknown_where(scores: Scores, unknown: NDArray[np.bool_]) -> Scores:
    """Scores cut to [0, 1], NaN where unknown."""
    clipped: Scores = np.clip(scores, 0.0, 1.0)
    clipped[unknown] = np.nan
    return clipped


def mean_of_known(one: Scores, other: Scores) -> Scores:
    """The mean of two arrays of scores, and the one that can tell where the other cannot."""
    mean: Scores = (one + other) / 2.0
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, mean))


__all__ = ["Block", "FittedSignal", "Scores", "Signal", "mean_of_known", "unknown_where"]
