"""The people of an invited organization: named, in step with the invitation, and let in by a link of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    LetterKind,
    MeetingState,
    Organization,
    OrganizationKind,
)
from models.attendee import AttendeeTopic
from service.context import Context
from service.errors import Forbidden, Invalid, NotFound
from service.links import attendee_of_link, enter_by_link, give_link, token_of
from service.queries.attendees import attendees_of, comers
from service.queries.further_invitees import further_invitees
from service.usecases.attendees import (
    WriteAttendee,
    add_attendee,
    edit_attendee,
    ensure_attendees,
    follow_attendees,
    stay_away,
)
from service.usecases.invitations import (
    AnswerInvitation,
    Invite,
    MoveInvitation,
    SeatsOfInvitation,
    answer_invitation,
    change_seats,
    check_in,
    invite,
    mark_no_show,
)
from service.usecases.letters import with_link, write_letter
from service.usecases.moving import move
from tests.factories import (
    NOW,
    add_achievement,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_scientist,
)

A, I, E = AttendeeState, InvitationState, HandshakeEventState  # noqa: E741 - read as headings below


def _invited(organizer: Context, seats: int = 1) -> Invitation:
    event = add_event(organizer)
    house = add_organization(organizer)
    return invite(organizer, event.id, Invite(organization_ids=[house.id], seats=seats))[0]


def _states(ctx: Context, invitation: Invitation) -> list[tuple[str, AttendeeState]]:
    return [(one.name, one.state) for one in attendees_of(ctx, invitation.id)]


def test_inviting_keeps_one_place_for_each_seat_with_a_badge_and_a_link_of_its_own(organizer: Context) -> None:
    invitation = _invited(organizer, seats=3)

    there = attendees_of(organizer, invitation.id)

    assert _states(organizer, invitation) == [("", A.ASKED)] * 3
    assert len({one.badge for one in there}) == len({one.link_digest for one in there}) == 3
    assert all(attendee_of_link(organizer, token_of(organizer, one)) is one for one in there)


def test_an_older_invitation_gets_its_attendees_when_they_are_first_needed(organizer: Context) -> None:
    invitation = add_invitation(organizer, state=I.ACCEPTED, attendee="李工", seats=2)
    assert attendees_of(organizer, invitation.id) == []

    made = ensure_attendees(organizer, invitation)

    assert _states(organizer, invitation) == [("李工", A.COMING), ("", A.COMING)]
    assert ensure_attendees(organizer, invitation) == made


def test_the_organizations_own_answer_and_arrival_carry_over(organizer: Context) -> None:
    invitation = _invited(organizer)
    event = organizer.find(HandshakeEvent, invitation.handshake_event_id)

    answer_invitation(organizer, invitation.id, AnswerInvitation(version=1, accept=True, attendee="李工"))
    assert _states(organizer, invitation) == [("李工", A.COMING)]
    answer_invitation(
        organizer, invitation.id, AnswerInvitation(version=invitation.version, accept=True, attendee="王总")
    )
    assert _states(organizer, invitation) == [("王总", A.COMING)]

    event.state, event.starts_at = E.SCHEDULED, NOW - timedelta(hours=1)
    check_in(organizer, invitation.id, MoveInvitation(version=invitation.version))
    assert _states(organizer, invitation) == [("王总", A.ARRIVED)]
    mark_no_show(organizer, invitation.id, MoveInvitation(version=invitation.version))
    assert (_states(organizer, invitation), invitation.state) == ([("王总", A.ABSENT)], I.NO_SHOW)


def test_a_declined_invitation_keeps_nobody_and_a_second_thought_brings_them_back(organizer: Context) -> None:
    invitation = _invited(organizer, seats=2)

    answer_invitation(organizer, invitation.id, AnswerInvitation(version=1, accept=False))
    assert (_states(organizer, invitation), invitation.state) == ([("", A.NOT_COMING)] * 2, I.DECLINED)

    answer_invitation(
        organizer, invitation.id, AnswerInvitation(version=invitation.version, accept=True, attendee="李工")
    )
    assert _states(organizer, invitation) == [("李工", A.COMING), ("", A.COMING)]
    assert (invitation.state, invitation.seats, invitation.attendee) == (I.ACCEPTED, 2, "李工")


def test_the_invitation_follows_its_people(organizer: Context) -> None:
    invitation = _invited(organizer, seats=2)
    first, second = attendees_of(organizer, invitation.id)
    first.name, second.name = "李工", "王总"

    move(organizer, first, A.COMING)
    follow_attendees(organizer, invitation)
    assert (invitation.state, invitation.seats, invitation.attendee) == (I.ACCEPTED, 2, "李工、王总")

    move(organizer, first, A.NOT_COMING)
    follow_attendees(organizer, invitation)
    assert (invitation.state, invitation.seats, invitation.attendee) == (I.ACCEPTED, 1, "王总")

    move(organizer, second, A.NOT_COMING)
    follow_attendees(organizer, invitation)
    assert (invitation.state, invitation.seats) == (I.DECLINED, 1)

    move(organizer, second, A.ARRIVED)
    follow_attendees(organizer, invitation)
    assert (invitation.state, invitation.checked_in_at) == (I.CHECKED_IN, NOW)


def test_who_stays_away_leaves_their_confirmed_talks_open(organizer: Context) -> None:
    invitation = _invited(organizer)
    (person,) = attendees_of(organizer, invitation.id)
    theirs = add_meeting(organizer, state=MeetingState.CONFIRMED, need_attendee_id=person.id)
    others = add_meeting(organizer, state=MeetingState.CONFIRMED, need_attendee_id=person.id + 99)

    stay_away(organizer, person, "有事不来")

    assert (theirs.state, others.state) == (MeetingState.PROPOSED, MeetingState.CONFIRMED)


def test_add_attendee_fills_the_nameless_place_and_takes_scientists_of_that_institute_alone(organizer: Context) -> None:
    invitation = _invited(organizer)
    house = organizer.find(Organization, invitation.organization_id)
    known, stranger = add_scientist(organizer, organization=house), add_scientist(organizer)
    own, other = add_achievement(organizer, organization=house), add_achievement(organizer)

    with pytest.raises(Invalid) as unknown:
        add_attendee(organizer, invitation.id, WriteAttendee(scientist_id=stranger.id))
    with pytest.raises(Invalid) as foreign:
        add_attendee(organizer, invitation.id, WriteAttendee(name="王总", achievement_ids=[other.id]))
    first = add_attendee(
        organizer,
        invitation.id,
        WriteAttendee(scientist_id=known.id, achievement_ids=[own.id], email=" Bai@Example.cn "),
    )
    second = add_attendee(
        organizer, invitation.id, WriteAttendee(name="王总", need_ids=[add_need(organizer, organization=house).id])
    )

    assert set(unknown.value.fields) == {"scientist_id"}
    assert set(foreign.value.fields) == {"achievement_ids"}
    assert (first.name, first.position, first.email) == ("白格日勒", "研究员", "bai@example.cn")
    assert (first.id, second.id) == tuple(one.id for one in attendees_of(organizer, invitation.id))
    assert invitation.seats == 2
    (topic,) = comers(organizer, invitation.handshake_event_id)[0].topics
    assert topic.id == own.id


def test_edit_attendee_is_for_the_organization_and_the_organizers(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    event = add_event(organizer)
    own = organizer.find(Organization, enterprise.actor.organization_id or 0)
    (invitation,) = invite(organizer, event.id, Invite(organization_ids=[own.id]))
    (person,) = attendees_of(organizer, invitation.id)
    topic = add_need(organizer, organization=own)

    with pytest.raises(Forbidden):
        edit_attendee(institute, person.id, WriteAttendee(name="王总", version=person.version))
    edit_attendee(
        enterprise, person.id, WriteAttendee(name="王总", need_ids=[topic.id], maximum_talks=3, version=person.version)
    )

    assert (person.name, person.maximum_talks, invitation.attendee) == ("王总", 3, "王总")
    assert organizer.session.scalars(select(AttendeeTopic.need_id)).all() == [topic.id]


def test_change_seats_takes_back_nameless_places_alone(organizer: Context) -> None:
    invitation = _invited(organizer, seats=3)
    attendees_of(organizer, invitation.id)[0].name = "李工"
    attendees_of(organizer, invitation.id)[1].name = "王总"

    change_seats(organizer, invitation.id, SeatsOfInvitation(version=invitation.version, seats=2))
    with pytest.raises(Invalid, match="1 处") as refusal:
        change_seats(organizer, invitation.id, SeatsOfInvitation(version=invitation.version, seats=1))

    assert [name for name, _ in _states(organizer, invitation)] == ["李工", "王总"]
    assert "2 位具名" in refusal.value.fields["seats"]


def test_a_link_opens_one_page_until_it_is_replaced_or_the_event_is_long_over(
    organizer: Context, anonymous: Context
) -> None:
    invitation = _invited(organizer, seats=2)
    first, second = attendees_of(organizer, invitation.id)
    token, other = token_of(organizer, first), token_of(organizer, second)

    assert enter_by_link(anonymous, token).id == first.id
    assert anonymous.actor.account_id is None
    assert anonymous.actor.organization_id == invitation.organization_id
    for forged in ("", other[:-1], token.swapcase(), f"{token}=", token[::-1], first.link_digest or ""):
        with pytest.raises(NotFound):
            attendee_of_link(anonymous, forged)

    give_link(organizer, first)
    with pytest.raises(NotFound):
        attendee_of_link(anonymous, token)
    assert attendee_of_link(anonymous, token_of(organizer, first)) is first

    anonymous.now = NOW + timedelta(days=10 + organizer.settings.contact_days + 1)
    with pytest.raises(NotFound):
        attendee_of_link(anonymous, other)


def test_a_letter_is_kept_and_ends_with_the_link_that_stands_now(organizer: Context) -> None:
    organizer.origin = "https://woshou.example.cn/"
    (person,) = attendees_of(organizer, _invited(organizer).id)

    letter = write_letter(organizer, person, LetterKind.INVITATION, "邀请\n函", "诚邀您参加。")

    assert (letter.subject, letter.text, letter.mailed_at) == ("邀请 函", "诚邀您参加。", None)
    assert (
        with_link(organizer, person, letter.text)
        .rstrip()
        .endswith(f"https://woshou.example.cn/i/{token_of(organizer, person)}")
    )
    assert organizer.session.get(Attendee, letter.attendee_id) is person


def test_inviting_names_the_chosen_scientists_and_further_houses_come_with_a_reason(organizer: Context) -> None:
    event = add_event(organizer, theme="隔膜")
    firm, house = add_organization(organizer), add_organization(organizer, kind=OrganizationKind.INSTITUTE)
    need = add_need(organizer, organization=firm, title="耐压隔膜")
    add_match(organizer, need=need, achievement=add_achievement(organizer, organization=house), reason="都写到隔膜")
    chosen = [add_scientist(organizer, organization=house, name=name) for name in ("白格日勒", "乌兰")]

    further = further_invitees(organizer, event)
    with pytest.raises(Invalid) as left_out:
        invite(organizer, event.id, Invite(organization_ids=[firm.id], scientist_ids=[chosen[0].id]))
    (invitation,) = invite(
        organizer, event.id, Invite(organization_ids=[house.id], scientist_ids=[one.id for one in chosen])
    )

    assert {one.organization_id: (one.pairs, one.reason) for one in further} == {
        firm.id: (1, "都写到隔膜"),
        house.id: (1, "都写到隔膜"),
    }
    assert set(left_out.value.fields) == {"scientist_ids"}
    assert _states(organizer, invitation) == [("白格日勒", A.ASKED), ("乌兰", A.ASKED)]
    assert (invitation.state, invitation.seats) == (I.SENT, 2)
    assert [one.organization_id for one in further_invitees(organizer, event)] == [firm.id]
