"""A technical need that holds an enterprise back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.posting import Posting


class Need(Posting, Base):
    """A technical need (技术需求): 卡点, 现状, 目标指标, 预算, 期限, 合作方式."""

    title_zh = "技术需求"

    problem: Mapped[str] = mapped_column(Text, default="")
    present_state: Mapped[str] = mapped_column(Text, default="")
    target_indicators: Mapped[str] = mapped_column(Text, default="")
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    deadline: Mapped[date | None]
    cooperation_modes: Mapped[list[str]]
    wanted_trl: Mapped[int | None]
    is_bottleneck: Mapped[bool] = mapped_column(default=False, server_default=false())

    @classmethod
    def extra_constraints(cls) -> tuple[Any, ...]:
        return (
            CheckConstraint("budget_fen IS NULL OR budget_fen >= 0", name="budget_not_negative"),
            CheckConstraint("wanted_trl IS NULL OR wanted_trl BETWEEN 1 AND 9", name="wanted_trl_range"),
        )

    def body(self) -> str:
        return "\n".join(filter(None, (self.problem, self.present_state, self.target_indicators)))


class NeedCategory(Base):
    """A need is filed under a category."""

    __tablename__ = "need_categories"
    title_zh = "需求的技术领域"

    posting_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True, index=True)
