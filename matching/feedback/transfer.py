"""Lends the grades of judged pairs to similar needs that were shown the same offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.feedback.grades import Judgement
from matching.feedback.lists import JudgedList, Scored

Values = NDArray[np.float64]

SHARPNESS = 3.0
"""Similarities are raised to this power, so that one near need outweighs many distant ones."""

LEAST_SIMILAR = 0.3
"""Needs less alike than this lend nothing."""


def transfer(similar: Values, grades: Values) -> tuple[Values, Values]:
    """Expected grades and how sure they are, both of shape (needs, offers).

    ``similar`` (needs, teachers) in [0, 1] must be 0 between a need and itself; ``grades`` (teachers, offers) is NaN
    where nobody judged. A need expects of an offer the mean grade its similar needs gave it, weighted by sharpened
    similarity (a kernel regression after Nadaraya and Watson 1964); NaN where none of them judged it. How sure: the
    similarity of the nearest need that did, 0 where none.
    """
    kept = np.where(similar >= LEAST_SIMILAR, similar, 0.0)
    weights = kept**SHARPNESS
    judged = (~np.isnan(grades)).astype(np.float64)
    mass = weights @ judged
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.where(mass > 0.0, weights @ np.nan_to_num(grades) / mass, np.nan)
    sure: Values = (kept[:, :, None] * judged[None, :, :]).max(axis=1, initial=0.0)
    return expected, sure


def lent_lists(
    judgements: Sequence[Judgement], similarity: Mapping[str, Mapping[str, float]], scored: Mapping[str, Scored]
) -> list[JudgedList]:
    """Lists of needs nobody judged, with the grades their similar needs gave the same offers, in order of id.

    ``similarity`` maps a borrowing need to its likeness to judged needs; a need that has judgements of its own borrows
    nothing, so that its own word always counts alone. A list weighs as much as its nearest lender is alike, below 1.
    """
    heard = [one for one in judgements if one.fit is not None]
    own = {one.need for one in judgements}
    teachers = sorted({one.need for one in heard})
    found: list[JudgedList] = []
    for need in sorted(set(similarity) & set(scored)):
        if need in own:
            continue
        offers, scores = scored[need]
        place = {offer: at for at, offer in enumerate(offers)}
        usable = [one for one in heard if one.offer in place and similarity[need].get(one.need, 0.0) >= LEAST_SIMILAR]
        if not usable:
            continue
        grades = np.full((len(teachers), len(offers)), np.nan)
        row = {teacher: at for at, teacher in enumerate(teachers)}
        for one in usable:
            grades[row[one.need], place[one.offer]] = float(one.grade)
        alike = np.array([[similarity[need].get(teacher, 0.0) for teacher in teachers]])
        expected, sure = transfer(alike, grades)
        ranks = np.full(len(offers), np.nan)
        weight = float(min(sure.max(), 1.0)) ** SHARPNESS
        at = max(one.at for one in usable)
        found.append(JudgedList(need, tuple(offers), scores, expected[0], ranks, at, weight))
    return found
