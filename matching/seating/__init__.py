"""Who meets whom, when, at which table: provably the best seating of an event, and why there is none.

``solve(problem, seconds, clock, progress)`` is the main door.
"""

from matching.seating.problem import (
    Exclusion,
    Meeting,
    Pair,
    Party,
    PartyId,
    Problem,
    SeatingError,
    Table,
    check,
    equal_tables,
)
from matching.seating.result import Limit, Repair, Solution, Status, Step
from matching.seating.solver import feasible, solve, worst_served

__all__ = [
    "Exclusion",
    "Limit",
    "Meeting",
    "Pair",
    "Party",
    "PartyId",
    "Problem",
    "Repair",
    "SeatingError",
    "Solution",
    "Status",
    "Step",
    "Table",
    "check",
    "equal_tables",
    "feasible",
    "solve",
    "worst_served",
]
