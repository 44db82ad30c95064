"""The figures under /api/v1, each with its 口径 and the address of its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from models.money import yuan
from service.api.schemas import SCOPE, Out, asked
from service.queries.figures import Value, funnel, scope_of, values
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/figures", tags=["指标"])


class FigureOut(Out):
    """One figure: ``value`` is a count, or 元 as text with two decimals; ``href`` opens exactly its rows."""

    key: str
    label: str
    value: int | str
    unit: str
    text: str
    definition: str
    version: str
    href: str


class FiguresOut(Out):
    """The figures for a scope, as they stood ``as_of``."""

    year: int | None
    region: str | None
    includes_demo: bool
    as_of: datetime
    figures: list[FigureOut]


def as_out(value: Value) -> FigureOut:
    """A figure as the API gives it."""
    figure = value.figure
    return FigureOut(
        key=figure.key,
        label=figure.label,
        value=f"{yuan(value.amount):f}" if value.is_money else value.amount,
        unit=figure.unit,
        text=value.text,
        definition=figure.definition,
        version=figure.version,
        href=value.href,
    )


@router.get(
    "", openapi_extra=asked(SCOPE), response_model=FiguresOut, summary="全部指标：?year=2025&region=150621&demo=0"
)
def get_figures(request: Request, ctx: ContextDep) -> Any:
    scope = scope_of(ctx, request.query_params, year=ctx.today.year)
    found = [as_out(value) for value in values(ctx, scope).values()]
    about = {"year": scope.year, "region": scope.region or None, "includes_demo": scope.demo, "as_of": ctx.now}
    return {**about, "figures": found}


@router.get("/funnel", openapi_extra=asked(SCOPE), response_model=FiguresOut, summary="需求转化漏斗")
def get_funnel(request: Request, ctx: ContextDep) -> Any:
    scope = scope_of(ctx, request.query_params, year=ctx.today.year)
    found = [as_out(value) for value in funnel(ctx, scope)]
    about = {"year": scope.year, "region": scope.region or None, "includes_demo": scope.demo, "as_of": ctx.now}
    return {**about, "figures": found}
