"""Cooperation projects under /api/v1: list, one, open, change, parties and the moves between stages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request

from models import ConversionMode, OrganizationKind, PartyRole, ProjectState
from service.api.schemas import Many, Out, Yuan, many, narrowed_by
from service.context import Context
from service.queries.ledger import Sums, sums_of
from service.queries.listing import page_of
from service.queries.projects import PROJECTS, gates, parties, project_detail
from service.usecases.projects import (
    AddParty,
    EditProject,
    OpenProject,
    RemoveParty,
    add_party,
    edit_project,
    open_project,
    remove_party,
)
from service.usecases.stages import STAGES
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/projects", tags=["合作项目"])


class ProjectRow(Out):
    """A project in a list; money in 元, null where there is no line of that kind."""

    id: int
    title: str
    state: ProjectState
    demand: str | None
    technology: str | None
    region: str | None
    point: str | None
    opened_on: date
    contracted_on: date | None
    committed: Yuan | None
    received: Yuan | None
    spent: Yuan | None
    is_demo: bool


class PartyOut(Out):
    """An organization that takes part."""

    id: int
    organization_id: int
    name: str
    kind: OrganizationKind
    role: PartyRole


class MoneyOut(Out):
    """What was promised, arrived and was spent; never added together."""

    committed: Yuan
    received: Yuan
    spent: Yuan


class GateOut(Out):
    """What the next stage still lacks, by field."""

    target: ProjectState
    missing: dict[str, str]


class ProjectOut(Out):
    """One project."""

    id: int
    version: int
    title: str
    summary: str
    state: ProjectState
    meeting_id: int | None
    direct_reason: str
    region_code: str | None
    point_id: int | None
    mode: ConversionMode | None
    trl_start: int | None
    trl_now: int | None
    opened_on: date
    contracted_on: date | None
    starts_on: date | None
    ends_on: date | None
    accepted_on: date | None
    acceptance_note: str
    termination_reason: str
    in_good_faith: bool
    updated_at: datetime
    is_demo: bool
    parties: list[PartyOut]
    money: MoneyOut
    gates: list[GateOut]


def as_out(ctx: Context, project_id: int) -> ProjectOut:
    """The project as the asker may read it."""
    project = project_detail(ctx, project_id).project
    columns = {column.key: getattr(project, column.key) for column in project.__table__.columns}
    sums: Sums = sums_of(ctx, project_id)
    shut = [
        {"target": gate.target, "missing": {name: todo for name, todo, done in gate.items if not done}}
        for gate in gates(ctx, project)
    ]
    named = [dict(row._mapping) for row in parties(ctx, project_id)]
    return ProjectOut.model_validate(columns | {"parties": named, "money": sums, "gates": shut})


@router.get("", openapi_extra=narrowed_by(PROJECTS), response_model=Many[ProjectRow], summary="合作项目列表")
def get_projects(request: Request, ctx: ContextDep) -> Any:
    ctx.demand("read_figures")
    return many(page_of(ctx, PROJECTS, request.query_params), ProjectRow)


@router.post("", status_code=201, response_model=ProjectOut, summary="由洽谈或直接建立合作项目")
def post_project(ctx: ContextDep, command: OpenProject) -> Any:
    return as_out(ctx, open_project(ctx, command).id)


@router.get("/{project_id}", response_model=ProjectOut, summary="一个合作项目")
def get_project(project_id: int, ctx: ContextDep) -> Any:
    return as_out(ctx, project_id)


@router.put("/{project_id}", response_model=ProjectOut, summary="修改合作项目")
def put_project(project_id: int, ctx: ContextDep, command: EditProject) -> Any:
    return as_out(ctx, edit_project(ctx, project_id, command).id)


@router.post("/{project_id}/parties", status_code=201, response_model=ProjectOut, summary="增加参与方")
def post_party(project_id: int, ctx: ContextDep, command: AddParty) -> Any:
    return as_out(ctx, add_party(ctx, project_id, command).project_id)


@router.post("/{project_id}/parties/{party_id}/remove", response_model=ProjectOut, summary="移除参与方")
def post_removal(project_id: int, party_id: int, ctx: ContextDep, command: RemoveParty) -> Any:
    return as_out(ctx, remove_party(ctx, project_id, party_id, command).id)


def _mover(name: str) -> Any:
    def post_stage(project_id: int, ctx: ContextDep, command: Any) -> Any:
        return as_out(ctx, STAGES[name].act(ctx, project_id, command).id)

    post_stage.__name__ = f"{name}_project"
    post_stage.__annotations__["command"] = STAGES[name].command
    return post_stage


for _name, _stage in STAGES.items():
    router.add_api_route(
        f"/{{project_id}}/{_name}",
        _mover(_name),
        methods=["POST"],
        response_model=ProjectOut,
        summary=f"合作项目：{_stage.label}",
    )
