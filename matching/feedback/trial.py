"""Tries learned weights on needs judged later than those they were learned from, and says whether they are better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matching.feedback.comparison import Compared, chance, compared, improvement
from matching.feedback.fitting import fit_weights
from matching.feedback.lists import JudgedList

Values = NDArray[np.float64]

FEWEST_NEEDS = 30
"""Judged needs without which nothing is learned."""

FEWEST_HELD_OUT = 10
"""Telling needs in the held-out part without which nothing is concluded: a bootstrap over fewer cannot be trusted."""

UNLIKELY = 0.025
"""A gain that would come about by chance more often than this is none."""

LEARNED_SHARE = 0.7
"""The older part, by the time of a need's last judgement, that is learned from; the newer part decides."""


class Verdict(StrEnum):
    """What a trial comes to."""

    BETTER = "BETTER"
    BY_CHANCE = "BY_CHANCE"
    NOT_BETTER = "NOT_BETTER"
    WORSE_OVERALL = "WORSE_OVERALL"
    TOO_FEW = "TOO_FEW"


@dataclass(frozen=True, slots=True)
class Enough:
    """How much of what a trial needs is there."""

    needs: int
    held_out: int

    @property
    def is_enough(self) -> bool:
        """Whether a trial can be held."""
        return self.needs >= FEWEST_NEEDS and self.held_out >= FEWEST_HELD_OUT


@dataclass(frozen=True)
class Trial:
    """One trial: the weights tried, and the comparison on the held-out needs; both empty when there was too little.

    ``overall`` is the same comparison on whole lists, where pairs nobody judged count as unwanted. ``chance`` is how
    likely such a gain is without any improvement.
    """

    verdict: Verdict
    enough: Enough
    weights: Values | None = None
    learned_from: int = 0
    comparison: dict[str, Compared] = field(default_factory=dict)
    overall: dict[str, Compared] = field(default_factory=dict)
    chance: float | None = None


def enough(lists: Sequence[JudgedList]) -> Enough:
    """What is there for a trial. ``lists`` come oldest first."""
    _, newer = split(lists)
    return Enough(len(lists), sum(one.is_telling for one in newer))


def split(lists: Sequence[JudgedList]) -> tuple[list[JudgedList], list[JudgedList]]:
    """The older LEARNED_SHARE of the needs, and the newer rest; no need is in both."""
    ordered = sorted(lists, key=lambda one: (one.at, one.need))
    border = int(len(ordered) * LEARNED_SHARE)
    return ordered[:border], ordered[border:]


def hold_trial(lists: Sequence[JudgedList], present: Values, lent: Sequence[JudgedList] = ()) -> Trial:
    """Learn from the older needs and compare with the ``present`` weights on the newer ones.

    ``lent`` are lists whose grades come from similar needs; they are learned from, never measured on, and none of a
    held-out need is used. BETTER only when the paired 95 % interval of nDCG@10 lies above 0 on judged pairs, the gain
    is unlikely by chance, and the same difference on whole lists does not lie below 0: judged pairs alone were chosen
    by the ranking in force, and weights that order them better may still let unwanted pairs in from below.
    """
    there = enough(lists)
    if not there.is_enough:
        return Trial(Verdict.TOO_FEW, there)
    older, newer = split(lists)
    barred = {one.need for one in newer}
    taught = [*older, *(one for one in lent if one.need not in barred and one.at <= older[-1].at)]
    weights = fit_weights(taught, present)
    comparison = compared(newer, present, weights)
    overall = compared(newer, present, weights, whole=True)
    by_chance = chance(newer, present, weights)
    verdict = _verdict(comparison, overall, by_chance)
    return Trial(verdict, there, weights, len(taught), comparison, overall, by_chance)


def _verdict(comparison: dict[str, Compared], overall: dict[str, Compared], by_chance: float) -> Verdict:
    if not improvement(comparison).is_better:
        return Verdict.NOT_BETTER
    if by_chance > UNLIKELY:
        return Verdict.BY_CHANCE
    return Verdict.WORSE_OVERALL if improvement(overall).is_worse else Verdict.BETTER
