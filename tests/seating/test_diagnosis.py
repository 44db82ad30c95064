"""Why there is no seating: the conflict is a conflict and has nothing needless, and each repair repairs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from matching.seating import (
    LIMIT_LABELS,
    Exclusion,
    Limit,
    Meeting,
    Pair,
    Party,
    Problem,
    Solution,
    Status,
    Table,
    diagnose,
    equal_tables,
    feasible,
    repaired,
    seat_or_explain,
    solve,
    without,
)
from matching.seating.wishes import limits_of
from tests.seating.made import disturbed, middling, tiny
from tests.seating.plain import best


def _impossible(first: int, last: int) -> list[Problem]:
    """Made-up events without a seating, some of them after a disturbance."""
    found = []
    for seed in range(first, last):
        for problem in (tiny(seed), middling(seed)):
            before = solve(problem)
            after = disturbed(problem, before.meetings, seed) if before.found else problem
            if solve(after).status is Status.INFEASIBLE:
                found.append(after)
    return found


def _only(problem: Problem, kept: tuple[Limit, ...]) -> Problem:
    return without(problem, [limit for limit in limits_of(problem) if limit not in kept])


def _check(problem: Problem, reasons: Solution) -> None:
    assert reasons.conflict_smallest
    assert feasible(_only(problem, reasons.conflict)) is False
    for one in reasons.conflict:
        assert feasible(_only(problem, tuple(other for other in reasons.conflict if other != one))) is True
    assert reasons.repairs
    for repair in reasons.repairs:
        assert feasible(repaired(problem, repair)) is True, repair.sentence
    assert [repair.cost for repair in reasons.repairs] == sorted(repair.cost for repair in reasons.repairs)
    assert all(said.sentence for said in (*reasons.conflict, *reasons.repairs))


@pytest.mark.parametrize("first", range(0, 48, 16))
def test_conflicts_are_irreducible_and_repairs_work(first: int) -> None:
    problems = _impossible(first, first + 16)

    for problem in problems:
        _check(problem, diagnose(problem))

    assert len(problems) >= 6


def test_no_conflict_is_smaller_by_enumeration() -> None:
    for problem in [problem for problem in _impossible(0, 14) if len(problem.parties) <= 6]:
        conflict = diagnose(problem).conflict
        for fewer in combinations(limits_of(problem), len(conflict) - 1):
            asked = _only(problem, fewer)
            if len(asked.tables) < 6:
                assert best(asked) is not None
            else:
                assert feasible(asked) is True


FIRM, OTHER = Party("甲", minimum=2), Party("乙", minimum=1)
TEAMS = (Party("王"), Party("李"))
PAIRS = (Pair("甲", "王", 1.0), Pair("甲", "李", 1.0), Pair("乙", "王", 1.0))
LOCK = Meeting("甲", "王", 2, 1)
GONE = Party("甲", available=frozenset())
PLAIN = Problem(3, equal_tables(1), (FIRM, OTHER, *TEAMS), PAIRS)


@pytest.mark.parametrize(
    ("problem", "kinds"),
    [
        (replace(PLAIN, slots=2), {"minimum", "tables"}),
        (replace(PLAIN, parties=(replace(FIRM, maximum=1), OTHER, *TEAMS)), {"minimum", "maximum"}),
        (replace(PLAIN, parties=(replace(FIRM, available=frozenset({0})), OTHER, *TEAMS)), {"minimum", "absence"}),
        (
            replace(PLAIN, pairs=PAIRS[:1] + PAIRS[2:], excluded=(Exclusion("甲", "李", "回避"),)),
            {"minimum", "exclusion"},
        ),
        (
            replace(PLAIN, parties=(FIRM, replace(OTHER, available=frozenset({2})), *TEAMS), locked=(LOCK,)),
            {"minimum", "absence", "lock", "tables"},
        ),
        (
            replace(PLAIN, tables=(Table(1, capacity=1),), parties=(Party("甲", minimum=1), *TEAMS), pairs=PAIRS[:2]),
            {"minimum", "feature", "tables"},
        ),
        (replace(PLAIN, tables=(Table(1, closed=frozenset({0})),)), {"minimum", "closed", "tables"}),
        (
            replace(PLAIN, parties=(GONE, *TEAMS), pairs=PAIRS[:2], previous=(LOCK,), max_changes=0),
            {"absence", "changes"},
        ),
    ],
)  # fmt: skip
def test_conflict_names_what_was_set_against_each_other(problem: Problem, kinds: set[str]) -> None:
    reasons = seat_or_explain(problem)

    assert reasons.status is Status.INFEASIBLE
    assert {limit.kind for limit in reasons.conflict} <= kinds <= set(LIMIT_LABELS)
    _check(problem, reasons)


def test_repairs_of_too_few_tables_offer_a_table_a_slot_less_wished_and_say_so() -> None:
    reasons = seat_or_explain(replace(PLAIN, slots=2))

    told = [repair.sentence for repair in reasons.repairs]
    assert "加 1 张桌" in told
    assert any(sentence.startswith("把") and "最少场数" in sentence for sentence in told)


def test_conflict_without_time_for_the_smallest_still_is_one() -> None:
    names = [f"企{at}" for at in range(9)]
    firms = tuple(Party(name, minimum=1) for name in names)
    problem = Problem(
        4, equal_tables(2), (*firms, *(Party(f"科{at}") for at in range(9))),
        tuple(Pair(name, f"科{at}", 1.0) for name in names for at in range(9)),
    )  # fmt: skip
    ticks = iter(range(10**9))

    reasons = diagnose(problem, seconds=60.0, clock=lambda: next(ticks) * 0.4)

    assert feasible(_only(problem, reasons.conflict)) is False
    assert {limit.kind for limit in reasons.conflict} == {"minimum", "tables"}
    assert len(reasons.conflict) == 10 or not reasons.conflict_irreducible
