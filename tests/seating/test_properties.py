"""What holds of every seating, whatever the event."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.seating import Pair, Party, Problem, Table, broken, problem_from, solve
from matching.seating.files import answer_of
from tests.seating.made import disturbed, middling

FEATURES = st.frozensets(st.sampled_from(["屏幕", "安静"]), max_size=1)


@st.composite
def events(draw: st.DrawFn) -> Problem:
    """Any small event."""
    slots, count = draw(st.integers(1, 4)), draw(st.integers(2, 6))
    some = st.one_of(st.none(), st.frozensets(st.integers(0, slots - 1)))
    most = st.one_of(st.none(), st.integers(0, 3))
    parties = tuple(
        Party(at, draw(some), draw(st.integers(0, 1)), draw(most), draw(st.integers(1, 2)), draw(st.integers(0, 3)))
        for at in range(count)
    )
    closed = st.frozensets(st.integers(0, slots - 1), max_size=1)
    tables = tuple(
        Table(
            number, draw(st.one_of(st.none(), st.integers(1, 4))), draw(FEATURES), draw(st.floats(0, 9)), draw(closed)
        )
        for number in range(1, 1 + draw(st.integers(0, 3)))
    )
    possible = [(one, other) for one in range(count) for other in range(one + 1, count)]
    chosen = draw(st.lists(st.sampled_from(possible), unique=True, max_size=9))
    utility = st.integers(0, 10_000).map(lambda steps: steps / 10_000)
    return Problem(slots, tables, parties, tuple(Pair(*both, draw(utility), draw(FEATURES)) for both in chosen))


@settings(deadline=None, max_examples=80)
@given(events())
def test_no_rule_is_ever_broken_and_the_bound_holds(problem: Problem) -> None:
    found = solve(problem)

    if found.found:
        assert not broken(problem, found.meetings)
        assert found.bound >= found.utility - 1e-9
        assert found.gap == 0


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_no_rule_is_broken_after_a_disturbance_either(seed: int) -> None:
    before = solve(middling(seed))
    if before.found:
        problem = disturbed(middling(seed), before.meetings, seed)
        found = solve(problem)
        assert not found.found or not broken(problem, found.meetings)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_the_order_in_which_things_are_listed_changes_no_value(seed: int) -> None:
    problem, dice = middling(seed), Random(seed)
    turned = replace(
        problem,
        parties=tuple(dice.sample(problem.parties, len(problem.parties))),
        pairs=tuple(dice.sample(problem.pairs, len(problem.pairs))),
    )

    one, other = solve(problem), solve(turned)

    assert (one.status, one.fairness) == (other.status, other.fairness)
    assert one.utility == pytest.approx(other.utility)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_one_more_table_never_makes_the_total_lower(seed: int) -> None:
    problem = replace(middling(seed), fair=False)
    more = replace(problem, tables=(*problem.tables, Table(99)))

    before, after = solve(problem), solve(more)

    assert not before.found or after.utility >= before.utility - 1e-9


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_the_fairest_seating_is_never_worth_more_than_the_best_total(seed: int) -> None:
    problem = middling(seed)

    fair, total = solve(problem), solve(replace(problem, fair=False))

    assert fair.status == total.status
    assert fair.utility <= total.utility + 1e-9


def test_a_bigger_event_is_proven_best_and_comes_back_through_json() -> None:
    dice = Random(1)
    pairs = [{"need": n, "offer": o, "utility": dice.random()} for n in range(40) for o in dice.sample(range(60), 8)]
    needs = [{"id": n, "available": sorted(dice.sample(range(8), 6)), "min": 1, "max": 4} for n in range(40)]
    event = problem_from(
        {"slots": 8, "tables": 9, "needs": needs, "offers": [{"id": o} for o in range(60)], "pairs": pairs}
    )

    answer = answer_of(solve(event))

    assert (answer["status"], answer["gap"], len(answer["meetings"])) == ("optimal", 0.0, 72)
    assert not broken(event, solve(event).meetings)
