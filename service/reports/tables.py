"""Any list as a file: Excel or CSV, the whole of it as filtered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from service.context import Context
from service.errors import NotFound
from service.queries.listing import Column, Listing, Params, all_rows
from service.reports.cells import cell, csv_text, plain

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
WIDEST, NARROWEST = 48, 8
_MEASURED = 200


def export(ctx: Context, listing: Listing, params: Params, form: str) -> bytes:
    """The rows the list has under ``params`` as a file, ``form`` xlsx or csv. Raises NotFound for another form."""
    if form not in MEDIA_TYPES:
        raise NotFound("导出格式只有 xlsx 和 csv。")
    columns = [column for column in listing.columns if column.listed]
    rows = ([column.show(getattr(row, column.key)) for column in columns] for row in all_rows(ctx, listing, params))
    return _csv(columns, rows) if form == "csv" else _xlsx(listing.label, columns, rows)


def file_name(ctx: Context, listing: Listing, form: str) -> str:
    """What the downloaded file is called."""
    return f"{listing.label}-{ctx.today:%Y%m%d}.{form}"


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns])
    writer.writerows([csv_text(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    add_sheet(book, title, [column.label for column in columns], rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def add_sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One more sheet of a write-only workbook: heads frozen and filterable, widths fitting the first rows."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    reading = iter(rows)
    first = [list(row) for _, row in zip(range(_MEASURED), reading, strict=False)]
    for place, head in enumerate(heads):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _width([head, *(row[place] for row in first)])
    sheet.append([cell(sheet, head, bold=True) for head in heads])
    written = 1
    for rest in (first, reading):
        for row in rest:
            sheet.append([cell(sheet, value, wrap=True) for value in row])
            written += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{written}"


def _width(values: Iterable[Any]) -> float:
    """Columns wide enough for the longest line; a Chinese character takes the room of two letters."""
    longest = max(
        (sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for value in values for line in _lines(value)), default=0
    )
    return float(min(max(longest + 2, NARROWEST), WIDEST))


def _lines(value: Any) -> list[str]:
    shown = plain(value)
    return str(shown).splitlines() or [""] if shown is not None else [""]
