"""Why there is no seating: a smallest set of wishes, limits and locks that cannot be met together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.seating.elastic import Elastic, Key
from matching.seating.problem import Problem
from matching.seating.result import Budget, Limit
from matching.seating.solver import beyond_reach, feasible, plainly_impossible
from matching.seating.wishes import limits_of, without

_ROUNDS = 120


@dataclass(frozen=True, slots=True)
class Conflict:
    """Limits that cannot be met together. ``smallest``: no conflict has fewer; ``irreducible``: each is needed."""

    limits: tuple[Limit, ...]
    smallest: bool
    irreducible: bool = True


def conflict_of(problem: Problem, elastic: Elastic, budget: Budget, share: float = 0.3) -> Conflict:
    """A conflict of an impossible problem.

    Implicit hitting sets (Ignatiev, Previti, Liffiton, Marques-Silva 2015): every set of limits that can be given up to
    make the rest possible must be hit by a conflict; a smallest set that hits all known ones and is itself impossible
    is a smallest conflict. After ``share`` of the time needless limits are left out one after the other instead; what
    remains is irreducible but perhaps not the smallest, and if the time ends first not even that.
    """
    limits = limits_of(problem)
    found = None if elastic.large else _smallest(problem, elastic, budget, budget.spent + share * budget.left)
    if found is not None:
        return found
    for party in beyond_reach(problem)[:1]:
        others = [one for one in limits if one.kind == "minimum" and party not in one.parties]
        alone = without(problem, others)
        found = _smallest(alone, Elastic(alone), budget, budget.spent + share * budget.left)
        if found is not None:
            return replace(found, smallest=False)
    if elastic.large:
        found = _smallest(problem, elastic, budget, budget.spent + share * budget.left)
    if found is not None:
        return found
    if plainly_impossible(problem):
        plain = _by_deletion(limits, lambda kept: plainly_impossible(_only(problem, limits, kept)), budget)
        if all(feasible(_only(problem, limits, rest), budget.left, budget.clock) for rest in _each_without_one(plain)):
            return plain
        return replace(plain, irreducible=False)
    return _by_deletion(
        limits, lambda kept: feasible(_only(problem, limits, kept), budget.left, budget.clock) is False, budget
    )


def _smallest(problem: Problem, elastic: Elastic, budget: Budget, until: float) -> Conflict | None:
    """A smallest conflict by hitting sets, None where it takes too long."""
    by_key = {key_of(limit): limit for limit in limits_of(problem)}
    hit_by: list[list[Key]] = []
    for _ in range(_ROUNDS):
        chosen = _smallest_hitting(hit_by)
        left = min(until - budget.spent, budget.left)
        if left <= 0:
            return None
        given_up = elastic.cheapest({}, frozenset(chosen), left, whole_limits=True)
        if given_up is None:
            return Conflict(tuple(by_key[key] for key in by_key if key in set(chosen)), True)
        if isinstance(given_up, float):
            return None
        hit_by.append(list(dict.fromkeys(unit.of for unit, _ in given_up)))
    return None


def _each_without_one(conflict: Conflict) -> Iterator[list[Limit]]:
    for one in conflict.limits:
        yield [limit for limit in conflict.limits if limit != one]


def _only(problem: Problem, limits: list[Limit], kept: Sequence[Limit]) -> Problem:
    stays = set(kept)
    return without(problem, [limit for limit in limits if limit not in stays])


def key_of(limit: Limit) -> Key:
    """What tells the limit from others in the elastic programme."""
    match limit.kind:
        case "minimum" | "maximum" | "absence":
            return limit.kind, limit.parties[0]
        case "lock":
            return limit.kind, (frozenset(limit.parties), limit.slots[0], limit.tables[0])
        case "exclusion" | "feature":
            return limit.kind, frozenset(limit.parties)
        case "closed":
            return limit.kind, limit.tables[0]
        case _:
            return limit.kind, None


def _smallest_hitting(sets: list[list[Key]]) -> list[Key]:
    """The fewest limits with one of every set."""
    keys = list(dict.fromkeys(key for some in sets for key in some))
    if not keys:
        return []
    at = {key: number for number, key in enumerate(keys)}
    matrix = np.zeros((len(sets), len(keys)))
    for row, some in enumerate(sets):
        matrix[row, [at[key] for key in some]] = 1
    ones = np.ones(len(keys))
    answer = milp(ones, constraints=LinearConstraint(matrix, 1, np.inf), bounds=Bounds(0, 1), integrality=ones)
    return [key for key, value in zip(keys, answer.x, strict=True) if value > 0.5]


def _by_deletion(limits: list[Limit], impossible: Callable[[Sequence[Limit]], bool], budget: Budget) -> Conflict:
    """What is left of the limits after everything needless was left out: whole kinds, then groups that grow while it
    goes well and shrink where something is needed. Low minimums are tried first, so that few high ones remain.
    """
    rest = list(limits)
    for kind in dict.fromkeys(limit.kind for limit in limits):
        fewer = [limit for limit in rest if limit.kind != kind]
        if fewer and len(fewer) < len(rest) and impossible(fewer):
            rest = fewer
    rest.sort(key=lambda limit: (limit.kind == "tables", limit.kind == "minimum", limit.number or 0))
    needed: list[Limit] = []
    group = max(1, len(rest) // 4)
    while rest and budget.left > 0:
        if impossible(needed + rest[group:]):
            rest, group = rest[group:], group * 2
        elif group == 1:
            needed.append(rest.pop(0))
        else:
            group = max(1, min(group, len(rest)) // 2)
    found = {*needed, *rest}
    return Conflict(tuple(limit for limit in limits if limit in found), False, not rest)
