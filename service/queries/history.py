"""What happened to a record, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select

from models import Account, Citation, Labelled, Source, StateChange
from service.context import Context
from service.policy import may_read


@dataclass(frozen=True)
class Change:
    """One state change as a timeline shows it."""

    actor_name: str
    at: datetime
    from_state: Labelled | None
    to_state: Labelled
    reason: str


def state_changes(ctx: Context, record: Any, states: type[Labelled]) -> list[Change]:
    """The record's state changes, latest first; who made them and why is for its owner and for staff."""
    known = may_read(ctx, type(record).__name__, "who_changed_it", record)
    rows = ctx.session.execute(
        select(
            case((StateChange.actor_name != "", StateChange.actor_name), else_=Account.name).label("actor_name"),
            StateChange.at,
            StateChange.from_state,
            StateChange.to_state,
            StateChange.reason,
        )
        .outerjoin(Account, Account.id == StateChange.actor_id)
        .where(StateChange.record_type == type(record).__name__, StateChange.record_id == record.id)
        .order_by(StateChange.at.desc(), StateChange.id.desc())
    )
    return [
        Change(
            actor_name=(who or "") if known else "",
            at=at,
            from_state=states(before) if before else None,
            to_state=states(after),
            reason=reason if known else "",
        )
        for who, at, before, after, reason in rows
    ]


def citations(ctx: Context, record: Any) -> list[dict[str, str]]:
    """The passages that support the record: title, issuer, issued, evidence, note, href."""
    return citations_of(ctx, type(record).__name__, record.id)


def citations_of(ctx: Context, record_type: str, record_id: int) -> list[dict[str, str]]:
    """The passages that support a record known by class name and id."""
    rows = ctx.session.execute(
        select(Source.key, Source.title, Source.issuer, Source.issued, Source.note, Citation.evidence, Citation.note)
        .join(Source, Source.key == Citation.source_key)
        .where(Citation.record_type == record_type, Citation.record_id == record_id)
        .order_by(Citation.id)
    )
    return [
        {
            "href": f"/facts/sources/{key}",
            "title": title,
            "issuer": issuer,
            "issued": issued,
            "about": about,
            "evidence": evidence,
            "note": note,
        }
        for key, title, issuer, issued, about, evidence, note in rows
    ]
