"""One answer whatever comes: a seating, or why there is none and what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from matching.seating.diagnosis import conflict_of
from matching.seating.elastic import Elastic
from matching.seating.problem import Problem, check
from matching.seating.repairs import PRICES, repairs_of
from matching.seating.result import Budget, Solution, Status
from matching.seating.solver import solve


def seat_or_explain(
    problem: Problem,
    seconds: float = 60.0,
    clock: Callable[[], float] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Solution:
    """``solve``, and where that is impossible ``diagnose`` in what time remains. Raises SeatingError."""
    budget = Budget(seconds, clock, progress)
    found = solve(problem, seconds, clock, progress)
    if found.status is not Status.INFEASIBLE:
        return found
    reasons = diagnose(problem, max(1.0, budget.left), clock, progress)
    return replace(
        found,
        conflict=reasons.conflict,
        conflict_smallest=reasons.conflict_smallest,
        conflict_irreducible=reasons.conflict_irreducible,
        repairs=reasons.repairs,
        seconds=budget.spent,
    )


def diagnose(
    problem: Problem,
    seconds: float = 60.0,
    clock: Callable[[], float] | None = None,
    progress: Callable[[str], None] | None = None,
    prices: Mapping[str, float] = PRICES,
) -> Solution:
    """Why an impossible problem is impossible and what would help, the cheapest by ``prices`` first.

    Only for a problem that ``solve`` calls INFEASIBLE.
    """
    check(problem)
    budget = Budget(seconds, clock, progress)
    budget.tell("排不成，正在找改法")
    elastic = Elastic(problem)
    repairs = repairs_of(problem, elastic, Budget(0.4 * seconds, clock), prices)
    budget.tell("正在找互相冲突的条件")
    conflict = conflict_of(problem, elastic, budget)
    return Solution(
        Status.INFEASIBLE,
        conflict=conflict.limits,
        conflict_smallest=conflict.smallest,
        conflict_irreducible=conflict.irreducible,
        repairs=repairs,
        seconds=budget.spent,
    )
