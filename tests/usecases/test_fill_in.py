"""The floor of an event: who is missing, who may stand in, and what becomes of both talks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import (
    AttendeeState,
    Confidentiality,
    EventLetter,
    HandshakeEvent,
    HandshakeEventState,
    InvitationState,
    LetterKind,
    MatchState,
    Meeting,
    MeetingState,
    Organization,
    OrganizationKind,
    Wish,
    WishLevel,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Stale
from service.queries.floor import JOINER, floor_of, shy_name
from service.queries.standing_in import stand_ins
from service.usecases.fill_in import FillIn, fill_in
from tests.factories import (
    NOW,
    add_achievement,
    add_attendee,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

M = MatchState


def _room(ctx: Context) -> tuple[HandshakeEvent, Meeting, int]:
    """A talk in the running slot whose institute is missing, and the match that could take its place."""
    event = add_event(ctx, state=HandshakeEventState.SCHEDULED, starts_at=NOW - timedelta(minutes=5), slots=3)
    need = add_need(ctx, masked_name="某现代煤化工企业", confidentiality=Confidentiality.ORGANIZERS)
    gone, spare = (
        add_achievement(ctx, organization=add_organization(ctx, OrganizationKind.INSTITUTE)) for _ in range(2)
    )
    for posting, state in (
        (need, AttendeeState.ARRIVED),
        (gone, AttendeeState.COMING),
        (spare, AttendeeState.ARRIVED),
    ):
        house = ctx.find(Organization, posting.organization_id)
        asked = add_invitation(ctx, event=event, organization=house, state=InvitationState.ACCEPTED)
        add_attendee(ctx, invitation=asked, name="张丽华", state=state)
    meeting = add_meeting(
        ctx,
        event=event,
        match=add_match(ctx, need=need, achievement=gone, state=M.SHORTLISTED),
        state=MeetingState.CONFIRMED,
        slot=0,
        table_number=4,
    )
    return event, meeting, add_match(ctx, need=need, achievement=spare, state=M.MUTUAL).id


def test_the_floor_says_who_is_missing_and_who_could_stand_in(organizer: Context) -> None:
    event, meeting, match_id = _room(organizer)

    floor = floor_of(organizer, event)

    talk = floor.talks[0]
    assert [side.organization_id for side in talk.missing] == [talk.offer.organization_id]
    assert floor.current is not None
    assert floor.current.name == "第 1 场 09:55–10:20"
    assert [one.match_id for one in stand_ins(organizer, floor)[meeting.id]] == [match_id]
    assert [one.name for one in floor.idle] == ["张丽华"]


def test_the_room_reads_no_masked_name_no_closed_title_and_no_whole_person(organizer: Context) -> None:
    event, _, _ = _room(organizer)

    talk = floor_of(organizer, event, for_the_room=True).talks[0]

    assert talk.need.called == "某现代煤化工企业"
    assert talk.need_title == "（内容不公开）"
    assert talk.offer.called.replace(JOINER, "") == f"{talk.offer.label} 张*华"
    assert shy_name("李明").replace(JOINER, "") == "李*"


def test_who_stands_in_takes_the_table_and_the_other_talk_is_called_off(organizer: Context) -> None:
    event, meeting, match_id = _room(organizer)

    made = fill_in(organizer, event.id, FillIn(meeting_id=meeting.id, version=meeting.version, match_id=match_id))

    assert (made.slot, made.table_number, made.match_id, made.state) == (0, 4, match_id, MeetingState.CONFIRMED)
    assert organizer.find(Meeting, meeting.id).state is MeetingState.CANCELLED
    assert floor_of(organizer, event).idle == []
    told = organizer.session.scalars(select(EventLetter)).all()
    assert sorted(one.attendee_id for one in told) == sorted(one.id for one in floor_of(organizer, event).people)
    assert {one.kind for one in told} == {LetterKind.CHANGE}
    names = {made.need_attendee_id, made.offer_attendee_id}
    assert names == {one.id for one in floor_of(organizer, event).here}


def test_nobody_stands_in_who_does_not_wish_to_or_is_not_there(organizer: Context) -> None:
    event, meeting, match_id = _room(organizer)
    asked = floor_of(organizer, event).here[0].invitation_id
    organizer.add(Wish(invitation_id=asked, match_id=match_id, level=WishLevel.UNWANTED))

    assert stand_ins(organizer, floor_of(organizer, event)) == {}
    with pytest.raises(Conflict, match="现在不能这样补位"):
        fill_in(organizer, event.id, FillIn(meeting_id=meeting.id, version=meeting.version, match_id=match_id))
    assert meeting.state is MeetingState.CONFIRMED


def test_a_fill_in_is_refused_to_others_and_when_the_talk_has_changed(organizer: Context, broker: Context) -> None:
    event, meeting, match_id = _room(organizer)
    command = FillIn(meeting_id=meeting.id, version=meeting.version + 1, match_id=match_id)

    with pytest.raises(Stale):
        fill_in(organizer, event.id, command)
    with pytest.raises(Forbidden):
        fill_in(broker, event.id, command)
