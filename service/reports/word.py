"""The outcome report as a Word document in the manner of official papers (GB/T 9704-2012)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from service.context import SHANGHAI
from service.reports.outcome import Behind, Outcome

TITLE_FONT, HEAD_FONT, BODY_FONT, TABLE_FONT = "方正小标宋简体", "黑体", "仿宋", "宋体"
LATIN_FONT = "Times New Roman"
LISTED_KEYS = {
    "events": ("title", "starts_at", "venue", "organizer", "meetings"),
    "projects": ("title", "state", "demand", "technology", "contracted_on", "committed"),
}
"""The columns that fit on a page, by list."""


def word(report: Outcome) -> bytes:
    """The document: title, sentence, figures, 口径, official figures with sources, and the records behind them."""
    document = Document()
    _page(document)
    _title(document, report.title)
    _body(document, f"{report.sentence}。")
    _body(document, report.money)
    _body(document, report.coverage)
    _heading(document, "一、主要指标")
    _table(document, ("指标", "数值"), ((value.figure.label, value.text) for value in report.values.values()))
    _heading(document, "二、需求转化漏斗")
    _table(document, ("环节", "需求数"), ((value.figure.label, value.text) for value in report.funnel))
    for number, behind in zip("三四", report.behind, strict=True):
        _behind(document, number, behind)
    _heading(document, "五、口径说明")
    for place, definition in enumerate(report.definitions, start=1):
        _body(document, f"{place}. {definition}")
    _heading(document, "六、官方公布数与来源")
    _official(document, report)
    _foot(document, report)
    document.core_properties.title = report.title
    document.core_properties.author = "握手"
    document.core_properties.created = report.as_of.astimezone(SHANGHAI).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _speak_chinese(document)
    for name, font, size in (
        ("Normal", BODY_FONT, 16),
        ("Title", TITLE_FONT, 22),
        ("Heading 1", HEAD_FONT, 16),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = LATIN_FONT, Pt(size)
        style.font.color.rgb = None
        _east_asian(style.element.get_or_add_rPr(), font)


def _east_asian(properties: Any, font: str) -> None:
    """Chinese characters are set in ``font`` whatever the Latin font is."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:ascii"), LATIN_FONT)
    fonts.set(qn("w:hAnsi"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), font)


def _speak_chinese(document: Any) -> None:
    """The text is simplified Chinese, so that punctuation is set as it is written here."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _write(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    run.font.name = LATIN_FONT
    _east_asian(run._element.get_or_add_rPr(), font)
    run._element.rPr.rFonts.set(qn("w:hint"), "eastAsia")


def _title(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(18)
    _write(paragraph, text, TITLE_FONT, 22)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph(style="Heading 1")
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(8)
    _write(paragraph, text, HEAD_FONT, 16)


def _body(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    _write(paragraph, text, BODY_FONT, 16)


def _table(document: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    _repeat(table.rows[0])
    for place, head in zip(table.rows[0].cells, heads, strict=True):
        _write(place.paragraphs[0], head, HEAD_FONT, 10.5, bold=True)
    for row in rows:
        for place, value in zip(table.add_row().cells, row, strict=True):
            _write(place.paragraphs[0], _said(value), TABLE_FONT, 10.5)
            if isinstance(value, int | Decimal):
                place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    return "" if value is None else str(value)


def _repeat(row: Any) -> None:
    """The heads of a table are printed again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _behind(document: Any, number: str, behind: Behind) -> None:
    _heading(document, f"{number}、{behind.title}（{behind.total} {behind.listing.unit}）")
    if not behind.rows:
        _body(document, "统计范围内没有记录。")
        return
    keys = LISTED_KEYS[behind.listing.key]
    labels = {column.key: column.label for column in behind.listing.columns}
    order = [column.key for column in behind.listing.columns if column.listed]
    rows = (dict(zip(order, behind.cells(row), strict=True)) for row in behind.rows)
    _table(document, [labels[key] for key in keys], ([row[key] for key in keys] for row in rows))
    if behind.total > len(behind.rows):
        _body(document, f"仅列出前 {len(behind.rows)} {behind.listing.unit}，全部记录见 Excel 附表。")


def _official(document: Any, report: Outcome) -> None:
    if not report.official:
        _body(document, "系统中没有收录官方公布数。")
    for one in report.official:
        where = "；".join(f"《{source['title']}》“{source['evidence']}”" for source in one.sources)
        _body(document, f"{one.name}：{one.text}{one.unit}（{one.period}）。来源：{where or '未注明'}。")
    _body(document, "官方公布数为原文照录，不与本系统由记录计算的数字相加或混用。")


def _foot(document: Any, report: Outcome) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark = "（含示例数据，仅供试用）" if report.scope.demo else ""
    _write(paragraph, f"数据截至 {report.moment}{mark}", TABLE_FONT, 9)
