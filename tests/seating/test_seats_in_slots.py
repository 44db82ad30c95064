"""Teams of which more or fewer people are there in one slot than in another."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from matching.seating import Problem, SeatingError, check, solve
from matching.seating.rules import broken
from tests.seating.made import tiny
from tests.seating.plain import best


def _uneven(seed: int) -> Problem:
    """A tiny event whose parties' people come and go."""
    dice, problem = Random(seed), tiny(seed)
    parties = tuple(
        replace(party, seats_at=tuple(dice.randint(0, party.seats) for _ in range(problem.slots)))
        for party in problem.parties
    )
    return replace(problem, parties=parties, locked=())


@pytest.mark.parametrize("seed", range(60))
def test_seats_in_slots_are_used_as_well_as_can_be_and_never_exceeded(seed: int) -> None:
    problem = _uneven(seed)

    answer = solve(problem)

    plain = best(problem)
    if plain is None:
        assert not answer.found
    else:
        assert not broken(problem, answer.meetings)
        assert (answer.fairness_proven, answer.gap) == (True, 0.0)
        assert answer.utility == pytest.approx(plain[2])


def test_check_refuses_seats_for_other_slots_than_there_are() -> None:
    problem = tiny(3)
    crooked = replace(problem.parties[0], seats_at=(1,) * (problem.slots + 1))

    with pytest.raises(SeatingError, match="seats_at"):
        check(replace(problem, parties=(crooked, *problem.parties[1:])))
