"""An event seated by the service itself, for tests of what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from sqlalchemy import select

from models import EventLetter, HandshakeEvent, Meeting, MeetingState, SeatingPlan
from service.context import Context
from service.usecases.seating_plans import (
    ApplySeating,
    GenerateSeating,
    apply_seating,
    compute_seating,
    request_seating,
)

NEW, CHANGE = GenerateSeating(), GenerateSeating(kind="change")


def still() -> Callable[[], float]:
    """A clock that stands still."""
    return lambda: 0.0


def planned(ctx: Context, event: HandshakeEvent, command: GenerateSeating = NEW) -> SeatingPlan:
    """A computed seating."""
    return compute_seating(ctx, request_seating(ctx, event.id, command).id, still())


def seat(ctx: Context, event: HandshakeEvent, command: GenerateSeating = NEW) -> list[Meeting]:
    """Compute a seating and put it into force; the talks."""
    plan = planned(ctx, event, command)
    apply_seating(ctx, event.id, plan.id, ApplySeating(version=plan.version))
    return talks(ctx, event)


def talks(ctx: Context, event: HandshakeEvent) -> list[Meeting]:
    """The event's talks that were not cancelled."""
    return list(
        ctx.session.scalars(
            select(Meeting)
            .where(Meeting.handshake_event_id == event.id, Meeting.state != MeetingState.CANCELLED)
            .order_by(Meeting.slot, Meeting.table_number)
        )
    )


def letters(ctx: Context) -> list[EventLetter]:
    """Every letter, in the order they were written."""
    return list(ctx.session.scalars(select(EventLetter).order_by(EventLetter.id)))


def is_sound(seated: list[Meeting]) -> bool:
    """Nobody, no table and no pair twice where once is all there can be."""
    people = Counter((one.slot, who) for one in seated for who in (one.need_attendee_id, one.offer_attendee_id))
    tables = Counter((one.slot, one.table_number) for one in seated)
    pairs = Counter((one.need_attendee_id, one.offer_attendee_id) for one in seated)
    return max((*people.values(), *tables.values(), *pairs.values()), default=0) <= 1
