"""The tables of an event about which there is something to say, and what stands there."""

from __future__ import annotations

from sqlalchemy import select

from models import EventTable, HandshakeEvent
from service.context import Context

REMOTE = "远程接入"
"""What a table with a link to join from afar offers beside its equipment."""


def tables_of(ctx: Context, event_id: int) -> dict[int, EventTable]:
    """The event's tables about which there is something to say, by number."""
    rows = select(EventTable).where(EventTable.handshake_event_id == event_id).order_by(EventTable.number)
    return {table.number: table for table in ctx.session.scalars(rows)}


def stands_at(table: EventTable) -> frozenset[str]:
    """What a table offers."""
    return frozenset([*table.equipment, *([REMOTE] if table.remote_link else [])])


def equipment_offered(ctx: Context, event: HandshakeEvent) -> list[str]:
    """What any table of the event offers, in order."""
    there = [table for number, table in tables_of(ctx, event.id).items() if number <= event.tables]
    return sorted(frozenset().union(*(stands_at(table) for table in there)))
