"""The words against classified content: list, enter, change, switch off."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import SensitiveLevel, SensitiveWord
from service.context import Context
from service.queries.listing import page_of
from service.queries.sensitive_word_list import SENSITIVE_WORDS
from service.usecases.sensitive_words import WriteSensitiveWord, add_sensitive_word, edit_sensitive_word
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/admin/sensitive-words", tags=["管理"])


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_sensitive_words")
    page = page_of(ctx, SENSITIVE_WORDS, request.query_params)
    return render(request, ctx, "admin/sensitive_words.html", page=page)


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_sensitive_words")
    return download(ctx, SENSITIVE_WORDS, request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_sensitive_words")
    return _form(request, ctx, None, FormState({"is_active": True, "level": SensitiveLevel.PROMPT.value}))


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteSensitiveWord) -> Response:
        add_sensitive_word(ctx, command)
        return go("/admin/sensitive-words?sort=-id", "created")

    ctx.demand("keep_sensitive_words")
    return complete(ctx, form, WriteSensitiveWord, act, lambda state, code: _form(request, ctx, None, state, code))


@router.get("/{word_id:int}/edit")
def show_edit(word_id: int, request: Request, ctx: ContextDep) -> Response:
    word = ctx.require(SensitiveWord, word_id, may="keep_sensitive_words")
    given = {
        "word": word.word,
        "level": word.level.value,
        "note": word.note,
        "is_active": word.is_active,
        "version": word.version,
    }
    return _form(request, ctx, word, FormState(given))


@router.post("/{word_id:int}/edit")
def post_edit(word_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteSensitiveWord) -> Response:
        edit_sensitive_word(ctx, word_id, command)
        return go("/admin/sensitive-words", "saved")

    word = ctx.require(SensitiveWord, word_id, may="keep_sensitive_words")
    return complete(ctx, form, WriteSensitiveWord, act, lambda state, code: _form(request, ctx, word, state, code))


def _form(request: Request, ctx: Context, word: SensitiveWord | None, form: FormState, status: int = 200) -> Response:
    fields = fields_of(WriteSensitiveWord, ["word", "level", "note", "is_active"])
    labels = labels_of(WriteSensitiveWord)
    return render(
        request,
        ctx,
        "admin/sensitive_word_form.html",
        status=status,
        word=word,
        form=form,
        fields=fields,
        labels=labels,
    )
