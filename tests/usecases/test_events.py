"""An event from the first plan to the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    HandshakeEvent,
    HandshakeEventState,
    IllegalTransition,
    InvitationState,
    MatchState,
    MeetingOutcome,
    MeetingState,
    StateChange,
)
from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.usecases.events import (
    MoveEvent,
    WriteEvent,
    archive_event,
    cancel_event,
    edit_event,
    hold_event,
    open_event,
    plan_event,
    reopen_event,
    schedule_event,
)
from tests.factories import (
    NOW,
    add_achievement,
    add_category,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

E = HandshakeEventState


def _typed(**values: Any) -> WriteEvent:
    return read(
        WriteEvent,
        {
            "title": "企业家与科学家“握手”氢能专场",
            "region_code": "150600",
            "starts_at": "2025-09-18T09:00",
            "slots": 6,
            "slot_minutes": 25,
            "tables": 8,
            **values,
        },
    )


def _seen(event: HandshakeEvent, reason: str = "") -> MoveEvent:
    return MoveEvent(version=event.version, reason=reason)


def _invited_pair(ctx: Context, event: HandshakeEvent, answer: InvitationState = InvitationState.ACCEPTED) -> Any:
    asker, offerer = add_organization(ctx), add_organization(ctx)
    add_invitation(ctx, event=event, organization=asker, state=answer)
    add_invitation(ctx, event=event, organization=offerer, state=InvitationState.ACCEPTED)
    need, achievement = add_need(ctx, organization=asker), add_achievement(ctx, organization=offerer)
    return add_match(ctx, need=need, achievement=achievement, state=MatchState.SHORTLISTED)


def test_plan_event_reads_the_time_as_people_in_china_write_it(organizer: Context) -> None:
    point = add_category(organizer, "1", scheme="point")

    event = plan_event(organizer, _typed(point_id=str(point.id)))
    organizer.commit()

    assert event.state is E.PLANNED
    assert event.starts_at.astimezone(UTC) == datetime(2025, 9, 18, 1, 0, tzinfo=UTC)
    assert event.organizer_id == organizer.actor.organization_id
    assert event.break_minutes == 5
    change = organizer.session.scalars(select(StateChange)).one()
    assert (change.from_state, change.to_state) == (None, "PLANNED")


@pytest.mark.parametrize("typed", ["2025-09-18 09:00", "2025-09-18T01:00Z", "2025-09-18T09:00:00+08:00"])
def test_plan_event_takes_other_ways_to_write_the_same_moment(organizer: Context, typed: str) -> None:
    event = plan_event(organizer, _typed(starts_at=typed))

    assert event.starts_at.astimezone(UTC) == datetime(2025, 9, 18, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": "2025-09-31T09:00"}, "starts_at"),
        ({"starts_at": "2025-09-18"}, "starts_at"),
        ({"starts_at": "1758157200"}, "starts_at"),
        ({"starts_at": "2215-09-18T09:00"}, "starts_at"),
        ({"title": " "}, "title"),
        ({"slots": "0"}, "slots"),
        ({"slots": "48", "slot_minutes": "60"}, "slots"),
        ({"tables": "501"}, "tables"),
        ({"region_code": "999999"}, "region_code"),
        ({"region_code": "150100"}, "region_code"),
        ({"point_id": "12345"}, "point_id"),
        ({"organizer_id": "12345"}, "organizer_id"),
    ],
)
def test_plan_event_names_the_field_that_is_wrong(organizer: Context, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan_event(organizer, _typed(**values))

    assert set(refusal.value.fields) == {field}
    assert organizer.session.scalar(select(HandshakeEvent.id)) is None


def test_plan_event_takes_only_a_point_for_a_point(organizer: Context) -> None:
    industry = add_category(organizer, scheme="industry8")

    with pytest.raises(Invalid, match="1 处"):
        plan_event(organizer, _typed(point_id=str(industry.id)))


def test_plan_event_is_for_organizers(enterprise: Context, broker: Context) -> None:
    for somebody in (enterprise, broker):
        with pytest.raises(Forbidden):
            plan_event(somebody, _typed())


def test_edit_event_changes_what_was_typed_and_audits_it(organizer: Context) -> None:
    event = plan_event(organizer, _typed())

    edit_event(organizer, event.id, _typed(venue="博物馆二楼", tables=9, version=event.version))
    organizer.commit()

    assert (event.venue, event.tables) == ("博物馆二楼", 9)
    entry = organizer.session.scalars(select(AuditEntry).where(AuditEntry.action == "edit")).one()
    assert entry.details == {"changed": ["tables", "venue"]}


def test_edit_event_refuses_to_shrink_under_seated_talks_and_names_them(organizer: Context) -> None:
    event = add_event(organizer)
    match = add_match(organizer, need=add_need(organizer, title="电解槽降耗"), state=MatchState.SHORTLISTED)
    add_meeting(organizer, event=event, match=match, slot=5, table_number=7)
    add_meeting(organizer, event=event, state=MeetingState.CANCELLED, slot=7, table_number=9)

    with pytest.raises(Invalid) as refusal:
        edit_event(organizer, event.id, _typed(slots=5, tables=6, version=event.version))
    assert set(refusal.value.fields) == {"slots", "tables"}
    assert "第 6 场 7 号桌《电解槽降耗》" in refusal.value.fields["slots"]
    assert event.slots == 8

    edit_event(organizer, event.id, _typed(slots=6, tables=7, version=event.version))
    assert (event.slots, event.tables) == (6, 7)


@pytest.mark.parametrize("state", [E.HELD, E.ARCHIVED, E.CANCELLED])
def test_edit_event_refuses_one_that_is_over(organizer: Context, state: E) -> None:
    event = add_event(organizer, state=state)

    with pytest.raises(Illegal):
        edit_event(organizer, event.id, _typed(version=event.version))


def test_edit_event_refuses_a_missing_or_stale_version(organizer: Context) -> None:
    event = add_event(organizer)

    with pytest.raises(Invalid):
        edit_event(organizer, event.id, _typed())
    with pytest.raises(Conflict):
        edit_event(organizer, event.id, _typed(version=event.version + 1))


def test_open_event_is_not_a_way_back(organizer: Context) -> None:
    planned, scheduled = add_event(organizer, state=E.PLANNED), add_event(organizer, state=E.SCHEDULED)

    open_event(organizer, planned.id, _seen(planned))
    with pytest.raises(Illegal):
        open_event(organizer, scheduled.id, _seen(scheduled))

    assert (planned.state, scheduled.state) == (E.OPEN, E.SCHEDULED)


def test_moves_are_refused_outside_the_organizers_region(organizer: Context) -> None:
    elsewhere = add_event(organizer, state=E.PLANNED, region_code="150100", organizer_id=add_organization(organizer).id)

    with pytest.raises(Forbidden):
        open_event(organizer, elsewhere.id, _seen(elsewhere))


def test_schedule_event_confirms_the_talks_nobody_declined(organizer: Context) -> None:
    event = add_event(organizer)
    coming = add_meeting(organizer, event=event, match=_invited_pair(organizer, event))
    declined = add_meeting(
        organizer, event=event, match=_invited_pair(organizer, event, InvitationState.DECLINED), slot=1
    )

    schedule_event(organizer, event.id, _seen(event))

    assert event.state is E.SCHEDULED
    assert coming.state is MeetingState.CONFIRMED
    assert declined.state is MeetingState.PROPOSED


def test_schedule_event_refuses_an_empty_or_hopeless_programme(organizer: Context) -> None:
    event = add_event(organizer)
    with pytest.raises(Conflict, match="还没有排"):
        schedule_event(organizer, event.id, _seen(event))

    add_meeting(organizer, event=event, match=_invited_pair(organizer, event, InvitationState.DECLINED))
    with pytest.raises(Conflict, match="婉拒"):
        schedule_event(organizer, event.id, _seen(event))

    assert event.state is E.OPEN


def test_reopen_event_keeps_confirmed_talks(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED)
    talk = add_meeting(organizer, event=event, state=MeetingState.CONFIRMED)

    reopen_event(organizer, event.id, _seen(event, "还有三家要来"))

    assert (event.state, talk.state) == (E.OPEN, MeetingState.CONFIRMED)


def test_hold_event_refuses_before_it_has_begun(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED, starts_at=NOW + timedelta(minutes=1))

    with pytest.raises(Conflict, match="2025-06-15 10:01"):
        hold_event(organizer, event.id, _seen(event))

    assert event.state is E.SCHEDULED


def test_hold_event_lapses_unanswered_invitations_and_leaves_talks_to_be_recorded(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED, starts_at=NOW)
    unanswered = add_invitation(organizer, event=event)
    talk = add_meeting(organizer, event=event, state=MeetingState.CONFIRMED)

    hold_event(organizer, event.id, _seen(event))

    assert event.state is E.HELD
    assert unanswered.state is InvitationState.LAPSED
    assert talk.state is MeetingState.CONFIRMED


def test_archive_event_waits_for_every_outcome(organizer: Context) -> None:
    event = add_event(organizer, state=E.HELD)
    add_meeting(organizer, event=event, state=MeetingState.HELD, outcome=MeetingOutcome.NONE)
    proposed = add_meeting(organizer, event=event, slot=1)
    waiting = add_meeting(organizer, event=event, state=MeetingState.CONFIRMED, slot=2)

    with pytest.raises(Conflict, match="第 3 场 1 号桌"):
        archive_event(organizer, event.id, _seen(event))
    assert event.state is E.HELD

    waiting.state = MeetingState.NOT_HELD
    archive_event(organizer, event.id, _seen(event))
    assert (event.state, proposed.state) == (E.ARCHIVED, MeetingState.CANCELLED)


def test_cancel_event_takes_talks_and_open_invitations_with_it(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED)
    talks = [
        add_meeting(organizer, event=event, state=state) for state in (MeetingState.PROPOSED, MeetingState.CONFIRMED)
    ]
    unanswered = add_invitation(organizer, event=event)

    with pytest.raises(Invalid):
        cancel_event(organizer, event.id, _seen(event))
    cancel_event(organizer, event.id, _seen(event, "场馆停电"))

    assert event.state is E.CANCELLED
    assert [talk.state for talk in talks] == [MeetingState.CANCELLED] * 2
    assert unanswered.state is InvitationState.LAPSED
    reasons = set(organizer.session.scalars(select(StateChange.reason).where(StateChange.record_type == "Meeting")))
    assert reasons == {"活动取消：场馆停电"}


def test_moves_the_table_does_not_allow_change_nothing(organizer: Context) -> None:
    event = add_event(organizer, state=E.PLANNED)

    for refused in (schedule_event, hold_event, archive_event):
        with pytest.raises(IllegalTransition):
            refused(organizer, event.id, _seen(event))

    assert event.state is E.PLANNED
