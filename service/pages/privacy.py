"""The notice on personal information for everybody; publishing it, its retention figures, and people's requests."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.personal_data.notice import standard_notice
from service.personal_data.registry import fields_in_force
from service.queries.data_requests import REQUESTS, due_on, request_detail
from service.queries.listing import page_of
from service.queries.privacy import all_notices, current_notice, notice_of, notice_text
from service.queries.retention import kept
from service.usecases.data_requests import AnswerRequest, answer_request
from service.usecases.privacy import PublishNotice, publish_notice
from service.usecases.sudo import demand_fresh_proof
from service.web.dependencies import ContextDep, FormDep, cookie_of
from service.web.downloads import download
from service.web.forms import FormState, complete, labels_of
from service.web.identity import SESSION_COOKIE
from service.web.templating import go, render

router = APIRouter(tags=["个人信息"])


@router.get("/privacy")
def show_notice(request: Request, ctx: ContextDep) -> Response:
    return _notice(request, ctx)


@router.get("/privacy/{number:int}")
def show_version(number: int, request: Request, ctx: ContextDep) -> Response:
    return _notice(request, ctx, number)


@router.get("/admin/privacy")
def show_keeping(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("publish_notice")
    return _keeping(request, ctx, FormState({"text": notice_text(ctx)}))


@router.post("/admin/privacy")
def post_notice(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: PublishNotice) -> Response:
        publish_notice(ctx, command)
        return go("/admin/privacy", "done")

    return complete(ctx, form, PublishNotice, act, lambda state, code: _keeping(request, ctx, state, code))


@router.get("/admin/privacy-requests")
def show_requests(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("answer_data_requests")
    page = page_of(ctx, REQUESTS, request.query_params)
    return render(request, ctx, "privacy/requests.html", page=page, due_on=due_on)


@router.get("/admin/privacy-requests.{form}")
def export_requests(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("answer_data_requests")
    demand_fresh_proof(ctx, cookie_of(request, SESSION_COOKIE), "/admin/privacy-requests")
    return download(ctx, REQUESTS, request.query_params, form)


@router.get("/admin/privacy-requests/{request_id:int}")
def show_request(request_id: int, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("answer_data_requests")
    return _request(request, ctx, request_id, FormState())


@router.post("/admin/privacy-requests/{request_id:int}")
def post_answer(request_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AnswerRequest) -> Response:
        answer_request(ctx, request_id, command)
        return go(f"/admin/privacy-requests/{request_id}", "done")

    return complete(ctx, form, AnswerRequest, act, lambda state, code: _request(request, ctx, request_id, state, code))


def _notice(request: Request, ctx: Context, number: int | None = None) -> Response:
    """The version asked for, or the one in force; the standard text while none was published."""
    current = current_notice(ctx)
    shown = notice_of(ctx, number) if number is not None else current
    return render(
        request,
        ctx,
        "privacy/notice.html",
        notice=shown,
        current=current,
        paragraphs=(shown.text if shown is not None else standard_notice(ctx.settings)).split("\n\n"),
        versions=all_notices(ctx),
        fields=fields_in_force(ctx.settings),
    )


def _keeping(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "privacy/keeping.html",
        status=status,
        form=form,
        labels=labels_of(PublishNotice),
        current=current_notice(ctx),
        versions=all_notices(ctx),
        kept=kept(ctx),
    )


def _request(request: Request, ctx: Context, request_id: int, form: FormState, status: int = 200) -> Response:
    detail = request_detail(ctx, request_id)
    return render(
        request,
        ctx,
        "privacy/request.html",
        status=status,
        detail=detail,
        asked=detail.request,
        form=form,
        labels=labels_of(AnswerRequest),
    )
