"""Files that belong to a record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id


class Attachment(Base, DemoMarked):
    """A file of one record (附件); its bytes lie in the data folder under their SHA-256.

    ``media_type`` was told from the content, never from the name. ``removed_at``: the bytes are gone, the line stays.
    """

    title_zh = "附件"

    id: Mapped[Id]
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(BIG)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BIG)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    organization_id: Mapped[int | None] = mapped_column(BIG, index=True)
    created_by_id: Mapped[int | None] = mapped_column(BIG, index=True)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("size >= 0", name="size_known"),
        Index("ix_attachments_record", "record_type", "record_id"),
    )
