"""Every rule once more, read plainly from the problem: what meetings break. Shares nothing with the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from matching.seating import words
from matching.seating.problem import Meeting, Problem
from matching.seating.result import Limit


def broken(problem: Problem, meetings: Iterable[Meeting], minimums: bool = True) -> list[Limit]:
    """All limits that the meetings break, each with its sentence; past meetings are facts and break none.

    With ``minimums`` False the least numbers of talks are not asked for.
    """
    held = list(meetings)
    past = {(m.pair, m.slot, m.table) for m in problem.previous if m.slot < problem.frozen_before}
    ahead = [m for m in held if (m.pair, m.slot, m.table) not in past]
    found = [*_alone(problem, ahead), *_together(problem, held, ahead), *_counts(problem, held, ahead, minimums)]
    return [words.limit(problem, one) for one in found]


def _alone(problem: Problem, ahead: list[Meeting]) -> Iterator[Limit]:
    """What a meeting breaks by itself."""
    parties = {party.id: party for party in problem.parties}
    tables = {table.number: table for table in problem.tables}
    pairs = {frozenset((pair.one, pair.other)): pair for pair in problem.pairs}
    locks = {lock.pair for lock in problem.locked}
    for m in ahead:
        both = (m.one, m.other)
        pair, table = pairs.get(m.pair), tables.get(m.table)
        if m.slot < problem.frozen_before and m not in problem.locked:
            yield Limit("past", both, (m.slot,))
        if pair is None and m.pair not in locks:
            yield Limit("exclusion", both)
        for party in both:
            there = parties[party].available
            if there is not None and m.slot not in there:
                yield Limit("absence", (party,), (m.slot,))
        if table is None:
            yield Limit("tables", number=len(tables), slots=(m.slot,), tables=(m.table,))
            continue
        if m.slot in table.closed:
            yield Limit("closed", tables=(table.number,), slots=(m.slot,))
        people = parties[m.one].people + parties[m.other].people
        if pair is not None and pair.chairs is not None:
            people = pair.chairs
        needs = frozenset() if pair is None else pair.needs
        crowded = table.capacity is not None and people > table.capacity
        if not needs <= table.features or crowded:
            yield Limit("feature", both, tables=(m.table,), features=needs, number=people if crowded else None)


def _together(problem: Problem, held: list[Meeting], ahead: list[Meeting]) -> Iterator[Limit]:
    """Two at a table, somebody in two places, a pair that meets twice, a lock that is not kept."""
    now = {(m.slot, m.table) for m in ahead}
    for (slot, number), times in Counter((m.slot, m.table) for m in held).items():
        if times > 1 and (slot, number) in now:
            yield Limit("shared_table", tables=(number,), slots=(slot,))
    busy = Counter((party, m.slot) for m in held for party in (m.one, m.other))
    moving = {(party, m.slot) for m in ahead for party in (m.one, m.other)}
    for party in problem.parties:
        for slot in range(problem.slots):
            if busy[party.id, slot] > party.seats_in(slot) and (party.id, slot) in moving:
                yield Limit("seats", (party.id,), (slot,), number=busy[party.id, slot])
    for pair, times in Counter(m.pair for m in held).items():
        if times > 1 and any(m.pair == pair for m in ahead):
            first = next(m for m in held if m.pair == pair)
            yield Limit("repeat", (first.one, first.other))
    there = {(m.pair, m.slot, m.table) for m in held}
    for lock in problem.locked:
        if (lock.pair, lock.slot, lock.table) not in there:
            yield Limit("lock", (lock.one, lock.other), (lock.slot,), (lock.table,))


def _counts(problem: Problem, held: list[Meeting], ahead: list[Meeting], minimums: bool) -> Iterator[Limit]:
    """Too few or too many talks of a party, too many changes to what people hold."""
    count = Counter(party for m in held for party in (m.one, m.other))
    moving = {party for m in ahead for party in (m.one, m.other)}
    for party in problem.parties:
        if minimums and count[party.id] < party.minimum:
            yield Limit("minimum", (party.id,), number=party.minimum)
        if party.maximum is not None and count[party.id] > party.maximum and party.id in moving:
            yield Limit("maximum", (party.id,), number=party.maximum)
    there = {(m.pair, m.slot, m.table) for m in held}
    changed = [
        m for m in problem.previous if m.slot >= problem.frozen_before and (m.pair, m.slot, m.table) not in there
    ]
    if problem.max_changes is not None and len(changed) > problem.max_changes:
        yield Limit("changes", number=problem.max_changes)
