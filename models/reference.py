"""Facts taken from official documents as they stand: key technologies, programmes and official figures."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Labelled, Seeded, choice


class KeyTechnology(Base, Seeded):
    """One of the key technologies of the plan's annex (关键技术)."""

    title_zh = "关键技术"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(16))
    industry: Mapped[str] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(200))


class Programme(Base, Seeded):
    """A programme, policy, mechanism or funding mode named in a document (计划与政策)."""

    title_zh = "计划与政策"

    id: Mapped[Id]
    subtype: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")


class Comparator(Labelled):
    """How an official figure relates to the truth it names."""

    EQUAL = "EQUAL", "等于"
    AT_LEAST = "AT_LEAST", "不少于"
    MORE_THAN = "MORE_THAN", "超过"
    AT_MOST = "AT_MOST", "不高于"
    LESS_THAN = "LESS_THAN", "低于"
    ABOUT = "ABOUT", "左右"
    RANGE = "RANGE", "区间"


class Indicator(Base, Seeded):
    """An official figure, kept as its text with comparator and source; never mixed with computed ones (官方指标)."""

    title_zh = "官方指标"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    value_text: Mapped[str] = mapped_column(String(64))
    value: Mapped[Decimal | None] = mapped_column(Numeric(20, 4))
    unit: Mapped[str] = mapped_column(String(32), default="")
    comparator: Mapped[Comparator] = mapped_column(choice(Comparator))
    period: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(32), index=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
