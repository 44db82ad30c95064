"""The wishes and limits of a problem one by one: listing them, doing without some, carrying out a repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matching.seating import words
from matching.seating.problem import Pair, Party, PartyId, Problem, Table
from matching.seating.result import Limit, Repair, Step

_EVER = frozenset[int]()


def limits_of(problem: Problem) -> list[Limit]:
    """All wishes, limits and locks of a problem that could take part in a conflict, each with its sentence."""
    slots = range(problem.frozen_before, problem.slots)
    found = [Limit("tables", number=len(problem.tables))]
    for party in problem.parties:
        if party.minimum > 0:
            found.append(Limit("minimum", (party.id,), number=party.minimum))
        if party.maximum is not None:
            found.append(Limit("maximum", (party.id,), number=party.maximum))
        away = () if party.available is None else tuple(slot for slot in slots if slot not in party.available)
        if away:
            found.append(Limit("absence", (party.id,), away))
    past = {(m.pair, m.slot, m.table) for m in problem.previous if m.slot < problem.frozen_before}
    locks = [m for m in problem.locked if m.slot >= problem.frozen_before and (m.pair, m.slot, m.table) not in past]
    found += [Limit("lock", (m.one, m.other), (m.slot,), (m.table,)) for m in locks]
    found += [Limit("exclusion", (one.one, one.other)) for one in problem.excluded]
    for table in problem.tables:
        closed = tuple(slot for slot in slots if slot in table.closed)
        if closed:
            found.append(Limit("closed", tables=(table.number,), slots=closed))
    found += [_feature(problem, pair) for pair in problem.pairs if demanding(problem, pair)]
    if problem.max_changes is not None:
        found.append(Limit("changes", number=problem.max_changes))
    return [words.limit(problem, one) for one in found]


def chairs_of(problem: Problem, pair: Pair) -> int:
    """How many people of the pair sit down."""
    if pair.chairs is not None:
        return pair.chairs
    return sum(party.people for party in problem.parties if party.id in (pair.one, pair.other))


def demanding(problem: Problem, pair: Pair) -> bool:
    """Whether some table would not do for the pair."""
    if pair.needs:
        return True
    narrow = min((table.capacity for table in problem.tables if table.capacity is not None), default=None)
    return narrow is not None and chairs_of(problem, pair) > narrow


def _feature(problem: Problem, pair: Pair) -> Limit:
    narrow = any(table.capacity is not None for table in problem.tables)
    number = chairs_of(problem, pair) if narrow else None
    return Limit("feature", (pair.one, pair.other), features=pair.needs, number=number)


def without(problem: Problem, dropped: Iterable[Limit]) -> Problem:
    """The problem as if these limits had not been set.

    Without ``tables`` there are as many tables as could be used, of every equipment asked for and of any size.
    """
    by_kind: dict[str, list[Limit]] = {}
    for one in dropped:
        by_kind.setdefault(one.kind, []).append(one)
    said = {kind: {party for one in some for party in one.parties} for kind, some in by_kind.items()}
    pairs = {kind: {frozenset(one.parties) for one in some} for kind, some in by_kind.items()}
    nobody: set[PartyId] = set()
    parties = tuple(
        replace(
            party,
            minimum=0 if party.id in said.get("minimum", nobody) else party.minimum,
            maximum=None if party.id in said.get("maximum", nobody) else party.maximum,
            available=None if party.id in said.get("absence", nobody) else party.available,
        )
        for party in problem.parties
    )
    opened = {number for one in by_kind.get("closed", ()) for number in one.tables}
    tables = tuple(replace(table, closed=_EVER) if table.number in opened else table for table in problem.tables)
    locks = {(frozenset(one.parties), one.slots[0], one.tables[0]) for one in by_kind.get("lock", ())}
    easy = pairs.get("feature", set())
    listed = [
        replace(pair, needs=frozenset(), chairs=0) if frozenset((pair.one, pair.other)) in easy else pair
        for pair in problem.pairs
    ]
    allowed = pairs.get("exclusion", set())
    listed += [
        Pair(one.one, one.other, one.utility) for one in problem.excluded if frozenset((one.one, one.other)) in allowed
    ]
    if "tables" in by_kind:
        tables += _plenty(problem)
    return replace(
        problem,
        parties=parties,
        tables=tables,
        pairs=tuple(listed),
        excluded=tuple(one for one in problem.excluded if frozenset((one.one, one.other)) not in allowed),
        locked=tuple(one for one in problem.locked if (one.pair, one.slot, one.table) not in locks),
        max_changes=None if "changes" in by_kind else problem.max_changes,
    )


def equipments(problem: Problem) -> list[frozenset[str]]:
    """The different sets of features that pairs ask of a table, the empty one first."""
    return list(dict.fromkeys([frozenset[str](), *(pair.needs for pair in problem.pairs)]))


def _plenty(problem: Problem) -> tuple[Table, ...]:
    first = max((table.number for table in problem.tables), default=0) + 1
    enough = min(len(problem.pairs) + len(problem.excluded), sum(party.seats for party in problem.parties) // 2)
    wanted = [features for features in equipments(problem) for _ in range(enough)]
    return tuple(Table(first + at, None, features) for at, features in enumerate(wanted))


def repaired(problem: Problem, repair: Repair) -> Problem:
    """The problem after all steps of a repair."""
    for one in repair.steps:
        problem = _stepped(problem, one)
    return problem


def _stepped(problem: Problem, done: Step) -> Problem:
    both = frozenset(done.parties)
    match done.kind:
        case "lower_minimum" | "raise_maximum" | "add_slot":
            parties = tuple(_eased(party, done) if party.id in both else party for party in problem.parties)
            return replace(problem, parties=parties)
        case "add_table":
            first = max((table.number for table in problem.tables), default=0) + 1
            count = (done.after or 0) - (done.before or 0)
            added = tuple(Table(first + at, None, done.features) for at in range(count))
            return replace(problem, tables=problem.tables + added)
        case "open_table":
            tables = tuple(
                replace(table, closed=table.closed - set(done.slots)) if table.number == done.table else table
                for table in problem.tables
            )
            return replace(problem, tables=tables)
        case "unlock":
            stays = tuple(
                one for one in problem.locked if (one.pair, one.slot, one.table) != (both, done.slots[0], done.table)
            )
            return replace(problem, locked=stays)
        case "allow_pair":
            return without(problem, [Limit("exclusion", done.parties)])
        case "drop_feature":
            return without(problem, [Limit("feature", done.parties)])
        case "allow_changes":
            return replace(problem, max_changes=done.after)
        case _:
            raise ValueError(done.kind)


def _eased(party: Party, done: Step) -> Party:
    if done.kind == "lower_minimum":
        return replace(party, minimum=done.after or 0)
    if done.kind == "raise_maximum":
        return replace(party, maximum=done.after)
    return replace(party, available=None if party.available is None else party.available | set(done.slots))
