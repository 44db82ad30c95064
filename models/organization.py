"""Organizations and the scientists who can sit at a table for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, DemoMarked, Id, Labelled, Seeded, Timed, Versioned, choice


class OrganizationKind(Labelled):
    """What an organization is, and so which side of a handshake it may stand on."""

    ENTERPRISE = "ENTERPRISE", "企业", "info"
    INSTITUTE = "INSTITUTE", "科研院所", "success"
    AGENCY = "AGENCY", "主管部门/园区", "neutral"
    BROKERAGE = "BROKERAGE", "技术转移机构", "progress"
    INVESTOR = "INVESTOR", "投资机构", "warning"


class Organization(Base, Versioned, Timed, DemoMarked, Seeded):
    """An enterprise, institute, agency, brokerage or investor (机构)."""

    title_zh = "机构"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[OrganizationKind] = mapped_column(choice(OrganizationKind))
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    aliases: Mapped[list[str]]
    profile: Mapped[str] = mapped_column(Text, default="")
    status_note: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
        CheckConstraint("uscc IS NULL OR (length(uscc) = 18 AND uscc = upper(uscc))", name="uscc_form"),
        Index("ix_organizations_listing", "kind", "name"),
    )


class Scientist(Base, Versioned, Timed, DemoMarked):
    """A person of an institute who can sit at a table (科学家)."""

    title_zh = "科学家"

    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organization: Mapped[Organization] = relationship(lazy="raise")
    name: Mapped[str] = mapped_column(String(50))
    position: Mapped[str] = mapped_column(String(100), default="")
    fields: Mapped[list[str]]
