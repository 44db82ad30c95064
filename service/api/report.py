"""The outcome report under /api/v1: the sentence, the figures, official figures and the records behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from service.api.figures import FigureOut
from service.api.schemas import SCOPE, Out, asked
from service.queries.figures import scope_of
from service.reports.outcome import as_document, outcome
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/report", tags=["报告"])


class OfficialOut(Out):
    """An official figure, word for word, with its sources; never mixed with computed ones."""

    name: str
    text: str
    unit: str
    period: str
    note: str
    sources: list[dict[str, str]]


class ReportOut(Out):
    """The report for a scope, as it stood ``as_of``."""

    title: str
    year: int | None
    region: str | None
    includes_demo: bool
    as_of: datetime
    sentence: str
    money: str
    figures: list[FigureOut]
    funnel: list[FigureOut]
    official: list[OfficialOut]
    records: dict[str, list[dict[str, str | None]]]


@router.get("", openapi_extra=asked(SCOPE), response_model=ReportOut, summary="成效报告")
def get_report(request: Request, ctx: ContextDep) -> Any:
    ctx.demand("read_report")
    return as_document(outcome(ctx, scope_of(ctx, request.query_params, year=ctx.today.year)))
