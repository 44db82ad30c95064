"""The problem as arrays, with what is fixed already taken out: seats, chairs, tables and limits that remain."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matching.seating.problem import Meeting, Pair, PartyId, Problem, Table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class Layout:
    """The free part of a problem.

    ``free`` (P, T) is how many more talks a party can hold in a slot, ``tables`` (K, T) how many tables of a kind are
    left, ``most`` (P) and ``least`` (P) how many more talks it may and must have, ``can`` (E, T) when a pair could meet
    on its own. A kind is a set of tables that suit the same pairs and are open in the same slots; ``suits`` (C, K) says
    which kinds a class of pairs may use. ``sound`` is False where the fixed meetings break a rule among themselves.
    """

    problem: Problem
    fixed: tuple[Meeting, ...]
    parties: dict[PartyId, int]
    one: Ints
    other: Ints
    utility: Floats
    classes: Ints
    suits: Bools
    kinds: Ints
    tables: Ints
    free: Ints
    least: Ints
    most: Ints
    fixed_count: Ints
    can: Bools
    pair_at: dict[frozenset[PartyId], int]
    taken: set[tuple[int, int]]
    sound: bool

    @property
    def slots(self) -> int:
        """How many slots the event has."""
        return self.problem.slots

    @property
    def scale(self) -> float:
        """What a utility is divided by inside the solver."""
        return float(self.utility.max(initial=0.0)) or 1.0


def facts(problem: Problem) -> tuple[Meeting, ...]:
    """Meetings that stay whatever is asked: past ones, then locked ones that are not past already."""
    past = [meeting for meeting in problem.previous if meeting.slot < problem.frozen_before]
    known = {(meeting.pair, meeting.slot, meeting.table) for meeting in past}
    for meeting in problem.locked:
        if (meeting.pair, meeting.slot, meeting.table) not in known:
            known.add((meeting.pair, meeting.slot, meeting.table))
            past.append(meeting)
    return tuple(past)


def suitable(table: Table, needs: frozenset[str], people: int) -> bool:
    """Whether a pair with these needs and so many people can sit at the table."""
    return needs <= table.features and (table.capacity is None or people <= table.capacity)


def lay_out(problem: Problem, kept: tuple[Meeting, ...] = ()) -> Layout:
    """Arrays of the problem; ``kept`` meetings are fixed beside the locked and past ones."""
    fixed = facts(problem) + kept
    index = {party.id: at for at, party in enumerate(problem.parties)}
    one = np.array([index[pair.one] for pair in problem.pairs], np.int64)
    other = np.array([index[pair.other] for pair in problem.pairs], np.int64)
    classes, suits, kinds = _kinds(problem, index)
    layout = Layout(
        problem,
        fixed,
        index,
        one,
        other,
        np.array([pair.utility for pair in problem.pairs], np.float64),
        classes,
        suits,
        kinds,
        _open_tables(problem, kinds, suits.shape[1]),
        _open_seats(problem),
        np.array([party.minimum for party in problem.parties], np.int64),
        np.array([_maximum(party.maximum) for party in problem.parties], np.int64),
        np.zeros(len(problem.parties), np.int64),
        np.zeros((0, 0), np.bool_),
        {frozenset((pair.one, pair.other)): at for at, pair in enumerate(problem.pairs)},
        set(),
        True,
    )
    gone = _take_out(layout)
    past = np.arange(problem.slots) < problem.frozen_before
    layout.free[:, past] = 0
    served = (layout.suits.astype(np.int64) @ layout.tables) > 0
    layout.can = (layout.free[one] > 0) & (layout.free[other] > 0) & served[classes]
    layout.can[gone] = False
    layout.can[(layout.most[one] <= 0) | (layout.most[other] <= 0)] = False
    return layout


def _maximum(maximum: int | None) -> int:
    return np.iinfo(np.int32).max if maximum is None else maximum


def _kinds(problem: Problem, index: dict[PartyId, int]) -> tuple[Ints, Bools, Ints]:
    """Class of each pair, which kinds suit a class, kind of each table."""
    people = [party.people for party in problem.parties]
    wants: dict[tuple[frozenset[str], int], int] = {}
    limited = any(table.capacity is not None for table in problem.tables)
    asked = []
    for pair in problem.pairs:
        chairs = (people[index[pair.one]] + people[index[pair.other]] if pair.chairs is None else pair.chairs) * limited
        asked.append(wants.setdefault((pair.needs, chairs), len(wants)))
    kinds: dict[tuple[tuple[bool, ...], frozenset[int]], int] = {}
    of_table = []
    for table in problem.tables:
        fits = tuple(suitable(table, needs, chairs) for needs, chairs in wants)
        of_table.append(kinds.setdefault((fits, table.closed), len(kinds)))
    columns = [fits for fits, _ in kinds]
    by_want = [tuple(column[want] for column in columns) for want in range(len(wants))]
    merged: dict[tuple[bool, ...], int] = {}
    class_of_want = [merged.setdefault(row, len(merged)) for row in by_want]
    suits = np.array(list(merged), np.bool_).reshape(len(merged), len(kinds))
    classes = np.array([class_of_want[want] for want in asked], np.int64)
    return classes, suits, np.array(of_table, np.int64)


def _open_tables(problem: Problem, kinds: Ints, count: int) -> Ints:
    tables = np.zeros((count, problem.slots), np.int64)
    for table, kind in zip(problem.tables, kinds, strict=True):
        tables[kind] += 1
        for slot in table.closed:
            if 0 <= slot < problem.slots:
                tables[kind, slot] -= 1
    return tables


def _open_seats(problem: Problem) -> Ints:
    free = np.zeros((len(problem.parties), problem.slots), np.int64)
    for at, party in enumerate(problem.parties):
        for slot in range(problem.slots) if party.available is None else party.available:
            free[at, slot] = party.seats_in(slot)
    return free


def _take_out(layout: Layout) -> list[int]:
    """Take the fixed meetings' share; past ones are facts and break no rule. Returns the pairs that have met."""
    problem = layout.problem
    at_number = {table.number: at for at, table in enumerate(problem.tables)}
    gone: list[int] = []
    met: set[frozenset[PartyId]] = set()
    strict = np.zeros(len(problem.parties), np.bool_)
    for meeting in layout.fixed:
        past = meeting.slot < problem.frozen_before
        sides = [layout.parties[meeting.one], layout.parties[meeting.other]]
        pair = layout.pair_at.get(meeting.pair)
        place = (meeting.slot, meeting.table)
        table = at_number.get(meeting.table)
        if not past:
            strict[sides] = True
            fits = table is not None and fits_at(layout, problem.tables[table], pair, meeting)
            if not fits or place in layout.taken or meeting.pair in met:
                layout.sound = False
        met.add(meeting.pair)
        if pair is not None:
            gone.append(pair)
        layout.taken.add(place)
        layout.free[sides, meeting.slot] -= 1
        layout.fixed_count[sides] += 1
        if table is not None and meeting.slot not in problem.tables[table].closed:
            layout.tables[layout.kinds[table], meeting.slot] -= 1
    here = np.arange(problem.slots) >= problem.frozen_before
    if (layout.free[:, here] < 0).any() or (layout.fixed_count[strict] > layout.most[strict]).any():
        layout.sound = False
    layout.most = np.maximum(0, layout.most - layout.fixed_count)
    layout.least = np.maximum(0, layout.least - layout.fixed_count)
    layout.free = np.maximum(0, layout.free)
    layout.tables = np.maximum(0, layout.tables)
    return gone


def fits_at(layout: Layout, table: Table, pair: int | None, meeting: Meeting) -> bool:
    """Whether the table is open in the meeting's slot and suits the pair; an unlisted pair needs chairs only."""
    if meeting.slot in table.closed:
        return False
    parties = layout.problem.parties
    people = parties[layout.parties[meeting.one]].people + parties[layout.parties[meeting.other]].people
    listed: Pair | None = None if pair is None else layout.problem.pairs[pair]
    if listed is None:
        return suitable(table, frozenset(), people)
    return suitable(table, listed.needs, people if listed.chairs is None else listed.chairs)


def keepable(layout: Layout) -> list[Meeting]:
    """Previous meetings to come that could each stay, apart from those fixed already; in their order."""
    problem = layout.problem
    at_number = {table.number: table for table in problem.tables}
    stays: list[Meeting] = []
    for meeting in ahead(problem):
        pair = layout.pair_at.get(meeting.pair)
        table = at_number.get(meeting.table)
        if pair is None or table is None or not layout.can[pair, meeting.slot]:
            continue
        if (meeting.slot, meeting.table) not in layout.taken and fits_at(layout, table, pair, meeting):
            stays.append(meeting)
    return stays


def ahead(problem: Problem) -> list[Meeting]:
    """Previous meetings that are not past."""
    return [meeting for meeting in problem.previous if meeting.slot >= problem.frozen_before]


def changes_of(problem: Problem, meetings: tuple[Meeting, ...] | list[Meeting]) -> list[Meeting]:
    """Previous meetings to come that are not held at the same table in the same slot any more."""
    stays = {(meeting.pair, meeting.slot, meeting.table) for meeting in chain(meetings)}
    return [held for held in ahead(problem) if (held.pair, held.slot, held.table) not in stays]
