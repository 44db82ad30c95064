"""Technology contracts: list, record and mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Contract, PartyRole, Project
from models.money import yuan
from service.context import Context
from service.pages.projects import show_form
from service.queries.contracts import CONTRACTS
from service.queries.listing import page_of
from service.queries.projects import parties
from service.usecases.contracts import AddContract, EditContract, add_contract, edit_contract
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["技术合同"])
SECTIONS = (
    ("合同", ("title", "kind", "buyer_id", "seller_id", "signed_on")),
    ("金额", ("amount", "technology_amount", "payment_mode")),
    ("登记与有效期", ("registration_number", "valid_from", "valid_to")),
)


@router.get("/contracts")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return render(request, ctx, "contracts/list.html", page=page_of(ctx, CONTRACTS, request.query_params))


@router.get("/contracts.{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return download(ctx, CONTRACTS, request.query_params, form)


@router.get("/projects/{project_id:int}/contracts/new")
def show_new(project_id: int, request: Request, ctx: ContextDep) -> Response:
    project = ctx.require(Project, project_id, may="add_contract")
    return _form(request, ctx, project, None, FormState(_usual(ctx, project)))


@router.post("/projects/{project_id:int}/contracts/new")
def post_new(project_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    project = ctx.require(Project, project_id, may="add_contract")
    return complete(
        ctx,
        form,
        AddContract,
        lambda command: go(f"/projects/{add_contract(ctx, project_id, command).project_id}", "saved"),
        lambda state, status: _form(request, ctx, project, None, state, status),
    )


@router.get("/contracts/{contract_id:int}/edit")
def show_edit(contract_id: int, request: Request, ctx: ContextDep) -> Response:
    contract = ctx.require(Contract, contract_id, may="add_contract")
    return _form(request, ctx, ctx.find(Project, contract.project_id), contract, FormState(_values(contract)))


@router.post("/contracts/{contract_id:int}/edit")
def post_edit(contract_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    contract = ctx.require(Contract, contract_id, may="add_contract")
    project = ctx.find(Project, contract.project_id)
    return complete(
        ctx,
        form,
        EditContract,
        lambda command: go(f"/projects/{edit_contract(ctx, contract_id, command).project_id}", "saved"),
        lambda state, status: _form(request, ctx, project, contract, state, status),
    )


def _form(
    request: Request, ctx: Context, project: Project, contract: Contract | None, state: FormState, status: int = 200
) -> Response:
    command = AddContract if contract is None else EditContract
    sides = _sides(ctx, project)
    options = {"buyer_id": sides, "seller_id": sides}
    return show_form(
        request,
        ctx,
        project,
        state,
        status,
        heading="登记技术合同" if contract is None else "修改技术合同",
        lead="合同登记编号可以等认定登记之后再补。",
        action=f"/projects/{project.id}/contracts/new" if contract is None else f"/contracts/{contract.id}/edit",
        cancel=f"/projects/{project.id}",
        at=contract,
        sections=[(title, fields_of(command, names, options)) for title, names in SECTIONS],
        labels=labels_of(command),
    )


def _sides(ctx: Context, project: Project) -> Sequence[tuple[str, str]]:
    """The parties that may sign, each once."""
    named: dict[str, str] = {}
    for party in parties(ctx, project.id):
        if party.role is not PartyRole.ORGANIZING:
            named.setdefault(str(party.organization_id), f"{party.name}（{party.role.label}）")
    return list(named.items())


def _usual(ctx: Context, project: Project) -> dict[str, Any]:
    """The demand side buys from the technology side, unless someone says otherwise."""
    first: dict[PartyRole, int] = {}
    for party in parties(ctx, project.id):
        first.setdefault(party.role, party.organization_id)
    return {
        "title": f"{project.title}技术合同"[:120],
        "buyer_id": first.get(PartyRole.DEMAND),
        "seller_id": first.get(PartyRole.TECHNOLOGY),
    }


def _values(contract: Contract) -> dict[str, Any]:
    """A contract's columns as its form shows them."""
    renamed = {"amount": "amount_fen", "technology_amount": "technology_amount_fen"}
    values = {name: getattr(contract, renamed.get(name, name)) for name in EditContract.model_fields}
    values |= {name: f"{yuan(values[name]):f}" for name in renamed}
    return values | {name: values[name].value for name in ("kind", "payment_mode")}
