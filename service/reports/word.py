"""The outcome report as a Word document in the manner of official papers (GB/T 9704-2012)."""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from service.reports import paper
from service.reports.outcome import Behind, Outcome

LISTED_KEYS = {
    "events": ("title", "starts_at", "venue", "organizer", "meetings"),
    "projects": ("title", "state", "demand", "technology", "contracted_on", "committed"),
}
"""The columns that fit on a page, by list."""


def word(report: Outcome) -> bytes:
    """The document: title, sentence, figures, 口径, official figures with sources, and the records behind them."""
    document = Document()
    paper.page(document)
    paper.title(document, report.title)
    paper.body(document, f"{report.sentence}。")
    paper.body(document, report.money)
    paper.body(document, report.coverage)
    paper.heading(document, "一、主要指标")
    paper.table(document, ("指标", "数值"), ((value.figure.label, value.text) for value in report.values.values()))
    paper.heading(document, "二、需求转化漏斗")
    paper.table(document, ("环节", "需求数"), ((value.figure.label, value.text) for value in report.funnel))
    for number, behind in zip("三四", report.behind, strict=True):
        _behind(document, number, behind)
    paper.heading(document, "五、口径说明")
    for place, definition in enumerate(report.definitions, start=1):
        paper.body(document, f"{place}. {definition}")
    paper.heading(document, "六、官方公布数与来源")
    _official(document, report)
    _foot(document, report)
    return paper.bytes_of(document, report.title, report.as_of)


def _behind(document: Any, number: str, behind: Behind) -> None:
    paper.heading(document, f"{number}、{behind.title}（{behind.total} {behind.listing.unit}）")
    if not behind.rows:
        paper.body(document, "统计范围内没有记录。")
        return
    keys = LISTED_KEYS[behind.listing.key]
    labels = {column.key: column.label for column in behind.listing.columns}
    order = [column.key for column in behind.listing.columns if column.listed]
    rows = (dict(zip(order, behind.cells(row), strict=True)) for row in behind.rows)
    paper.table(document, [labels[key] for key in keys], ([row[key] for key in keys] for row in rows))
    if behind.total > len(behind.rows):
        paper.body(document, f"仅列出前 {len(behind.rows)} {behind.listing.unit}，全部记录见 Excel 附表。")


def _official(document: Any, report: Outcome) -> None:
    if not report.official:
        paper.body(document, "系统中没有收录官方公布数。")
    for one in report.official:
        where = "；".join(f"《{source['title']}》“{source['evidence']}”" for source in one.sources)
        paper.body(document, f"{one.name}：{one.text}{one.unit}（{one.period}）。来源：{where or '未注明'}。")
    paper.body(document, "官方公布数为原文照录，不与本系统由记录计算的数字相加或混用。")


def _foot(document: Any, report: Outcome) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark = "（含示例数据，仅供试用）" if report.scope.demo else ""
    paper.write(paragraph, f"数据截至 {report.moment}{mark}", paper.TABLE_FONT, 9)
