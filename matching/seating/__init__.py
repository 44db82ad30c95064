"""Who meets whom, when, at which table: provably the best seating of an event, and why there is none.

- ``solve`` seats a ``Problem``; ``seat_or_explain`` also says why there is no seating; ``diagnose`` only that.
- A ``Problem`` with ``previous`` meetings is re-seated with the fewest changes; ``shifts`` says what it means to whom.
- ``cost_of`` a change by hand, ``alternatives`` for a talk, ``fill_ins`` for somebody left alone; ``broken`` rules.
- ``repaired`` carries out a ``Repair``; ``without`` drops limits. ``read_problem`` and ``write_answer``: JSON files.
"""

from matching.seating.explaining import diagnose, seat_or_explain
from matching.seating.files import answer_of, problem_from, read_problem, write_answer
from matching.seating.moves import (
    Add,
    Change,
    Cost,
    FillIn,
    Move,
    Remove,
    Shift,
    Swap,
    alternatives,
    changed,
    cost_of,
    fill_ins,
    shifts,
)
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
    "Add",
    "Change",
    "Cost",
    "Exclusion",
    "FillIn",
    "Limit",
    "Meeting",
    "Move",
    "Pair",
    "Party",
    "PartyId",
    "Problem",
    "Remove",
    "Repair",
    "SeatingError",
    "Shift",
    "Solution",
    "Status",
    "Step",
    "Swap",
    "Table",
    "alternatives",
    "answer_of",
    "broken",
    "changed",
    "check",
    "cost_of",
    "diagnose",
    "equal_tables",
    "feasible",
    "fill_ins",
    "problem_from",
    "read_problem",
    "repaired",
    "seat_or_explain",
    "shifts",
    "solve",
    "without",
    "worst_served",
    "write_answer",
]
