"""The words that mean the same in search: list, enter, change, switch off."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Synonym
from service.context import Context
from service.queries.listing import page_of
from service.queries.synonyms import SYNONYMS
from service.usecases.synonyms import WriteSynonym, add_synonym, edit_synonym
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/admin/synonyms", tags=["管理"])


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_synonyms")
    page = page_of(ctx, SYNONYMS, request.query_params)
    return render(request, ctx, "admin/synonyms.html", page=page)


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_synonyms")
    return download(ctx, SYNONYMS, request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_synonyms")
    return _form(request, ctx, None, FormState({"is_active": True}))


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteSynonym) -> Response:
        add_synonym(ctx, command)
        return go("/admin/synonyms?sort=-id", "created")

    ctx.demand("manage_synonyms")
    return complete(ctx, form, WriteSynonym, act, lambda state, code: _form(request, ctx, None, state, code))


@router.get("/{synonym_id:int}/edit")
def show_edit(synonym_id: int, request: Request, ctx: ContextDep) -> Response:
    group = ctx.require(Synonym, synonym_id, may="manage_synonyms")
    given = {"words": group.words, "note": group.note, "is_active": group.is_active, "version": group.version}
    return _form(request, ctx, group, FormState(given))


@router.post("/{synonym_id:int}/edit")
def post_edit(synonym_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteSynonym) -> Response:
        edit_synonym(ctx, synonym_id, command)
        return go("/admin/synonyms", "saved")

    group = ctx.require(Synonym, synonym_id, may="manage_synonyms")
    return complete(ctx, form, WriteSynonym, act, lambda state, code: _form(request, ctx, group, state, code))


def _form(request: Request, ctx: Context, group: Synonym | None, form: FormState, status: int = 200) -> Response:
    fields = fields_of(WriteSynonym, ["words", "note", "is_active"])
    labels = labels_of(WriteSynonym)
    return render(
        request, ctx, "admin/synonym_form.html", status=status, group=group, form=form, fields=fields, labels=labels
    )
