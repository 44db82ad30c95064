"""Seatings that cannot be done: why, and each proposed way out carried out and seated anew."""

from __future__ import annotations

import pytest

from models import EventTable, Meeting, MeetingState, SeatingPlan, SeatingStatus, WishLevel
from service.context import Context
from service.errors import Conflict, Illegal, Invalid
from service.queries.seating_plans import RepairView, plan_view
from service.usecases.seating_plans import GenerateSeating, compute_seating
from service.usecases.seating_repairs import RepairSeating, repair_seating
from tests.factories import Fair, add_fair, add_wish
from tests.usecases.seated import planned, still


def _repairs(ctx: Context, fair: Fair, plan: SeatingPlan) -> list[RepairView]:
    return list(plan_view(ctx, fair.event, plan).repairs)


def _carry_out(ctx: Context, fair: Fair, plan: SeatingPlan, repair: RepairView) -> SeatingPlan:
    command = RepairSeating(version=plan.version, index=repair.index, agreed=True, note="电话征得同意")
    return compute_seating(ctx, repair_seating(ctx, fair.event.id, plan.id, command).id, still())


def _of(repairs: list[RepairView], kind: str) -> RepairView:
    return next(one for one in repairs if {step["kind"] for step in one.steps} == {kind})


def test_too_few_tables_are_named_and_one_more_is_enough(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2, slots=1, tables=1)

    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))

    view = plan_view(organizer, fair.event, plan)
    assert plan.status is SeatingStatus.INFEASIBLE
    assert any("1 张桌" in one for one in view.conflict)
    again = _carry_out(organizer, fair, plan, _of(list(view.repairs), "add_table"))
    assert again.status is SeatingStatus.OPTIMAL
    assert fair.event.tables == 2


def test_an_absence_is_named_and_ends_only_when_the_person_has_agreed(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2, slots=2, tables=2)
    fair.firms[0].away_slots = [1]
    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))
    repair = _of(_repairs(organizer, fair, plan), "add_slot")
    conflict = plan_view(organizer, fair.event, plan).conflict

    with pytest.raises(Invalid) as refused:
        repair_seating(organizer, fair.event.id, plan.id, RepairSeating(version=plan.version, index=repair.index))
    again = _carry_out(organizer, fair, plan, repair)

    assert any("不在" in one for one in conflict)
    assert "征得同意" in refused.value.fields["agreed"]
    assert again.status is SeatingStatus.OPTIMAL
    assert fair.firms[0].away_slots == []


def test_lowering_the_minimum_of_one_party_is_a_way_out(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 1, slots=1, tables=2)
    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))
    repair = _of(_repairs(organizer, fair, plan), "lower_minimum")

    again = _carry_out(organizer, fair, plan, repair)

    assert again.status is SeatingStatus.OPTIMAL
    assert [one.minimum_talks for one in (*fair.firms, *fair.scientists)].count(0) == 1


def test_a_wish_not_to_meet_is_named_and_may_be_lifted(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2, slots=2, tables=1)
    wish = add_wish(organizer, fair.scientists[0], fair.matches[0], WishLevel.UNWANTED)
    fair.scientists[0].minimum_talks = None
    fair.firms[0].minimum_talks = 2

    plan = planned(organizer, fair.event)

    repair = _of(_repairs(organizer, fair, plan), "allow_pair")
    again = _carry_out(organizer, fair, plan, repair)
    assert again.status is SeatingStatus.OPTIMAL
    assert wish.level is WishLevel.WILLING


def test_a_closed_table_may_be_opened_and_a_lock_undone(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1, slots=1, tables=1)
    closed = organizer.add(EventTable(handshake_event_id=fair.event.id, number=1, equipment=[], closed_slots=[0]))
    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))

    again = _carry_out(organizer, fair, plan, _of(_repairs(organizer, fair, plan), "open_table"))

    assert again.status is SeatingStatus.OPTIMAL
    assert closed.closed_slots == []


def test_a_lock_that_stands_in_the_way_may_be_undone(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2, slots=1, tables=1)
    locked = organizer.add(
        Meeting(
            handshake_event_id=fair.event.id,
            match_id=fair.matches[0].id,
            slot=0,
            table_number=1,
            state=MeetingState.PROPOSED,
            locked=True,
        )
    )
    fair.firms[1].minimum_talks = 1
    plan = planned(organizer, fair.event)

    again = _carry_out(organizer, fair, plan, _of(_repairs(organizer, fair, plan), "unlock"))

    assert again.status is SeatingStatus.OPTIMAL
    assert not locked.locked


def test_repairs_of_a_situation_that_is_no_more_are_refused(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2, slots=1, tables=1)
    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))
    fair.event.tables = 2
    organizer.flush()

    with pytest.raises(Conflict, match="情况变了"):
        repair_seating(organizer, fair.event.id, plan.id, RepairSeating(version=plan.version, index=0))
    possible = planned(organizer, fair.event, GenerateSeating(minimum_talks=1))
    with pytest.raises(Illegal):
        repair_seating(organizer, fair.event.id, possible.id, RepairSeating(version=possible.version, index=0))


def test_a_minimum_that_many_cannot_reach_may_be_lowered_for_all(organizer: Context) -> None:
    fair = add_fair(organizer, 3, 2, slots=4, tables=3)
    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=4))
    repair = _of(_repairs(organizer, fair, plan), "lower_for_all")

    again = _carry_out(organizer, fair, plan, repair)

    assert repair.sentence == "把“每家至少谈几场”从 4 降到 2"
    assert again.status is SeatingStatus.OPTIMAL
    assert fair.event.minimum_talks == 2
