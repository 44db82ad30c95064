"""Seating proven best beside greedy, round-robin and slot-by-slot assignment: utility, least served, time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum

from bench.seatings import Shape, cp_sat, disturbances, event, greedy, round_robin, slot_by_slot, whole_programme
from matching.seating import Meeting, Problem, Solution, broken, solve, worst_served

CITY = {
    "10 pairs a need": Shape(),
    "30 pairs a need": Shape(per=30),
    "all pairs": Shape(per=None),
    "30, everybody always there": Shape(per=30, absent=0.0),
    "30, half the slots away": Shape(per=30, absent=0.5),
    "30, mornings or afternoons only": Shape(per=30, halves=True),
    "30, at least 1 a need, 20 tables": Shape(per=30, tables=20, minimum=1),
    "30, at least 2 a need, 40 tables": Shape(per=30, tables=40, minimum=2),
    "30, some with two seats": Shape(per=30, seats=2),
    "30, a fifth need a screen": Shape(per=30, features=True),
    "30, needs also meet needs": Shape(per=30, crowd=True),
    "12, up to 8 talks, 100 tables, half days": Shape(tables=100, per=12, absent=0.3, halves=True, maximum=8),
    "12, up to 12 talks, 150 tables": Shape(tables=150, per=12, absent=0.4, maximum=12),
}
REGION = {
    "10 pairs a need": Shape(1000, 1500, 12, 150),
    "30 pairs a need": Shape(1000, 1500, 12, 150, 30),
    "30, half the slots away": Shape(1000, 1500, 12, 150, 30, 0.5),
    "30, mornings or afternoons only": Shape(1000, 1500, 12, 150, 30, halves=True),
}
SOLVERS = {"10 pairs a need", "30 pairs a need", "30, half the slots away"}
"""Variants of the city's event that other solvers get whole, too."""
SIMPLER: dict[str, Callable[[Problem], list[Meeting]]] = {
    "greedy": greedy,
    "round robin": round_robin,
    "slot by slot": slot_by_slot,
}


def main() -> None:
    """200 needs × 300 scientists × 12 slots × 30 tables, and five times that, in many variants."""
    _table("200 × 300, 12 slots, 30 tables", CITY)
    _table("1,000 × 1,500, 12 slots, 150 tables", REGION)
    for name, shapes in (("200 × 300", CITY), ("1,000 × 1,500", REGION)):
        _reseated(f"re-seating, {name}, 30 pairs a need", shapes["30 pairs a need"])


def _table(title: str, shapes: dict[str, Shape]) -> None:
    heads = f"{'talks':>6}{'utility':>11}{'of most':>9}{'gap %':>7}{'least':>6}{'none':>6}{'s':>8}{'cpu s':>8}"
    print(f"\n{title}\n{'':36}{heads}")
    for name, shape in shapes.items():
        problem = event(shape)
        print(name)
        most = _ours("Woshou, the total alone", replace(problem, fair=False), None)
        best = _ours("Woshou", problem, most.utility)
        for other, way in SIMPLER.items():
            if not (shape.crowd and other == "slot by slot"):
                _simpler(other, way, problem, most.utility)
        if name in SOLVERS and shape.needs == 200:
            for other, solver in (("HiGHS, all pairs × slots", whole_programme), ("CP-SAT, all pairs × slots", cp_sat)):
                clock, cpu = time.monotonic(), time.process_time()
                utility, proven = solver(problem, best.fairness, 60.0)
                spent, used = time.monotonic() - clock, time.process_time() - cpu
                said = "optimal" if proven else "not proven in 60 s"
                share = utility / most.utility
                print(f"  {other:40}{utility:11.4f}{share:9.1%}{'':19}{spent:8.2f}{used:8.2f}  {said}", flush=True)


def _reseated(title: str, shape: Shape) -> None:
    print(f"\n{title}\n{'':42}{'moved':>6}{'utility':>11}{'gap %':>7}{'z':>4}{'s':>8}{'cpu s':>8}")
    problem = event(shape)
    for name, after in disturbances(problem, solve(problem).meetings).items():
        clock, cpu = time.monotonic(), time.process_time()
        best = solve(after, 60.0, time.monotonic)
        spent, used = time.monotonic() - clock, time.process_time() - cpu
        if broken(after, best.meetings):
            raise AssertionError(name)
        figures = f"{len(best.changes):6}{best.utility:11.4f}{best.gap * 100:7.3f}{best.fairness:4}"
        print(f"  {name:40}{figures}{spent:8.2f}{used:8.2f}  {best.status}", flush=True)


def _ours(name: str, problem: Problem, most: float | None) -> Solution:
    clock, cpu = time.monotonic(), time.process_time()
    best = solve(problem, 60.0, time.monotonic)
    spent, used = time.monotonic() - clock, time.process_time() - cpu
    wrong = broken(problem, best.meetings)
    if wrong:
        raise AssertionError(wrong[0].sentence)
    _line(name, problem, best.meetings, best.utility / (most or best.utility), f"{best.gap * 100:7.3f}", spent, used)
    print(f"  {best.status}" if best.status != "optimal" else "  optimal", flush=True)
    return best


def _simpler(name: str, way: Callable[[Problem], list[Meeting]], problem: Problem, most: float) -> None:
    clock, cpu = time.monotonic(), time.process_time()
    meetings = way(problem)
    spent, used = time.monotonic() - clock, time.process_time() - cpu
    _line(name, problem, meetings, _utility(problem, meetings) / most, f"{'':7}", spent, used)
    missed = sum(limit.kind == "minimum" for limit in broken(problem, meetings))
    print(f"  {missed} below their minimum" if missed else "", flush=True)


def _line(
    name: str, problem: Problem, meetings: Sequence[Meeting], share: float, gap: str, spent: float, used: float
) -> None:
    """``none`` counts those who have a listed pair and no talk at all."""
    held = {party for m in meetings for party in (m.one, m.other)}
    listed = {party for pair in problem.pairs for party in (pair.one, pair.other)}
    none = len(listed - held)
    utility = _utility(problem, meetings)
    least = worst_served(problem, tuple(meetings))
    print(
        f"  {name:34}{len(meetings):6}{utility:11.4f}{share:9.1%}{gap}{least:6}{none:6}{spent:8.2f}{used:8.2f}", end=""
    )


def _utility(problem: Problem, meetings: Sequence[Meeting]) -> float:
    worth = {frozenset((pair.one, pair.other)): pair.utility for pair in problem.pairs}
    return fsum(worth[m.pair] for m in meetings)
