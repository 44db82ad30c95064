"""Where a fact comes from: source documents and the verbatim passages that support a record."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import BIG, Base, Id


class Source(Base):
    """A document that facts are taken from (来源文件)."""

    title_zh = "来源文件"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued: Mapped[str] = mapped_column(String(32), default="")
    document: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class Citation(Base):
    """One verbatim passage of a source that supports one record (来源与原文)."""

    title_zh = "来源与原文"

    id: Mapped[Id]
    source_key: Mapped[str] = mapped_column(ForeignKey("sources.key"), index=True)
    source: Mapped[Source] = relationship(lazy="raise")
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(BIG)
    origin_key: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("record_type", "record_id", "origin_key"),
        Index("ix_citations_record", "record_type", "record_id"),
    )
