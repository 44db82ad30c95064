"""Search over everything, and the searches one keeps."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.queries.listing import whole_number
from service.queries.saved_searches import kept_search, kept_searches, seen_before
from service.queries.search import SORTS, search_page, search_suggestions
from service.usecases.searches import (
    EditSearch,
    KeepSearch,
    MoveSearch,
    edit_search,
    forget_search,
    keep_search,
    look_through,
    own_search,
)
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["搜索"])


@router.get("/search")
def show_search(request: Request, ctx: ContextDep) -> Response:
    return _search(request, ctx, FormState())


@router.get("/search/suggest")
def show_suggestions(request: Request, ctx: ContextDep) -> Response:
    text = request.query_params.get("q", "")
    return render(request, ctx, "search/_suggest.html", text=text, found=search_suggestions(ctx, text))


@router.get("/searches")
def show_kept(request: Request, ctx: ContextDep) -> Response:
    return render(request, ctx, "search/kept.html", kept=kept_searches(ctx), form=FormState())


@router.post("/searches")
def post_kept(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: KeepSearch) -> Response:
        keep_search(ctx, command)
        return go("/searches", "search-kept")

    ctx.demand("keep_search")
    return complete(ctx, form, KeepSearch, act, lambda state, code: _search(request, ctx, state, code))


@router.get("/searches/{search_id:int}/edit")
def show_edit(search_id: int, request: Request, ctx: ContextDep) -> Response:
    search = own_search(ctx, search_id)
    given = {"name": search.name, "alerts": search.alerts, "version": search.version}
    return _edit(request, ctx, search_id, FormState(given))


@router.post("/searches/{search_id:int}/edit")
def post_edit(search_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: EditSearch) -> Response:
        edit_search(ctx, search_id, command)
        return go("/searches", "saved")

    return complete(ctx, form, EditSearch, act, lambda state, code: _edit(request, ctx, search_id, state, code))


@router.post("/searches/{search_id:int}/seen")
def post_seen(search_id: int, ctx: ContextDep) -> Response:
    look_through(ctx, search_id)
    return go("/searches", "done")


@router.post("/searches/{search_id:int}/delete")
def post_delete(search_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: MoveSearch) -> Response:
        forget_search(ctx, search_id, command)
        return go("/searches", "removed")

    return complete(ctx, form, MoveSearch, act, lambda state, code: _kept(request, ctx, state, code))


def _search(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    given = {key: value for key, value in form.values.items() if isinstance(value, str)} or request.query_params
    kept = kept_search(ctx, whole_number(given.get("kept")))
    page = search_page(ctx, given, seen=seen_before(kept))
    return render(request, ctx, "search/page.html", status=status, page=page, form=form, sorts=SORTS, kept=kept)


def _kept(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    return render(request, ctx, "search/kept.html", status=status, kept=kept_searches(ctx), form=form)


def _edit(request: Request, ctx: Context, search_id: int, form: FormState, status: int = 200) -> Response:
    search = own_search(ctx, search_id)
    fields = fields_of(EditSearch, ["name", "alerts"])
    labels = labels_of(EditSearch)
    return render(
        request, ctx, "search/kept_form.html", status=status, search=search, form=form, fields=fields, labels=labels
    )
