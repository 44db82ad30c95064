"""The audit log: one entry per write, each carrying a digest of the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id


class AuditEntry(Base):
    """Who did what to which record and when (审计日志). Append-only and hash-chained.

    ``digest`` is SHA-256 over ``previous_digest`` and the entry's other columns in a canonical form.
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
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (Index("ix_audit_entries_record", "record_type", "record_id", "at"),)
