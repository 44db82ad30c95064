"""A seating touched by hand: what a move or a swap would cost, where else a talk could be, who could fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum

from matching.seating.problem import Meeting, PartyId, Problem
from matching.seating.result import Limit
from matching.seating.rules import broken
from matching.seating.solver import worst_served


@dataclass(frozen=True, slots=True)
class Move:
    """Put a talk into another slot or to another table."""

    meeting: Meeting
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Let two talks change places."""

    one: Meeting
    other: Meeting


@dataclass(frozen=True, slots=True)
class Remove:
    """Call a talk off."""

    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Add:
    """Hold one more talk."""

    meeting: Meeting


Change = Move | Swap | Remove | Add


@dataclass(frozen=True, slots=True)
class Cost:
    """What a change by hand makes of a seating: totals before and after, what it newly breaks and what it mends."""

    meetings: tuple[Meeting, ...]
    utility_before: float
    utility: float
    worst_served_before: int
    worst_served: int
    breaks: tuple[Limit, ...]
    mends: tuple[Limit, ...]

    @property
    def loss(self) -> float:
        """How much less the seating is worth."""
        return self.utility_before - self.utility


@dataclass(frozen=True, slots=True)
class FillIn:
    """Somebody who could sit down with a party left alone, and what that talk is worth."""

    waiting: PartyId
    party: PartyId
    utility: float
    table: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What a new seating means to a party: its utility and number of talks before and after."""

    party: PartyId
    utility_before: float
    utility: float
    talks_before: int
    talks: int


def changed(meetings: Iterable[Meeting], change: Change) -> tuple[Meeting, ...]:
    """The meetings after a change. Raises ValueError for a talk that is not among them."""
    held = list(meetings)
    match change:
        case Move(meeting, slot, table):
            held[held.index(meeting)] = replace(meeting, slot=slot, table=table)
        case Swap(one, other):
            first, second = held.index(one), held.index(other)
            held[first] = replace(one, slot=other.slot, table=other.table)
            held[second] = replace(other, slot=one.slot, table=one.table)
        case Remove(meeting):
            held.remove(meeting)
        case Add(meeting):
            held.append(meeting)
    return tuple(held)


def cost_of(problem: Problem, meetings: Iterable[Meeting], change: Change) -> Cost:
    """What a change would cost, at once and without solving anything. Raises ValueError for an unknown talk."""
    before = tuple(meetings)
    after = changed(before, change)
    worth = _worth(problem)
    had, has = broken(problem, before), broken(problem, after)
    return Cost(
        after,
        _total(worth, before),
        _total(worth, after),
        worst_served(problem, before),
        worst_served(problem, after),
        tuple(limit for limit in has if limit not in had),
        tuple(limit for limit in had if limit not in has),
    )


def alternatives(problem: Problem, meetings: Iterable[Meeting], meeting: Meeting) -> list[Change]:
    """Where else a talk could be: free places, then swaps with other talks; none breaks a limit that held before.

    The same slot first, then by distance in time and table number.
    """
    held = tuple(meetings)
    now = broken(problem, held)
    fixed = {(m.pair, m.slot, m.table) for m in problem.locked}
    taken = {(m.slot, m.table) for m in held}
    changes: list[Change] = []
    places = [(slot, table.number) for slot in range(problem.frozen_before, problem.slots) for table in problem.tables]
    changes += [Move(meeting, slot, table) for slot, table in places if (slot, table) not in taken]
    for other in held:
        free = (other.pair, other.slot, other.table) not in fixed and other.slot >= problem.frozen_before
        if other != meeting and free:
            changes.append(Swap(meeting, other))
    changes = [change for change in changes if _quickly_possible(problem, held, change)]
    changes = [change for change in changes if not _newly(problem, held, now, change)]
    return sorted(changes, key=lambda change: _apart(meeting, change))


def fill_ins(problem: Problem, meetings: Iterable[Meeting], missing: PartyId, slot: int) -> list[FillIn]:
    """Who could now sit down with those whom the ``missing`` party leaves alone in a slot, the most useful first.

    They are there, free in the slot, listed with the one waiting, have not met it and have talks left to give.
    """
    held = tuple(meetings)
    left = [m for m in held if m.slot == slot and missing in (m.one, m.other)]
    rest = [m for m in held if m not in left]
    now = broken(problem, rest, minimums=False)
    found: list[FillIn] = []
    for gone in left:
        waiting = gone.other if gone.one == missing else gone.one
        for pair in problem.pairs:
            if waiting not in (pair.one, pair.other) or missing in (pair.one, pair.other):
                continue
            talk = Meeting(pair.one, pair.other, slot, gone.table)
            here = replace(problem, frozen_before=0) if slot < problem.frozen_before else problem
            if all(limit in now for limit in broken(here, [*rest, talk], minimums=False)):
                other = pair.other if pair.one == waiting else pair.one
                found.append(FillIn(waiting, other, pair.utility, gone.table))
    return sorted(found, key=lambda one: -one.utility)


def shifts(problem: Problem, before: Iterable[Meeting], after: Iterable[Meeting]) -> list[Shift]:
    """What a new seating means to each party whose utility or number of talks changes, in the problem's order."""
    worth = _worth(problem)
    sums: list[dict[PartyId, list[float]]] = []
    for meetings in (before, after):
        own: dict[PartyId, list[float]] = {}
        for m in meetings:
            for party in (m.one, m.other):
                own.setdefault(party, []).append(worth.get(m.pair, 0.0))
        sums.append(own)
    had, has = sums
    told = [
        Shift(
            party.id,
            fsum(had.get(party.id, ())),
            fsum(has.get(party.id, ())),
            len(had.get(party.id, ())),
            len(has.get(party.id, ())),
        )
        for party in problem.parties
    ]
    return [one for one in told if (one.utility_before, one.talks_before) != (one.utility, one.talks)]


def _worth(problem: Problem) -> dict[frozenset[PartyId], float]:
    return {frozenset((pair.one, pair.other)): pair.utility for pair in problem.pairs}


def _total(worth: dict[frozenset[PartyId], float], meetings: tuple[Meeting, ...]) -> float:
    return fsum(worth.get(m.pair, 0.0) for m in meetings)


def _newly(problem: Problem, held: tuple[Meeting, ...], now: list[Limit], change: Change) -> bool:
    return any(limit not in now for limit in broken(problem, changed(held, change)))


def _quickly_possible(problem: Problem, held: tuple[Meeting, ...], change: Change) -> bool:
    """A first sieve: everybody who moves is there in the new slot and not in too many talks at once."""
    after = Counter((party, m.slot) for m in changed(held, change) for party in (m.one, m.other))
    places = []
    if isinstance(change, Move):
        places = [(party, change.slot) for party in (change.meeting.one, change.meeting.other)]
    elif isinstance(change, Swap):
        places = [(party, change.other.slot) for party in (change.one.one, change.one.other)]
        places += [(party, change.one.slot) for party in (change.other.one, change.other.other)]
    seats = {party.id: (party.seats, party.available) for party in problem.parties}
    for party, slot in places:
        most, there = seats[party]
        if after[party, slot] > most or (there is not None and slot not in there):
            return False
    return True


def _apart(meeting: Meeting, change: Change) -> tuple[int, int, bool]:
    where = change if isinstance(change, Move) else change.other if isinstance(change, Swap) else meeting
    return abs(where.slot - meeting.slot), abs(where.table - meeting.table), isinstance(change, Swap)
