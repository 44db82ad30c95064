"""One unit of work: the session, who acts, what time it is, and what has to be written down about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models import AuditEntry, AuditOutcome, Base, Job, Role, StateChange
from models.base import Timed
from service.chain import chain
from service.config import Settings
from service.errors import Conflict, NotFound, Stale

SHANGHAI = ZoneInfo("Asia/Shanghai")
FREE_TEXT = frozenset({"attendee", "name", "next_step", "note", "owner", "person", "reason", "remark", "q"})
"""Details in which somebody may be named. The audit log cannot be changed, so it says only that there were words."""
SEE_RECORD = "（见该记录）"
RACE_LOST = "与已有记录冲突（可能有人同时做了同样的操作），请刷新后再试，您的内容没有写入。"
R = TypeVar("R", bound=Base)


@dataclass(frozen=True)
class Actor:
    """Who acts. ``role`` None is an anonymous visitor, unless ``is_system``: the command line and the jobs."""

    account_id: int | None = None
    name: str = ""
    email: str = ""
    role: Role | None = None
    organization_id: int | None = None
    organization_name: str = ""
    region_code: str | None = None
    is_demo: bool = False
    is_system: bool = False
    is_organization_admin: bool = False
    wants_recommendations: bool = True

    @property
    def role_label(self) -> str:
        """The role in Chinese."""
        return self.role.label if self.role else ""


ANONYMOUS = Actor()
SYSTEM = Actor(name="系统", is_system=True)

Demands = Callable[["Context", str, Any], None]


@dataclass
class Context:
    """What a use-case or a query is handed. The door that opened it commits it, once.

    ``address`` and ``user_agent`` say where a request came from, ``origin`` under which address it reached us; they are
    empty for the command line and the jobs.
    """

    session: Session
    now: datetime
    actor: Actor
    settings: Settings
    demands: Demands
    address: str = ""
    user_agent: str = ""
    origin: str = ""
    written: list[AuditEntry] = field(default_factory=list)
    refusals: list[AuditEntry] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Today's date in China."""
        return self.now.astimezone(SHANGHAI).date()

    def absolute(self, path: str) -> str:
        """The path as an address to send: under the public address of the settings, else the one asked at."""
        return (self.settings.base_url or self.origin).rstrip("/") + path

    def demand(self, action: str, record: Any = None) -> None:
        """Raises NotSignedIn or Forbidden unless the policy lets the actor do ``action`` (to ``record``)."""
        self.demands(self, action, record)

    def find(self, kind: type[R], record_id: int | str) -> R:
        """The record, whoever may see it. Raises NotFound."""
        record = self.session.get(kind, record_id)
        if record is None:
            raise NotFound(f"没有编号为 {record_id} 的{kind.title_zh}")
        return record

    def require(self, kind: type[R], record_id: int | str, *, may: str) -> R:
        """The record, if the actor may do ``may`` to it. Raises NotFound, NotSignedIn or Forbidden."""
        record = self.find(kind, record_id)
        self.demand(may, record)
        return record

    def add(self, record: R) -> R:
        """Put a new record into the session with its times and 示例 mark set, and give it its id."""
        if isinstance(record, Timed):
            record.created_at = record.updated_at = self.now
        if self.actor.is_demo and hasattr(record, "is_demo"):
            record.is_demo = True
        self.session.add(record)
        self.flush()
        return record

    def flush(self) -> None:
        """Send what is pending. Raises Conflict when someone else changed one of the records meanwhile."""
        try:
            self.session.flush()
        except StaleDataError as error:
            raise Conflict("这条记录刚刚被别人修改过，请刷新后再改，您的内容没有写入。") from error
        except IntegrityError as error:
            raise Conflict(RACE_LOST) from error

    def check_version(self, record: Any, version: int) -> None:
        """Raises Conflict unless ``version`` is the one the record stands at."""
        if record.version != version:
            moment = record.updated_at.astimezone(SHANGHAI)
            raise Stale(
                f"这条{record.title_zh}在 {moment:%Y-%m-%d %H:%M} 已被修改（版本 {record.version}，您看到的是版本 "
                f"{version}）。请核对后再保存，您填写的内容还在。",
                SimpleNamespace(**{column.key: getattr(record, column.key) for column in record.__table__.columns}),
            )

    def touch(self, record: Any) -> None:
        """Note that a record is changed now."""
        record.updated_at = self.now

    def log(self, change: StateChange, **details: Any) -> None:
        """Write down a state change, and that it was made."""
        self.flush()
        change.at = self.now
        change.actor_id = self.actor.account_id
        change.actor_name = self.actor.name if self.actor.account_id is None else ""
        self.session.add(change)
        moved = {"from": change.from_state, "to": change.to_state, "reason": change.reason, **details}
        self._note("move", change.record_type, change.record_id, moved)

    def audit(self, action: str, record: Any = None, **details: Any) -> None:
        """Write down a write that moves no state."""
        self.flush()
        kind = type(record).__name__ if record is not None else ""
        self._note(action, kind, getattr(record, "id", None), details)

    def saw(self, action: str, record: Any = None, **details: Any) -> None:
        """Write down that personal data was seen or carried out, also in a request that only reads."""
        kind = type(record).__name__ if record is not None else ""
        self._note(action, kind, getattr(record, "id", None), details)

    def refused(self, action: str, record: Any = None, **details: Any) -> None:
        """Write down that something was tried and refused; it stays written though the request is taken back."""
        kind = type(record).__name__ if record is not None else ""
        entry = self._entry(action, kind, getattr(record, "id", None), details)
        entry.outcome = AuditOutcome.REFUSED
        self.refusals.append(entry)

    def enqueue(
        self, name: str, *, unique_key: str | None = None, run_at: datetime | None = None, **payload: Any
    ) -> None:
        """Queue a job in this transaction; a job of the same key that still waits is enough."""
        if unique_key is not None:
            waiting = self.session.scalar(select(Job.id).where(Job.unique_key == unique_key))
            if waiting is not None:
                return
        self.session.add(
            Job(name=name, payload=payload, unique_key=unique_key, run_at=run_at or self.now, created_at=self.now)
        )

    def _note(self, action: str, record_type: str, record_id: int | None, details: dict[str, Any]) -> None:
        self.written.append(self._entry(action, record_type, record_id, details))

    def _entry(self, action: str, record_type: str, record_id: int | None, details: dict[str, Any]) -> AuditEntry:
        """Who acts is named by number alone; a name is written only for those who have none."""
        return AuditEntry(
            at=self.now,
            actor_id=self.actor.account_id,
            actor_name=self.actor.name if self.actor.account_id is None else "",
            action=action,
            record_type=record_type,
            record_id=record_id,
            details=json.loads(json.dumps(_without_words(details), ensure_ascii=False, default=str)),
            form=2,
            address=self.address,
            outcome=AuditOutcome.DONE,
        )

    def keep(self) -> None:
        """Commit what was written so far, whatever becomes of the request: attempts that were counted, nothing else."""
        self.flush()
        self.session.commit()

    def discard(self) -> None:
        """Take back everything this unit of work has done so far."""
        self.session.rollback()
        self.written.clear()

    def commit(self) -> None:
        """Chain the audit entries, then commit everything at once."""
        self.flush()
        chain(self.session, self.written, self.settings)
        self.flush()
        self.session.commit()
        self.written.clear()


def _without_words(details: dict[str, Any]) -> dict[str, Any]:
    """The details with numbers, choices and names of fields; in place of words people wrote, where to find them."""
    return {
        key: SEE_RECORD
        if key in FREE_TEXT and value not in (None, "")
        else _without_words(value)
        if isinstance(value, dict)
        else value
        for key, value in details.items()
    }
