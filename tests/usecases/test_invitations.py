"""Asking organizations, their answers, and who came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import HandshakeEventState, IllegalTransition, Invitation, InvitationState, MatchState, MeetingState
from models.organization import Organization
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.queries.events import suggested_invitees
from service.usecases.invitations import (
    AnswerInvitation,
    Invite,
    MoveInvitation,
    SeatsOfInvitation,
    answer_invitation,
    change_seats,
    check_in,
    invite,
    lapse_invitation,
    mark_no_show,
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

E, I = HandshakeEventState, InvitationState  # noqa: E741 - read as headings below


def _seen(invitation: Invitation) -> MoveInvitation:
    return MoveInvitation(version=invitation.version)


def _own(ctx: Context) -> Organization:
    return ctx.find(Organization, ctx.actor.organization_id or 0)


def test_invite_sends_one_invitation_each(organizer: Context) -> None:
    event, first, second = add_event(organizer), add_organization(organizer), add_organization(organizer)

    sent = invite(organizer, event.id, Invite(organization_ids=[first.id, second.id, first.id], seats=2))

    assert [(one.organization_id, one.state, one.seats) for one in sent] == [
        (first.id, I.SENT, 2),
        (second.id, I.SENT, 2),
    ]


@pytest.mark.parametrize("state", [E.PLANNED, E.HELD, E.CANCELLED, E.ARCHIVED])
def test_invite_refuses_events_that_are_not_open(organizer: Context, state: E) -> None:
    event = add_event(organizer, state=state)

    with pytest.raises(Illegal):
        invite(organizer, event.id, Invite(organization_ids=[add_organization(organizer).id]))


def test_invite_names_those_already_asked_and_those_unknown(organizer: Context) -> None:
    event, known = add_event(organizer), add_organization(organizer, name="河套装备厂")
    add_invitation(organizer, event=event, organization=known)

    with pytest.raises(Invalid) as already:
        invite(organizer, event.id, Invite(organization_ids=[known.id, add_organization(organizer).id]))
    with pytest.raises(Invalid) as unknown:
        invite(organizer, event.id, Invite(organization_ids=[999_999]))

    assert "河套装备厂" in already.value.fields["organization_ids"]
    assert "999999" in unknown.value.fields["organization_ids"]
    assert len(organizer.session.scalars(select(Invitation)).all()) == 1


def test_invite_is_for_the_regions_organizers(enterprise: Context, broker: Context) -> None:
    event = add_event(enterprise)

    for somebody in (enterprise, broker):
        with pytest.raises(Forbidden):
            invite(somebody, event.id, Invite(organization_ids=[1]))


def test_answer_invitation_wants_to_know_who_comes(enterprise: Context) -> None:
    invitation = add_invitation(enterprise, organization=_own(enterprise))

    with pytest.raises(Invalid) as refusal:
        answer_invitation(enterprise, invitation.id, AnswerInvitation(version=invitation.version, accept=True))
    assert set(refusal.value.fields) == {"attendee"}

    answer_invitation(
        enterprise,
        invitation.id,
        AnswerInvitation(version=invitation.version, accept=True, attendee="李工", note="带样品"),
    )
    assert (invitation.state, invitation.attendee, invitation.reply_note) == (I.ACCEPTED, "李工", "带样品")
    assert invitation.replied_at == NOW


def test_answer_invitation_again_changes_who_comes(enterprise: Context) -> None:
    invitation = add_invitation(enterprise, organization=_own(enterprise), state=I.ACCEPTED, attendee="李工")

    answer_invitation(
        enterprise, invitation.id, AnswerInvitation(version=invitation.version, accept=True, attendee="王总")
    )

    assert (invitation.state, invitation.attendee) == (I.ACCEPTED, "王总")


def test_answer_invitation_declining_reopens_confirmed_talks(enterprise: Context) -> None:
    event = add_event(enterprise, state=E.SCHEDULED)
    invitation = add_invitation(enterprise, event=event, organization=_own(enterprise), state=I.ACCEPTED)
    match = add_match(enterprise, need=add_need(enterprise), state=MatchState.SHORTLISTED)
    talk = add_meeting(enterprise, event=event, match=match, state=MeetingState.CONFIRMED)
    others = add_match(
        enterprise,
        need=add_need(enterprise, organization=add_organization(enterprise)),
        state=MatchState.SHORTLISTED,
    )
    other = add_meeting(enterprise, event=event, match=others, state=MeetingState.CONFIRMED)

    answer_invitation(enterprise, invitation.id, AnswerInvitation(version=invitation.version, accept=False))

    assert invitation.state is I.DECLINED
    assert (talk.state, other.state) == (MeetingState.PROPOSED, MeetingState.CONFIRMED)


def test_answer_invitation_refuses_others_and_events_that_are_over(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    invitation = add_invitation(enterprise, organization=_own(enterprise))
    late = add_invitation(enterprise, event=add_event(organizer, state=E.HELD), organization=_own(enterprise))

    with pytest.raises(Forbidden):
        answer_invitation(institute, invitation.id, AnswerInvitation(version=1, accept=False))
    with pytest.raises(Conflict, match="已举办"):
        answer_invitation(enterprise, late.id, AnswerInvitation(version=1, accept=False))


def test_check_in_waits_for_the_day_and_takes_walk_ins(organizer: Context) -> None:
    tomorrow = add_event(organizer, state=E.SCHEDULED, starts_at=NOW + timedelta(days=1))
    today = add_event(organizer, state=E.SCHEDULED, starts_at=NOW + timedelta(hours=5))
    early = add_invitation(organizer, event=tomorrow, state=I.ACCEPTED)
    walk_in = add_invitation(organizer, event=today, state=I.SENT)

    with pytest.raises(Conflict, match="2025-06-16"):
        check_in(organizer, early.id, _seen(early))
    check_in(organizer, walk_in.id, _seen(walk_in))

    assert (early.state, walk_in.state, walk_in.checked_in_at) == (I.ACCEPTED, I.CHECKED_IN, NOW)


def test_check_in_refuses_an_event_without_a_schedule(organizer: Context) -> None:
    invitation = add_invitation(organizer, event=add_event(organizer, starts_at=NOW), state=I.ACCEPTED)

    with pytest.raises(Conflict, match="排定后"):
        check_in(organizer, invitation.id, _seen(invitation))


def test_mark_no_show_waits_for_the_event_and_can_be_mended(organizer: Context) -> None:
    event = add_event(organizer, state=E.SCHEDULED, starts_at=NOW + timedelta(hours=1))
    invitation = add_invitation(organizer, event=event, state=I.ACCEPTED)
    with pytest.raises(Conflict):
        mark_no_show(organizer, invitation.id, _seen(invitation))

    event.starts_at = NOW - timedelta(hours=1)
    mark_no_show(organizer, invitation.id, _seen(invitation))
    assert invitation.state is I.NO_SHOW

    check_in(organizer, invitation.id, _seen(invitation))
    assert invitation.state is I.CHECKED_IN


def test_lapse_invitation_is_for_unanswered_ones(organizer: Context) -> None:
    unanswered, answered = add_invitation(organizer), add_invitation(organizer, state=I.ACCEPTED)

    lapse_invitation(organizer, unanswered.id, _seen(unanswered))
    with pytest.raises(IllegalTransition):
        lapse_invitation(organizer, answered.id, _seen(answered))

    assert (unanswered.state, answered.state) == (I.LAPSED, I.ACCEPTED)


def test_change_seats_refuses_fewer_than_are_seated(organizer: Context) -> None:
    event, both = add_event(organizer), add_organization(organizer)
    invitation = add_invitation(organizer, event=event, organization=both, seats=2)
    for table in (1, 2):
        match = add_match(organizer, need=add_need(organizer, organization=both), state=MatchState.SHORTLISTED)
        add_meeting(organizer, event=event, match=match, slot=3, table_number=table)

    with pytest.raises(Invalid, match="1 处") as refusal:
        change_seats(organizer, invitation.id, SeatsOfInvitation(version=invitation.version, seats=1))
    change_seats(organizer, invitation.id, SeatsOfInvitation(version=invitation.version, seats=3))

    assert "第 4 场" in refusal.value.fields["seats"]
    assert invitation.seats == 3


def test_suggested_invitees_count_the_chosen_pairs_that_fit(organizer: Context) -> None:
    hydrogen, storage = add_category(organizer, "1", scheme="point"), add_category(organizer, "2", scheme="point")
    event = add_event(organizer, point_id=hydrogen.id, theme="")
    asker, offerer, asked = (add_organization(organizer) for _ in range(3))
    add_invitation(organizer, event=event, organization=asked)
    for categories, state in (([hydrogen], MatchState.SHORTLISTED), ([hydrogen], MatchState.MUTUAL)):
        add_match(
            organizer,
            need=add_need(organizer, organization=asker, categories=categories),
            achievement=add_achievement(organizer, organization=offerer),
            state=state,
        )
    add_match(
        organizer,
        need=add_need(organizer, organization=asker, categories=[storage]),
        achievement=add_achievement(organizer),
        state=MatchState.SHORTLISTED,
    )
    add_match(
        organizer,
        need=add_need(organizer, organization=asked, categories=[hydrogen]),
        achievement=add_achievement(organizer, organization=offerer),
        state=MatchState.SUGGESTED,
    )

    found = suggested_invitees(organizer, event)

    assert [(one.organization_id, one.pairs, one.mutual) for one in found] == [
        (one.id, 2, 1) for one in sorted((asker, offerer), key=lambda one: one.name)
    ]
