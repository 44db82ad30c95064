"""What people's decisions say about a pair: an ordered scale of grades, and judgements that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How far a pair came, lowest first.

    The value is the gain a ranking earns by placing the pair high. Gains grow evenly (Järvelin & Kekäläinen 2002) and
    not by powers of two: whether a talk ends in a contract depends on money and people as well, and a handful of
    contracts must not outweigh everything else.
    """

    DISMISSED = 0
    SHORTLISTED = 1
    MUTUAL = 2
    MET = 3
    INTENT = 4
    CONTRACT = 5


GRADE_LABELS: dict[Grade, str] = {
    Grade.DISMISSED: "不合适",
    Grade.SHORTLISTED: "入选",
    Grade.MUTUAL: "双方有意",
    Grade.MET: "已洽谈",
    Grade.INTENT: "达成意向",
    Grade.CONTRACT: "签约",
}
"""Grade → the word people read."""

UNFIT_REASONS = frozenset({"FIELD", "INDICATORS", "MATURITY", "PRICE"})
"""Reasons for passing a pair over that speak of the fit of the two texts.

A pair that is already known, comes at a bad time, stands in a conflict of interest or is passed over for a reason of
its own may fit perfectly: it says nothing, and is not learned from.
"""


FIT_GRADES: dict[int, Grade] = {1: Grade.DISMISSED, 2: Grade.SHORTLISTED, 3: Grade.MET, 4: Grade.INTENT}
"""What somebody who sat at the table says of the fit, from 1 (irrelevant) to 4 (just what was needed), as a grade."""


def grade_of_fits(fits: Sequence[int]) -> Grade | None:
    """The grade of several people's fits (1–4) of one pair: that of their mean, halves down; None without any.

    Halves go down because a talk helps only when both sides find it worth while.
    """
    if not fits:
        return None
    return FIT_GRADES[(2 * sum(fits) + len(fits) - 1) // (2 * len(fits))]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decided pair. ``at`` is when, in any unit that grows with time; ``rank`` the place shown then, from 1.

    ``reason`` is the code of a dismissal, "" otherwise; ``rank`` is None where no list showed the pair.
    """

    need: str
    offer: str
    grade: Grade
    at: float
    rank: int | None = None
    reason: str = ""

    @property
    def fit(self) -> Grade | None:
        """What the decision says about the fit; None where it says nothing."""
        if self.grade is Grade.DISMISSED and self.reason not in UNFIT_REASONS:
            return None
        return self.grade
