"""Changes by hand: their cost is that of the changed seating, and what is offered breaks nothing."""

from __future__ import annotations

import pytest

from matching.seating import Add, Meeting, Move, Remove, Swap, alternatives, broken, cost_of, fill_ins, shifts, solve
from tests.seating.made import middling, tiny


@pytest.mark.parametrize("seed", range(12))
def test_alternatives_are_all_changes_that_break_nothing(seed: int) -> None:
    problem = tiny(seed)
    meetings = solve(problem).meetings
    for meeting in meetings:
        offered = alternatives(problem, meetings, meeting)
        places = [Move(meeting, slot, table.number) for slot in range(problem.slots) for table in problem.tables]
        swaps = [Swap(meeting, other) for other in meetings if other != meeting]
        here = Move(meeting, meeting.slot, meeting.table)
        possible = [c for c in (*places, *swaps) if c != here and not cost_of(problem, meetings, c).breaks]

        assert set(offered) <= set(possible)
        taken = {(m.slot, m.table) for m in meetings}
        missed = {c for c in possible if isinstance(c, Move) and (c.slot, c.table) not in taken} - set(offered)
        assert not missed


def test_cost_of_removing_is_what_the_talk_is_worth() -> None:
    problem = middling(3)
    meetings = solve(problem).meetings
    worth = {frozenset((pair.one, pair.other)): pair.utility for pair in problem.pairs}

    cost = cost_of(problem, meetings, Remove(meetings[0]))

    assert cost.loss == pytest.approx(worth[meetings[0].pair])
    assert len(cost.meetings) == len(meetings) - 1


def test_cost_names_what_a_move_breaks() -> None:
    problem = middling(3)
    meetings = solve(problem).meetings
    first = meetings[0]
    other = next(m for m in meetings if m.slot != first.slot)

    cost = cost_of(problem, meetings, Move(first, other.slot, other.table))

    assert "shared_table" in {limit.kind for limit in cost.breaks}
    assert all(limit.sentence for limit in cost.breaks)
    assert cost.loss == 0


@pytest.mark.parametrize("seed", range(8))
def test_fill_ins_are_free_there_listed_and_new_to_the_one_waiting(seed: int) -> None:
    problem = middling(seed)
    meetings = solve(problem).meetings
    for gone in meetings[:3]:
        rest = [m for m in meetings if m.slot != gone.slot or gone.one not in m.pair]
        found = fill_ins(problem, meetings, gone.one, gone.slot)

        for one in found:
            talk = Meeting(one.waiting, one.party, gone.slot, one.table)
            assert not broken(problem, [*rest, talk], minimums=False)
        assert [one.utility for one in found] == sorted((one.utility for one in found), reverse=True)


def test_shifts_tell_who_gains_and_who_loses() -> None:
    problem = middling(3)
    meetings = solve(problem).meetings

    told = shifts(problem, meetings, cost_of(problem, meetings, Remove(meetings[0])).meetings)

    assert {one.party for one in told} == set(meetings[0].pair)
    assert all(one.talks == one.talks_before - 1 for one in told)
    assert not shifts(problem, meetings, cost_of(problem, meetings[1:], Add(meetings[0])).meetings)
