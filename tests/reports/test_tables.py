"""Any list as Excel or CSV: numbers as numbers, text never run as a formula, all rows as filtered."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from models import ProjectState
from service.context import Context
from service.errors import NotFound
from service.queries.listing import count
from service.queries.projects import PROJECTS
from service.reports.cells import csv_text, plain
from service.reports.tables import export, file_name
from tests.factories import NOW, add_entry, add_project
from tests.parts import ONLY_SQLITE

RISKY = ('=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", "\t=1", "＝1+1")


@ONLY_SQLITE
@pytest.mark.parametrize("text", RISKY)
def test_excel_keeps_a_formula_as_text(ctx: Context, text: str) -> None:
    add_project(ctx, title=text)

    book = load_workbook(io.BytesIO(export(ctx, PROJECTS, {}, "xlsx")))

    cell = book.active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize("text", RISKY)
def test_csv_keeps_a_formula_as_text(text: str) -> None:
    assert csv_text(text) == f"'{text}"


@ONLY_SQLITE
def test_excel_holds_numbers_dates_and_frozen_heads(ctx: Context) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE, title="控制\x07字符")
    add_entry(ctx, project=project, amount_fen=123_456_789)

    sheet = load_workbook(io.BytesIO(export(ctx, PROJECTS, {}, "xlsx"))).active

    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert row["项目名称"] == "控制字符"
    assert row["到位金额（元）"] == pytest.approx(1_234_567.89)
    assert row["协议金额（元）"] == 0
    assert row["签约日期"].date() == date(2025, 4, 1)
    assert (row["阶段"], row["示例"]) == ("实施", "否")
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width >= 10
    assert sheet.title == "合作项目"


@ONLY_SQLITE
def test_export_has_every_row_of_the_list_as_filtered(ctx: Context) -> None:
    for number in range(45):
        add_project(ctx, title=f"项目 {number}", is_demo=number % 3 == 0)

    text = export(ctx, PROJECTS, {"demo": "0", "page": "2"}, "csv")

    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(rows) - 1 == count(ctx, PROJECTS, {"demo": "0"}) == 30


@ONLY_SQLITE
def test_export_knows_two_forms(ctx: Context) -> None:
    with pytest.raises(NotFound):
        export(ctx, PROJECTS, {}, "exe")
    assert file_name(ctx, PROJECTS, "xlsx") == "合作项目-20250615.xlsx"


def test_plain_values() -> None:
    assert str(plain(NOW)) == "2025-06-15 10:00:00"
    assert plain([ProjectState.INTENT, "甲"]) == "意向、甲"
    assert plain(date(2025, 1, 2)) == date(2025, 1, 2)
    assert plain(None) is None
    assert csv_text(-3) == "-3"
