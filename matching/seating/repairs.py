"""What would help: the cheapest changes that make an impossible problem possible, of different kinds, each tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from matching.seating import words
from matching.seating.elastic import Elastic, Unit
from matching.seating.problem import Meeting, Pair, PartyId, Problem
from matching.seating.result import Budget, Repair, Step
from matching.seating.solver import feasible
from matching.seating.wishes import repaired

PRICES: Mapping[str, float] = {
    "allow_changes": 1.0,
    "raise_maximum": 1.0,
    "add_slot": 2.0,
    "unlock": 2.0,
    "drop_feature": 2.0,
    "lower_minimum": 3.0,
    "add_table": 4.0,
    "open_table": 4.0,
    "allow_pair": 5.0,
}
"""What one unit costs: a change, a talk, a slot of somebody, a table, a pair."""


def repairs_of(
    problem: Problem, elastic: Elastic, budget: Budget, prices: Mapping[str, float] = PRICES
) -> tuple[Repair, ...]:
    """Ways out, the cheapest first: the cheapest of each single kind of step, the cheapest of all, and where that mixes
    kinds the cheapest without each of them, as far as that was found in the time. Every one was
    carried out and found to work.
    """
    found: dict[tuple[Step, ...], Repair] = {}

    def attempt(kinds: Mapping[str, float]) -> Repair | None:
        if budget.left <= 0:
            return None
        used = elastic.cheapest(kinds, frozenset(), min(budget.left, budget.seconds / 4))
        if used is None or isinstance(used, float):
            return None
        repair = Repair(tuple(words.step(problem, step) for step in _steps(problem, used, prices)))
        cheap = len(kinds) < len(prices) or all(repair.cost <= other.cost for other in found.values())
        if cheap and repair.steps not in found and feasible(repaired(problem, repair), budget.left, budget.clock):
            found[repair.steps] = repair
        return repair

    for kind, price in prices.items():
        attempt({kind: price})
    best = attempt(prices)
    for kind in dict.fromkeys(step.kind for step in best.steps) if best and len(best.steps) > 1 else ():
        attempt({name: price for name, price in prices.items() if name != kind})
    return tuple(sorted(found.values(), key=lambda repair: (repair.cost, len(repair.steps))))


def _steps(problem: Problem, used: list[tuple[Unit, int]], prices: Mapping[str, float]) -> Iterator[Step]:
    """Steps from units; slots of one party or one table are told together."""
    together: dict[tuple[str, object], list[int]] = {}
    parties = {party.id: party for party in problem.parties}
    for unit, amount in used:
        price = prices[unit.kind] * amount
        match unit.kind:
            case "add_slot" | "open_table":
                who, slot = unit.what
                together.setdefault((unit.kind, who), []).append(cast(int, slot))
            case "lower_minimum" | "raise_maximum":
                party_id, had = cast(tuple[PartyId, int], unit.what)
                party = parties[party_id]
                lower = unit.kind == "lower_minimum"
                before = party.minimum if lower else (party.maximum or 0)
                after = before - amount if lower else max(before, had) + amount
                yield Step(unit.kind, price, (party_id,), before=before, after=after)
            case "unlock":
                lock = cast(Meeting, unit.what[0])
                yield Step(unit.kind, price, (lock.one, lock.other), (lock.slot,), lock.table)
            case "allow_pair":
                both = unit.what[0]
                one = next(one for one in problem.excluded if frozenset((one.one, one.other)) == both)
                yield Step(unit.kind, price, (one.one, one.other))
            case "drop_feature":
                pair = cast(Pair, unit.what[0])
                yield Step(unit.kind, price, (pair.one, pair.other), features=pair.needs)
            case "add_table":
                features = cast(frozenset[str], unit.what[0])
                count = len(problem.tables)
                yield Step(unit.kind, price, before=count, after=count + amount, features=features)
            case "allow_changes":
                before = problem.max_changes or 0
                yield Step(unit.kind, price, before=before, after=before + amount)
    for (kind, who), slots in together.items():
        when, price = tuple(sorted(slots)), prices[kind] * len(slots)
        if kind == "add_slot":
            yield Step(kind, price, (who,), when)
        else:
            yield Step(kind, price, slots=when, table=cast(int, who))
