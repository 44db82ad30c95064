"""A need's judged pairs among the pairs it was shown, with every signal's score: what is learned from and measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.feedback.grades import Judgement
from matching.points import SCALE

Values = NDArray[np.float64]
Scored = tuple[Sequence[str], Values]
"""Offer ids and the signals' scores, shape (offers, signals), NaN where a signal cannot tell."""


@dataclass(frozen=True, eq=False)
class JudgedList:
    """One need's list. All arrays follow ``offers``; ``scores`` has shape (offers, signals).

    ``grades`` is NaN for a pair nobody judged; ``ranks`` is the place shown when it was judged, NaN where unknown.
    ``at`` is the time of the last judgement. ``weight`` in (0, 1] is below 1 for a list whose grades were lent by
    similar needs.
    """

    need: str
    offers: tuple[str, ...]
    scores: Values
    grades: Values
    ranks: Values
    at: float
    weight: float = 1.0

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Which pairs somebody judged."""
        return ~np.isnan(self.grades)

    @property
    def is_telling(self) -> bool:
        """Whether the judged pairs can be put in a right and a wrong order: one was wanted more than another."""
        grades = self.grades[self.judged]
        return bool(grades.size > 1 and grades.max() > max(0.0, float(grades.min())))


def judged_lists(judgements: Iterable[Judgement], scored: Mapping[str, Scored]) -> list[JudgedList]:
    """Lists of the needs in ``scored`` that have a judgement that says something, oldest first, then by id.

    A judged pair that is not among the need's scored offers is passed over; one whose judgement says nothing about the
    fit leaves the list altogether. Of two judgements of a pair the later counts.
    """
    by_need: dict[str, dict[str, Judgement]] = {}
    for one in sorted(judgements, key=lambda judgement: judgement.at):
        by_need.setdefault(one.need, {})[one.offer] = one
    made = [_list(need, by_need[need], *scored[need]) for need in sorted(by_need) if need in scored]
    return sorted((one for one in made if one is not None), key=lambda one: (one.at, one.need))


def _list(need: str, said: Mapping[str, Judgement], offers: Sequence[str], scores: Values) -> JudgedList | None:
    silent = {offer for offer, one in said.items() if one.fit is None}
    kept = sorted((at for at, offer in enumerate(offers) if offer not in silent), key=lambda at: offers[at])
    names = tuple(offers[at] for at in kept)
    heard = [said[offer] for offer in names if offer in said]
    if not heard:
        return None
    grades = [float(said[offer].grade) if offer in said else np.nan for offer in names]
    ranks = [float(said[offer].rank or np.nan) if offer in said else np.nan for offer in names]
    return JudgedList(need, names, scores[kept], np.array(grades), np.array(ranks), max(one.at for one in heard))


def blended(scores: Values, weights: Values) -> Values:
    """The ranker's blend: the weighted mean over the signals that can tell, 0 where none can; shape (offers,)."""
    tells = ~np.isnan(scores)
    known = tells @ weights
    mean: Values = np.where(tells, scores, 0.0) @ weights / np.where(known > 0.0, known, 1.0)
    return mean


def order(scores: Values, weights: Values) -> NDArray[np.int64]:
    """Positions best first under ``weights``, in whole ten-thousandths as the ranker orders, ties by position."""
    points = np.rint(blended(scores, weights) * SCALE)
    return np.argsort(-points, kind="stable").astype(np.int64)
