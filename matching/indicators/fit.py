"""Comparing what a need asks for with what an achievement gives: which number answers which, and how well."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled
from matching.indicators.concepts import concept_named
from matching.indicators.quantity import IndicatorFit, Quantity, Verdict
from matching.indicators.reading import quantities
from matching.profile import Profile


class Numbers(NamedTuple):
    """Quantities as arrays, a row each.

    ``key`` says what is measured in which unit, ``subject`` of what (its number, then those of its pairs of characters;
    0 fills up), ``wanted`` and ``given`` are the bounds (NaN: open), ``traits`` bits.
    """

    key: NDArray[np.uint32]
    subject: NDArray[np.uint32]
    wanted: NDArray[np.float64]
    given: NDArray[np.float64]
    traits: NDArray[np.uint8]


_TARGET, _GIVEN, _STRICT, _COVERS = 1, 2, 4, 8
_SUBJECT_PARTS = 8
_VERDICTS: dict[int, Verdict] = {1: "satisfied", 0: "unknown", -1: "violated"}


def compare(need: Profile, offer: Profile) -> tuple[IndicatorFit, ...]:
    """One fit per target of the need, in the text's order; offsets are into the texts that ``stated`` reads.

    Two numbers measure the same when concept and unit dimension are equal and their subjects do not contradict: equal
    subjects are closest, then subjects that share a pair of characters, then one that is not named — but of a concept
    that says nothing alone (温度, 压力, 含量 …) the subjects must be equal or share a pair. The closest number answers;
    of equally close ones the most favourable. Numbers that tell how things are today or with others answer nothing.
    """
    targets = [quantity for quantity in stated(need) if quantity.target]
    if not targets:
        return ()
    given = stated(offer)
    places, verdicts = _answers(numbers(targets), numbers(given))
    return tuple(
        IndicatorFit(target, given[place] if place >= 0 else None, _VERDICTS[int(verdict)])
        for target, place, verdict in zip(targets, places, verdicts, strict=True)
    )


def stated(profile: Profile) -> tuple[Quantity, ...]:
    """The numbers of a posting: of its body, or, where its targets are kept apart, of those alone.

    What is kept apart as a target is one, unless its words say that it tells how things are today.
    """
    if not profile.targets.strip():
        return quantities(profile.body)
    return tuple(replace(quantity, target=not quantity.baseline) for quantity in quantities(profile.targets))


def numbers(found: Sequence[Quantity]) -> Numbers:
    """The quantities as arrays, one row each."""
    subjects = [_subject(quantity.subject) for quantity in found]
    return Numbers(
        key=np.array([_key(quantity) for quantity in found], dtype=np.uint32),
        subject=np.array(subjects, dtype=np.uint32).reshape(-1, _SUBJECT_PARTS),
        wanted=_bounds([_wanted(quantity) for quantity in found]),
        given=_bounds([(quantity.lower, quantity.upper) for quantity in found]),
        traits=np.array([_traits(quantity) for quantity in found], dtype=np.uint8),
    )


def _bounds(pairs: Sequence[tuple[float | None, float | None]]) -> NDArray[np.float64]:
    return np.array([[np.nan if one is None else one for one in pair] for pair in pairs]).reshape(-1, 2)


def _wanted(quantity: Quantity) -> tuple[float | None, float | None]:
    """What the number asks for: of something that is better the more (the less), at least (at most) this much."""
    if quantity.lower is None or quantity.upper is None or quantity.better == 0:
        return quantity.lower, quantity.upper
    return (quantity.lower, None) if quantity.better > 0 else (None, quantity.upper)


def _key(quantity: Quantity) -> int:
    """A number for what is measured and in which unit; 0 where the text does not say what."""
    if not quantity.concept:
        return 0
    return zlib.crc32(f"{quantity.concept}\0{quantity.unit}".encode()) or 1


def _subject(subject: str) -> list[int]:
    """The subject's number, then those of its pairs of characters (of the one character, if it is only one)."""
    pairs = {subject[at : at + 2] for at in range(len(subject) - 1)} or ({subject} if subject else set())
    parts = [zlib.crc32(part.encode()) or 1 for part in (subject, *sorted(pairs)) if part][:_SUBJECT_PARTS]
    return parts + [0] * (_SUBJECT_PARTS - len(parts))


def _traits(quantity: Quantity) -> int:
    concept = concept_named(quantity.concept)
    return (
        _TARGET * quantity.target
        + _GIVEN * (not quantity.baseline)
        + _STRICT * (concept is not None and concept.strict)
        + _COVERS * quantity.covers
    )


@compiled
def _likeness(ours: NDArray[np.uint32], theirs: NDArray[np.uint32], strict: bool) -> int:
    """3 the same subject, 2 subjects that share a pair of characters, 1 one is not named, 0 different things."""
    if strict and (ours[0] == 0 or theirs[0] == 0):
        return 0
    if ours[0] == theirs[0]:
        return 3
    if ours[0] == 0 or theirs[0] == 0:
        return 1
    for one in range(1, ours.size):
        for other in range(1, theirs.size):
            if ours[one] != 0 and ours[one] == theirs[other]:
                return 2
    return 0


@compiled
def _verdict(wanted: NDArray[np.float64], given: NDArray[np.float64], covers: bool) -> int:
    """1 all given values lie in the wanted range, -1 none does, 0 cannot be told; NaN bounds are open.

    A range that must be covered (工作温度 -40~60℃) asks the contrary: that the given range holds the wanted one.
    """
    low, high = wanted[0], wanted[1]
    least, most = given[0], given[1]
    if low == high and not (least == low and most == high):
        return 0  # a plain number of which nobody knows the better way
    if covers and low < high:
        if least <= low and most >= high:
            return 1
        return -1 if least < most else 0
    if most < low or least > high:
        return -1
    enough = np.isnan(low) or least >= low
    within = np.isnan(high) or most <= high
    return 1 if enough and within else 0


@compiled
def _answer(ours: Numbers, target: int, theirs: Numbers, start: int, end: int) -> tuple[int, int]:
    """Which of their numbers ``start`` to ``end`` answers our target best (-1: none), and the verdict."""
    best, likest, judged = -1, 0, 0
    if ours.key[target] == 0:
        return best, judged
    for place in range(start, end):
        if theirs.key[place] != ours.key[target] or not theirs.traits[place] & _GIVEN:
            continue
        like = _likeness(ours.subject[target], theirs.subject[place], ours.traits[target] & _STRICT != 0)
        if like < max(likest, 1):
            continue
        verdict = _verdict(ours.wanted[target], theirs.given[place], ours.traits[target] & _COVERS != 0)
        if like > likest or verdict > judged:
            best, likest, judged = place, like, verdict
    return best, judged


@compiled
def _answers(ours: Numbers, theirs: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    places = np.empty(ours.key.size, np.int64)
    verdicts = np.empty(ours.key.size, np.int64)
    for target in range(ours.key.size):
        places[target], verdicts[target] = _answer(ours, target, theirs, 0, theirs.key.size)
    return places, verdicts


@compiled
def met_share(ours: Numbers, first: int, last: int, theirs: Numbers, start: int, end: int) -> float:
    """The share of our decided targets ``first`` to ``last`` that their numbers ``start`` to ``end`` meet; or NaN."""
    met, decided = 0, 0
    for target in range(first, last):
        if not ours.traits[target] & _TARGET:
            continue
        _, verdict = _answer(ours, target, theirs, start, end)
        decided += verdict != 0
        met += verdict == 1
    return met / decided if decided else np.nan
