"""After something happened as few as possible are moved, and what is past or locked not at all."""

from __future__ import annotations

import pytest

from matching.seating import Meeting, Pair, Party, Problem, Status, equal_tables, solve
from matching.seating.rules import broken
from tests.seating.made import disturbed, middling, tiny
from tests.seating.other import answer
from tests.seating.plain import best


@pytest.mark.parametrize("first", range(0, 1400, 200))
def test_solve_after_a_disturbance_moves_as_few_as_enumeration(first: int) -> None:
    compared = 0
    for seed in range(first, first + 200):
        before = solve(tiny(seed))
        if not before.found:
            continue
        problem = disturbed(tiny(seed), before.meetings, seed)
        expected = best(problem)

        found = solve(problem)

        if expected is None:
            assert found.status is Status.INFEASIBLE, f"seed {seed}"
            continue
        assert found.status is Status.OPTIMAL, f"seed {seed}"
        assert (found.fairness, found.utility) == (expected[1], pytest.approx(expected[2])), f"seed {seed}"
        assert problem.max_changes is not None or len(found.changes) == expected[0], f"seed {seed}"
        assert not broken(problem, found.meetings), f"seed {seed}"
        past = {m for m in problem.previous if m.slot < problem.frozen_before}
        assert past == {m for m in found.meetings if m.slot < problem.frozen_before}, f"seed {seed}"
        assert set(problem.locked) <= set(found.meetings), f"seed {seed}"
        compared += 1
    assert compared >= 72


def test_solve_after_a_disturbance_moves_as_few_as_another_solver() -> None:
    for seed in range(100, 120):
        before = solve(middling(seed))
        if not before.found:
            continue
        problem = disturbed(middling(seed), before.meetings, seed, budget=False)
        expected = answer(problem)

        found = solve(problem)

        if expected is None:
            assert found.status is Status.INFEASIBLE, f"seed {seed}"
            continue
        assert (len(found.changes), found.fairness) == (expected.changes, expected.fairness), f"seed {seed}"
        assert found.utility == pytest.approx(expected.utility), f"seed {seed}"


def test_a_previous_meeting_gives_way_only_where_a_minimum_needs_its_place() -> None:
    firms = (Party("甲", minimum=1), Party("乙"))
    problem = Problem(
        1,
        equal_tables(1),
        (*firms, Party("王")),
        (Pair("甲", "王", 1.0), Pair("乙", "王", 9.0)),
        previous=(Meeting("乙", "王", 0, 1),),
    )

    found = solve(problem)

    assert [m.one for m in found.meetings] == ["甲"]
    assert found.changes == problem.previous
