"""反馈汇总: why the other side passed postings over, for every kind of posting alike."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.kinds import KINDS, Kind
from service.queries.feedback import FEEDBACK, feedback
from service.queries.listing import page_of
from service.web.dependencies import ContextDep
from service.web.downloads import download
from service.web.templating import render


def _router(kind: Kind) -> APIRouter:
    router = APIRouter(prefix=f"/{kind.plural}/feedback", tags=["反馈汇总"])

    @router.get("")
    def show_feedback(request: Request, ctx: ContextDep) -> Response:
        found = feedback(ctx, kind.plural, request.query_params)
        page: Any = page_of(ctx, FEEDBACK[kind.plural], request.query_params)
        return render(request, ctx, "follow_ups/feedback.html", found=found, page=page, kind=kind)

    @router.get(".{form}")
    def export_feedback(form: str, request: Request, ctx: ContextDep) -> Response:
        return download(ctx, FEEDBACK[kind.plural], request.query_params, form)

    return router


routers = [_router(kind) for kind in KINDS.values()]
