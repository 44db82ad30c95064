"""Who must not meet whom: ties between organizations, and those that are not to be brought together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice


class TieKind(Labelled):
    """How two organizations belong together."""

    SAME = "SAME", "同一机构的不同写法"
    PARENT = "PARENT", "母公司或上级单位"
    SHARED_PERSON = "SHARED_PERSON", "人员交叉任职"
    AFFILIATED = "AFFILIATED", "其他关联"


class OrganizationTie(Base, Timed, Versioned, DemoMarked):
    """Two organizations that belong together (机构关联). For PARENT, ``other_id`` is the one above.

    ``person_name`` is whoever serves both, for SHARED_PERSON.
    """

    title_zh = "机构关联"

    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TieKind] = mapped_column(choice(TieKind))
    person_name: Mapped[str] = mapped_column(String(50), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("organization_id <> other_id", name="two_organizations"),
        UniqueConstraint("organization_id", "other_id", "kind", "person_name"),
    )


class BlacklistEntry(Base, Timed, Versioned, DemoMarked):
    """An organization that is not to be met, by one other or by anybody, with reason and term (不予对接名单).

    ``other_id`` None: by nobody. ``ends_on`` None: until lifted. ``lifted_at``: it holds no more.
    """

    title_zh = "不予对接名单"

    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lifted_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(BIG)

    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term_in_order"),
        CheckConstraint("other_id IS NULL OR other_id <> organization_id", name="two_organizations"),
    )
