"""Writes that were asked for under a key, so that asking twice does them once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id


class IdempotentRequest(Base):
    """A key under which ``owner`` asked for a write, and what was answered (幂等请求).

    ``request_digest`` is a SHA-256 over method, path and body; ``status`` None: the answer was not kept.
    """

    title_zh = "幂等请求"

    id: Mapped[Id]
    owner: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("owner", "key"),)
