"""Erase a person among the people of events, whose addresses are sealed and so found by no search of the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from models import Attendee, EventLetter
from service.context import Context
from service.personal_data.needles import Needles

BLANK = {
    "name": "",
    "position": "",
    "email": None,
    "phone": None,
    "stands_in_for": "",
    "note": "",
    "feedback": "",
    "link_digest": None,
    "scientist_id": None,
}
"""What is left of somebody who came: that a person came, and whether they were there."""


def erase_attendees(ctx: Context, needles: Needles) -> int:
    """Empty the rows whose address, number or name is the person's, and remove their letters; how many rows."""
    table: Any = Attendee.__table__
    rows = ctx.session.execute(
        select(Attendee.id, Attendee.name, Attendee.email, Attendee.phone).where(
            or_(Attendee.email.is_not(None), Attendee.phone.is_not(None), Attendee.name != "")
        )
    )
    theirs = [row.id for row in rows if needles.in_text(f"{row.name} | {row.email or ''} | {row.phone or ''}")]
    ctx.session.execute(delete(EventLetter).where(EventLetter.attendee_id.in_(theirs)))
    blank = {**BLANK, "version": table.c.version + 1}
    ctx.session.execute(update(table).where(table.c.id.in_(theirs)).values(blank))
    return len(theirs)
