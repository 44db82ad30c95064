"""The floor of an event: who sits where in each slot, who of them is there, and what has been said of the talks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, select

from models import (
    Achievement,
    Attendee,
    AttendeeState,
    AttendeeTopic,
    Confidentiality,
    EventTable,
    HandshakeEvent,
    Invitation,
    Match,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Need,
    Organization,
    Side,
)
from models.attendee import STAYS_AWAY
from service import visibility
from service.context import SHANGHAI, Context
from service.queries.event_tables import tables_of
from service.queries.matches import ASKER, OFFERER
from service.queries.naming import known_names, public_title

OPEN_TIERS = frozenset({Confidentiality.PUBLIC, Confidentiality.MEMBERS})
"""What everybody in the room may read; the screen on the wall shows no other titles."""
JOINER = "\u2060"
"""Keeps what it stands between on one line; it has no width."""
NOT_ON_THE_WALL = "（内容不公开）"


@dataclass(frozen=True)
class Person:
    """Somebody who comes for an organization, as the door and the tables need to know them."""

    id: int
    name: str
    position: str
    badge: str
    state: AttendeeState
    arrived_at: datetime | None
    is_walk_in: bool
    away_slots: frozenset[int]
    invitation_id: int
    organization_id: int
    organization: str

    @property
    def is_here(self) -> bool:
        """Whether they have arrived."""
        return self.state is AttendeeState.ARRIVED

    @property
    def shown(self) -> str:
        """The name, or whose place it is while nobody is named."""
        return self.name or f"{self.organization}代表"


@dataclass(frozen=True)
class Party:
    """One side of a talk: the organization under the name that may be read, and who sits for it."""

    organization_id: int
    label: str
    is_masked: bool
    people: Sequence[Person]

    @property
    def is_here(self) -> bool:
        """Whether somebody who can sit for it has arrived."""
        return any(one.is_here for one in self.people)

    @property
    def names(self) -> str:
        """Who sits for it, by name."""
        return "、".join(one.name for one in self.people if one.name)

    @property
    def called(self) -> str:
        """How the screen on the wall calls them: the organization, and the person with most of the name hidden."""
        shy = "、".join(shy_name(one.name) for one in self.people if one.name)
        return self.label if self.is_masked or not shy or len(self.people) > 2 else f"{self.label} {shy}"


@dataclass(frozen=True)
class Talk:
    """One talk on the floor. ``said`` holds what each side said of its outcome."""

    meeting_id: int
    version: int
    slot: int
    table_number: int
    state: MeetingState
    outcome: MeetingOutcome | None
    match_id: int
    need_id: int
    need_title: str
    need: Party
    achievement_id: int
    achievement_title: str
    offer: Party
    said: Mapping[Side, MeetingOutcome]

    @property
    def sides(self) -> tuple[Party, Party]:
        """Both parties, the needing one first."""
        return self.need, self.offer

    @property
    def is_on(self) -> bool:
        """Whether the talk still stands: it is to come, or was held."""
        return self.state in (MeetingState.PROPOSED, MeetingState.CONFIRMED, MeetingState.HELD)

    @property
    def waits(self) -> bool:
        """Whether the talk is still to be held."""
        return self.state in (MeetingState.PROPOSED, MeetingState.CONFIRMED)

    @property
    def missing(self) -> list[Party]:
        """The sides of a talk to be held of which nobody has arrived."""
        return [one for one in self.sides if not one.is_here] if self.waits else []

    @property
    def disagrees(self) -> bool:
        """Whether those who spoke of the outcome said different things."""
        return len(set(self.said.values())) > 1


@dataclass(frozen=True)
class Slot:
    """One slot with its talks in order of the tables."""

    number: int
    begins: datetime
    ends: datetime
    talks: Sequence[Talk]

    @property
    def name(self) -> str:
        """As pages name it: “第 1 场 09:00–09:25”."""
        return f"第 {self.number + 1} 场 {clock(self.begins)}–{clock(self.ends)}"


@dataclass(frozen=True)
class Floor:
    """An event with its people and talks as they stand at ``now``."""

    event: HandshakeEvent
    now: datetime
    people: Sequence[Person]
    talks: Sequence[Talk]
    tables: Mapping[int, EventTable]

    @cached_property
    def slots(self) -> list[Slot]:
        """All slots of the event in order."""
        return [
            Slot(
                number,
                self.event.begins(number),
                self.event.ends(number),
                [talk for talk in self.talks if talk.slot == number],
            )
            for number in range(self.event.slots)
        ]

    @property
    def current(self) -> Slot | None:
        """The slot that is on; None before, after and between."""
        return next((slot for slot in self.slots if slot.begins <= self.now < slot.ends), None)

    @property
    def coming(self) -> Slot | None:
        """The next slot that begins."""
        return next((slot for slot in self.slots if slot.begins > self.now), None)

    @property
    def expected(self) -> list[Person]:
        """Everybody who is to come, or came."""
        return [one for one in self.people if one.state not in STAYS_AWAY]

    @property
    def here(self) -> list[Person]:
        """Everybody who has arrived."""
        return [one for one in self.people if one.is_here]

    @property
    def idle(self) -> list[Person]:
        """Those who have arrived and sit at no talk that is still to come or was held."""
        seated = {one.id for talk in self.talks if talk.is_on for side in talk.sides for one in side.people}
        return [one for one in self.here if one.id not in seated]

    def break_after(self, slot: int) -> str:
        """What the longer pause after a slot is called; empty when there is none."""
        return next((str(one.get("name") or "休息") for one in self.event.breaks if int(one["after"]) == slot), "")

    def at_table(self, number: int) -> list[Talk]:
        """The talks at one table that still stand, in order of the slots."""
        return [talk for talk in self.talks if talk.table_number == number and talk.is_on]

    def of(self, person: Person) -> list[Talk]:
        """The talks somebody sits at, in order of the slots."""
        return [talk for talk in self.talks if talk.is_on and any(person in side.people for side in talk.sides)]

    @property
    def by_house(self) -> list[tuple[str, list[tuple[Talk, Party, str]]]]:
        """Each organization's talks with the other side and its topic, by the name it is shown under."""
        found: dict[str, list[tuple[Talk, Party, str]]] = {}
        for talk in self.talks:
            if talk.is_on:
                found.setdefault(talk.need.label, []).append((talk, talk.offer, talk.achievement_title))
                found.setdefault(talk.offer.label, []).append((talk, talk.need, talk.need_title))
        return sorted(found.items())

    @property
    def table_numbers(self) -> list[int]:
        """The tables at which somebody talks."""
        return sorted({talk.table_number for talk in self.talks if talk.is_on})


def clock(moment: datetime) -> str:
    """A moment as people in the room read it: 09:25."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def shy_name(name: str) -> str:
    """A name that its owner knows again and others do not learn: 张*, 欧*娜. It is not broken over two lines."""
    return JOINER.join([name[:1], "*", *(name[-1:] if len(name) > 2 else "")])


def floor_of(ctx: Context, event: HandshakeEvent, *, for_the_room: bool = False) -> Floor:
    """The event's floor as the actor may know it; ``for_the_room``: as everybody in the room may."""
    people = people_of(ctx, event.id)
    topics = _topics(ctx, event.id)
    rows = ctx.session.execute(_talks(event.id) if for_the_room else _talks(event.id).where(visibility.meetings(ctx)))
    found = rows.all()
    houses = {number for row in found for number in (row.asker_id, row.offerer_id)}
    names = {} if for_the_room else known_names(ctx, houses)
    said = _said(ctx, event.id)
    by_house: dict[int, list[Person]] = {}
    for one in people:
        by_house.setdefault(one.organization_id, []).append(one)
    talks = []
    for row in found:
        shown = [row.need_title, row.achievement_title]
        if for_the_room:
            tiers = (row.need_tier, row.offer_tier)
            shown = [title if tier in OPEN_TIERS else NOT_ON_THE_WALL for title, tier in zip(shown, tiers, strict=True)]
        talks.append(
            Talk(
                row.id,
                row.version,
                row.slot,
                row.table_number,
                row.state,
                row.outcome,
                row.match_id,
                row.need_id,
                shown[0],
                _party(row, "asker", row.need_attendee_id, ("need", row.need_id), by_house, topics, names),
                row.achievement_id,
                shown[1],
                _party(
                    row, "offerer", row.offer_attendee_id, ("achievement", row.achievement_id), by_house, topics, names
                ),
                said.get(row.id, {}),
            )
        )
    return Floor(event, ctx.now, people, talks, tables_of(ctx, event.id))


def people_of(ctx: Context, event_id: int) -> list[Person]:
    """Everybody who was asked to the event, organization by organization; whoever asks."""
    rows = ctx.session.execute(
        select(
            Attendee.id,
            Attendee.name,
            Attendee.position,
            Attendee.badge,
            Attendee.state,
            Attendee.arrived_at,
            Attendee.is_walk_in,
            Attendee.away_slots,
            Invitation.id,
            Organization.id,
            Organization.name,
        )
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.handshake_event_id == event_id)
        .order_by(Organization.name, Attendee.id)
    )
    return [Person(*row[:7], frozenset(row[7] or ()), *row[8:]) for row in rows]


def unpeopled(event_id: int) -> Select[Invitation]:
    """The event's invitations that name nobody and keep no place to be checked in at."""
    peopled = select(Attendee.id).where(Attendee.invitation_id == Invitation.id).exists()
    return select(Invitation).where(Invitation.handshake_event_id == event_id, ~peopled).order_by(Invitation.id)


def _talks(event_id: int) -> Any:
    return (
        select(
            Meeting.id,
            Meeting.version,
            Meeting.slot,
            Meeting.table_number,
            Meeting.state,
            Meeting.outcome,
            Meeting.match_id,
            Meeting.need_attendee_id,
            Meeting.offer_attendee_id,
            Need.id.label("need_id"),
            public_title(Need).label("need_title"),
            Need.confidentiality.label("need_tier"),
            Need.masked_name.label("asker_mask"),
            ASKER.id.label("asker_id"),
            ASKER.name.label("asker_name"),
            Achievement.id.label("achievement_id"),
            public_title(Achievement).label("achievement_title"),
            Achievement.confidentiality.label("offer_tier"),
            Achievement.masked_name.label("offerer_mask"),
            OFFERER.id.label("offerer_id"),
            OFFERER.name.label("offerer_name"),
        )
        .join(Match, Match.id == Meeting.match_id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .where(Meeting.handshake_event_id == event_id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.slot, Meeting.table_number)
    )


def _party(
    row: Row[Any],
    side: str,
    sits: int | None,
    posting: tuple[str, int],
    by_house: Mapping[int, Sequence[Person]],
    topics: Mapping[int, set[tuple[str, int]]],
    names: Mapping[int, str],
) -> Party:
    """Who sits for a side: whom the seating names, else whose posting it is, else whoever has none, else the first."""
    house = row._mapping[f"{side}_id"]
    mask, name = row._mapping[f"{side}_mask"], row._mapping[f"{side}_name"]
    there = [one for one in by_house.get(house, ()) if one.state is not AttendeeState.NOT_COMING]
    named = [one for one in there if one.id == sits]
    own = [one for one in there if posting in topics.get(one.id, ())]
    pool = [one for one in there if one.id not in topics]
    hidden = bool(mask) and house not in names
    return Party(house, names.get(house, mask or name), hidden, named or own or pool or there[:1])


def _topics(ctx: Context, event_id: int) -> dict[int, set[tuple[str, int]]]:
    rows = ctx.session.execute(
        select(AttendeeTopic.attendee_id, AttendeeTopic.need_id, AttendeeTopic.achievement_id)
        .join(Attendee, Attendee.id == AttendeeTopic.attendee_id)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.handshake_event_id == event_id)
    )
    found: dict[int, set[tuple[str, int]]] = {}
    for attendee_id, need_id, achievement_id in rows:
        topic = ("need", need_id) if need_id is not None else ("achievement", achievement_id or 0)
        found.setdefault(attendee_id, set()).add(topic)
    return found


def _said(ctx: Context, event_id: int) -> dict[int, dict[Side, MeetingOutcome]]:
    rows = ctx.session.execute(
        select(MeetingOpinion.meeting_id, MeetingOpinion.side, MeetingOpinion.outcome)
        .join(Meeting, Meeting.id == MeetingOpinion.meeting_id)
        .where(Meeting.handshake_event_id == event_id, MeetingOpinion.outcome.is_not(None))
    )
    found: dict[int, dict[Side, MeetingOutcome]] = {}
    for meeting_id, side, outcome in rows:
        if outcome is not None:
            found.setdefault(meeting_id, {})[side] = outcome
    return found
