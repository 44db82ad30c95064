"""Cooperation projects: the list, one project with all that belongs to it, and what its next stage demands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, func, select

from models import (
    Achievement,
    Category,
    Contract,
    EntryKind,
    HandshakeEvent,
    InvestmentEntry,
    Match,
    Meeting,
    Need,
    Organization,
    PartyRole,
    Project,
    ProjectParty,
    ProjectState,
    Region,
)
from models.money import yuan
from models.project import GATES
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number, whole_number
from service.queries.naming import public_title
from service.queries.narrowing import by_region, by_year
from service.queries.taxonomy import nodes

GATE_SENTENCES: Mapping[str, str] = {name: sentence for gate in GATES.values() for name, sentence in gate}
"""What to do about each field a stage may demand."""


def money_of(kind: EntryKind) -> ScalarSelect[int]:
    """The net sum of a project's lines of one kind in 分; NULL when it has none."""
    return (
        select(func.sum(InvestmentEntry.amount_fen))
        .where(InvestmentEntry.project_id == Project.id, InvestmentEntry.kind == kind)
        .correlate(Project)
        .scalar_subquery()
    )


def parties_in(role: PartyRole) -> ScalarSelect[str]:
    """The names of a project's parties in one role, joined by 、."""
    return (
        select(func.aggregate_strings(Organization.name, "、"))
        .join(ProjectParty, ProjectParty.organization_id == Organization.id)
        .where(ProjectParty.project_id == Project.id, ProjectParty.role == role)
        .correlate(Project)
        .scalar_subquery()
    )


def _takes_part(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    organization = whole_number(value)
    if organization is None:
        return None
    return Project.id.in_(select(ProjectParty.project_id).where(ProjectParty.organization_id == organization))


def _of_event(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Projects that came of a talk at the event."""
    event = whole_number(value)
    if event is None:
        return None
    return Project.meeting_id.in_(select(Meeting.id).where(Meeting.handshake_event_id == event))


STALLED_AFTER = timedelta(days=90)
"""An intent that has led to no contract for so long wants someone to ask."""

ATTENTION = (
    ("overdue", "已过计划结束日期"),
    ("stalled", "意向超过 90 天未签约"),
    ("unpaid", "协议金额未全部到位"),
    ("exceeding", "到位超过协议，请核对"),
)


def _attention(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Projects someone should look at, and why."""
    committed = func.coalesce(money_of(EntryKind.COMMITTED), 0)
    received = func.coalesce(money_of(EntryKind.RECEIVED), 0)
    working = Project.state.in_([ProjectState.CONTRACTED, ProjectState.ACTIVE])
    return {
        "overdue": and_(working, Project.ends_on < ctx.today),
        "stalled": and_(Project.state == ProjectState.INTENT, Project.opened_on < ctx.today - STALLED_AFTER),
        "unpaid": and_(working, committed > received),
        "exceeding": and_(received > committed, received > 0),
    }.get(value)


def _money(value: int | None) -> Any:
    return yuan(value or 0)


PROJECTS = Listing(
    key="projects",
    label="合作项目",
    path="/projects",
    source=Project.__table__.outerjoin(Region.__table__, Region.code == Project.region_code).outerjoin(
        Category.__table__, Category.id == Project.point_id
    ),
    columns=(
        Column("id", "编号", Project.id),
        Column("title", "项目名称", Project.title),
        Column("state", "阶段", Project.state),
        Column("demand", "需求方", parties_in(PartyRole.DEMAND), sortable=False),
        Column("technology", "技术方", parties_in(PartyRole.TECHNOLOGY), sortable=False),
        Column("region", "地区", Region.name),
        Column("point", "点位", Category.name),
        Column("opened_on", "达成意向", Project.opened_on),
        Column("contracted_on", "签约日期", Project.contracted_on),
        Column("committed", "协议金额（元）", money_of(EntryKind.COMMITTED), align="right", show=_money),
        Column("received", "到位金额（元）", money_of(EntryKind.RECEIVED), align="right", show=_money),
        Column("spent", "支出金额（元）", money_of(EntryKind.SPENT), align="right", show=_money),
        Column("is_demo", "示例", Project.is_demo, sortable=False),
    ),
    visible=visibility.projects,
    search=(
        Project.title,
        Project.summary,
        func.coalesce(parties_in(PartyRole.DEMAND), ""),
        func.coalesce(parties_in(PartyRole.TECHNOLOGY), ""),
    ),
    filters=(
        Filter("state", "阶段", equals(Project.state, ProjectState), choices(ProjectState)),
        by_year(Project.contracted_on, "签约年份"),
        by_region(Project.region_code),
        Filter("point", "点位", equals_number(Project.point_id), lambda ctx: nodes(ctx, "point")),
        Filter("attention", "需要关注", _attention, lambda _ctx: ATTENTION),
        Filter("event", "握手活动", _of_event, widget="hidden"),
        Filter("organization", "参与机构", _takes_part, widget="hidden"),
        demo_filter(Project.is_demo),
    ),
    order="-opened_on",
    unit="项",
)


@dataclass(frozen=True)
class Gate:
    """What the stage ``target`` demands: each field with what to do about it, and whether that is done."""

    target: ProjectState
    items: Sequence[tuple[str, str, bool]]

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing any more."""
        return all(done for _, _, done in self.items)


def missing_for(
    ctx: Context, project: Project, target: ProjectState, given: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """What the stage ``target`` still lacks, by field; ``given`` values stand in for the project's own."""
    known = given or {}
    return {
        name: sentence
        for name, sentence in GATES[target]
        if not (known[name] if name in known else _present(ctx, project, name))
    }


def _present(ctx: Context, project: Project, name: str) -> bool:
    if name == "contracts":
        return ctx.session.scalar(select(Contract.id).where(Contract.project_id == project.id).limit(1)) is not None
    return bool(getattr(project, name))


def gates(ctx: Context, project: Project) -> list[Gate]:
    """The gates of the stages the project may move to next, termination left aside."""
    nexts = [one for one in ProjectState if project.may_move(one) and one is not ProjectState.TERMINATED]
    return [_gate(ctx, project, target) for target in nexts]


def _gate(ctx: Context, project: Project, target: ProjectState) -> Gate:
    missing = missing_for(ctx, project, target)
    return Gate(target, [(name, sentence, name not in missing) for name, sentence in GATES[target]])


@dataclass(frozen=True)
class Origin:
    """The talk a project came of, and the pair that talked."""

    meeting_id: int
    event_id: int
    event: str
    need_id: int
    need: str
    achievement_id: int
    achievement: str


@dataclass(frozen=True)
class ProjectDetail:
    """One project with the names its page shows; ``origin`` is None when it was recorded directly."""

    project: Project
    region: str
    point: str
    origin: Origin | None


def project_detail(ctx: Context, project_id: int) -> ProjectDetail:
    """The project, if the actor may know of it. Raises NotFound."""
    row = ctx.session.execute(
        select(Project, Region.name, Category.name)
        .outerjoin(Region, Region.code == Project.region_code)
        .outerjoin(Category, Category.id == Project.point_id)
        .where(Project.id == project_id, visibility.projects(ctx))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {project_id} 的合作项目，或您无权查看。")
    project, region, point = row
    return ProjectDetail(project, region or "", point or "", origin_of(ctx, project.meeting_id))


def origin_of(ctx: Context, meeting_id: int | None) -> Origin | None:
    """What a project of that meeting comes of; None when there is no such meeting the actor may know of."""
    if meeting_id is None:
        return None
    row = ctx.session.execute(
        select(
            Meeting.id,
            HandshakeEvent.id,
            HandshakeEvent.title,
            Need.id,
            public_title(Need),
            Achievement.id,
            public_title(Achievement),
        )
        .join(HandshakeEvent, HandshakeEvent.id == Meeting.handshake_event_id)
        .join(Match, Match.id == Meeting.match_id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(Meeting.id == meeting_id, visibility.meetings(ctx))
    ).first()
    return Origin(*row) if row is not None else None


def parties(ctx: Context, project_id: int) -> Sequence[Row[Any]]:
    """Rows (id, organization_id, name, kind, role, is_demo), demand side first."""
    order = {role.value: place for place, role in enumerate(PartyRole)}
    rows: Iterable[Row[Any]] = ctx.session.execute(
        select(
            ProjectParty.id,
            ProjectParty.organization_id,
            Organization.name,
            Organization.kind,
            ProjectParty.role,
            Organization.is_demo,
        )
        .join(Organization, Organization.id == ProjectParty.organization_id)
        .where(ProjectParty.project_id == project_id)
    )
    return sorted(rows, key=lambda row: (order[row.role], row.id))
