"""What is kept of whoever asks: the registry's columns with the values of their own rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from models import Attendee, Base, Invitation, Labelled
from service.context import Context
from service.personal_data.registry import PersonalField, fields_in_force, titles

OWNERS = ("account_id", "created_by_id", "entered_by_id", "introduced_by_id", "actor_id")
"""Columns that say whose a row is."""
ALSO_TOLD = (
    "id",
    "created_at",
    "given_at",
    "at",
    "action",
    "record_type",
    "record_id",
    "kind",
    "notice_number",
    "title",
)
"""Columns told beside the personal ones, so that a row can be made out."""
UNREADABLE = "无人可读"
ROWS_AT_MOST = 5_000
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class OwnSection:
    """One kind of record: the columns of the registry, how many rows are the asker's, and the rows themselves."""

    table: str
    title: str
    fields: Sequence[PersonalField]
    count: int
    rows: Rows


def own_data(ctx: Context, *, rows_at_most: int = ROWS_AT_MOST) -> list[OwnSection]:
    """Every kind of record that has rows of the asker's own. Digests and keys are named and not told."""
    ctx.demand("keep_own_account")
    by_table: dict[str, list[PersonalField]] = {}
    for one in fields_in_force(ctx.settings):
        by_table.setdefault(one.table, []).append(one)
    found = []
    for name, listed in by_table.items():
        table = Base.metadata.tables[name]
        whose = _theirs(ctx, table)
        if whose is None:
            continue
        count = ctx.session.scalar(select(func.count()).select_from(table).where(whose)) or 0
        if count:
            rows = [_told(row._mapping) for row in ctx.session.execute(_rows(table, listed, whose, rows_at_most))]
            found.append(OwnSection(name, titles()[name], listed, count, rows))
    return found


def _theirs(ctx: Context, table: Table) -> ColumnElement[bool] | None:
    if table.name == "accounts":
        return table.c.id == ctx.actor.account_id
    if table.name == "attendees":
        return table.c.id.in_(_came_as(ctx))
    if table.name == "event_letters":
        return table.c.attendee_id.in_(_came_as(ctx))
    owner = next((name for name in OWNERS if name in table.c), None)
    return table.c[owner] == ctx.actor.account_id if owner is not None else None


def _came_as(ctx: Context) -> list[int]:
    """The people of events who are the asker: of their organization, under their address or their name."""
    rows = ctx.session.execute(
        select(Attendee.id, Attendee.name, Attendee.email)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.organization_id == (ctx.actor.organization_id or 0))
    )
    return [number for number, name, email in rows if email == ctx.actor.email or (name and name == ctx.actor.name)]


def _rows(table: Table, listed: Sequence[PersonalField], whose: ColumnElement[bool], rows_at_most: int) -> Select[Any]:
    readable = [table.c[one.column].label(one.label) for one in listed if one.seen_by != UNREADABLE]
    named = {one.column for one in listed}
    beside = [table.c[name] for name in ALSO_TOLD if name in table.c and name not in named]
    order = [column.desc() for column in table.primary_key]
    return select(*beside, *readable).where(whose).order_by(*order).limit(rows_at_most)


def _told(row: Any) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else value
