"""Whole events to be seated: firms with needs, institutes with people who speak for achievements, ranked pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from models import (
    Achievement,
    Attendee,
    AttendeeTopic,
    HandshakeEvent,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Need,
    OrganizationKind,
    Wish,
    WishLevel,
)
from service.context import Context
from tests.factories.handshakes import add_attendee, add_event, add_invitation, add_match
from tests.factories.people import add_organization
from tests.factories.postings import add_achievement, add_need


@dataclass(frozen=True)
class Fair:
    """An event with everybody who comes."""

    event: HandshakeEvent
    firms: Sequence[Attendee]
    scientists: Sequence[Attendee]
    needs: Sequence[Need]
    achievements: Sequence[Achievement]
    matches: Sequence[Match]


def add_fair(
    ctx: Context,
    firms: int = 4,
    scientists: int = 4,
    *,
    density: float = 1.0,
    seed: int = 0,
    match_state: MatchState = MatchState.SHORTLISTED,
    **columns: Any,
) -> Fair:
    """One person of each firm with one need, one scientist of each institute with one achievement, pairs between."""
    dice = Random(seed)
    event = add_event(ctx, **{"slots": 4, "tables": 3, **columns})
    needs, askers = [], []
    for _ in range(firms):
        house = add_organization(ctx, kind=OrganizationKind.ENTERPRISE)
        askers.append(add_person(ctx, event, house))
        needs.append(add_need(ctx, organization=house))
    achievements, offerers = [], []
    for _ in range(scientists):
        house = add_organization(ctx, kind=OrganizationKind.INSTITUTE)
        offerers.append(add_person(ctx, event, house))
        achievements.append(add_achievement(ctx, organization=house))
    matches = [
        add_match(ctx, need=need, achievement=achievement, state=match_state, score=dice.randrange(3000, 9500))
        for need in needs
        for achievement in achievements
        if dice.random() < density
    ]
    return Fair(event, askers, offerers, needs, achievements, matches)


def add_person(ctx: Context, event: HandshakeEvent, house: Any, **columns: Any) -> Attendee:
    """Somebody who comes for a house, which is invited."""
    invitation = add_invitation(ctx, event=event, organization=house, state=InvitationState.ACCEPTED)
    return add_attendee(ctx, invitation=invitation, **columns)


def add_wish(
    ctx: Context, attendee: Attendee, match: Match, level: WishLevel = WishLevel.WANTED, reason: str = ""
) -> Wish:
    """What an attendee's organization says of meeting the other side of a match."""
    invitation = ctx.find(Invitation, attendee.invitation_id)
    return ctx.add(
        Wish(invitation_id=invitation.id, match_id=match.id, attendee_id=attendee.id, level=level, reason=reason)
    )


def add_topic(ctx: Context, attendee: Attendee, posting: Need | Achievement) -> AttendeeTopic:
    """A posting the attendee speaks for alone."""
    column = "need_id" if isinstance(posting, Need) else "achievement_id"
    return ctx.add(AttendeeTopic(attendee_id=attendee.id, **{column: posting.id}))
