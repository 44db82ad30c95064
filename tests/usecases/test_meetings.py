"""Seating pairs, moving and confirming their talks, and recording how they ended."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import (
    Achievement,
    FollowUpKind,
    HandshakeEvent,
    HandshakeEventState,
    IllegalTransition,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    PostingState,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.queries.seating import next_free_seats
from service.usecases.follow_ups import PlanNextStep, plan_next_step, task_of
from service.usecases.meetings import (
    ChangeMeeting,
    MoveMeeting,
    SeatMeeting,
    cancel_meeting,
    confirm_meeting,
    mark_not_held,
    move_meeting,
    seat_meeting,
)
from service.usecases.opinions import RecordOutcome, record_outcome
from tests.factories import (
    NOW,
    add_achievement,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

E, I, M = HandshakeEventState, InvitationState, MatchState  # noqa: E741 - read as headings below


def _pair(ctx: Context, event: HandshakeEvent | None = None, *, seats: int = 1, **columns: object) -> Match:
    """A chosen pair of two new organizations, both coming to the event if one is given."""
    asker, offerer = add_organization(ctx), add_organization(ctx)
    if event is not None:
        for one in (asker, offerer):
            add_invitation(ctx, event=event, organization=one, state=I.ACCEPTED, seats=seats)
    need, achievement = add_need(ctx, organization=asker), add_achievement(ctx, organization=offerer)
    return add_match(ctx, need=need, achievement=achievement, **{"state": M.SHORTLISTED, **columns})


def _again(ctx: Context, match: Match) -> Match:
    """Another pair with the same needing organization."""
    asker = ctx.find(Need, match.need_id).organization_id
    return add_match(ctx, need=add_need(ctx, organization_id=asker), state=M.SHORTLISTED)


def _seat(match: Match, slot: int = 0, table: int = 1, *, invite_missing: bool = False) -> SeatMeeting:
    return SeatMeeting(match_id=match.id, slot=slot, table_number=table, invite_missing=invite_missing)


def _refused(ctx: Context, event: HandshakeEvent, command: SeatMeeting) -> dict[str, str]:
    before = len(ctx.session.scalars(select(Meeting.id)).all())
    with pytest.raises(Invalid) as refusal:
        seat_meeting(ctx, event.id, command)
    assert len(ctx.session.scalars(select(Meeting.id)).all()) == before
    return refusal.value.fields


def test_seat_meeting_proposes_a_talk(organizer: Context) -> None:
    event = add_event(organizer)
    match = _pair(organizer, event)

    meeting = seat_meeting(organizer, event.id, _seat(match, 2, 3))

    assert (meeting.slot, meeting.table_number, meeting.state) == (2, 3, MeetingState.PROPOSED)


@pytest.mark.parametrize("state", [E.PLANNED, E.HELD, E.ARCHIVED, E.CANCELLED])
def test_seat_meeting_refuses_events_where_nobody_is_seated(organizer: Context, state: E) -> None:
    event = add_event(organizer, state=state)

    with pytest.raises(Illegal):
        seat_meeting(organizer, event.id, _seat(_pair(organizer, event)))


@pytest.mark.parametrize("state", [M.SUGGESTED, M.DISMISSED])
def test_seat_meeting_refuses_a_pair_nobody_chose(organizer: Context, state: M) -> None:
    event = add_event(organizer)

    assert state.label in _refused(organizer, event, _seat(_pair(organizer, event, state=state)))["match_id"]


def test_seat_meeting_refuses_a_closed_posting_and_a_pair_of_one_organization(organizer: Context) -> None:
    event, one = add_event(organizer), add_organization(organizer)
    closed = add_match(organizer, need=add_need(organizer, state=PostingState.CLOSED), state=M.SHORTLISTED)
    own = add_match(
        organizer,
        need=add_need(organizer, organization=one),
        achievement=add_achievement(organizer, organization=one),
        state=M.SHORTLISTED,
    )

    assert "已关闭" in _refused(organizer, event, _seat(closed, invite_missing=True))["match_id"]
    assert "同一家机构名下" in _refused(organizer, event, _seat(own, invite_missing=True))["match_id"]


def test_seat_meeting_names_who_was_not_invited_and_can_invite_them(organizer: Context) -> None:
    event = add_event(organizer)
    asker = add_organization(organizer, name="河套装备厂")
    match = add_match(organizer, need=add_need(organizer, organization=asker), state=M.SHORTLISTED)

    assert "河套装备厂" in _refused(organizer, event, _seat(match))["invite_missing"]
    assert organizer.session.scalars(select(Invitation)).all() == []

    seat_meeting(organizer, event.id, _seat(match, invite_missing=True))
    assert [one.state for one in organizer.session.scalars(select(Invitation))] == [I.SENT, I.SENT]


@pytest.mark.parametrize("answer", [I.DECLINED, I.NO_SHOW])
def test_seat_meeting_refuses_a_side_that_will_not_come(organizer: Context, answer: I) -> None:
    event = add_event(organizer)
    match = _pair(organizer, event)
    organizer.session.scalars(select(Invitation)).first().state = answer  # type: ignore[union-attr]

    assert answer.label in _refused(organizer, event, _seat(match))["match_id"]


def test_seat_meeting_names_the_talk_that_holds_the_table(organizer: Context) -> None:
    event = add_event(organizer)
    first = _pair(organizer, event)
    organizer.find(Need, first.need_id).title = "电解槽降耗"
    seat_meeting(organizer, event.id, _seat(first, 1, 4))

    fields = _refused(organizer, event, _seat(_pair(organizer, event), 1, 4))

    assert set(fields) == {"table_number"}
    assert "第 2 场 4 号桌已排《电解槽降耗》" in fields["table_number"]


def test_seat_meeting_refuses_the_same_pair_twice(organizer: Context) -> None:
    event = add_event(organizer)
    match = _pair(organizer, event)
    seat_meeting(organizer, event.id, _seat(match, 1, 4))

    assert "第 2 场 4 号桌" in _refused(organizer, event, _seat(match, 3, 1))["match_id"]


def test_seat_meeting_keeps_to_the_seats_of_each_organization(organizer: Context) -> None:
    event = add_event(organizer)
    first = _pair(organizer, event, seats=2)
    seat_meeting(organizer, event.id, _seat(first, 0, 1))
    seat_meeting(organizer, event.id, _seat(_again(organizer, first), 0, 2, invite_missing=True))

    fields = _refused(organizer, event, _seat(_again(organizer, first), 0, 3, invite_missing=True))

    assert set(fields) == {"slot"}
    assert "第 1 场已排1 号桌" in fields["slot"]
    seat_meeting(organizer, event.id, _seat(_again(organizer, first), 1, 3, invite_missing=True))


def test_seat_meeting_refuses_slots_and_tables_the_event_does_not_have(organizer: Context) -> None:
    event = add_event(organizer, slots=4, tables=3)

    assert set(_refused(organizer, event, _seat(_pair(organizer, event), 4, 4))) == {"slot", "table_number"}


def test_seat_meeting_takes_a_seat_a_cancelled_talk_left(organizer: Context) -> None:
    event = add_event(organizer)
    match = _pair(organizer, event)
    first = seat_meeting(organizer, event.id, _seat(match, 1, 4))
    cancel_meeting(organizer, first.id, ChangeMeeting(version=first.version, reason="改期"))

    second = seat_meeting(organizer, event.id, _seat(match, 1, 4))

    assert (first.state, second.state) == (MeetingState.CANCELLED, MeetingState.PROPOSED)


def test_seat_meeting_is_for_the_regions_organizers(enterprise: Context, broker: Context) -> None:
    event = add_event(enterprise)
    match = _pair(enterprise, event)

    for somebody in (enterprise, broker):
        with pytest.raises(Forbidden):
            seat_meeting(somebody, event.id, _seat(match))


def test_next_free_seats_skip_what_is_taken(organizer: Context) -> None:
    event = add_event(organizer, slots=3, tables=1)
    match = _pair(organizer, event)
    seat_meeting(organizer, event.id, _seat(_again(organizer, match), 0, 1, invite_missing=True))

    found = next_free_seats(organizer, event, match)

    assert [(seat.slot, seat.table_number) for seat in found] == [(1, 1), (2, 1)]
    assert found[0].begins == event.starts_at + timedelta(minutes=30)


def test_move_meeting_asks_for_a_new_confirmation_only_when_the_time_changes(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED)
    meeting = add_meeting(organizer, event=event, match=_pair(organizer, event), state=MeetingState.CONFIRMED)

    move_meeting(organizer, meeting.id, MoveMeeting(version=meeting.version, slot=0, table_number=5))
    assert (meeting.table_number, meeting.state) == (5, MeetingState.CONFIRMED)

    move_meeting(organizer, meeting.id, MoveMeeting(version=meeting.version, slot=3, table_number=5))
    assert (meeting.slot, meeting.state) == (3, MeetingState.PROPOSED)


def test_move_meeting_refuses_a_taken_seat_and_a_busy_side(organizer: Context) -> None:
    event = add_event(organizer)
    match = _pair(organizer, event)
    meeting = seat_meeting(organizer, event.id, _seat(match, 0, 1))
    seat_meeting(organizer, event.id, _seat(_pair(organizer, event), 1, 1))
    seat_meeting(organizer, event.id, _seat(_again(organizer, match), 2, 1, invite_missing=True))

    for slot, table, field in ((1, 1, "table_number"), (2, 7, "slot")):
        with pytest.raises(Invalid) as refusal:
            move_meeting(organizer, meeting.id, MoveMeeting(version=meeting.version, slot=slot, table_number=table))
        assert set(refusal.value.fields) == {field}
    assert (meeting.slot, meeting.table_number) == (0, 1)


def test_move_meeting_refuses_a_held_talk(organizer: Context) -> None:
    meeting = add_meeting(organizer, event=add_event(organizer), state=MeetingState.HELD)

    with pytest.raises(Illegal):
        move_meeting(organizer, meeting.id, MoveMeeting(version=meeting.version, slot=1, table_number=1))


def test_confirm_meeting_refuses_while_a_side_stays_away(organizer: Context) -> None:
    event = add_event(organizer)
    coming, away = (add_meeting(organizer, event=event, match=_pair(organizer, event)) for _ in range(2))
    asker = organizer.find(Need, organizer.find(Match, away.match_id).need_id).organization_id
    organizer.session.scalars(select(Invitation).where(Invitation.organization_id == asker)).one().state = I.DECLINED

    confirm_meeting(organizer, coming.id, ChangeMeeting(version=coming.version))
    with pytest.raises(Conflict, match="已婉拒或缺席"):
        confirm_meeting(organizer, away.id, ChangeMeeting(version=away.version))

    assert (coming.state, away.state) == (MeetingState.CONFIRMED, MeetingState.PROPOSED)


def test_cancel_meeting_wants_a_reason(organizer: Context) -> None:
    meeting = add_meeting(organizer)

    with pytest.raises(Invalid):
        cancel_meeting(organizer, meeting.id, ChangeMeeting(version=meeting.version))

    assert meeting.state is MeetingState.PROPOSED


def test_record_outcome_refuses_a_meeting_that_was_never_confirmed(organizer: Context) -> None:
    meeting = add_meeting(organizer, event=add_event(organizer, state=E.HELD))

    with pytest.raises(IllegalTransition):
        record_outcome(organizer, meeting.id, RecordOutcome(version=meeting.version, outcome=MeetingOutcome.INTENT))

    assert (meeting.state, meeting.outcome) == (MeetingState.PROPOSED, None)


def test_record_outcome_refuses_before_the_event_begins(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.CONFIRMED)

    with pytest.raises(Conflict, match="还不能登记"):
        record_outcome(organizer, meeting.id, RecordOutcome(version=meeting.version, outcome=MeetingOutcome.NONE))


def test_record_outcome_of_intent_engages_both_postings_and_queues_a_reminder(enterprise: Context) -> None:
    event = add_event(enterprise, state=E.HELD)
    match = add_match(enterprise, need=add_need(enterprise), state=M.MUTUAL)
    meeting = add_meeting(enterprise, event=event, match=match, state=MeetingState.CONFIRMED, slot=2)

    record_outcome(
        enterprise,
        meeting.id,
        RecordOutcome(
            version=meeting.version,
            outcome=MeetingOutcome.INTENT,
            next_step="送样检测",
            next_step_owner="李工",
            due_on=date(2025, 6, 30),
        ),
    )
    enterprise.commit()

    assert (meeting.state, meeting.outcome) == (MeetingState.HELD, MeetingOutcome.INTENT)
    assert meeting.held_at == event.starts_at + timedelta(minutes=60)
    assert enterprise.find(Need, match.need_id).state is PostingState.ENGAGED
    assert enterprise.find(Achievement, match.achievement_id).state is PostingState.ENGAGED
    task = task_of(enterprise, meeting, FollowUpKind.NEXT_STEP)
    assert task is not None
    assert (task.text, task.owner, task.due_on) == ("送样检测", "李工", date(2025, 6, 30))


def test_record_outcome_without_interest_leaves_the_postings_open(organizer: Context) -> None:
    meeting = add_meeting(organizer, event=add_event(organizer, state=E.HELD), state=MeetingState.CONFIRMED)

    record_outcome(organizer, meeting.id, RecordOutcome(version=meeting.version, outcome=MeetingOutcome.NONE))

    match = organizer.find(Match, meeting.match_id)
    assert organizer.find(Need, match.need_id).state is PostingState.PUBLISHED


def test_record_outcome_refuses_a_day_that_has_passed_and_strangers(organizer: Context, institute: Context) -> None:
    meeting = add_meeting(organizer, event=add_event(organizer, state=E.HELD), state=MeetingState.CONFIRMED)
    command = RecordOutcome(
        version=meeting.version, outcome=MeetingOutcome.CONTINUE, due_on=NOW.date() - timedelta(days=1)
    )

    with pytest.raises(Invalid) as refusal:
        record_outcome(organizer, meeting.id, command)
    with pytest.raises(Forbidden):
        record_outcome(institute, meeting.id, command)

    assert set(refusal.value.fields) == {"due_on"}
    assert meeting.state is MeetingState.CONFIRMED


def test_mark_not_held_wants_a_reason_and_can_be_taken_back(organizer: Context) -> None:
    event = add_event(organizer, state=E.HELD)
    meeting = add_meeting(organizer, event=event, match=_pair(organizer, event), state=MeetingState.CONFIRMED)

    with pytest.raises(Invalid):
        mark_not_held(organizer, meeting.id, ChangeMeeting(version=meeting.version))
    mark_not_held(organizer, meeting.id, ChangeMeeting(version=meeting.version, reason="专家航班延误"))
    assert meeting.state is MeetingState.NOT_HELD

    confirm_meeting(organizer, meeting.id, ChangeMeeting(version=meeting.version))
    assert meeting.state is MeetingState.CONFIRMED


def test_plan_next_step_moves_the_day_and_wants_something_to_do(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD, due_on=date(2025, 6, 1), next_step="送样")

    plan_next_step(
        organizer, meeting.id, PlanNextStep(version=meeting.version, next_step="复测", due_on=date(2025, 7, 1))
    )
    task = task_of(organizer, meeting, FollowUpKind.NEXT_STEP)
    assert task is not None
    assert (task.text, task.due_on) == ("复测", date(2025, 7, 1))

    plan_next_step(organizer, meeting.id, PlanNextStep(version=meeting.version, next_step="送检"))
    assert (task.text, task.due_on) == ("送检", organizer.today + timedelta(days=7))
    with pytest.raises(Invalid):
        plan_next_step(organizer, meeting.id, PlanNextStep(version=meeting.version))


def test_plan_next_step_refuses_a_talk_without_an_outcome(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.CONFIRMED)

    with pytest.raises(Illegal):
        plan_next_step(organizer, meeting.id, PlanNextStep(version=meeting.version, next_step="送样"))


def test_two_people_seating_at_once_get_one_table_between_them(
    organizer: Context, open_ctx: Callable[..., Context]
) -> None:
    event = add_event(organizer)
    event_id, matches = event.id, [_pair(organizer, event).id for _ in range(2)]
    organizer.commit()

    def seat(match_id: int) -> bool:
        mine = open_ctx(organizer.actor, own_session=True)
        try:
            seat_meeting(mine, event_id, SeatMeeting(match_id=match_id, slot=0, table_number=1))
        except Invalid:
            mine.session.rollback()
            return False
        mine.commit()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(seat, matches))

    assert sorted(done) == [False, True]
    assert len(organizer.session.scalars(select(Meeting.id)).all()) == 1
