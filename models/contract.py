"""Technology contracts of a project."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.organization import Organization
from models.project import Project


class ContractKind(Labelled):
    """The five kinds of technology contract of 《民法典》 chapter 20 (articles 843–887)."""

    DEVELOPMENT = "DEVELOPMENT", "技术开发"
    TRANSFER = "TRANSFER", "技术转让"
    LICENSE = "LICENSE", "技术许可"
    CONSULTING = "CONSULTING", "技术咨询"
    SERVICE = "SERVICE", "技术服务"


class PaymentMode(Labelled):
    """How a technology contract is paid (《民法典》 article 846)."""

    ONCE = "ONCE", "一次总算、一次总付"
    INSTALMENTS = "INSTALMENTS", "一次总算、分期支付"
    ROYALTY = "ROYALTY", "提成支付"
    ROYALTY_WITH_FEE = "ROYALTY_WITH_FEE", "提成支付附加预付入门费"


class Contract(Base, Versioned, Timed, DemoMarked):
    """A technology contract (技术合同). Amounts in 分; 技术交易额 never exceeds 成交额."""

    title_zh = "技术合同"

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    project: Mapped[Project] = relationship(lazy="raise")
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ContractKind] = mapped_column(choice(ContractKind))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    buyer: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[buyer_id])
    seller_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    seller: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[seller_id])
    signed_on: Mapped[date]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    technology_amount_fen: Mapped[int] = mapped_column(BigInteger)
    payment_mode: Mapped[PaymentMode] = mapped_column(choice(PaymentMode))
    registration_number: Mapped[str | None] = mapped_column(String(16), unique=True)

    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0", name="title_given"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("technology_amount_fen BETWEEN 0 AND amount_fen", name="technology_part"),
        CheckConstraint("buyer_id <> seller_id", name="two_parties"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("registration_number IS NULL OR length(registration_number) = 16", name="registration_length"),
        Index("ix_contracts_signed_on", "signed_on"),
    )
