"""Move a record and write down that it was moved."""

from __future__ import annotations

from typing import Any, TypeVar

from models import Labelled, StateChange, Stateful
from service.context import Context

S = TypeVar("S", bound=Stateful)


def move(ctx: Context, record: S, target: Labelled, reason: str = "") -> S:
    """Move ``record`` to ``target`` now and log it. Raises IllegalTransition and changes nothing."""
    change = record.move_to(target, reason)
    ctx.touch(record)
    ctx.log(change)
    return record


def note_end(ctx: Context, record: Any, reason: str) -> None:
    """Write down in the history why a record without states ended; the audit log holds no words."""
    ctx.session.add(
        StateChange(
            record_type=type(record).__name__,
            record_id=record.id,
            from_state=None,
            to_state="ENDED",
            reason=reason,
            actor_id=ctx.actor.account_id,
            at=ctx.now,
            is_demo=record.is_demo,
        )
    )
