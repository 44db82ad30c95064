"""One value as one cell of a spreadsheet: numbers stay numbers, and no text is ever taken for a formula."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from models import Labelled
from service.context import SHANGHAI

Plain = str | int | Decimal | date | datetime | None

LONGEST_TEXT = 32_767
"""Characters an Excel cell can hold."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Texts that begin so are run as formulas by spreadsheets (OWASP, CSV Injection)."""
SKIPPED = " \u3000\u00a0\ufeff\u200b\u200e\u202a\u202e'\""
"""Signs before a formula that some spreadsheets leave out: blanks, invisible ones, quotes."""

BODY_FONT = Font(name="宋体", size=11)
HEAD_FONT = Font(name="黑体", size=11, bold=True)
HEAD_FILL = PatternFill("solid", fgColor="E7F1F3")
_THIN = Side(style="thin", color="C3CCCF")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def plain(value: Any) -> Plain:
    """The value as a spreadsheet knows it: labels for choices, China's time for moments, lists joined by 、."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    if isinstance(value, int | date):
        return value
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, list | tuple):
        return "、".join(str(plain(one)) for one in value)
    return str(value)


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might run the text as a formula."""
    return text.startswith(FORMULA_STARTS) or text.lstrip(SKIPPED).startswith(FORMULA_STARTS)


def cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False) -> Any:
    """A styled cell of a write-only sheet; ``sheet`` is the worksheet it will be appended to."""
    shown = plain(value)
    made = WriteOnlyCell(sheet)
    if isinstance(shown, str):
        made.value = ILLEGAL_CHARACTERS_RE.sub("", shown)[:LONGEST_TEXT]
        made.data_type = "s"
        made.quotePrefix = is_risky(shown)
    else:
        made.value = shown
        made.number_format = _format(shown)
    made.font = HEAD_FONT if bold else BODY_FONT
    if bold:
        made.fill = HEAD_FILL
    made.border = GRID
    made.alignment = Alignment(vertical="top", wrap_text=wrap or bold)
    return made


def _format(value: Plain) -> str:
    if isinstance(value, Decimal):
        return "#,##0.00"
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, date) else "General"


def csv_text(value: Any) -> str:
    """The value as text of a CSV field; an apostrophe keeps spreadsheets from running it."""
    shown = plain(value)
    if shown is None:
        return ""
    if isinstance(shown, datetime):
        return f"{shown:%Y-%m-%d %H:%M}"
    if isinstance(shown, str):
        text = shown.replace("\x00", "")
        return f"'{text}" if is_risky(text) else text
    return str(shown)
