"""The outcome report as a page, and as the files officers hand on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.queries.breakdown import by_point, by_region
from service.queries.figures import scope_of, years
from service.queries.narrowing import regions
from service.reports.files import MEDIA_TYPES, report_file, report_name
from service.reports.outcome import Outcome, outcome
from service.web.dependencies import ContextDep
from service.web.downloads import report_attachment
from service.web.templating import render

router = APIRouter(prefix="/report", tags=["报告"])


@router.get("")
def show_report(request: Request, ctx: ContextDep) -> Response:
    report = _report(request, ctx)
    more: dict[str, Any] = {"by_region": by_region(ctx, report.scope), "by_point": by_point(ctx, report.scope)}
    choices: dict[str, Any] = {"years": years(ctx), "regions": regions(ctx)}
    return render(request, ctx, "report/report.html", report=report, **more, **choices)


@router.get(".{form}")
def download_report(form: str, request: Request, ctx: ContextDep) -> Response:
    report = _report(request, ctx)
    content = report_file(ctx, report, form)
    return report_attachment(ctx, content, report_name(report, form), MEDIA_TYPES[form])


def _report(request: Request, ctx: Context) -> Outcome:
    ctx.demand("read_report")
    return outcome(ctx, scope_of(ctx, request.query_params, year=ctx.today.year))
