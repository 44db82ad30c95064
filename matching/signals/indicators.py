"""Signal: how many of a need's target indicators the achievement's numbers meet; unknown where none can be decided."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.compiled import compiled
from matching.indicators.fit import Numbers, met_share, numbers, stated
from matching.signals.base import Block, Scores
from matching.signals.sides import sides
from matching.statistics import Statistics


class IndicatorsSignal:
    """Share of the need's decided targets that are satisfied (``matching.indicators.compare``)."""

    name: ClassVar[str] = "indicators"
    label: ClassVar[str] = "指标契合"
    weight: ClassVar[float] = 0.10

    def fit(self, statistics: Statistics) -> FittedIndicators:  # noqa: ARG002 - numbers mean the same in every catalogue
        """Nothing to learn."""
        return FittedIndicators()


class FittedIndicators:
    """Keeps the numbers of each posting and which side it stands on."""

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """The side of each posting, and a ragged row of its numbers."""
        every = [stated(text.profile) for text in texts]
        rows = numbers([quantity for found in every for quantity in found])
        return {
            "indicators.side": sides(texts),
            "indicators.numbers.indptr": np.cumsum([0, *map(len, every)]).astype(np.int64),
            **{f"indicators.numbers.{name}": array for name, array in rows._asdict().items()},
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Shares; NaN unless one side asks, the other offers, and a target is decided."""
        if not query["indicators.numbers.key"].size:
            return np.full(at.size, np.nan)
        side = int(query["indicators.side"][0])
        theirs = _numbers(offers)
        return _shares(
            _numbers(query), side, theirs, offers["indicators.side"], offers["indicators.numbers.indptr"], at
        )


def _numbers(block: Block) -> Numbers:
    return Numbers(*(block[f"indicators.numbers.{name}"] for name in Numbers._fields))


@compiled
def _shares(
    ours: Numbers,
    side: int,
    theirs: Numbers,
    their_sides: NDArray[np.int8],
    indptr: NDArray[np.int64],
    at: NDArray[np.int64],
) -> Scores:
    out = np.full(at.size, np.nan)
    for place in range(at.size):
        start, end = indptr[at[place]], indptr[at[place] + 1]
        if start == end or side * their_sides[at[place]] != -1:
            continue
        if side == 1:
            out[place] = met_share(ours, 0, ours.key.size, theirs, start, end)
        else:
            out[place] = met_share(theirs, start, end, ours, 0, ours.key.size)
    return out
