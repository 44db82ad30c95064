"""Who meets whom, when, at which table: provably the best seating of an event, and why there is none.

``solve(problem, seconds, clock, progress)`` is the main door.
"""

from matching.seating.explaining import diagnose, seat_or_explain
from matching.seating.files import answer_of, problem_from, read_problem, write_answer
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
from matching.seating.rules import broken
from matching.seating.solver import feasible, solve, worst_served
from matching.seating.wishes import repaired, without
from matching.seating.words import LIMIT_LABELS, STEP_LABELS

__all__ = [
    "LIMIT_LABELS",
    "STEP_LABELS",
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
    "answer_of",
    "broken",
    "check",
    "diagnose",
    "equal_tables",
    "feasible",
    "problem_from",
    "read_problem",
    "repaired",
    "seat_or_explain",
    "solve",
    "without",
    "worst_served",
    "write_answer",
]
