"""Signal: whether the achievement is as mature as the need asks (technology readiness levels, GB/T 22900)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.signals.base import Block, Scores
from matching.signals.sides import sides
from matching.statistics import Statistics

_PER_LEVEL = 0.25
"""What each missing level costs: with four missing, a laboratory result is offered where a plant is wanted."""


class MaturitySignal:
    """Full where the level asked for is reached, less for each level missing."""

    name: ClassVar[str] = "maturity"
    label: ClassVar[str] = "成熟度"
    weight: ClassVar[float] = 0.02

    def fit(self, statistics: Statistics) -> FittedMaturity:  # noqa: ARG002 - levels mean the same in every catalogue
        """Nothing to learn."""
        return FittedMaturity()


class FittedMaturity:
    """Keeps each posting's level and side."""

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Levels 1–9 (0: not said) and sides."""
        return {
            "maturity.level": np.array([text.profile.trl or 0 for text in texts], dtype=np.int8),
            "maturity.side": sides(texts),
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """NaN unless one side asks, the other offers, and both levels are known."""
        ours, side = int(query["maturity.level"][0]), int(query["maturity.side"][0])
        theirs = offers["maturity.level"][at].astype(np.float64)
        missing = np.maximum((ours - theirs) * side, 0.0)
        known = (theirs > 0) & (ours > 0) & (offers["maturity.side"][at] * side == -1)
        return np.where(known, np.maximum(1.0 - _PER_LEVEL * missing, 0.0), np.nan)
