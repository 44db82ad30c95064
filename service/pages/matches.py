"""撮合台: the ranked pairs, one pair face to face or against another, and the decisions of both sides and of staff."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import DismissalReason, MatchState
from service.context import Context
from service.pages.returning import back_to, known
from service.queries.comparisons import PairContrast, pair_contrast, place_of
from service.queries.history import state_changes
from service.queries.listing import page_of
from service.queries.matches import MATCHES, match_detail
from service.queries.naming import known_names
from service.queries.runs import run_shown
from service.usecases.introductions import IntroduceMatch, introduce_match
from service.usecases.matches import (
    MOVES,
    AnswerMatch,
    DismissMatch,
    MoveMatch,
    answer_match,
    dismiss_match,
)
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/matches", tags=["匹配"])
REASONS = [(reason.value, reason.label) for reason in DismissalReason]


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    page = page_of(ctx, MATCHES, request.query_params)
    names = known_names(
        ctx, {one for row in page.rows for one in (row.need_organization_id, row.offer_organization_id)}
    )
    choices: dict[str, Any] = {"states": list(MatchState), "reasons": REASONS, "run": run_shown(ctx)}
    return render(request, ctx, "matches/list.html", page=page, names=names, **choices)


@router.get("/run")
def show_run(request: Request, ctx: ContextDep) -> Response:
    return render(request, ctx, "matches/run.html", run=run_shown(ctx))


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, MATCHES, request.query_params, form)


@router.get("/{match_id:int}")
def show_one(match_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, match_id)


@router.get("/{match_id:int}/against")
def show_contrast(match_id: int, request: Request, ctx: ContextDep, by: str = "") -> Response:
    return _contrast(request, ctx, pair_contrast(ctx, match_id, by=by))


@router.get("/{match_id:int}/against/{other_id:int}")
def show_contrast_with(match_id: int, other_id: int, request: Request, ctx: ContextDep) -> Response:
    return _contrast(request, ctx, pair_contrast(ctx, match_id, other_id))


@router.post("/{match_id:int}/dismiss")
def post_dismiss(match_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        DismissMatch,
        lambda command: _done(form, dismiss_match(ctx, match_id, command).id, "done"),
        lambda state, status: _detail(request, ctx, match_id, state, status),
    )


@router.post("/{match_id:int}/answer")
def post_answer(match_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        AnswerMatch,
        lambda command: _done(form, answer_match(ctx, match_id, command).id, "answered"),
        lambda state, status: _detail(request, ctx, match_id, state, status),
    )


@router.post("/{match_id:int}/introduce")
def post_introduce(match_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        IntroduceMatch,
        lambda command: _done(form, introduce_match(ctx, match_id, command).id, "done"),
        lambda state, status: _detail(request, ctx, match_id, state, status),
    )


@router.post("/{match_id:int}/{move}")
def post_move(match_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        MoveMatch,
        lambda command: _done(form, known(MOVES, move)(ctx, match_id, command).id, "done"),
        lambda state, status: _detail(request, ctx, match_id, state, status),
    )


def _done(form: Form, match_id: int, notice: str) -> Response:
    return go(back_to(form, f"/matches/{match_id}"), notice)


def _detail(
    request: Request, ctx: Context, match_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    detail = match_detail(ctx, match_id)
    return render(
        request,
        ctx,
        "matches/detail.html",
        status=status,
        detail=detail,
        match=detail.match,
        form=form or FormState(),
        labels=labels_of(DismissMatch),
        reasons=REASONS,
        changes=state_changes(ctx, detail.match, MatchState),
        place=place_of(ctx, detail),
    )


def _contrast(request: Request, ctx: Context, pair: PairContrast) -> Response:
    return render(request, ctx, "matches/against.html", pair=pair)
