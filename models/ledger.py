"""The append-only ledger of money promised to, arrived at and spent by projects."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import BIG, Base, DemoMarked, Id, Labelled, choice
from models.contract import Contract
from models.project import Project


class EntryKind(Labelled):
    """What happened to the money; the three are never added together."""

    COMMITTED = "COMMITTED", "协议", "info"
    RECEIVED = "RECEIVED", "到位", "success"
    SPENT = "SPENT", "支出", "warning"


class FundSource(Labelled):
    """Whose money it is."""

    ENTERPRISE = "ENTERPRISE", "企业自筹"
    FISCAL = "FISCAL", "财政"
    SOCIAL = "SOCIAL", "社会资本"
    FINANCIAL = "FINANCIAL", "金融"
    OTHER = "OTHER", "其他"


class InvestmentEntry(Base, DemoMarked):
    """One line of the ledger (资金流水), in 分.

    Never changed or removed (database triggers refuse it; a 示例 line may be removed): a mistake is reversed by a
    line of the same kind, source and negative amount that names it. The one change let through hides an erased person
    in a text (see ``models.base.HIDDEN``).
    """

    title_zh = "资金流水"
    __tablename__ = "investment_entries"

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    project: Mapped[Project] = relationship(lazy="raise")
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    contract: Mapped[Contract | None] = relationship(lazy="raise")
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    source: Mapped[FundSource] = mapped_column(choice(FundSource))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    occurred_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("investment_entries.id"), unique=True)
    entered_by_id: Mapped[int | None] = mapped_column(BIG)
    entered_by_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name="sign_follows_reversal",
        ),
        CheckConstraint("length(trim(evidence)) > 0", name="evidence_given"),
        Index("ix_investment_entries_project", "project_id", "kind", "occurred_on"),
        Index("ix_investment_entries_report", "kind", "occurred_on"),
    )
