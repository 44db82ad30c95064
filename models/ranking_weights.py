"""The weights the ranking uses: set by hand or learned from outcomes, one set in force at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id, Labelled, choice


class WeightsOrigin(Labelled):
    """Where a set of weights comes from."""

    HAND = "HAND", "人工设定", "info"
    LEARNED = "LEARNED", "由结果学得", "progress"
    SHIPPED = "SHIPPED", "出厂设定", "neutral"


class WeightsState(Labelled):
    """Whether a set of weights is, was or never came in force."""

    ACTIVE = "ACTIVE", "使用中", "success"
    RETIRED = "RETIRED", "已停用", "neutral"
    REJECTED = "REJECTED", "未采用", "warning"


class RankingWeights(Base):
    """One set of signal weights (匹配权重) with what was measured when it was tried.

    ``weights`` maps signal names to shares; ``metrics`` holds the comparison on held-out judgments that decided.
    """

    __tablename__ = "ranking_weights"
    title_zh = "匹配权重"

    id: Mapped[Id]
    origin: Mapped[WeightsOrigin] = mapped_column(choice(WeightsOrigin))
    state: Mapped[WeightsState] = mapped_column(choice(WeightsState))
    weights: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(BIG)
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_ranking_weights_in_force",
            "state",
            unique=True,
            sqlite_where=text("state = 'ACTIVE'"),
            postgresql_where=text("state = 'ACTIVE'"),
        ),
    )
