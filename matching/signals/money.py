"""Signal: whether the need's budget reaches the achievement's price; unknown where the price is open to talks."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.signals.base import Block, Scores
from matching.signals.sides import sides
from matching.statistics import Statistics


class MoneySignal:
    """Full where the budget covers the price, else the share of the price that it covers."""

    name: ClassVar[str] = "money"
    label: ClassVar[str] = "预算与价格"
    weight: ClassVar[float] = 0.02

    def fit(self, statistics: Statistics) -> FittedMoney:  # noqa: ARG002 - money means the same in every catalogue
        """Nothing to learn."""
        return FittedMoney()


class FittedMoney:
    """Keeps each posting's amount and side."""

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Amounts in 分 (-1: not said) and sides."""
        amounts = [-1 if text.profile.money is None else text.profile.money for text in texts]
        return {"money.fen": np.array(amounts, dtype=np.int64), "money.side": sides(texts)}

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """NaN unless one side asks, the other offers, and both amounts are known."""
        side = int(query["money.side"][0])
        ours = np.full(at.size, float(query["money.fen"][0]))
        theirs = offers["money.fen"][at].astype(np.float64)
        known = (ours >= 0) & (theirs >= 0) & (offers["money.side"][at] * side == -1)
        budget, price = (ours, theirs) if side == 1 else (theirs, ours)
        scores = np.minimum(budget / np.maximum(price, 1.0), 1.0)
        return np.where(known, np.where(budget >= price, 1.0, scores), np.nan)
