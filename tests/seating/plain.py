"""Plain enumeration of every seating of a tiny event: slow, and obviously right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from matching.seating import Meeting, Party, Problem


def all_seatings(problem: Problem) -> Iterator[list[Meeting]]:
    """Every set of meetings that breaks no rule, the minimums aside; past and locked ones are in each."""
    past = [m for m in problem.previous if m.slot < problem.frozen_before]
    fixed = past + [m for m in problem.locked if m not in past]
    if not all(_allowed(problem, fixed[:at], m) for at, m in enumerate(fixed) if m not in past):
        return
    met = {m.pair for m in fixed}
    rest = [pair for pair in problem.pairs if frozenset((pair.one, pair.other)) not in met]
    places = [(slot, table.number) for slot in range(problem.frozen_before, problem.slots) for table in problem.tables]

    def extend(at: int, held: list[Meeting]) -> Iterator[list[Meeting]]:
        if at == len(rest):
            yield held
            return
        yield from extend(at + 1, held)
        for slot, table in places:
            new = Meeting(rest[at].one, rest[at].other, slot, table)
            if _allowed(problem, held, new):
                yield from extend(at + 1, [*held, new])

    yield from extend(0, fixed)


def _allowed(problem: Problem, held: list[Meeting], new: Meeting) -> bool:
    """Whether ``new`` can be added to what is held."""
    parties = [party for party in problem.parties if party.id in (new.one, new.other)]
    table = next((table for table in problem.tables if table.number == new.table), None)
    pair = next((pair for pair in problem.pairs if {pair.one, pair.other} == {new.one, new.other}), None)
    if table is None or new.slot in table.closed or any((m.slot, m.table) == (new.slot, new.table) for m in held):
        return False
    if any(m.pair == new.pair for m in held) or (pair is not None and not pair.needs <= table.features):
        return False
    if table.capacity is not None and sum(party.people for party in parties) > table.capacity:
        return False
    return all(_free(party, held, new.slot) for party in parties)


def _free(party: Party, held: list[Meeting], slot: int) -> bool:
    own = [m for m in held if party.id in (m.one, m.other)]
    there = party.available is None or slot in party.available
    fits = party.maximum is None or len(own) < party.maximum
    return there and fits and sum(m.slot == slot for m in own) < party.seats_in(slot)


def best(problem: Problem) -> tuple[int, int, float] | None:
    """(fewest changes, highest z, highest utility) in this order of importance; None where nothing satisfies all."""
    fixed = [m for m in problem.previous if m.slot < problem.frozen_before] + list(problem.locked)
    worth = {frozenset((pair.one, pair.other)): pair.utility for pair in problem.pairs}
    alone: Counter[object] = Counter()
    kept: list[tuple[Counter[object], int, float]] = []
    for held in all_seatings(problem):
        count = Counter(party for m in held for party in (m.one, m.other))
        extra = [m for m in held if m not in fixed]
        for party in problem.parties:
            if all(party.id in (m.one, m.other) for m in extra):
                alone[party.id] = max(alone[party.id], count[party.id])
        changes = sum(m.slot >= problem.frozen_before and m not in held for m in problem.previous)
        if all(count[party.id] >= party.minimum for party in problem.parties):
            kept.append((count, changes, sum(worth.get(m.pair, 0.0) for m in held)))
    if problem.max_changes is not None:
        kept = [one for one in kept if one[1] <= problem.max_changes]
    if not kept:
        return None
    fewest = min(changes for _, changes, _ in kept) if problem.max_changes is None else None
    scores = []
    for count, changes, utility in kept:
        if fewest is None or changes == fewest:
            short = [count[party.id] for party in problem.parties if count[party.id] < alone[party.id]]
            level = min(short, default=max(alone.values(), default=0))
            scores.append((level, utility))
    level, utility = max(scores)
    return (-1 if fewest is None else fewest), level, utility
