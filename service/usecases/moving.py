"""Move a record and write down that it was moved."""

from __future__ import annotations

from typing import TypeVar

from models import Labelled, Stateful
from service.context import Context

S = TypeVar("S", bound=Stateful)


def move(ctx: Context, record: S, target: Labelled, reason: str = "") -> S:
    """Move ``record`` to ``target`` now and log it. Raises IllegalTransition and changes nothing."""
    change = record.move_to(target, reason)
    ctx.touch(record)
    ctx.log(change)
    return record
