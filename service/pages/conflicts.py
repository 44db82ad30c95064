"""关联与回避: the ties and the blacklist of one organization, kept by organizers and the security administrator."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import BlacklistEntry, OrganizationTie, TieKind
from service.context import Context
from service.queries.organization_ties import organization_conflicts
from service.queries.taxonomy import organizations
from service.usecases.conflicts import (
    AddBlacklistEntry,
    AddTie,
    EndConflict,
    add_blacklist_entry,
    add_tie,
    lift_blacklist_entry,
    remove_tie,
)
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["机构"])


@router.get("/organizations/{organization_id:int}/conflicts")
def show_conflicts(organization_id: int, request: Request, ctx: ContextDep, add: str = "", other: str = "") -> Response:
    ctx.demand("keep_conflicts")
    kind = TieKind.SAME if other else TieKind.PARENT
    form = FormState({"kind": kind.value, "other_id": other} if add != "blacklist" else {})
    return _page(request, ctx, organization_id, form, add=add)


@router.post("/organizations/{organization_id:int}/conflicts/tie")
def post_tie(organization_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AddTie) -> Response:
        return _back(add_tie(ctx, organization_id, command).organization_id)

    return complete(
        ctx, form, AddTie, act, lambda state, code: _page(request, ctx, organization_id, state, code, add="tie")
    )


@router.post("/organizations/{organization_id:int}/conflicts/blacklist")
def post_entry(organization_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AddBlacklistEntry) -> Response:
        return _back(add_blacklist_entry(ctx, organization_id, command).organization_id)

    def again(state: FormState, code: int) -> Response:
        return _page(request, ctx, organization_id, state, code, add="blacklist")

    return complete(ctx, form, AddBlacklistEntry, act, again)


@router.post("/ties/{tie_id:int}/remove")
def post_remove(tie_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    about = ctx.find(OrganizationTie, tie_id).organization_id

    def act(command: EndConflict) -> Response:
        return _back(remove_tie(ctx, tie_id, command).id)

    return complete(ctx, form, EndConflict, act, lambda state, code: _page(request, ctx, about, state, code))


@router.post("/blacklist/{entry_id:int}/lift")
def post_lift(entry_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    about = ctx.find(BlacklistEntry, entry_id).organization_id

    def act(command: EndConflict) -> Response:
        return _back(lift_blacklist_entry(ctx, entry_id, command).organization_id)

    return complete(ctx, form, EndConflict, act, lambda state, code: _page(request, ctx, about, state, code))


def _back(organization_id: int) -> Response:
    return go(f"/organizations/{organization_id}/conflicts", "saved")


def _page(
    request: Request,
    ctx: Context,
    organization_id: int,
    form: FormState,
    status: int = 200,
    add: str = "",
) -> Response:
    options: dict[str, Any] = {"other_id": organizations(ctx)}
    return render(
        request,
        ctx,
        "organizations/conflicts.html",
        status=status,
        about=organization_conflicts(ctx, organization_id),
        form=form,
        add=add,
        tie_fields=fields_of(AddTie, ["kind", "other_id", "person_name", "note"], options),
        entry_fields=fields_of(AddBlacklistEntry, ["other_id", "reason", "starts_on", "ends_on"], options),
        labels=labels_of(AddTie) | labels_of(AddBlacklistEntry) | labels_of(EndConflict),
    )
