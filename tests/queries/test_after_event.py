"""An event's figures: each is the count of the rows its link opens, and few persons' answers are not told."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from models import (
    AttendeeState,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    HandshakeEventState,
    InvitationState,
    MatchState,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    OrganizationKind,
    Side,
    Wish,
    WishLevel,
)
from service.context import Context
from service.errors import Forbidden
from service.queries.after_event import AfterEvent, after_event, events_of_year
from service.queries.follow_ups import FOLLOW_UPS
from service.queries.invitations import INVITATIONS
from service.queries.listing import count
from service.queries.meetings import MEETINGS
from service.queries.projects import PROJECTS
from tests.factories import (
    NOW,
    add_attendee,
    add_event,
    add_follow_up,
    add_invitation,
    add_match,
    add_meeting,
    add_organization,
    add_project,
)

LISTINGS = {one.path: one for one in (INVITATIONS, MEETINGS, FOLLOW_UPS, PROJECTS)}


def _held(ctx: Context) -> HandshakeEvent:
    """An event with two talks held, one not, a wish met and one not, one organization away, a late task, a project."""
    event = add_event(ctx, state=HandshakeEventState.HELD)
    came = add_invitation(ctx, event=event, state=InvitationState.CHECKED_IN)
    add_invitation(
        ctx,
        event=event,
        state=InvitationState.NO_SHOW,
        organization=add_organization(ctx, kind=OrganizationKind.INSTITUTE),
    )
    add_attendee(ctx, invitation=came, state=AttendeeState.ARRIVED, arrived_at=event.starts_at, satisfaction=5)
    add_attendee(ctx, invitation=came, state=AttendeeState.ARRIVED, arrived_at=NOW, satisfaction=4)
    signed = add_meeting(ctx, event=event, state=MeetingState.HELD, outcome=MeetingOutcome.SIGNED)
    add_meeting(ctx, event=event, state=MeetingState.HELD, outcome=MeetingOutcome.NONE)
    add_meeting(ctx, event=event, state=MeetingState.NOT_HELD)
    for match in (signed.match_id, add_match(ctx, state=MatchState.SHORTLISTED).id):
        ctx.add(Wish(invitation_id=came.id, match_id=match, level=WishLevel.WANTED))
    add_follow_up(ctx, meeting=signed, due_on=ctx.today.replace(year=ctx.today.year - 1))
    add_follow_up(ctx, meeting=signed, kind=FollowUpKind.DAY_7, state=FollowUpState.DONE)
    add_project(ctx, meeting=signed)
    return event


def _by_label(found: AfterEvent) -> dict[str, tuple[int, int | None]]:
    shares = [*found.came, *found.outcomes, *found.wishes, *found.follow_ups, *found.projects]
    return {one.label: (one.part, one.whole) for one in shares}


def test_every_figure_has_its_denominator(organizer: Context) -> None:
    event = _held(organizer)

    assert _by_label(after_event(organizer, event.id)) == {
        "缺席的机构": (1, 2),
        "缺席的企业": (0, 1),
        "缺席的科研院所": (1, 1),
        "准时到场的人": (1, 2),
        "暂无意向": (1, 2),
        "继续谈": (0, 2),
        "达成意向": (0, 2),
        "签约": (1, 2),
        "未举行": (1, 3),
        "“想见”排上的": (1, 2),
        "“想见”谈成的": (1, 2),
        "办结的任务": (1, 2),
        "待办的任务": (1, 2),
        "逾期的任务": (1, 2),
        "立项的洽谈": (1, 2),
    }


def test_every_figure_opens_the_rows_it_counts(organizer: Context) -> None:
    found = after_event(organizer, _held(organizer).id)

    for one in [*found.came, *found.outcomes, *found.wishes, *found.follow_ups, *found.projects]:
        if one.label == "准时到场的人":
            continue
        address = urlsplit(one.href)
        assert count(organizer, LISTINGS[address.path], dict(parse_qsl(address.query))) == one.part, one.label


def test_satisfaction_of_fewer_than_three_persons_is_not_told(organizer: Context) -> None:
    event = _held(organizer)
    of_event = after_event(organizer, event.id).satisfaction[0]
    assert (of_event.persons, of_event.mean, of_event.spread) == (2, None, None)

    add_attendee(organizer, invitation=add_invitation(organizer, event=event), satisfaction=1)
    of_event = after_event(organizer, event.id).satisfaction[0]

    assert (of_event.persons, of_event.mean) == (3, pytest.approx(10 / 3))
    assert of_event.spread == [("很满意", 1), ("满意", 1), ("一般", 0), ("不太满意", 0), ("不满意", 1)]


def test_a_person_who_speaks_of_three_talks_is_one_person(organizer: Context) -> None:
    event = add_event(organizer, state=HandshakeEventState.HELD)
    for _ in range(3):
        talk = add_meeting(organizer, event=event, state=MeetingState.HELD)
        organizer.add(MeetingOpinion(meeting_id=talk.id, side=Side.NEED, attendee_id=7, satisfaction=5))
        organizer.add(MeetingOpinion(meeting_id=talk.id, side=Side.ORGANIZER, satisfaction=1))

    of_talks = after_event(organizer, event.id).satisfaction[1]

    assert (of_talks.persons, of_talks.mean) == (1, None)


def test_the_year_lists_the_held_events_of_those_who_follow_them(organizer: Context, enterprise: Context) -> None:
    event = _held(organizer)
    add_event(organizer, state=HandshakeEventState.OPEN)
    elsewhere = add_event(
        organizer,
        state=HandshakeEventState.HELD,
        region_code="150100",
        organizer=add_organization(organizer, kind=OrganizationKind.AGENCY),
    )

    rows = events_of_year(organizer, event.starts_at.year)

    assert [(one.id, one.held, one.intents, one.absent, one.expected) for one in rows] == [(event.id, 2, 1, 1, 2)]
    for asker, which in ((enterprise, event), (organizer, elsewhere)):
        with pytest.raises(Forbidden):
            after_event(asker, which.id)
