"""Open a cooperation project, name its parties, and take it through its stages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, field_validator
from sqlalchemy import or_, select

from models import (
    Achievement,
    Category,
    Contract,
    ConversionMode,
    HandshakeEvent,
    Match,
    Meeting,
    MeetingState,
    Need,
    Organization,
    PartyRole,
    Project,
    ProjectParty,
    ProjectState,
    Region,
)
from service.commands import Command, OptionalDate, OptionalInt, OptionalLevel, OptionalText, Version, wrong
from service.context import SHANGHAI, Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked, words
from service.queries.projects import GATE_SENTENCES
from service.usecases.conflicts import refuse_conflict
from service.usecases.follow_ups import answer_reviews
from service.usecases.sensitive_words import refuse_secrets

OptionalMode = Annotated[ConversionMode | None, BeforeValidator(lambda value: None if value == "" else value)]

CLOSED_STATES = frozenset({ProjectState.ACCEPTED, ProjectState.TERMINATED})
"""Stages after which a project is no longer edited."""
DATES = ("starts_on", "ends_on")
SIDES = (PartyRole.DEMAND, PartyRole.TECHNOLOGY)
"""Without one of each there is no cooperation."""


def after(value: date | None, earlier: date | None, sentence: str) -> date | None:
    """For validators: ``value`` unless it lies before ``earlier``; then ``sentence`` is the complaint."""
    if value is not None and earlier is not None and value < earlier:
        raise wrong(sentence)
    return value


class WriteProject(Command):
    """What is written about a project at any time."""

    title: Annotated[str, words("项目名称", "一句话说清楚合作什么", limit=120)] = ""
    summary: Annotated[str, words("项目内容", "合作内容、预期目标、各方分工", limit=2000, widget="textarea")] = ""
    region_code: Annotated[OptionalText, picked("所在地区", "留空时取需求方所在地区", widget="region")] = None
    point_id: Annotated[OptionalInt, picked("所属点位", "重点领域，可留空", widget="select")] = None
    mode: Annotated[OptionalMode, picked("转化方式", "《促进科技成果转化法》第十六条", widget="select")] = None
    trl_start: Annotated[OptionalLevel, picked("起始成熟度（TRL）", "1–9 级", widget="trl")] = None


class OpenProject(WriteProject):
    """Input of a new project: from a held meeting, or directly with its reason and its parties."""

    meeting_id: Annotated[OptionalInt, picked("来自哪场洽谈", "已举行且达成意向或签约的洽谈", widget="hidden")] = None
    direct_reason: Annotated[
        str, words("直接登记的原因", "不是由握手洽谈产生的项目，请说明由来", limit=500, widget="textarea")
    ] = ""
    demand_id: Annotated[OptionalInt, picked("需求方", "提出技术需求的机构", widget="organization")] = None
    technology_id: Annotated[OptionalInt, picked("技术方", "提供技术的机构", widget="organization")] = None
    organizing_id: Annotated[OptionalInt, picked("组织方", "促成合作的机构，可留空", widget="organization")] = None
    opened_on: Annotated[OptionalDate, picked("达成意向日期", "留空即为洽谈当天或今天", widget="date")] = None


class EditProject(WriteProject):
    """Input of a change of a project."""

    trl_now: Annotated[OptionalLevel, picked("当前成熟度（TRL）", "1–9 级", widget="trl")] = None
    starts_on: Annotated[OptionalDate, picked("开始日期", "进入实施前须填写", widget="date")] = None
    ends_on: Annotated[OptionalDate, picked("计划结束日期", "进入实施前须填写", widget="date")] = None
    version: Version

    @field_validator("ends_on")
    @classmethod
    def _in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        return after(value, info.data.get("starts_on"), "计划结束日期不能早于开始日期")


class AddParty(Command):
    """Input of one more party."""

    organization_id: Annotated[int, picked("机构", "从列表中选择", widget="organization")]
    role: Annotated[PartyRole, picked("角色", widget="select")]
    version: Version


class RemoveParty(Command):
    """Input of taking a party out."""

    version: Version


def open_project(ctx: Context, command: OpenProject) -> Project:
    """Open a project as an intent. Raises Illegal when the meeting ended otherwise, Conflict when it has one."""
    refuse_secrets(ctx, command)
    project = Project(**_columns(command), direct_reason=command.direct_reason, state=ProjectState.INTENT)
    project.meeting_id = command.meeting_id
    parties = _from_meeting(ctx, command, project) if command.meeting_id else _direct(ctx, command, project)
    _check_references(ctx, command)
    if not project.title:
        raise Invalid({"title": "请填写项目名称"})
    if project.opened_on > ctx.today:
        raise Invalid({"opened_on": "达成意向日期不能晚于今天"})
    ctx.add(project)
    for organization_id, role in parties:
        _add_party(ctx, project, organization_id, role)
    ctx.log(project.born(project.direct_reason))
    if project.meeting_id is not None:
        answer_reviews(ctx, project.meeting_id, f"已立项：{project.title}")
    return project


def edit_project(ctx: Context, project_id: int, command: EditProject) -> Project:
    """Change what is written about an open project. Raises Illegal once it has ended, Conflict when stale."""
    refuse_secrets(ctx, command)
    project = held_project(ctx, project_id, command.version)
    refuse_closed(project)
    _check_references(ctx, command)
    if not command.title:
        raise Invalid({"title": "请填写项目名称"})
    wanted = _columns(command)
    if project.state is ProjectState.ACTIVE:
        refuse({name: f"实施中的项目不能没有日期：{GATE_SENTENCES[name]}" for name in DATES if wanted[name] is None})
    before = {name: getattr(project, name) for name in wanted}
    for name, value in wanted.items():
        setattr(project, name, value)
    ctx.touch(project)
    ctx.audit("edit", project, changed=sorted(name for name, value in before.items() if wanted[name] != value))
    return project


def add_party(ctx: Context, project_id: int, command: AddParty) -> ProjectParty:
    """Let one more organization take part."""
    project = held_project(ctx, project_id, command.version)
    refuse_closed(project)
    if ctx.session.get(Organization, command.organization_id) is None:
        raise Invalid({"organization_id": "没有这家机构，请从列表中选择"})
    if any(
        party.organization_id == command.organization_id and party.role is command.role
        for party in _parties(ctx, project)
    ):
        raise Invalid({"organization_id": f"这家机构已经是本项目的{command.role.label}"})
    party = _add_party(ctx, project, command.organization_id, command.role)
    ctx.touch(project)
    ctx.audit("add_party", project, organization_id=party.organization_id, role=party.role.value)
    return party


def remove_party(ctx: Context, project_id: int, party_id: int, command: RemoveParty) -> Project:
    """Take a party out. Raises Conflict for the last of a side, and for a party to a contract."""
    project = held_project(ctx, project_id, command.version)
    refuse_closed(project)
    parties = _parties(ctx, project)
    party = next((one for one in parties if one.id == party_id), None)
    if party is None:
        raise Invalid({"party_id": "本项目没有这个参与方"})
    if party.role in SIDES and not any(one.role is party.role for one in parties if one is not party):
        raise Conflict(f"这是本项目唯一的{party.role.label}，不能移除；请先加入新的{party.role.label}。")
    stays = any(one.organization_id == party.organization_id for one in parties if one is not party)
    if not stays and (contract := _contract_of(ctx, party)) is not None:
        raise Conflict(f"这家机构是合同“{contract}”的当事人，不能移除。")
    ctx.session.delete(party)
    ctx.touch(project)
    ctx.audit("remove_party", project, organization_id=party.organization_id, role=party.role.value)
    return project


def _from_meeting(ctx: Context, command: OpenProject, project: Project) -> list[tuple[int, PartyRole]]:
    meeting = ctx.require(Meeting, command.meeting_id or 0, may="open_project")
    if meeting.state is not MeetingState.HELD or meeting.outcome is None or not meeting.outcome.may_open_project:
        raise Illegal("只有已举行、结果为“达成意向”或“签约”的洽谈才能建立合作项目，请先登记洽谈结果。")
    ctx.session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    existing = ctx.session.execute(select(Project.id, Project.title).where(Project.meeting_id == meeting.id)).first()
    if existing is not None:
        raise Conflict(f"这场洽谈已经建立了项目 #{existing.id}“{existing.title}”，请在该项目中继续。")
    match = ctx.find(Match, meeting.match_id)
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    refuse_conflict(ctx, need, achievement)
    event = ctx.find(HandshakeEvent, meeting.handshake_event_id)
    project.title = project.title or need.title
    project.region_code = project.region_code or need.region_code or event.region_code
    project.point_id = project.point_id or event.point_id
    project.trl_start = project.trl_start or achievement.trl
    held_on = meeting.held_at.astimezone(SHANGHAI).date() if meeting.held_at is not None else ctx.today
    project.opened_on = command.opened_on or min(held_on, ctx.today)
    project.is_demo = meeting.is_demo
    return [
        (need.organization_id, PartyRole.DEMAND),
        (achievement.organization_id, PartyRole.TECHNOLOGY),
        (event.organizer_id, PartyRole.ORGANIZING),
    ]


def _direct(ctx: Context, command: OpenProject, project: Project) -> list[tuple[int, PartyRole]]:
    ctx.demand("open_project")
    given = {
        "demand_id": (command.demand_id, PartyRole.DEMAND),
        "technology_id": (command.technology_id, PartyRole.TECHNOLOGY),
        "organizing_id": (command.organizing_id, PartyRole.ORGANIZING),
    }
    wrong_fields: dict[str, str] = {}
    if not command.direct_reason:
        wrong_fields["direct_reason"] = "不是由洽谈产生的项目，请说明直接登记的原因"
    for name, (organization_id, role) in given.items():
        if organization_id is None and role in SIDES:
            wrong_fields[name] = f"请选择{role.label}"
        elif organization_id is not None and ctx.session.get(Organization, organization_id) is None:
            wrong_fields[name] = "没有这家机构，请从列表中选择"
    if command.demand_id is not None and command.demand_id == command.technology_id:
        wrong_fields["technology_id"] = "技术方与需求方不能是同一家机构"
    if wrong_fields:
        raise Invalid(wrong_fields)
    demanding = ctx.find(Organization, command.demand_id or 0)
    project.region_code = project.region_code or demanding.region_code
    project.opened_on = command.opened_on or ctx.today
    project.is_demo = demanding.is_demo
    ctx.demand("open_project", project)
    return [(organization_id, role) for organization_id, role in given.values() if organization_id is not None]


def held_project(ctx: Context, project_id: int, version: int) -> Project:
    """The project, if the actor may edit it and saw it as it stands. Raises NotFound, Forbidden or Conflict."""
    project = ctx.require(Project, project_id, may="edit_project")
    ctx.check_version(project, version)
    return project


def refuse_closed(project: Project) -> None:
    """Raises Illegal when the project has ended."""
    if project.state in CLOSED_STATES:
        raise Illegal(f"项目已{project.state.label}，不能再修改。")


def refuse(fields: dict[str, str]) -> None:
    """Raises Invalid when there is anything to complain about."""
    if fields:
        raise Invalid(fields)


def _columns(command: WriteProject) -> dict[str, Any]:
    kept = {*WriteProject.model_fields, "trl_now", *DATES} & set(type(command).model_fields)
    return {name: getattr(command, name) for name in sorted(kept)}


def _check_references(ctx: Context, command: WriteProject) -> None:
    missing: dict[str, str] = {}
    if command.region_code is not None and ctx.session.get(Region, command.region_code) is None:
        missing["region_code"] = "没有这个地区代码，请从列表中选择"
    if command.point_id is not None and ctx.session.get(Category, command.point_id) is None:
        missing["point_id"] = "没有这个点位，请从列表中选择"
    refuse(missing)


def _parties(ctx: Context, project: Project) -> list[ProjectParty]:
    return list(ctx.session.scalars(select(ProjectParty).where(ProjectParty.project_id == project.id)))


def _add_party(ctx: Context, project: Project, organization_id: int, role: PartyRole) -> ProjectParty:
    party = ProjectParty(project_id=project.id, organization_id=organization_id, role=role, is_demo=project.is_demo)
    return ctx.add(party)


def _contract_of(ctx: Context, party: ProjectParty) -> str | None:
    return ctx.session.scalar(
        select(Contract.title)
        .where(
            Contract.project_id == party.project_id,
            or_(Contract.buyer_id == party.organization_id, Contract.seller_id == party.organization_id),
        )
        .limit(1)
    )
