"""The ledger: list, write a line, take one back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import InvestmentEntry, Project
from models.money import yuan
from service.context import Context
from service.pages.projects import show_form
from service.queries.contracts import contracts_of
from service.queries.ledger import ENTRIES, entry_of
from service.queries.listing import page_of
from service.usecases.ledger import AddEntry, ReverseEntry, add_entry, reverse_entry
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["资金流水"])
SECTIONS = (
    ("金额", ("kind", "source", "amount", "occurred_on")),
    ("依据", ("evidence", "contract_id", "note")),
)
REPEAT = ("重复确认", ("confirm_repeat",))


@router.get("/ledger")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return render(request, ctx, "ledger/list.html", page=page_of(ctx, ENTRIES, request.query_params))


@router.get("/ledger.{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return download(ctx, ENTRIES, request.query_params, form)


@router.get("/projects/{project_id:int}/entries/new")
def show_new(project_id: int, request: Request, ctx: ContextDep) -> Response:
    project = ctx.require(Project, project_id, may="add_entry")
    return _form(request, ctx, project, FormState({"kind": request.query_params.get("kind", "")}))


@router.post("/projects/{project_id:int}/entries/new")
def post_new(project_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    project = ctx.require(Project, project_id, may="add_entry")
    return complete(
        ctx,
        form,
        AddEntry,
        lambda command: go(f"/projects/{add_entry(ctx, project_id, command).project_id}", "saved"),
        lambda state, status: _form(request, ctx, project, state, status),
    )


@router.get("/ledger/{entry_id:int}/reverse")
def show_reverse(entry_id: int, request: Request, ctx: ContextDep) -> Response:
    return _reverse(request, ctx, entry_id, FormState())


@router.post("/ledger/{entry_id:int}/reverse")
def post_reverse(entry_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        ReverseEntry,
        lambda command: go(f"/projects/{reverse_entry(ctx, entry_id, command).project_id}", "reversed"),
        lambda state, status: _reverse(request, ctx, entry_id, state, status),
    )


def _form(request: Request, ctx: Context, project: Project, state: FormState, status: int = 200) -> Response:
    options = {"contract_id": [(str(row.id), row.title) for row in contracts_of(ctx, project.id)]}
    chosen = (*SECTIONS, REPEAT) if state.errors.get("") or state.values.get("confirm_repeat") else SECTIONS
    return show_form(
        request,
        ctx,
        project,
        state,
        status,
        heading="登记资金流水",
        lead="只能追加，不能修改或删除；记错了用冲销改正。",
        action=f"/projects/{project.id}/entries/new",
        cancel=f"/projects/{project.id}",
        submit="登记",
        sections=[(title, fields_of(AddEntry, names, options)) for title, names in chosen],
        labels=labels_of(AddEntry),
    )


def _reverse(request: Request, ctx: Context, entry_id: int, state: FormState, status: int = 200) -> Response:
    entry = ctx.require(InvestmentEntry, entry_id, may="reverse_entry")
    row = entry_of(ctx, entry_id)
    return show_form(
        request,
        ctx,
        ctx.find(Project, entry.project_id),
        state,
        status,
        heading=f"冲销流水 #{entry_id}",
        lead="将追加一笔金额相反的流水并指明原流水，原流水保留可查。",
        action=f"/ledger/{entry_id}/reverse",
        cancel=f"/projects/{entry.project_id}",
        submit="确认冲销",
        facts=[
            ("类别", row.kind.label),
            ("资金来源", row.source.label),
            ("金额", f"{yuan(row.amount):,} 元"),
            ("发生日期", str(row.occurred_on)),
            ("凭证", row.evidence),
        ],
        sections=[("原因", fields_of(ReverseEntry, ("reason",)))],
        labels=labels_of(ReverseEntry),
    )
