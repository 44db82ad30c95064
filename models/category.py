"""Taxonomies of technology and industry, and the nodes postings are filed under."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id


class Taxonomy(Base):
    """One classification, such as 点位 3+3 or 国民经济行业分类."""

    title_zh = "分类体系"

    scheme: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    citation: Mapped[str] = mapped_column(Text, default="")


class Category(Base):
    """A node of a taxonomy (技术领域); ``path`` is ``scheme:root/…/code``, as the ranking reads it."""

    title_zh = "技术领域"

    id: Mapped[Id]
    scheme: Mapped[str] = mapped_column(ForeignKey("taxonomies.scheme"))
    code: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(200), unique=True)
    aliases: Mapped[list[str]]
    position: Mapped[int] = mapped_column(default=0)
    citation: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("scheme", "code"),
        Index("ix_categories_listing", "scheme", "position"),
    )
