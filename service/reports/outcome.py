"""The outcome report: the official sentence, its figures with their definitions, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row

from models.money import yuan
from service.context import SHANGHAI, Context
from service.queries.figures import FIGURES, Figure, Scope, Value, funnel, region_name, value_of, values
from service.queries.listing import Listing, all_rows
from service.queries.official import Official, official_figures
from service.reports.cells import plain

MOST_ROWS = 500
"""Rows of each list that a document prints; the Excel file has them all."""
BEHIND: tuple[tuple[str, str], ...] = (("握手活动", "events_held"), ("合作项目", "projects_implemented"))


@dataclass(frozen=True)
class Behind:
    """The records behind a figure: a list under the figure's own parameters."""

    title: str
    listing: Listing
    params: Mapping[str, str]
    rows: Sequence[Row[Any]]
    total: int

    @property
    def heads(self) -> list[str]:
        """The labels of the columns shown."""
        return [column.label for column in self.listing.columns if column.listed]

    def cells(self, row: Row[Any]) -> list[Any]:
        """A row as the cells of a table."""
        return [plain(column.show(getattr(row, column.key))) for column in self.listing.columns if column.listed]

    @property
    def href(self) -> str:
        """The page of exactly these records."""
        return self.listing.href(self.params)


@dataclass(frozen=True)
class Outcome:
    """The report for a scope, as it stood ``as_of``."""

    scope: Scope
    region: str
    as_of: datetime
    sentence: str
    money: str
    values: Mapping[str, Value]
    funnel: Sequence[Value]
    official: Sequence[Official]
    behind: Sequence[Behind]

    @property
    def title(self) -> str:
        """The report's heading."""
        period = f"{self.scope.year}年" if self.scope.year is not None else "历年"
        return f"{self.region}{period}企业家与科学家“握手”行动成效"

    @property
    def moment(self) -> str:
        """When the figures were computed, in China's time."""
        return f"{self.as_of.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

    @property
    def coverage(self) -> str:
        """What the figures cover, in one sentence."""
        period = f"{self.scope.year} 年" if self.scope.year is not None else "全部年份"
        demo = "含示例数据，不得作为正式统计" if self.scope.demo else "不含示例数据"
        return f"统计范围：{self.region or '全部地区'}，{period}，{demo}；数据截至 {self.moment}（北京时间）。"

    @property
    def definitions(self) -> list[str]:
        """The 口径 of every figure, with its version."""
        return [
            f"{value.figure.label}：{value.figure.definition}（口径第 {value.figure.version} 版）。"
            for value in self.values.values()
        ]


def outcome_sentence(ctx: Context, year: int | None, scope: Scope | None = None) -> str:
    """The official sentence for a year, or for all years, from rows alone."""
    scope = scope or Scope(year, demo=ctx.settings.demo)
    keys = ("events_held", "projects_implemented", "money_committed")
    return _sentence(scope, region_name(ctx, scope), {key: value_of(ctx, FIGURES[key], scope) for key in keys})


def _sentence(scope: Scope, region: str, found: Mapping[str, Value]) -> str:
    when = f"{scope.year}年" if scope.year is not None else "历年累计"
    return (
        f"{when}{region}开展企业家与科学家“握手”行动 {found['events_held'].amount:,} 次，"
        f"实施合作项目 {found['projects_implemented'].amount:,} 项，"
        f"项目投入总金额 {found['money_committed'].text}" + ("（含示例数据）" if scope.demo else "")
    )


def outcome(ctx: Context, scope: Scope) -> Outcome:
    """The whole report. Raises NotSignedIn or Forbidden for those who do not read reports."""
    ctx.demand("read_report")
    found = values(ctx, scope)
    received, spent = found["money_received"].text, found["money_spent"].text
    return Outcome(
        scope=scope,
        region=region_name(ctx, scope),
        as_of=ctx.now,
        sentence=_sentence(scope, region_name(ctx, scope), found),
        money=(
            f"项目投入总金额为协议投入（冲销后净额）；同期到位资金 {received}，支出资金 {spent}，"
            "三者分别统计，从不相加。"
        ),
        values=found,
        funnel=funnel(ctx, scope),
        official=official_figures(ctx),
        behind=[_behind(ctx, title, FIGURES[key], scope, found[key].amount) for title, key in BEHIND],
    )


def _behind(ctx: Context, title: str, figure: Figure, scope: Scope, amount: int) -> Behind:
    params = figure.params(scope)
    rows = [*islice(all_rows(ctx, figure.listing, params), MOST_ROWS)]
    return Behind(title, figure.listing, params, rows, amount)


def as_document(report: Outcome) -> dict[str, Any]:
    """The report as plain data, for JSON: money in 元 as text with two decimals."""
    return {
        "title": report.title,
        "year": report.scope.year,
        "region": report.scope.region or None,
        "includes_demo": report.scope.demo,
        "as_of": report.as_of.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "sentence": report.sentence,
        "money": report.money,
        "figures": [_figure(value) for value in report.values.values()],
        "funnel": [_figure(value) for value in report.funnel],
        "official": [
            {
                "name": one.name,
                "text": one.text,
                "unit": one.unit,
                "period": one.period,
                "note": one.note,
                "sources": [dict(source) for source in one.sources],
            }
            for one in report.official
        ],
        "records": {one.listing.key: [_record(one, row) for row in one.rows] for one in report.behind},
    }


def _figure(value: Value) -> dict[str, Any]:
    figure = value.figure
    return {
        "key": figure.key,
        "label": figure.label,
        "value": f"{yuan(value.amount):f}" if value.is_money else value.amount,
        "unit": figure.unit,
        "text": value.text,
        "definition": figure.definition,
        "version": figure.version,
        "href": value.href,
    }


def _record(behind: Behind, row: Row[Any]) -> dict[str, Any]:
    keys = [column.key for column in behind.listing.columns if column.listed]
    shown_cells = [str(cell) if cell is not None else None for cell in behind.cells(row)]
    return dict(zip(keys, shown_cells, strict=True))
