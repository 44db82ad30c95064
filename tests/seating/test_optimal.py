"""The seating found is the best there is: beside plain enumeration of every seating."""

from __future__ import annotations

import pytest

from matching.seating import Status, solve
from matching.seating.rules import broken
from tests.seating.made import tiny
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
