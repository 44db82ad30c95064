"""The outcome report as an Excel workbook: 汇总 first, then the records behind it in full."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook

from models.money import yuan
from service.context import Context
from service.queries.events import EVENTS
from service.queries.figures import FIGURES, Scope
from service.queries.ledger import ENTRIES
from service.queries.listing import Listing, all_rows
from service.queries.projects import PROJECTS
from service.reports.outcome import Outcome
from service.reports.tables import add_sheet

SUMMARY_HEADS = ("指标", "数值", "单位", "口径", "口径版本", "明细地址")


def excel(ctx: Context, report: Outcome) -> bytes:
    """The workbook with the sheets 汇总, 握手活动, 合作项目 and 资金流水; counts and 元 are numbers."""
    book = Workbook(write_only=True)
    book.properties.title = report.title
    add_sheet(book, "汇总", SUMMARY_HEADS, _summary(report))
    for title, listing, params in _lists(report.scope):
        columns = [column for column in listing.columns if column.listed]
        rows = ([column.show(getattr(row, column.key)) for column in columns] for row in all_rows(ctx, listing, params))
        add_sheet(book, title, [column.label for column in columns], rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lists(scope: Scope) -> Iterator[tuple[str, Listing, Mapping[str, str]]]:
    yield "握手活动", EVENTS, FIGURES["events_held"].params(scope)
    yield "合作项目", PROJECTS, FIGURES["projects_implemented"].params(scope)
    money = {key: value for key, value in FIGURES["money_committed"].params(scope).items() if key != "kind"}
    yield "资金流水", ENTRIES, money


def _summary(report: Outcome) -> Iterator[list[Any]]:
    for value in (*report.values.values(), *report.funnel):
        figure = value.figure
        amount = yuan(value.amount) if value.is_money else value.amount
        yield [figure.label, amount, figure.unit, figure.definition, f"第 {figure.version} 版", value.href]
    for one in report.official:
        source = "；".join(source["title"] for source in one.sources)
        yield [f"官方公布：{one.name}", one.text, one.unit, f"{one.period}；{source}；不与上列数字相加", "", ""]
    yield ["成效表述", f"{report.sentence}。", "", report.money, "", ""]
    yield ["统计说明", report.coverage, "", "", "", ""]
