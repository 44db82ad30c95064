"""Another solver's answer: every pair × slot × table its own choice, decided by CP-SAT. Shares no code with ours."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from ortools.sat.python import cp_model

from matching.seating import Meeting, Problem

STEPS = 10_000
"""Utilities are counted in ten-thousandths: the solver wants whole numbers."""


@dataclass(frozen=True)
class Answer:
    """What the other solver calls best: fewest changes, highest z, highest utility."""

    changes: int
    fairness: int
    utility: float


class _Model:
    """The rules of an event, without the minimums."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.past = [m for m in problem.previous if m.slot < problem.frozen_before]
        self.fixed = self.past + [m for m in problem.locked if m not in self.past]
        self.choices: dict[Meeting, cp_model.IntVar] = {}
        people = {party.id: party.people for party in problem.parties}
        there = {party.id: party.available for party in problem.parties}
        for pair in problem.pairs:
            for slot in range(problem.frozen_before, problem.slots):
                if any(there[side] is not None and slot not in there[side] for side in (pair.one, pair.other)):
                    continue
                for table in problem.tables:
                    fits = table.capacity is None or people[pair.one] + people[pair.other] <= table.capacity
                    if fits and pair.needs <= table.features and slot not in table.closed:
                        meeting = Meeting(pair.one, pair.other, slot, table.number)
                        self.choices[meeting] = self.model.new_bool_var(str(meeting))
        self.degree = self._rules()

    def _rules(self) -> dict[object, cp_model.LinearExpr]:
        nothing = self.model.new_constant(0)
        groups: dict[object, list[object]] = defaultdict(lambda: [nothing])
        already: Counter[object] = Counter()
        for m, taken in [*self.choices.items(), *((m, None) for m in self.fixed)]:
            places = [("once", m.pair), ("table", m.slot, m.table)]
            places += [("busy", side, m.slot) for side in (m.one, m.other)] + [("degree", m.one), ("degree", m.other)]
            for place in places:
                groups[place].append(1 if taken is None else taken)
                already[place] += taken is None
        for place in list(groups):
            if place[0] in ("once", "table"):
                self.model.add(sum(groups[place]) <= max(1, already[place]))
        for party in self.problem.parties:
            for slot in range(self.problem.slots):
                place = ("busy", party.id, slot)
                self.model.add(sum(groups[place]) <= max(party.seats, already[place]))
            if party.maximum is not None:
                place = ("degree", party.id)
                self.model.add(sum(groups[place]) <= max(party.maximum, already[place]))
        return {party.id: sum(groups["degree", party.id]) for party in self.problem.parties}

    def best(self, aim: cp_model.LinearExpr) -> int | None:
        """The highest value of ``aim``; None where nothing satisfies all."""
        self.model.maximize(aim)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = 20
        status = solver.solve(self.model)
        assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None


def answer(problem: Problem) -> Answer | None:
    """The best of an event without contradictory locks, by another road; None for an impossible one."""
    alone = {party.id: _alone(problem, party.id) for party in problem.parties}
    built = _Model(problem)
    for party in problem.parties:
        built.model.add(built.degree[party.id] >= party.minimum)
    coming = [m for m in problem.previous if m.slot >= problem.frozen_before and m not in built.fixed]
    kept = sum((_same(built, m) for m in coming), start=built.model.new_constant(0))
    most = built.best(kept)
    if most is None:
        return None
    if problem.max_changes is not None:
        if len(coming) - most > problem.max_changes:
            return None
        most = len(coming) - problem.max_changes
    built.model.add(kept >= most)
    level = built.model.new_int_var(0, max(alone.values(), default=0), "z")
    for party in problem.parties:
        least = built.model.new_int_var(0, alone[party.id], f"least {party.id}")
        built.model.add_min_equality(least, [level, built.model.new_constant(alone[party.id])])
        built.model.add(built.degree[party.id] >= least)
    fairest = built.best(level)
    assert fairest is not None
    built.model.add(level == fairest)
    worth = {frozenset((pair.one, pair.other)): round(pair.utility * STEPS) for pair in problem.pairs}
    total = built.best(sum((worth[m.pair] * taken for m, taken in built.choices.items()), built.model.new_constant(0)))
    assert total is not None
    total += sum(worth.get(m.pair, 0) for m in built.fixed)
    return Answer(len(coming) - most, fairest, total / STEPS)


def _same(built: _Model, held: Meeting) -> object:
    """The choice that keeps a previous meeting; 0 where it cannot be kept."""
    turned = Meeting(held.other, held.one, held.slot, held.table)
    return built.choices.get(held, built.choices.get(turned, 0))


def _alone(problem: Problem, party: object) -> int:
    """Most meetings of one party when only its own pairs may meet."""
    built = _Model(problem)
    for m, taken in built.choices.items():
        if party not in (m.one, m.other):
            built.model.add(taken == 0)
    return built.best(built.degree[party]) or 0
