"""The people who come to an event: who they are, what they speak for, and what each of them has been told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select

from models import (
    Achievement,
    Attendee,
    AttendeeState,
    AttendeeTopic,
    EventLetter,
    Invitation,
    Need,
    Organization,
)
from models.attendee import STAYS_AWAY
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context

HIDDEN = "（未公开的内容）"


@dataclass(frozen=True)
class Topic:
    """A need or an achievement somebody may speak for; ``kind`` is "needs" or "achievements"."""

    kind: str
    id: int
    title: str


@dataclass(frozen=True)
class Comer:
    """One attendee with the organization they come for, and the topics that are theirs alone."""

    attendee: Attendee
    invitation: Invitation
    organization: Organization
    topics: Sequence[Topic]
    letters: Sequence[EventLetter]

    @property
    def name(self) -> str:
        """The name, or who it stands for while nobody is named."""
        return self.attendee.name or f"{self.organization.name}（未定人）"

    @property
    def is_expected(self) -> bool:
        """Whether they are to be seated."""
        return self.attendee.state not in STAYS_AWAY

    @property
    def untold(self) -> Sequence[EventLetter]:
        """Letters that were neither mailed, nor passed on, nor opened."""
        return [one for one in self.letters if not (one.mailed_at or one.copied_at or one.seen_at)]


def attendees_of(ctx: Context, invitation_id: int) -> list[Attendee]:
    """The invitation's attendees in the order they were added; makes none."""
    rows = select(Attendee).where(Attendee.invitation_id == invitation_id).order_by(Attendee.id)
    return list(ctx.session.scalars(rows))


def comers(ctx: Context, event_id: int, *states: AttendeeState) -> list[Comer]:
    """The event's attendees the actor may know of, organization by organization; only those in ``states`` if given."""
    query = (
        select(Attendee, Invitation, Organization)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.handshake_event_id == event_id, visibility.invitations(ctx))
        .order_by(Organization.kind, Organization.name, Attendee.id)
    )
    rows = ctx.session.execute(query.where(Attendee.state.in_(states)) if states else query).all()
    numbers = [attendee.id for attendee, _, _ in rows]
    topics, letters = topics_of(ctx, numbers), letters_of(ctx, numbers)
    return [Comer(one, asked, house, topics.get(one.id, ()), letters.get(one.id, ())) for one, asked, house in rows]


def comer(ctx: Context, attendee: Attendee) -> Comer:
    """One attendee with what belongs to them, whoever asks."""
    invitation = ctx.find(Invitation, attendee.invitation_id)
    house = ctx.find(Organization, invitation.organization_id)
    topics, letters = topics_of(ctx, [attendee.id]), letters_of(ctx, [attendee.id])
    return Comer(attendee, invitation, house, topics.get(attendee.id, ()), letters.get(attendee.id, ()))


def topics_of(ctx: Context, attendee_ids: Iterable[int]) -> Mapping[int, list[Topic]]:
    """What each of the attendees speaks for alone; one who is not in it speaks for all of the organization's.

    The title of a posting the actor may not read is left out.
    """
    wanted = list(attendee_ids)
    found: dict[int, list[Topic]] = {}
    for kind, model, key in _SIDES:
        rows = ctx.session.execute(
            select(
                AttendeeTopic.attendee_id, model.id, case((visibility.postings(ctx, model), model.title), else_=HIDDEN)
            )
            .join(model, model.id == key)
            .where(AttendeeTopic.attendee_id.in_(wanted))
            .order_by(model.id)
        )
        for attendee_id, number, title in rows:
            found.setdefault(attendee_id, []).append(Topic(kind, number, title))
    return found


def letters_of(ctx: Context, attendee_ids: Iterable[int]) -> Mapping[int, list[EventLetter]]:
    """What each of the attendees was written, newest first."""
    found: dict[int, list[EventLetter]] = {}
    rows = select(EventLetter).where(EventLetter.attendee_id.in_(list(attendee_ids)))
    for letter in ctx.session.scalars(rows.order_by(EventLetter.created_at.desc(), EventLetter.id.desc())):
        found.setdefault(letter.attendee_id, []).append(letter)
    return found


def possible_topics(ctx: Context, organization_id: int) -> list[Topic]:
    """What the organization's people may speak for: its open needs and achievements, as far as the actor may read."""
    return [
        Topic(kind, number, title)
        for kind, model, _ in _SIDES
        for number, title in ctx.session.execute(
            select(model.id, model.title)
            .where(
                model.organization_id == organization_id, model.state.in_(OPEN_STATES), visibility.postings(ctx, model)
            )
            .order_by(model.title, model.id)
        )
    ]


_SIDES: tuple[tuple[str, Any, Any], ...] = (
    ("needs", Need, AttendeeTopic.need_id),
    ("achievements", Achievement, AttendeeTopic.achievement_id),
)
