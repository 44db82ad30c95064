"""Cooperation projects: list, one with its parties, contracts and money, and the moves between its stages."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Meeting, Project, ProjectState
from service.context import Context
from service.pages.returning import known
from service.queries.attachments import counts_of, filing_of
from service.queries.contracts import contracts_of
from service.queries.history import state_changes
from service.queries.ledger import lines_of, sums_of
from service.queries.listing import page_of, whole_number
from service.queries.narrowing import regions
from service.queries.projects import PROJECTS, gates, origin_of, parties, project_detail
from service.queries.taxonomy import nodes, organizations
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
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/projects", tags=["合作项目"])
STEPS = (ProjectState.INTENT, ProjectState.CONTRACTED, ProjectState.ACTIVE, ProjectState.ACCEPTED)
ABOUT = ("合作内容", ("title", "summary", "mode", "trl_start"))
PLACE = ("归类", ("region_code", "point_id"))
OPENED = ("时间", ("opened_on",))
SIDES = ("参与方", ("demand_id", "technology_id", "organizing_id"))
WHY = ("由来", ("direct_reason",))
PLAN = ("进度", ("starts_on", "ends_on", "trl_now"))


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return render(request, ctx, "projects/list.html", page=page_of(ctx, PROJECTS, request.query_params))


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return download(ctx, PROJECTS, request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    return _new(request, ctx, FormState({"meeting_id": request.query_params.get("meeting", "")}))


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        OpenProject,
        lambda command: go(f"/projects/{open_project(ctx, command).id}", "created"),
        lambda state, status: _new(request, ctx, state, status),
    )


@router.get("/{project_id:int}")
def show_one(project_id: int, request: Request, ctx: ContextDep) -> Response:
    return show_project(request, ctx, project_id)


@router.get("/{project_id:int}/edit")
def show_edit(project_id: int, request: Request, ctx: ContextDep) -> Response:
    project = ctx.require(Project, project_id, may="edit_project")
    values = {name: getattr(project, name) for name in EditProject.model_fields}
    return _edit(request, ctx, project, FormState({name: _typed(value) for name, value in values.items()}))


@router.post("/{project_id:int}/edit")
def post_edit(project_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    project = ctx.require(Project, project_id, may="edit_project")
    return complete(
        ctx,
        form,
        EditProject,
        lambda command: go(f"/projects/{edit_project(ctx, project_id, command).id}", "saved"),
        lambda state, status: _edit(request, ctx, project, state, status),
    )


@router.get("/{project_id:int}/parties/new")
def show_party(project_id: int, request: Request, ctx: ContextDep) -> Response:
    project = ctx.require(Project, project_id, may="edit_project")
    return _party(request, ctx, project, FormState({"version": project.version}))


@router.post("/{project_id:int}/parties/new")
def post_party(project_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    project = ctx.require(Project, project_id, may="edit_project")
    return complete(
        ctx,
        form,
        AddParty,
        lambda command: go(f"/projects/{add_party(ctx, project_id, command).project_id}", "saved"),
        lambda state, status: _party(request, ctx, project, state, status),
    )


@router.post("/{project_id:int}/parties/{party_id:int}/remove")
def post_removal(project_id: int, party_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        RemoveParty,
        lambda command: go(f"/projects/{remove_party(ctx, project_id, party_id, command).id}", "removed"),
        lambda state, status: show_project(request, ctx, project_id, state, status),
    )


@router.post("/{project_id:int}/{stage}")
def post_stage(project_id: int, stage: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    move = known(STAGES, stage)
    return complete(
        ctx,
        form,
        move.command,
        lambda command: go(f"/projects/{move.act(ctx, project_id, command).id}", "done"),
        lambda state, status: show_project(request, ctx, project_id, state, status),
    )


def show_project(
    request: Request, ctx: Context, project_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    """The page of one project, with what was wrong with a form on it."""
    detail = project_detail(ctx, project_id)
    project = detail.project
    moves = {
        name: (stage, fields_of(stage.command, [one for one in stage.command.model_fields if one != "version"]))
        for name, stage in STAGES.items()
        if project.may_move(stage.target)
    }
    labels = {"contracts": "技术合同"}
    for stage in STAGES.values():
        labels |= labels_of(stage.command)
    return render(
        request,
        ctx,
        "projects/detail.html",
        status=status,
        detail=detail,
        project=project,
        form=form or FormState(),
        labels=labels,
        steps=STEPS,
        gates=gates(ctx, project),
        moves=moves,
        parties=parties(ctx, project_id),
        contracts=(contracts := contracts_of(ctx, project_id)),
        sums=sums_of(ctx, project_id),
        lines=(lines := lines_of(ctx, project_id)),
        changes=state_changes(ctx, project, ProjectState),
        files=filing_of(ctx, project),
        contract_files=counts_of(ctx, "Contract", [row.id for row in contracts]),
        entry_files=counts_of(ctx, "InvestmentEntry", [line.row.id for line in lines]),
    )


def show_form(
    request: Request,
    ctx: Context,
    project: Project | None,
    state: FormState,
    status: int = 200,
    **page: Any,
) -> Response:
    """A form page of this area; ``page`` gives heading, action, sections, labels and whatever else differs."""
    values = {"lead": "", "submit": "保存", "hidden": (), "at": None, "facts": (), "cancel": "/projects", **page}
    return render(request, ctx, "projects/form.html", status=status, project=project, form=state, **values)


def choices_of(ctx: Context) -> dict[str, Any]:
    """The choices that come from the database, by field."""
    levels = [(str(level), f"{level} 级") for level in range(1, 10)]
    known_organizations = organizations(ctx)
    return {
        "region_code": regions(ctx),
        "point_id": nodes(ctx, "point"),
        "trl_start": levels,
        "trl_now": levels,
        **dict.fromkeys(("demand_id", "technology_id", "organizing_id", "organization_id"), known_organizations),
    }


def _new(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    meeting_id = whole_number(str(state.values.get("meeting_id") or ""))
    ctx.demand("open_project", ctx.find(Meeting, meeting_id) if meeting_id is not None else None)
    origin = origin_of(ctx, meeting_id)
    chosen = (ABOUT, PLACE, OPENED) if origin is not None else (ABOUT, SIDES, WHY, PLACE, OPENED)
    facts = (
        [("握手活动", origin.event), ("技术需求", origin.need), ("科技成果", origin.achievement)]
        if origin is not None
        else []
    )
    usual = {"title": origin.need if origin is not None else "", "region_code": ctx.settings.region_code}
    return show_form(
        request,
        ctx,
        None,
        FormState({**usual, **state.values}, state.errors),
        status,
        heading="由洽谈建立合作项目" if origin is not None else "登记合作项目",
        lead="参与方按洽谈双方和活动主办单位自动填好，建立后可以增减。"
        if origin is not None
        else "由握手洽谈产生的项目，请从那场洽谈的页面建立；这里登记其他途径达成的合作。",
        action="/projects/new",
        submit="建立项目",
        hidden=("meeting_id",) if origin is not None else (),
        facts=facts,
        sections=[(title, fields_of(OpenProject, names, choices_of(ctx))) for title, names in chosen],
        labels=labels_of(OpenProject),
    )


def _edit(request: Request, ctx: Context, project: Project, state: FormState, status: int = 200) -> Response:
    return show_form(
        request,
        ctx,
        project,
        state,
        status,
        heading="修改合作项目",
        action=f"/projects/{project.id}/edit",
        cancel=f"/projects/{project.id}",
        at=project,
        sections=[(title, fields_of(EditProject, names, choices_of(ctx))) for title, names in (ABOUT, PLAN, PLACE)],
        labels=labels_of(EditProject),
    )


def _party(request: Request, ctx: Context, project: Project, state: FormState, status: int = 200) -> Response:
    return show_form(
        request,
        ctx,
        project,
        state,
        status,
        heading="增加参与方",
        action=f"/projects/{project.id}/parties/new",
        cancel=f"/projects/{project.id}",
        submit="加入项目",
        at=project,
        sections=[("参与方", fields_of(AddParty, ("organization_id", "role"), choices_of(ctx)))],
        labels=labels_of(AddParty),
    )


def _typed(value: Any) -> Any:
    """A column's value as it stands in a form."""
    return value.value if hasattr(value, "label") else value.isoformat() if hasattr(value, "isoformat") else value
