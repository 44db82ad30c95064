"""Ranked need–achievement pairs and the runs that computed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.achievement import Achievement
from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.lifecycle import Lifecycle, Stateful
from models.need import Need

SCORE_SCALE = 10_000
"""Scores and contributions are stored as whole 1/10000, so that the parts add up to the total exactly."""


class MatchState(Labelled):
    """Where a suggested pair stands."""

    SUGGESTED = "SUGGESTED", "推荐", "neutral"
    SHORTLISTED = "SHORTLISTED", "入选", "progress"
    MUTUAL = "MUTUAL", "双方有意", "success"
    DISMISSED = "DISMISSED", "不合适", "danger"


CHOSEN_STATES = (MatchState.SHORTLISTED, MatchState.MUTUAL)
"""Somebody picked the pair out, and nobody has passed it over since."""


class DismissalReason(Labelled):
    """Why a pair was passed over; returned to the institute in aggregate."""

    FIELD = "FIELD", "技术方向不符"
    INDICATORS = "INDICATORS", "指标达不到要求"
    MATURITY = "MATURITY", "成熟度不够"
    PRICE = "PRICE", "价格或投入不合适"
    TIMING = "TIMING", "时间不合适"
    KNOWN = "KNOWN", "已有合作或已知"
    CONFLICT = "CONFLICT", "存在利益冲突"
    OTHER = "OTHER", "其他（请说明）"


class Side(Labelled):
    """Which party to a pair speaks."""

    NEED = "NEED", "需求方"
    OFFER = "OFFER", "技术方"
    ORGANIZER = "ORGANIZER", "组织方"


M = MatchState

MATCH_LIFECYCLE = Lifecycle(
    M.SUGGESTED,
    {
        M.SUGGESTED: frozenset({M.SHORTLISTED, M.DISMISSED}),
        M.SHORTLISTED: frozenset({M.MUTUAL, M.DISMISSED, M.SUGGESTED}),
        M.MUTUAL: frozenset({M.DISMISSED}),
        M.DISMISSED: frozenset({M.SUGGESTED, M.SHORTLISTED}),
    },
)


class MatchRun(Base):
    """One computation of matches, with its settings and version (匹配批次).

    ``done`` of ``total`` postings are ranked; ``finished_at`` is None while it runs. ``new_pairs`` and ``gone_pairs``
    compare it with the run before.
    """

    title_zh = "匹配批次"

    id: Mapped[Id]
    trigger: Mapped[str] = mapped_column(String(32))
    index_version: Mapped[str] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]]
    needs_ranked: Mapped[int]
    achievements_ranked: Mapped[int]
    pairs_kept: Mapped[int]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    new_pairs: Mapped[int] = mapped_column(default=0)
    gone_pairs: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]


class Match(Base, Stateful, Versioned, Timed, DemoMarked):
    """One ranked pair (匹配); 示例 when either posting is.

    ``score`` and each value of ``contributions`` are whole 1/10000; they add up. ``run_id`` is the run that last ranked
    it, ``first_run_id`` the run that found it. ``need_rank`` is the achievement's place in the need's list,
    ``offer_rank`` the need's place in the achievement's, from 1, None beyond the lists kept; ``judged_rank`` is the
    better of the two when somebody first decided.
    """

    title_zh = "匹配"
    LIFECYCLE = MATCH_LIFECYCLE

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("match_runs.id"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    need: Mapped[Need] = relationship(lazy="raise")
    achievement_id: Mapped[int] = mapped_column(ForeignKey("achievements.id", ondelete="CASCADE"))
    achievement: Mapped[Achievement] = relationship(lazy="raise")
    score: Mapped[int]
    contributions: Mapped[dict[str, int]]
    first_run_id: Mapped[int | None] = mapped_column(BIG, index=True)
    need_rank: Mapped[int | None]
    offer_rank: Mapped[int | None]
    judged_rank: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MatchState] = mapped_column(choice(MatchState), default=MatchState.SUGGESTED)
    need_agrees: Mapped[bool | None]
    offer_agrees: Mapped[bool | None]
    dismissed_by: Mapped[Side | None] = mapped_column(choice(Side))
    dismissal_reason: Mapped[DismissalReason | None] = mapped_column(choice(DismissalReason))
    remark: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(BIG)

    __table_args__ = (
        UniqueConstraint("need_id", "achievement_id"),
        CheckConstraint(f"score BETWEEN 0 AND {SCORE_SCALE}", name="score_range"),
        CheckConstraint(
            "state <> 'DISMISSED' OR (dismissal_reason IS NOT NULL AND dismissed_by IS NOT NULL)",
            name="dismissal_has_reason",
        ),
        Index("ix_matches_for_need", "need_id", "score"),
        Index("ix_matches_for_achievement", "achievement_id", "score"),
        Index("ix_matches_listing", "state", "score", "id"),
    )
