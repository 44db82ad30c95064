"""The list at the door: everybody who may come, found by name, organization, badge or the sound of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from matching.search.pinyin import initials, spelled
from matching.text import normalise
from models import DoorMark, HandshakeEvent
from service.context import Context
from service.queries.floor import Floor, Person, Talk, clock, floor_of, unpeopled


@dataclass(frozen=True)
class Guest:
    """Somebody at the door with all that they are found by, and the talk they have next."""

    person: Person
    found_by: str
    next_talk: Talk | None
    next_at: str


@dataclass(frozen=True)
class Door:
    """The door of an event: its guests, badges that nobody has, and how many organizations name nobody yet."""

    floor: Floor
    guests: Sequence[Guest]
    unknown: Sequence[str]
    unpeopled: int


def door_of(ctx: Context, event: HandshakeEvent) -> Door:
    """The event's door for whoever keeps it."""
    floor = floor_of(ctx, event)
    strange = (
        select(DoorMark.badge)
        .where(DoorMark.handshake_event_id == event.id, DoorMark.attendee_id.is_(None))
        .group_by(DoorMark.badge)
        .order_by(DoorMark.badge)
    )
    unpeopled_now = ctx.session.scalar(select(func.count()).select_from(unpeopled(event.id).subquery())) or 0
    return Door(
        floor,
        [_guest(floor, one) for one in floor.people],
        list(ctx.session.scalars(strange)),
        unpeopled_now,
    )


def _guest(floor: Floor, person: Person) -> Guest:
    folded = normalise(f"{person.name} {person.organization}").lower()
    words = (folded, spelled(folded), initials(normalise(person.name).lower()), initials(folded), person.badge.lower())
    talk = next((one for one in floor.of(person) if floor.event.ends(one.slot) > floor.now), None)
    at = clock(floor.event.begins(talk.slot)) if talk is not None else ""
    return Guest(person, " ".join(dict.fromkeys(words)), talk, at)
