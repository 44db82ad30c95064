"""Measures weights on judged lists, compares two sets pair by pair of needs, and says what would move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.evaluation import Interval, bootstrap, discounted_gain
from matching.feedback.lists import JudgedList, order

Values = NDArray[np.float64]

METRIC_LABELS: dict[str, str] = {"ndcg@10": "nDCG@10", "map": "MAP", "mrr@10": "MRR@10"}
"""Metric → the name people read."""

_FLIPS = 10_000
_SEED = 20_250_101


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric under two sets of weights and the paired difference after − before, over the same needs."""

    before: Interval
    after: Interval
    difference: Interval

    @property
    def is_better(self) -> bool:
        """Whether the whole 95 % interval of the difference lies above 0."""
        return self.difference.low is not None and self.difference.low > 0.0

    @property
    def is_worse(self) -> bool:
        """Whether the whole 95 % interval of the difference lies below 0."""
        return self.difference.high is not None and self.difference.high < 0.0


@dataclass(frozen=True, slots=True)
class Move:
    """A judged pair whose place among its need's list changes; places count from 1."""

    need: str
    offer: str
    grade: float
    before: int
    after: int


def measure(one: JudgedList, weights: Values, *, whole: bool = False) -> dict[str, float]:
    """nDCG@10, MAP and MRR@10 of one telling list; wanted pairs (a grade above 0) are the relevant ones.

    Only judged pairs are ranked (condensed lists, Sakai 2007): what the ranking in force never showed cannot count
    against another. ``whole`` ranks the whole list and takes a pair nobody judged as unwanted, which favours the
    ranking in force.
    """
    ranked = one.grades[order(one.scores, weights)]
    ranked = np.nan_to_num(ranked) if whole else ranked[~np.isnan(ranked)]
    hits = np.flatnonzero(ranked > 0.0)
    first = int(hits[0]) + 1
    return {
        "ndcg@10": discounted_gain(ranked, 10),
        "map": float(np.mean(np.arange(1, hits.size + 1) / (hits + 1))),
        "mrr@10": 1.0 / first if first <= 10 else 0.0,
    }


def measured(lists: Sequence[JudgedList], weights: Values) -> dict[str, Interval]:
    """Every metric with its 95 % bootstrap interval over the telling needs of ``lists``."""
    found = [measure(one, weights) for one in lists if one.is_telling]
    return {name: bootstrap([values[name] for values in found]) for name in METRIC_LABELS}


def compared(lists: Sequence[JudgedList], before: Values, after: Values, *, whole: bool = False) -> dict[str, Compared]:
    """Every metric under both sets of weights and the paired bootstrap interval of the difference, over needs."""
    telling = [one for one in lists if one.is_telling]
    old = [measure(one, before, whole=whole) for one in telling]
    new = [measure(one, after, whole=whole) for one in telling]
    return {
        name: Compared(
            bootstrap([values[name] for values in old]),
            bootstrap([values[name] for values in new]),
            bootstrap([later[name] - earlier[name] for earlier, later in zip(old, new, strict=True)]),
        )
        for name in METRIC_LABELS
    }


def moves(lists: Sequence[JudgedList], before: Values, after: Values, limit: int = 10) -> list[Move]:
    """The judged pairs whose place in their need's list changes most, largest first; pairs that stay are left out."""
    found: list[Move] = []
    for one in lists:
        old, new = _places(one, before), _places(one, after)
        found.extend(
            Move(one.need, one.offers[at], float(one.grades[at]), int(old[at]), int(new[at]))
            for at in np.flatnonzero(one.judged & (old != new))
        )
    return sorted(found, key=lambda move: (-abs(move.after - move.before), move.need, move.offer))[:limit]


def chance(lists: Sequence[JudgedList], before: Values, after: Values) -> float:
    """How likely so large a gain in nDCG@10 is if ``after`` is no better: the one-sided paired randomisation test.

    Fisher's test with random signs (10,000, fixed seed), the one Smucker, Allan & Carterette (2007) recommend for
    rankings. It guards against gains of a few needs among many that stay as they are, where the bootstrap interval
    lies above 0 too easily.
    """
    telling = [one for one in lists if one.is_telling]
    gains = np.array([measure(one, after)["ndcg@10"] - measure(one, before)["ndcg@10"] for one in telling])
    signs = np.random.default_rng(_SEED).choice((-1.0, 1.0), size=(_FLIPS, gains.size))
    as_large = signs @ gains >= gains.sum() - 1e-12
    return float((as_large.sum() + 1) / (_FLIPS + 1))


def improvement(found: Mapping[str, Compared]) -> Compared:
    """The metric that decides: nDCG@10, the only one that sees how far a pair came."""
    return found["ndcg@10"]


def _places(one: JudgedList, weights: Values) -> NDArray[np.int64]:
    places = np.empty(len(one.offers), dtype=np.int64)
    places[order(one.scores, weights)] = np.arange(1, len(one.offers) + 1)
    return places
