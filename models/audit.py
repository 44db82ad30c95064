"""The audit log: one entry per write, each carrying a digest of the one before, and the head of the chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id, Labelled, choice


class AuditOutcome(Labelled):
    """How what was tried ended."""

    DONE = "DONE", "成功", "success"
    REFUSED = "REFUSED", "拒绝", "danger"


class AuditEntry(Base):
    """Who did what to which record and when (审计日志). Append-only and hash-chained.

    ``digest`` is SHA-256 over ``previous_digest`` and the entry's other columns in a canonical form; ``form`` says
    which: 1 is that of the first entries, 2 has address and outcome too and names the actor by number alone, so that a
    person can be erased without breaking the chain.
    """

    title_zh = "审计日志"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(BIG, index=True)
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    action: Mapped[str] = mapped_column(String(64))
    record_type: Mapped[str] = mapped_column(String(64), default="")
    record_id: Mapped[int | None] = mapped_column(BIG)
    details: Mapped[dict[str, Any]]
    form: Mapped[int] = mapped_column(default=2, server_default="1")
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    outcome: Mapped[AuditOutcome] = mapped_column(
        choice(AuditOutcome), default=AuditOutcome.DONE, server_default=AuditOutcome.DONE.value
    )
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (Index("ix_audit_entries_record", "record_type", "record_id", "at"),)


class AuditHead(Base):
    """One row: how long the audit chain is and where it ends (审计链首), so that a cut-off end is noticed.

    ``seal`` is an HMAC over the rest with the installation's key, which is not in the database.
    """

    title_zh = "审计链首"

    id: Mapped[Id]
    entries: Mapped[int] = mapped_column(BIG)
    last_entry_id: Mapped[int] = mapped_column(BIG)
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
