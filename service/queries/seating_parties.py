"""Who sits down for the organizations asked to an event: teams that may stand in for each other, and single people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, select

from models import Attendee, AttendeeState, AttendeeTopic, HandshakeEvent, Invitation, InvitationState, Organization
from models.attendee import STAYS_AWAY
from models.handshake_event import COMING_STATES
from service.context import Context

COMES = frozenset({AttendeeState.COMING, AttendeeState.ARRIVED})


@dataclass(frozen=True)
class Somebody:
    """One person who sits down; ``id`` None where an invitation names nobody yet."""

    id: int | None
    name: str
    state: AttendeeState
    away: frozenset[int]
    minimum: int
    maximum: int | None
    equipment: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sitter:
    """One party of the seating: people of one organization of whom any may take a talk.

    A person who speaks for some postings alone is a party of one; the others of the organization are one together.
    Together they hold at least what the most demanding of them wants, and at most what all of them want.
    """

    id: str
    organization_id: int
    organization: str
    invitation_id: int | None
    people: tuple[Somebody, ...]
    single: bool

    @property
    def name(self) -> str:
        """The organization, with the person where there is one who stands alone."""
        named = self.people[0].name if self.single and self.people else ""
        return f"{self.organization}·{named}" if named else self.organization

    @property
    def minimum(self) -> int:
        """How many talks they are to hold at least."""
        return max((one.minimum for one in self.people), default=0)

    @property
    def maximum(self) -> int | None:
        """How many talks they hold at most; None is any number."""
        limits = [one.maximum for one in self.people]
        return None if None in limits else sum(limit for limit in limits if limit is not None)

    @property
    def equipment(self) -> frozenset[str]:
        """What must stand at their tables: what any of them asks for, since any may take a talk."""
        return frozenset().union(*(one.equipment for one in self.people))

    def there(self, slot: int) -> list[Somebody]:
        """Who of them is there in a slot."""
        return [one for one in self.people if slot not in one.away]


@dataclass(frozen=True)
class Sitters:
    """The parties of an event by their id, and who speaks for which posting."""

    by_id: Mapping[str, Sitter]
    own_topics: Mapping[tuple[str, int], str]
    first_of: Mapping[int, str]
    names: Mapping[int, str]

    def speaks(self, organization_id: int, kind: str, posting_id: int) -> str | None:
        """The party that speaks for a posting (``kind`` need or achievement); None when nobody of them comes."""
        return self.own_topics.get((kind, posting_id)) or self.first_of.get(organization_id)


def sitters_of(ctx: Context, event: HandshakeEvent, *, count_unanswered: bool) -> Sitters:
    """The parties of everybody who comes; those who have not answered too where ``count_unanswered`` says so."""
    asked = ctx.session.execute(
        select(Invitation.id, Invitation.state, Invitation.seats, Organization.id, Organization.name)
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.handshake_event_id == event.id)
        .order_by(Invitation.id)
    ).all()
    people: dict[int, list[Attendee]] = {}
    topics: dict[int, list[tuple[str, int]]] = {}
    for one in ctx.session.scalars(_attendees(event).order_by(Attendee.id)):
        people.setdefault(one.invitation_id, []).append(one)
    for topic in ctx.session.scalars(_topics(event).order_by(AttendeeTopic.id)):
        kind, number = ("need", topic.need_id) if topic.need_id else ("achievement", topic.achievement_id)
        topics.setdefault(topic.attendee_id, []).append((kind, number or 0))
    by_id: dict[str, Sitter] = {}
    own_topics: dict[tuple[str, int], str] = {}
    first_of: dict[int, str] = {}
    for row in asked:
        there = _who_comes(event, row, people.get(row[0]), count_unanswered=count_unanswered)
        for sitter, said in _parties(row, there, topics):
            by_id[sitter.id] = sitter
            first_of.setdefault(sitter.organization_id, sitter.id)
            for one_topic in said:
                own_topics.setdefault(one_topic, sitter.id)
    return Sitters(by_id, own_topics, first_of, {row[3]: row[4] for row in asked})


def _attendees(event: HandshakeEvent) -> Select[Attendee]:
    return (
        select(Attendee)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.handshake_event_id == event.id)
    )


def _topics(event: HandshakeEvent) -> Select[AttendeeTopic]:
    return (
        select(AttendeeTopic)
        .join(Attendee, Attendee.id == AttendeeTopic.attendee_id)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.handshake_event_id == event.id)
    )


def _who_comes(
    event: HandshakeEvent,
    row: Row[int, InvitationState, int, int, str],
    people: list[Attendee] | None,
    *,
    count_unanswered: bool,
) -> list[Somebody]:
    state, seats = row[1], row[2]
    if people is None:
        counted = state in COMING_STATES or (count_unanswered and state is InvitationState.SENT)
        nobody = Somebody(None, "", AttendeeState.COMING, frozenset(), event.minimum_talks, event.maximum_talks)
        return [nobody] * seats if counted else []
    return [
        Somebody(
            one.id,
            one.name,
            one.state,
            frozenset(one.away_slots),
            event.minimum_talks if one.minimum_talks is None else one.minimum_talks,
            event.maximum_talks if one.maximum_talks is None else one.maximum_talks,
            frozenset(one.equipment),
        )
        for one in people
        if one.state in COMES or (count_unanswered and one.state not in STAYS_AWAY)
    ]


def _parties(
    row: Row[int, InvitationState, int, int, str],
    there: Sequence[Somebody],
    topics: Mapping[int, list[tuple[str, int]]],
) -> Iterable[tuple[Sitter, list[tuple[str, int]]]]:
    """The team first, then each who speaks for postings alone, with these."""
    invitation_id, organization_id, organization = row[0], row[3], row[4]
    team = tuple(one for one in there if one.id is None or one.id not in topics)
    if team:
        yield Sitter(f"t{invitation_id}", organization_id, organization, invitation_id, team, single=False), []
    for one in there:
        if one.id is not None and one.id in topics:
            own = Sitter(f"a{one.id}", organization_id, organization, invitation_id, (one,), single=True)
            yield own, topics[one.id]
