"""Copies in memory that follow the database change by change: one for each state, whoever may see that state."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from service.context import Context

KEPT_STATES = 4
"""States of one database kept in memory: the latest, and those that others still read."""


class OfState(Protocol):
    """A copy that says which state of the database it is of. States are equal only where all they rest on is."""

    @property
    def state(self) -> Any: ...


T = TypeVar("T", bound=OfState)


class Shelf(Generic[T]):
    """Holds the latest copies of each database. One thread makes the next, the others wait for it.

    ``state_of`` says which state a transaction sees; ``make`` makes the copy of a state, from the kept ones where it
    can. A transaction may see changes that it never commits; such a state has a stamp of its own, so nobody else is
    ever handed it.
    """

    def __init__(self, state_of: Callable[[Context], Any], make: Callable[[Context, Any, Sequence[T]], T]) -> None:
        self._state_of = state_of
        self._make = make
        self._lock = threading.Lock()
        self._kept: dict[str, list[T]] = {}

    def take(self, ctx: Context) -> T:
        """The copy of the state that this transaction sees, its own uncommitted changes included."""
        ctx.flush()
        place = place_of(ctx)
        state = self._state_of(ctx)  # asked first: nobody may wait for the database while others wait for the lock
        with self._lock:
            kept = self._kept.get(place, [])
            found = next((one for one in kept if one.state == state), None) or self._made(ctx, state, kept)
            self._put(place, found)
            return found

    def replace(self, place: str, better: T) -> None:
        """Keep another copy of a state in place of the one there is."""
        with self._lock:
            self._put(place, better)

    def _put(self, place: str, one: T) -> None:
        others = [other for other in self._kept.get(place, []) if other.state != one.state]
        self._kept[place] = [one, *others][:KEPT_STATES]

    def _made(self, ctx: Context, state: Any, kept: Sequence[T]) -> T:
        """Made again when somebody commits a change meanwhile."""
        while True:
            made = self._make(ctx, state, kept)
            now = self._state_of(ctx)
            if now == state:
                return made
            state, kept = now, [made, *kept]


def place_of(ctx: Context) -> str:
    """Which database this is."""
    return str(ctx.session.get_bind().engine.url)


def changes_since(
    ctx: Context,
    table: Any,
    record: InstrumentedAttribute[int],
    seq: int,
    stamp: str,
    *,
    at_most: int,
) -> dict[str, set[int]] | None:
    """The records changed after a state, by kind, as ``table`` numbers the changes (``seq``, ``kind``, ``stamp``).

    None when this history does not pass through that state, or when more than ``at_most`` changes followed: then it is
    better to read everything anew.
    """
    if seq and ctx.session.scalar(select(table.stamp).where(table.seq == seq)) != stamp:
        return None
    later = select(table.kind, record).where(table.seq > seq).order_by(table.seq).limit(at_most + 1)
    rows = ctx.session.execute(later).all()
    if len(rows) > at_most:
        return None
    changed: dict[str, set[int]] = {}
    for kind, record_id in rows:
        changed.setdefault(kind, set()).add(record_id)
    return changed
