"""Word documents in the manner of official papers (GB/T 9704-2012): page, title, headings, text and tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from service.context import SHANGHAI

TITLE_FONT, HEAD_FONT, BODY_FONT, TABLE_FONT = "方正小标宋简体", "黑体", "仿宋", "宋体"
LATIN_FONT = "Times New Roman"


def bytes_of(document: Any, name: str, made_at: datetime) -> bytes:
    """The finished document as a file, with its title, author and time."""
    document.core_properties.title = name
    document.core_properties.author = "握手"
    document.core_properties.created = made_at.astimezone(SHANGHAI).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _undated(packed: bytes) -> bytes:
    """The same package without the moment at which it was packed, so that equal contents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            after.writestr(zipfile.ZipInfo(part.filename), before.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def page(document: Any) -> None:
    """Set an A4 page and its styles as GB/T 9704-2012 has them."""
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


def write(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    """Add a run of text in a font of that size in points."""
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    run.font.name = LATIN_FONT
    _east_asian(run._element.get_or_add_rPr(), font)
    run._element.rPr.rFonts.set(qn("w:hint"), "eastAsia")


def title(document: Any, text: str) -> None:
    """Add the centred title."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(18)
    write(paragraph, text, TITLE_FONT, 22)


def heading(document: Any, text: str) -> None:
    """Add a heading of the first level."""
    paragraph = document.add_paragraph(style="Heading 1")
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(8)
    write(paragraph, text, HEAD_FONT, 16)


def body(document: Any, text: str) -> None:
    """Add a paragraph of running text, its first line set in by two characters."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    write(paragraph, text, BODY_FONT, 16)


def table(document: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add a ruled table whose heads are repeated on every page; numbers stand at the right."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    _repeat(table.rows[0])
    for place, head in zip(table.rows[0].cells, heads, strict=True):
        write(place.paragraphs[0], head, HEAD_FONT, 10.5, bold=True)
    for row in rows:
        for place, value in zip(table.add_row().cells, row, strict=True):
            write(place.paragraphs[0], _said(value), TABLE_FONT, 10.5)
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
