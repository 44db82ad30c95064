"""The first page: figures for those who are signed in, a welcome for those who are not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.queries.figures import scope_of, years
from service.queries.overview import overview, scope_shown, welcome
from service.web.dependencies import ContextDep
from service.web.templating import render

router = APIRouter(tags=["总览"])


@router.get("/")
def show_overview(request: Request, ctx: ContextDep) -> Response:
    if ctx.actor.role is None:
        seen = welcome(ctx, scope_of(ctx, {}, year=None))
        return render(request, ctx, "overview/welcome.html", welcome=seen)
    page = overview(ctx, scope_shown(ctx, request.query_params))
    return render(request, ctx, "overview/overview.html", page=page, years=years(ctx))
