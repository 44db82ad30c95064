"""An achievement of research that someone could put to use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.posting import Posting


class Achievement(Posting, Base):
    """A scientific or technological achievement (科技成果)."""

    title_zh = "科技成果"

    abstract: Mapped[str] = mapped_column(Text, default="")
    advantages: Mapped[str] = mapped_column(Text, default="")
    application: Mapped[str] = mapped_column(Text, default="")
    trl: Mapped[int | None]
    ip_summary: Mapped[str] = mapped_column(Text, default="")
    conversion_modes: Mapped[list[str]]
    price_fen: Mapped[int | None] = mapped_column(BigInteger)
    price_negotiable: Mapped[bool] = mapped_column(default=True, server_default=true())

    @classmethod
    def extra_constraints(cls) -> tuple[Any, ...]:
        return (
            CheckConstraint("trl IS NULL OR trl BETWEEN 1 AND 9", name="trl_range"),
            CheckConstraint("price_fen IS NULL OR price_fen >= 0", name="price_not_negative"),
        )

    def body(self) -> str:
        return "\n".join(filter(None, (self.abstract, self.advantages, self.application)))


class AchievementCategory(Base):
    """An achievement is filed under a category."""

    __tablename__ = "achievement_categories"
    title_zh = "成果的技术领域"

    posting_id: Mapped[int] = mapped_column(ForeignKey("achievements.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True, index=True)
