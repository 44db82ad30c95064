"""An institute's scientists: the list, enter one, change one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Organization, Scientist
from service.context import Context
from service.queries.scientists import scientists_of
from service.usecases.scientists import WriteScientist, add_scientist, edit_scientist
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["科学家"])


@router.get("/organizations/{organization_id:int}/scientists")
def show_list(organization_id: int, request: Request, ctx: ContextDep) -> Response:
    house = ctx.require(Organization, organization_id, may="keep_scientists")
    people = scientists_of(ctx, organization_id)
    return render(request, ctx, "scientists/list.html", organization=house, people=people)


@router.get("/organizations/{organization_id:int}/scientists/new")
def show_new(organization_id: int, request: Request, ctx: ContextDep) -> Response:
    return _form(request, ctx, organization_id, None, FormState())


@router.post("/organizations/{organization_id:int}/scientists/new")
def post_new(organization_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        WriteScientist,
        lambda command: _then(add_scientist(ctx, organization_id, command), "created"),
        lambda state, status: _form(request, ctx, organization_id, None, state, status),
    )


@router.get("/scientists/{scientist_id:int}/edit")
def show_edit(scientist_id: int, request: Request, ctx: ContextDep) -> Response:
    one = ctx.require(Scientist, scientist_id, may="keep_scientists")
    kept = {"name": one.name, "position": one.position, "fields": one.fields}
    return _form(request, ctx, one.organization_id, one, FormState(kept))


@router.post("/scientists/{scientist_id:int}/edit")
def post_edit(scientist_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    one = ctx.require(Scientist, scientist_id, may="keep_scientists")
    return complete(
        ctx,
        form,
        WriteScientist,
        lambda command: _then(edit_scientist(ctx, scientist_id, command), "saved"),
        lambda state, status: _form(request, ctx, one.organization_id, one, state, status),
    )


def _then(scientist: Scientist, notice: str) -> Response:
    return go(f"/organizations/{scientist.organization_id}/scientists", notice)


def _form(
    request: Request, ctx: Context, organization_id: int, one: Scientist | None, state: FormState, status: int = 200
) -> Response:
    return render(
        request,
        ctx,
        "scientists/form.html",
        status=status,
        organization=ctx.require(Organization, organization_id, may="keep_scientists"),
        scientist=one,
        form=state,
        labels=labels_of(WriteScientist),
    )
