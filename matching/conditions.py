"""The conditions of a pair beside its texts: maturity, ways of working together, money; met, not met or not said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from matching.indicators import Verdict
from matching.profile import Profile
from matching.signals.mode import NEAR

_NEAR = [set(pair) for pair in NEAR]
ConditionName = Literal["maturity", "mode", "money"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the need, and whether the achievement meets it; "unknown" where either side does not say."""

    name: ConditionName
    verdict: Verdict


def conditions(need: Profile, offer: Profile) -> tuple[Condition, ...]:
    """Maturity at least the level asked for; a way of working both would accept; a price within the budget."""
    return tuple(Condition(name, judge(need, offer)) for name, judge in _JUDGES)


def _maturity(need: Profile, offer: Profile) -> Verdict:
    return "unknown" if need.trl is None or offer.trl is None else _said(offer.trl >= need.trl)


def _mode(need: Profile, offer: Profile) -> Verdict:
    """Ways that are only near to each other are open: the two sides may talk about it."""
    if not need.modes or not offer.modes:
        return "unknown"
    if set(need.modes) & set(offer.modes):
        return "satisfied"
    near = any({one, other} in _NEAR for one in need.modes for other in offer.modes)
    return "unknown" if near else "violated"


def _money(need: Profile, offer: Profile) -> Verdict:
    return "unknown" if need.money is None or offer.money is None else _said(offer.money <= need.money)


def _said(met: bool) -> Verdict:
    return "satisfied" if met else "violated"


_JUDGES: tuple[tuple[ConditionName, Callable[[Profile, Profile], Verdict]], ...] = (
    ("maturity", _maturity),
    ("mode", _mode),
    ("money", _money),
)
