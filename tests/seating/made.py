"""Made-up events, from seeded dice: tiny ones to enumerate, middling ones to give to another solver."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from matching.seating import Meeting, Pair, Party, Problem, Table, equal_tables


def tiny(seed: int) -> Problem:
    """An event small enough to enumerate, with a bit of everything: absences, limits, seats, features, locks."""
    dice = Random(seed)
    slots, tables = dice.choice([(2, 1), (2, 2), (3, 1), (3, 2), (2, 3), (1, 3), (4, 1)])
    ways = 1 + slots * tables
    most_pairs = next(count for count in (8, 7, 6, 5, 4, 3) if ways**count <= 60_000)
    names = [f"P{at}" for at in range(dice.randint(3, 6))]
    parties = tuple(_party(dice, name, slots) for name in names)
    possible = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    if dice.random() < 0.6:
        half = len(names) // 2
        possible = [(one, other) for one in names[:half] for other in names[half:]]
    dice.shuffle(possible)
    pairs = tuple(
        Pair(
            one,
            other,
            dice.choice([0, 1, 2, 3, 5, 8]) / 4,
            frozenset({"屏幕"}) if dice.random() < 0.12 else frozenset(),
        )
        for one, other in possible[: dice.randint(1, most_pairs)]
    )
    some = tuple(_table(dice, number, slots) for number in range(1, tables + 1))
    if dice.random() < 0.4:
        some = equal_tables(tables)
    return Problem(slots, some, parties, pairs, locked=_locks(dice, slots, tables, pairs))


def _party(dice: Random, name: str, slots: int) -> Party:
    there = frozenset(slot for slot in range(slots) if dice.random() < 0.8) if dice.random() < 0.5 else None
    return Party(
        name,
        there,
        dice.choice([0] * 9 + [1, 1, 2]),
        dice.choice([None, None, 1, 2]),
        dice.choice([1, 1, 1, 2]),
        dice.choice([1, 1, 2]),
    )


def _table(dice: Random, number: int, slots: int) -> Table:
    return Table(
        number,
        dice.choice([None, None, None, 2, 3]),
        _screen(dice, 0.5),
        dice.choice([None, 1.5]),
        frozenset({slots - 1}) if dice.random() < 0.2 else frozenset(),
    )


def _locks(dice: Random, slots: int, tables: int, pairs: tuple[Pair, ...]) -> tuple[Meeting, ...]:
    if dice.random() < 0.8:
        return ()
    pair = dice.choice(pairs)
    return (Meeting(pair.one, pair.other, dice.randrange(slots), dice.randint(1, tables)),)


def _screen(dice: Random, chance: float) -> frozenset[str]:
    return frozenset({"屏幕"}) if dice.random() < chance else frozenset()


def disturbed(problem: Problem, meetings: tuple[Meeting, ...], seed: int, budget: bool = True) -> Problem:
    """The event after something happened: somebody cancels, is late or walks in, a table breaks, time passed."""
    dice = Random(seed)
    parties, tables = list(problem.parties), list(problem.tables)
    frozen = dice.randrange(problem.slots) if dice.random() < 0.5 else 0
    at = dice.randrange(len(parties))
    match dice.choice(["cancels", "cancels", "late", "broken", "walk-in"]):
        case "cancels":
            parties[at] = replace(parties[at], available=frozenset(), minimum=0)
        case "late":
            there = frozenset(range(problem.slots)) if parties[at].available is None else parties[at].available
            parties[at] = replace(parties[at], available=there & frozenset(range(frozen + 1, problem.slots)))
        case "broken":
            table = dice.randrange(len(tables))
            tables[table] = replace(tables[table], closed=frozenset(range(frozen, problem.slots)))
        case "walk-in":
            parties[at] = replace(parties[at], minimum=min(3, parties[at].minimum + 1))
    most = dice.choice([0, 1, 2]) if budget and dice.random() < 0.2 else None
    return replace(
        problem,
        parties=tuple(parties),
        tables=tuple(tables),
        previous=meetings,
        frozen_before=frozen,
        max_changes=most,
        locked=problem.locked if dice.random() < 0.5 else (),
    )


def middling(seed: int) -> Problem:
    """Some dozens of pairs over a few slots: firms and scientists or a mixed crowd, few tables, some of everything."""
    dice = Random(seed)
    slots, tables = dice.randint(3, 5), dice.randint(3, 5)
    firms = [f"企{at}" for at in range(dice.randint(5, 8))]
    scientists = [f"科{at}" for at in range(dice.randint(5, 9))]
    possible = [(one, other) for one in firms for other in scientists]
    if dice.random() < 0.25:
        crowd = firms + scientists
        possible = [(one, other) for at, one in enumerate(crowd) for other in crowd[at + 1 :]]
    dice.shuffle(possible)
    plain = dice.random() < 0.4
    parties = tuple(_guest(dice, name, slots, plain) for name in firms + scientists)
    pairs = tuple(
        Pair(one, other, dice.randint(0, 9999) / 10_000, frozenset() if plain else _screen(dice, 0.1))
        for one, other in possible[: dice.randint(20, 40)]
    )
    some = tuple(
        Table(
            number,
            dice.choice([None, None, 3]),
            _screen(dice, 0.5),
            closed=frozenset({0} if dice.random() < 0.1 else ()),
        )
        for number in range(1, tables + 1)
    )
    return Problem(slots, equal_tables(tables) if plain else some, parties, pairs)


def _guest(dice: Random, name: str, slots: int, plain: bool) -> Party:
    there = None if plain else frozenset(slot for slot in range(slots) if dice.random() < 0.75)
    least = dice.choice([0, 0, 0, 0, 1])
    return Party(name, there, least, dice.choice([None, 2, 3]), dice.choice([1, 1, 1, 1, 2]), dice.choice([1, 1, 1, 2]))
