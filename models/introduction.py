"""An organizer brings the two sides of a pair together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id


class Introduction(Base, DemoMarked):
    """Both sides of a pair were given each other's name and contact by an organizer (引荐); at most one a pair."""

    title_zh = "引荐"

    id: Mapped[Id]
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"), unique=True)
    introduced_by_id: Mapped[int | None] = mapped_column(BIG)
    note: Mapped[str] = mapped_column(Text, default="")
    introduced_at: Mapped[datetime]
