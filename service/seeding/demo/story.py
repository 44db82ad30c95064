"""How 示例 records are written: marked, dated as the story goes, moved through the same state tables as real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from models import Account, Achievement, Base, Match, Need, Organization, Role, Scientist, StateChange
from models.base import DemoMarked, Labelled, Timed
from models.lifecycle import Stateful
from service.context import SHANGHAI, Context

R = TypeVar("R", bound=Base)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A time of day in China."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


@dataclass
class Story:
    """One telling: the context it is written through and who and what has appeared so far, by short names."""

    ctx: Context
    organizations: dict[str, Organization] = field(default_factory=dict)
    accounts: dict[Role, Account] = field(default_factory=dict)
    scientists: dict[str, Scientist] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    achievements: dict[str, Achievement] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)

    def add(self, record: R, at: datetime, by: Role | None = None) -> R:
        """Write a new record, marked 示例 where it has the column, as of ``at``.

        ``by`` is who brought a record with a state into being; that is written down too.
        """
        if isinstance(record, DemoMarked):
            record.is_demo = True
        if isinstance(record, Timed):
            record.created_at = record.updated_at = at
        self.ctx.session.add(record)
        self.ctx.flush()
        if by is not None and isinstance(record, Stateful):
            self._log(record.born(), at, by)
        return record

    def move(self, record: Stateful, target: Labelled, at: datetime, by: Role, reason: str = "") -> None:
        """Move a record's state and write down who did it when. Raises IllegalTransition."""
        self._log(record.move_to(target, reason), at, by)
        if isinstance(record, Timed):
            record.updated_at = at

    def _log(self, change: StateChange, at: datetime, by: Role) -> None:
        change.at, change.is_demo = at, True
        change.actor_id, change.actor_name = self.accounts[by].id, self.accounts[by].name
        self.ctx.session.add(change)
