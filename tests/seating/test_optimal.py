"""The seating found is the best there is: beside plain enumeration of every seating."""

from __future__ import annotations

import pytest

from matching.seating import Problem, Status, equal_tables, solve
from matching.seating.rules import broken
from tests.seating.made import middling, tiny
from tests.seating.other import answer
from tests.seating.plain import best


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_solve_equals_enumeration(first: int) -> None:
    compared = 0
    for seed in range(first, first + 100):
        problem = tiny(seed)
        expected = best(problem)

        found = solve(problem)

        if expected is None:
            assert found.status is Status.INFEASIBLE, f"seed {seed}"
            continue
        assert found.status is Status.OPTIMAL, f"seed {seed}"
        assert (found.fairness, found.utility) == (expected[1], pytest.approx(expected[2])), f"seed {seed}"
        assert found.bound == found.utility, f"seed {seed}"
        assert not broken(problem, found.meetings), f"seed {seed}"
        compared += 1
    assert compared >= 50


@pytest.mark.parametrize("first", range(0, 54, 18))
def test_solve_equals_another_solver(first: int) -> None:
    for seed in range(first, first + 18):
        problem = middling(seed)
        expected = answer(problem)

        found = solve(problem)

        if expected is None:
            assert found.status is Status.INFEASIBLE, f"seed {seed}"
            continue
        assert found.status is Status.OPTIMAL, f"seed {seed}"
        assert (found.fairness, found.utility) == (expected.fairness, pytest.approx(expected.utility)), f"seed {seed}"
        assert not broken(problem, found.meetings), f"seed {seed}"


def test_solve_gives_the_same_answer_again() -> None:
    problem = middling(4)

    assert solve(problem).meetings == solve(problem).meetings


def test_solve_without_anybody_is_an_empty_optimum() -> None:
    found = solve(Problem(3, equal_tables(2), (), ()))

    assert (found.status, found.meetings, found.utility, found.gap) == (Status.OPTIMAL, (), 0.0, 0.0)


def test_solve_without_time_keeps_a_bound_that_holds() -> None:
    problem = middling(7)
    best_known = solve(problem).utility
    ticks = iter(range(0, 10**9, 1000))

    found = solve(problem, seconds=1.0, clock=lambda: float(next(ticks)))

    assert found.status is not Status.INFEASIBLE
    assert not found.found or (not broken(problem, found.meetings) and found.bound >= best_known - 1e-9)
