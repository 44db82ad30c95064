"""Needs and achievements: list, one, write, edit and the moves, for every kind of posting alike."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import PostingState
from models.money import yuan
from service.context import Context
from service.errors import NotFound
from service.kinds import KINDS, Kind
from service.policy import allows, posts_on_behalf
from service.queries.assistance import assistance
from service.queries.attachments import filing_of
from service.queries.counterparts import best_matches
from service.queries.history import citations, state_changes
from service.queries.listing import page_of, whole_number
from service.queries.narrowing import regions
from service.queries.postings import LISTINGS, posting_detail
from service.queries.privacy import contact_consent_stands
from service.queries.sensitive_words import found, texts_of
from service.queries.taxonomy import category_choices, further_choices, organizations
from service.usecases.postings import MOVES, MovePosting, edit_posting, write_posting
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of, values_of
from service.web.templating import go, render

STEPS = (
    PostingState.DRAFT,
    PostingState.SUBMITTED,
    PostingState.PUBLISHED,
    PostingState.ENGAGED,
    PostingState.CLOSED_WON,
)
NOTICE_OF = {"submit": "submitted", "publish": "published", "return": "returned", "withdraw": "withdrawn"}


def router_of(kind: Kind) -> APIRouter:
    """The routes of one kind of posting."""
    router = APIRouter(prefix=f"/{kind.plural}", tags=[kind.label])

    @router.get("")
    def show_list(request: Request, ctx: ContextDep) -> Response:
        page = page_of(ctx, LISTINGS[kind.plural], request.query_params)
        return render(request, ctx, "postings/list.html", kind=kind, page=page)

    @router.get(".{form}")
    def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
        return download(ctx, LISTINGS[kind.plural], request.query_params, form)

    @router.get("/new")
    def show_new(request: Request, ctx: ContextDep) -> Response:
        ctx.demand(f"create_{kind.singular}")
        given = {"region_code": ctx.settings.region_code, "confidentiality": "PUBLIC"}
        return _form(request, ctx, kind, None, FormState(given))

    @router.post("/new")
    def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
        ctx.demand(f"create_{kind.singular}")
        if _only_checked(form):
            return _form(request, ctx, kind, None, FormState(values_of(kind.command, form)), checked=True)
        return complete(
            ctx,
            form,
            kind.command,
            lambda command: _written(ctx, kind, form, write_posting(ctx, kind, command)),
            lambda state, status: _form(request, ctx, kind, None, state, status),
        )

    @router.post("/assist")
    def post_assist(request: Request, ctx: ContextDep, form: FormDep) -> Response:
        return _assist(request, ctx, kind, form)

    @router.get("/{posting_id:int}")
    def show_one(posting_id: int, request: Request, ctx: ContextDep) -> Response:
        return _detail(request, ctx, kind, posting_id)

    @router.get("/{posting_id:int}/matches")
    def show_matches(posting_id: int, request: Request, ctx: ContextDep) -> Response:
        detail = posting_detail(ctx, kind, posting_id)
        found = best_matches(ctx, kind, posting_id, limit=20)
        return render(request, ctx, "postings/matches.html", kind=kind, detail=detail, matches=found)

    @router.get("/{posting_id:int}/edit")
    def show_edit(posting_id: int, request: Request, ctx: ContextDep) -> Response:
        posting = ctx.require(kind.model, posting_id, may="edit_posting")
        return _form(request, ctx, kind, posting, FormState(_values(ctx, kind, posting)))

    @router.post("/{posting_id:int}/edit")
    def post_edit(posting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
        posting = ctx.require(kind.model, posting_id, may="edit_posting")
        if _only_checked(form):
            return _form(request, ctx, kind, posting, FormState(values_of(kind.command, form)), checked=True)
        return complete(
            ctx,
            form,
            kind.command,
            lambda command: _written(ctx, kind, form, edit_posting(ctx, kind, posting_id, command)),
            lambda state, status: _form(request, ctx, kind, posting, state, status),
        )

    @router.post("/{posting_id:int}/{move}")
    def post_move(posting_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
        return complete(
            ctx,
            form,
            MovePosting,
            lambda command: _moved(ctx, kind, posting_id, move, command),
            lambda state, status: _detail(request, ctx, kind, posting_id, state, status),
        )

    return router


def _only_checked(form: Form) -> bool:
    """Whether the button was 检查, which shows what to mend and writes nothing; without script it is the only way."""
    return form.get("then") == ["check"]


def _written(ctx: Context, kind: Kind, form: Form, posting: Any) -> Response:
    """After saving: stay a draft, or go straight to review when that button was pressed and no word asks for a look."""
    if form.get("then") == ["submit"] and not found(ctx, texts_of(posting)):
        MOVES["submit"](ctx, kind, posting.id, MovePosting(version=posting.version))
        return go(f"/{kind.plural}/{posting.id}", "submitted")
    return go(f"/{kind.plural}/{posting.id}", "saved")


def _moved(ctx: Context, kind: Kind, posting_id: int, move: str, command: MovePosting) -> Response:
    if move not in MOVES:
        raise NotFound("没有这个操作，请从页面上的按钮办理。")
    MOVES[move](ctx, kind, posting_id, command)
    return go(f"/{kind.plural}/{posting_id}", NOTICE_OF.get(move, "done"))


def _detail(
    request: Request, ctx: Context, kind: Kind, posting_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    detail = posting_detail(ctx, kind, posting_id)
    return render(
        request,
        ctx,
        "postings/detail.html",
        status=status,
        kind=kind,
        detail=detail,
        posting=detail.posting,
        form=form or FormState(),
        steps=STEPS,
        matches=best_matches(ctx, kind, posting_id, limit=5),
        changes=state_changes(ctx, detail.posting, PostingState),
        sources=citations(ctx, detail.posting),
        files=filing_of(ctx, detail.posting),
        flags=found(ctx, texts_of(detail.posting)) if allows(ctx, "edit_posting", detail.posting) else [],
    )


def _form(
    request: Request,
    ctx: Context,
    kind: Kind,
    posting: Any,
    state: FormState,
    status: int = 200,
    *,
    checked: bool = False,
) -> Response:
    levels = [(str(level), f"{level} 级") for level in range(1, 10)]
    options = {
        "region_code": regions(ctx),
        "organization_id": organizations(ctx),
        "trl": levels,
        "wanted_trl": levels,
    }
    sections = [(title, fields_of(kind.command, names, options)) for title, names in kind.sections]
    return render(
        request,
        ctx,
        "postings/form.html",
        status=status,
        kind=kind,
        posting=posting,
        form=state,
        sections=sections,
        labels=labels_of(kind.command),
        choices=category_choices(ctx),
        further=further_choices(ctx),
        assistance=assistance(ctx, kind, state.values, posting.id if posting is not None else None),
        flags=found(ctx, state.values),
        checked=checked,
        on_behalf=posts_on_behalf(ctx),
    )


def _assist(request: Request, ctx: Context, kind: Kind, form: Form) -> Response:
    ctx.demand(f"create_{kind.singular}")
    values = values_of(kind.command, form)
    posting_id = whole_number((form.get("posting_id") or [""])[0])
    return render(
        request,
        ctx,
        "postings/_assist.html",
        kind=kind,
        form=FormState(values),
        assistance=assistance(ctx, kind, values, posting_id),
        flags=found(ctx, values),
        fragment=True,
    )


def _values(ctx: Context, kind: Kind, posting: Any) -> dict[str, Any]:
    """A posting's columns as its form shows them."""
    columns = {"budget": "budget_fen", "price": "price_fen"}
    values = {
        name: getattr(posting, columns.get(name, name))
        for name in kind.command.model_fields
        if name not in ("categories", "no_secret", "contact_consent", "organization_id")
    }
    for name in columns:
        if values.get(name) is not None:
            values[name] = f"{yuan(values[name]):f}"
    values["keywords"] = "、".join(posting.keywords)
    values["organization_id"] = posting.organization_id
    values["categories"] = [str(one) for one, *_ in posting_detail(ctx, kind, posting.id).categories]
    values["no_secret"] = True
    values["contact_consent"] = contact_consent_stands(ctx, type(posting).__name__, posting.id)
    return values


routers = [router_of(kind) for kind in KINDS.values()]
