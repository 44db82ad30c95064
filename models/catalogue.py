"""What the ranking index is made of: the numbered changes of the catalogue and the statistics scores rest on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id


class CatalogueState(Base):
    """One row: the number of the latest change (目录版本), counted up by database triggers within its transaction."""

    title_zh = "目录版本"

    id: Mapped[Id]
    seq: Mapped[int] = mapped_column(BIG, default=0)
    stamp: Mapped[str] = mapped_column(String(32), default="")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class CatalogueChange(Base):
    """An open posting appeared, changed or went. Written by database triggers, in the order of commits.

    ``stamp`` is random: a number taken back with its transaction and given anew is told apart by it.
    """

    title_zh = "目录变动"

    seq: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    posting_id: Mapped[int] = mapped_column(BIG)
    stamp: Mapped[str] = mapped_column(String(32))

    __table_args__ = (Index("ix_catalogue_changes_posting", "kind", "posting_id"),)


class RankingStatistics(Base):
    """Frozen word statistics of the catalogue (语料统计): every process scores with the latest row, so all score alike.

    ``data`` is what ``matching`` saves; ``digest`` is its SHA-256; ``seq`` the change they were counted at.
    """

    __tablename__ = "ranking_statistics"
    title_zh = "语料统计"

    id: Mapped[Id]
    seq: Mapped[int] = mapped_column(BIG)
    texts: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
