"""Organizations: list, one with all one may know of it, enter and change."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Organization
from service.context import Context
from service.queries.history import citations
from service.queries.listing import page_of
from service.queries.organizations import namesakes, organization_detail, organization_listing
from service.queries.regions import all_regions
from service.usecases.organizations import WriteOrganization, create_organization, edit_organization
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/organizations", tags=["机构"])
SECTIONS = (
    ("是哪家机构", ("name", "kind", "uscc", "region_code")),
    ("别名与简介", ("aliases", "profile")),
)


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    page = page_of(ctx, organization_listing(ctx), request.query_params)
    return render(request, ctx, "organizations/list.html", page=page)


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, organization_listing(ctx), request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_organizations")
    return _form(request, ctx, None, FormState({"region_code": ctx.settings.region_code}))


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteOrganization) -> Response:
        return go(f"/organizations/{create_organization(ctx, command).id}", "created")

    ctx.demand("manage_organizations")
    return complete(ctx, form, WriteOrganization, act, lambda state, code: _form(request, ctx, None, state, code))


@router.get("/{organization_id:int}")
def show_one(organization_id: int, request: Request, ctx: ContextDep) -> Response:
    detail = organization_detail(ctx, organization_id)
    sources = citations(ctx, detail.organization)
    return render(request, ctx, "organizations/detail.html", detail=detail, sources=sources)


@router.get("/{organization_id:int}/edit")
def show_edit(organization_id: int, request: Request, ctx: ContextDep) -> Response:
    organization = _editable(ctx, organization_id)
    return _form(request, ctx, organization, FormState(_values(organization)))


@router.post("/{organization_id:int}/edit")
def post_edit(organization_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteOrganization) -> Response:
        return go(f"/organizations/{edit_organization(ctx, organization_id, command).id}", "saved")

    organization = _editable(ctx, organization_id)
    return complete(ctx, form, WriteOrganization, act, lambda s, code: _form(request, ctx, organization, s, code))


def _editable(ctx: Context, organization_id: int) -> Organization:
    ctx.demand("manage_organizations")
    return ctx.find(Organization, organization_id)


def _values(organization: Organization) -> dict[str, Any]:
    """An organization's columns as its form shows them."""
    names = ("name", "kind", "uscc", "region_code", "profile", "version")
    return {**{name: getattr(organization, name) for name in names}, "aliases": "、".join(organization.aliases)}


def _form(
    request: Request, ctx: Context, organization: Organization | None, state: FormState, status: int = 200
) -> Response:
    options = {"region_code": all_regions(ctx)}
    near = state.values.get("name") if "confirm_repeat" in state.errors or "name" in state.errors else None
    return render(
        request,
        ctx,
        "organizations/form.html",
        status=status,
        organization=organization,
        form=state,
        sections=[(title, fields_of(WriteOrganization, names, options)) for title, names in SECTIONS],
        labels=labels_of(WriteOrganization),
        near=namesakes(ctx, near, other_than=organization.id if organization else None) if near else [],
    )
