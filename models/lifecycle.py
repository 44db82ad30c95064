"""The one door through which a record's state moves: a table of allowed moves and the guard that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id, Labelled

S = TypeVar("S", bound=Labelled)


class StateChange(Base, DemoMarked):
    """Who moved what from where to where, when and why (状态流水). Append-only; rows are written by Lifecycle.

    The one change the database lets through hides an erased person in ``reason`` or ``actor_name`` (see
    ``models.base.HIDDEN``).
    """

    title_zh = "状态流水"

    id: Mapped[Id]
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(BIG)
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(BIG)
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_state_changes_record", "record_type", "record_id", "at"),
        Index("ix_state_changes_to_state", "record_type", "to_state", "at"),
    )


class IllegalTransition(Exception):
    """A move that the state table does not allow.

    Attributes: ``title`` what kind of record, ``current`` and ``target`` its states, ``allowed`` where it may go.
    """

    def __init__(self, title: str, current: Labelled, target: Labelled, allowed: frozenset[Any]) -> None:
        super().__init__(f"{title}: {current.value} -> {target.value}")
        self.title, self.current, self.target, self.allowed = title, current, target, allowed


class Lifecycle(Generic[S]):
    """The states a kind of record may have and the moves between them."""

    def __init__(self, initial: S, moves: Mapping[S, frozenset[S]]) -> None:
        """``moves`` maps every state to the states it may move to; an end state maps to the empty set."""
        self.initial = initial
        self.moves = dict(moves)

    def allowed(self, current: S) -> frozenset[S]:
        """Where a record in ``current`` may move to."""
        return self.moves[current]


class Stateful:
    """Mixin for a record with a state; the class names its table of moves in ``LIFECYCLE``."""

    LIFECYCLE: ClassVar[Lifecycle[Any]]
    title_zh: ClassVar[str]
    id: Any
    state: Any

    def may_move(self, target: Labelled) -> bool:
        """Whether the table allows the move; says nothing about who may press the button."""
        return target in self.LIFECYCLE.allowed(self.state)

    def born(self, reason: str = "") -> StateChange:
        """The change that says in which state a new record began, and why, to be logged."""
        return StateChange(
            record_type=type(self).__name__,
            record_id=self.id,
            from_state=None,
            to_state=self.state.value,
            reason=reason,
            is_demo=getattr(self, "is_demo", False),
        )

    def check_move(self, target: Labelled) -> None:
        """Raises IllegalTransition unless the table allows the move."""
        allowed = self.LIFECYCLE.allowed(self.state)
        if target not in allowed:
            raise IllegalTransition(self.title_zh, self.state, target, allowed)

    def move_to(self, target: Labelled, reason: str = "") -> StateChange:
        """Move to ``target`` and return the change to be logged. Raises IllegalTransition."""
        self.check_move(target)
        change = StateChange(
            record_type=type(self).__name__,
            record_id=self.id,
            from_state=self.state.value,
            to_state=target.value,
            reason=reason,
            is_demo=getattr(self, "is_demo", False),
        )
        self.state = target
        return change
