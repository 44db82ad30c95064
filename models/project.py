"""Cooperation projects, their parties and the gates between their stages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.lifecycle import Lifecycle, Stateful
from models.meeting import Meeting
from models.organization import Organization


class ProjectState(Labelled):
    """The stages of a project."""

    INTENT = "INTENT", "意向", "neutral"
    CONTRACTED = "CONTRACTED", "签约", "info"
    ACTIVE = "ACTIVE", "实施", "progress"
    ACCEPTED = "ACCEPTED", "验收", "success"
    TERMINATED = "TERMINATED", "终止", "danger"


class PartyRole(Labelled):
    """What an organization does in a project."""

    DEMAND = "DEMAND", "需求方", "info"
    TECHNOLOGY = "TECHNOLOGY", "技术方", "success"
    FUNDING = "FUNDING", "资金方", "warning"
    ORGANIZING = "ORGANIZING", "组织方", "neutral"


class ConversionMode(Labelled):
    """The six ways of 《促进科技成果转化法》 article 16."""

    SELF = "SELF", "自行投资实施转化"
    TRANSFER = "TRANSFER", "向他人转让该科技成果"
    LICENSE = "LICENSE", "许可他人使用该科技成果"
    JOINT = "JOINT", "以该科技成果作为合作条件，与他人共同实施转化"
    EQUITY = "EQUITY", "以该科技成果作价投资，折算股份或者出资比例"
    OTHER = "OTHER", "其他协商确定的方式"


J = ProjectState

PROJECT_LIFECYCLE = Lifecycle(
    J.INTENT,
    {
        J.INTENT: frozenset({J.CONTRACTED, J.TERMINATED}),
        J.CONTRACTED: frozenset({J.ACTIVE, J.TERMINATED}),
        J.ACTIVE: frozenset({J.ACCEPTED, J.TERMINATED}),
        J.ACCEPTED: frozenset(),
        J.TERMINATED: frozenset(),
    },
)

IMPLEMENTED_STATES = frozenset({J.CONTRACTED, J.ACTIVE, J.ACCEPTED})
"""Projects that count as 实施合作项目: signed, whether or not they have ended well; intents and terminations do not."""

GATES: dict[ProjectState, tuple[tuple[str, str], ...]] = {
    J.INTENT: (),
    J.CONTRACTED: (("contracts", "至少登记一份技术合同"),),
    J.ACTIVE: (("starts_on", "填写开始日期"), ("ends_on", "填写计划结束日期")),
    J.ACCEPTED: (("accepted_on", "填写验收日期"), ("acceptance_note", "填写验收结论")),
    J.TERMINATED: (("termination_reason", "填写终止原因"),),
}
"""What each stage demands before a project may enter it: (column, what to do in Chinese)."""


class Project(Base, Stateful, Versioned, Timed, DemoMarked):
    """A cooperation project (合作项目), opened from a meeting or recorded directly with its reason."""

    title_zh = "合作项目"
    LIFECYCLE = PROJECT_LIFECYCLE

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"), unique=True)
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    direct_reason: Mapped[str] = mapped_column(String(500), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    mode: Mapped[ConversionMode | None] = mapped_column(choice(ConversionMode))
    trl_start: Mapped[int | None]
    trl_now: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    acceptance_note: Mapped[str] = mapped_column(Text, default="")
    termination_reason: Mapped[str] = mapped_column(Text, default="")
    in_good_faith: Mapped[bool] = mapped_column(default=False, server_default=false())
    opened_on: Mapped[date]
    contracted_on: Mapped[date | None]
    state: Mapped[ProjectState] = mapped_column(choice(ProjectState), default=ProjectState.INTENT)

    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0", name="title_given"),
        CheckConstraint("meeting_id IS NOT NULL OR length(trim(direct_reason)) > 0", name="origin_given"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("trl_start IS NULL OR trl_start BETWEEN 1 AND 9", name="trl_start_range"),
        CheckConstraint("trl_now IS NULL OR trl_now BETWEEN 1 AND 9", name="trl_now_range"),
        CheckConstraint("state <> 'TERMINATED' OR length(trim(termination_reason)) > 0", name="end_has_reason"),
        CheckConstraint(
            "state NOT IN ('CONTRACTED', 'ACTIVE', 'ACCEPTED') OR contracted_on IS NOT NULL", name="contracted_has_date"
        ),
        Index("ix_projects_listing", "state", "opened_on"),
        Index("ix_projects_contracted_on", "contracted_on"),
    )


class ProjectParty(Base, DemoMarked):
    """An organization that takes part in a project, and as what (参与方)."""

    title_zh = "参与方"

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    project: Mapped[Project] = relationship(lazy="raise")
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organization: Mapped[Organization] = relationship(lazy="raise")
    role: Mapped[PartyRole] = mapped_column(choice(PartyRole))

    __table_args__ = (UniqueConstraint("project_id", "organization_id", "role"),)
