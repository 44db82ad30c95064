"""Why one pair of a posting's list stands above another: what each signal gave, and which facts the two differ in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.evidence import Evidence
from matching.indicators import IndicatorFit
from matching.points import SCALE
from matching.signals import LABELS
from matching.text import normalise

_NAMED = 2


@dataclass(frozen=True, slots=True)
class SignalGap:
    """One signal's points for both pairs in whole 1/10000; None where it could not tell and so counted nothing."""

    name: str
    ours: int | None
    theirs: int | None

    @property
    def label(self) -> str:
        """The signal's name for people."""
        return LABELS.get(self.name, self.name)

    @property
    def gap(self) -> int:
        """By how much the other pair is ahead; negative where ours is."""
        return (self.theirs or 0) - (self.ours or 0)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two pairs side by side.

    The gaps of ``signals``, the other pair's greatest lead first, add up to ``difference`` exactly. ``ours_only`` and
    ``theirs_only`` are shared terms that only one of the pairs has. ``indicators`` are targets (of one and the same
    need) on which the pairs differ, as (our fit, their fit).
    """

    signals: tuple[SignalGap, ...]
    ours_only: tuple[str, ...]
    theirs_only: tuple[str, ...]
    indicators: tuple[tuple[IndicatorFit, IndicatorFit], ...]

    @property
    def difference(self) -> int:
        """The other score minus ours, in whole 1/10000."""
        return sum(signal.gap for signal in self.signals)


def contrast(
    our_points: Mapping[str, int], their_points: Mapping[str, int], ours: Evidence, theirs: Evidence
) -> Contrast:
    """Hold a pair against another of the same posting. Points are by signal name, whole 1/10000."""
    names = [*our_points, *(name for name in their_points if name not in our_points)]
    gaps = (SignalGap(name, our_points.get(name), their_points.get(name)) for name in names)
    return Contrast(
        signals=tuple(sorted(gaps, key=lambda signal: (-signal.gap, names.index(signal.name)))),
        ours_only=_beyond(ours, theirs),
        theirs_only=_beyond(theirs, ours),
        indicators=tuple(_differing(ours, theirs)),
    )


def because(found: Contrast) -> str:
    """The difference in one sentence: “对照的一对高 5.10 分，主要高在“标题切题”（3.20）和“要点覆盖”（1.90）”."""
    if found.difference == 0:
        return "两对得分相同，按编号排先后。"
    ahead, sign = ("对照的一对", 1) if found.difference > 0 else ("本对", -1)
    leads = sorted((one for one in found.signals if one.gap * sign > 0), key=lambda one: -one.gap * sign)[:_NAMED]
    named = "和".join(f"“{one.label}”（{points(one.gap * sign)}）" for one in leads)
    terms = found.theirs_only if sign > 0 else found.ours_only
    shared = "；它还共有" + "".join(f"“{term}”" for term in terms[:3]) if terms else ""
    return f"{ahead}高 {points(found.difference * sign)} 分，主要高在{named}{shared}。"


def points(value: int) -> str:
    """Whole 1/10000 as the points people read: 8264 → 82.64."""
    return f"{value * 100 / SCALE:.2f}"


def _beyond(one: Evidence, other: Evidence) -> tuple[str, ...]:
    known = [normalise(term) for term in other.numbered]
    return tuple(term for term in one.numbered if not any(normalise(term) in held for held in known))


def _differing(ours: Evidence, theirs: Evidence) -> list[tuple[IndicatorFit, IndicatorFit]]:
    """Fits of the same targets with other verdicts; none where the needs are not the same."""
    if [fit.need for fit in ours.indicators] != [fit.need for fit in theirs.indicators]:
        return []
    both = zip(ours.indicators, theirs.indicators, strict=True)
    return [(mine, other) for mine, other in both if mine.verdict != other.verdict]
