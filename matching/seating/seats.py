"""Which table: kinds that suit everybody, then places so that people walk little between one talk and the next."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.seating.layout import Bools, Floats, Layout, suitable
from matching.seating.problem import Meeting, Problem, Table

_SWEEPS = 12
_FORBIDDEN = 1e9
_FIRST = 1e-6


def place(layout: Layout, timed: list[tuple[int, int]]) -> list[Meeting]:
    """Tables for (pair, slot) choices that are known to have enough of them; fixed meetings keep theirs.

    Each slot by itself is an assignment solved exactly with the other slots held; slots are gone through forward, then
    back and forth until nobody's way gets shorter. That is the best found, not proven the best of all slots together.
    Ways are counted for parties with one seat.
    """
    problem = layout.problem
    distances = spread(problem.tables)
    at_number = {table.number: at for at, table in enumerate(problem.tables)}
    by_slot: list[list[int]] = [[] for _ in range(problem.slots)]
    for pair, slot in sorted(timed):
        by_slot[slot].append(pair)
    where: dict[tuple[int, int], int] = {}
    for meeting in layout.fixed:
        if meeting.table in at_number:
            for party in (layout.parties[meeting.one], layout.parties[meeting.other]):
                where[party, meeting.slot] = at_number[meeting.table]
    free = [_free(layout, at_number, slot) for slot in range(problem.slots)]
    allowed = [_allowed(layout, by_slot[slot], free[slot]) for slot in range(problem.slots)]
    busy = _busy(layout, by_slot)
    tables: dict[tuple[int, int], int] = {}

    def settle(slot: int) -> float:
        ways = np.zeros((len(by_slot[slot]), len(problem.tables)))
        for row, pair in enumerate(by_slot[slot]):
            for party in (int(layout.one[pair]), int(layout.other[pair])):
                for beside in busy.get((party, slot), ()):
                    if (party, beside) in where:
                        ways[row] += distances[where[party, beside]]
        ways += _FIRST * np.arange(len(problem.tables))
        ways = np.where(allowed[slot], ways, _FORBIDDEN)
        rows, columns = linear_sum_assignment(ways)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            pair = by_slot[slot][row]
            tables[pair, slot] = column
            where[int(layout.one[pair]), slot] = where[int(layout.other[pair]), slot] = column
        return float(ways[rows, columns].sum())

    used = [slot for slot in range(problem.slots) if by_slot[slot]]
    before = np.inf
    for sweep in range(_SWEEPS):
        way = sum(settle(slot) for slot in (used if sweep % 2 == 0 else reversed(used)))
        if sweep > 1 and way >= before - 1e-6:
            break
        before = way
    return [
        Meeting(problem.pairs[pair].one, problem.pairs[pair].other, slot, problem.tables[tables[pair, slot]].number)
        for pair, slot in sorted(timed, key=lambda choice: (choice[1], choice[0]))
    ]


def spread(tables: tuple[Table, ...]) -> Floats:
    """(N, N) how far tables stand apart; without a position a table stands at its number."""
    points = np.zeros((len(tables), 2))
    for at, table in enumerate(tables):
        spot = table.number if table.position is None else table.position
        points[at] = spot if isinstance(spot, tuple) else (spot, 0.0)
    apart: Floats = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    return apart


def walked(problem: Problem, meetings: list[Meeting]) -> float:
    """How far all parties with one seat walk from each of their talks to the next."""
    apart = spread(problem.tables)
    at_number = {table.number: at for at, table in enumerate(problem.tables)}
    alone = {party.id for party in problem.parties if party.seats == 1}
    last: dict[object, int] = {}
    way = 0.0
    for meeting in sorted(meetings, key=lambda held: held.slot):
        if meeting.table not in at_number:
            continue
        here = at_number[meeting.table]
        for party in (meeting.one, meeting.other):
            if party in alone:
                way += float(apart[last.get(party, here), here])
                last[party] = here
    return way


def _free(layout: Layout, at_number: dict[int, int], slot: int) -> Bools:
    free = np.array([slot not in table.closed for table in layout.problem.tables], np.bool_)
    for when, number in layout.taken:
        if when == slot and number in at_number:
            free[at_number[number]] = False
    return free


def _allowed(layout: Layout, pairs: list[int], free: Bools) -> Bools:
    """(pairs, tables) which tables each pair of a slot may take."""
    problem = layout.problem
    by_class: dict[int, Bools] = {}
    allowed = np.zeros((len(pairs), len(problem.tables)), np.bool_)
    for row, pair in enumerate(pairs):
        cls = int(layout.classes[pair])
        if cls not in by_class:
            people = sum(problem.parties[int(side[pair])].people for side in (layout.one, layout.other))
            listed = problem.pairs[pair]
            chairs = people if listed.chairs is None else listed.chairs
            by_class[cls] = np.array([suitable(table, listed.needs, chairs) for table in problem.tables], np.bool_)
        allowed[row] = by_class[cls] & free
    return allowed


def _busy(layout: Layout, by_slot: list[list[int]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """(party, slot) → the slots of its talks just before and after, for parties with one seat."""
    times: dict[int, set[int]] = {}
    for slot, pairs in enumerate(by_slot):
        for pair in pairs:
            for side in (layout.one, layout.other):
                times.setdefault(int(side[pair]), set()).add(slot)
    for meeting in layout.fixed:
        for party in (meeting.one, meeting.other):
            times.setdefault(layout.parties[party], set()).add(meeting.slot)
    beside: dict[tuple[int, int], tuple[int, ...]] = {}
    for party, held in times.items():
        if layout.problem.parties[party].seats != 1:
            continue
        ordered = sorted(held)
        for at, slot in enumerate(ordered):
            beside[party, slot] = tuple(ordered[max(0, at - 1) : at] + ordered[at + 1 : at + 2])
    return beside
