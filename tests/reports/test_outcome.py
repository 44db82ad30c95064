"""The outcome report: the official sentence from rows alone, and the same figures in every form of it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from models import Citation, Comparator, EntryKind, HandshakeEventState, Indicator, ProjectState, Source
from service.config import Settings
from service.context import Context
from service.errors import Forbidden, NotFound, NotSignedIn
from service.queries.figures import Scope
from service.reports import pdf as pdf_maker
from service.reports.files import MEDIA_TYPES, report_file, report_name
from service.reports.outcome import Outcome, outcome, outcome_sentence
from service.reports.pdf import NoPdf
from tests.factories import add_entry, add_event, add_project
from tests.parts import ONLY_SQLITE, need_part
from tests.queries.world import add_world

pytestmark = ONLY_SQLITE


@pytest.fixture
def report(ctx: Context, leader: Context) -> Outcome:
    """The report of 2025 over the small region, with an official figure beside it."""
    add_world(ctx)
    ctx.add(Source(key="S003", title="鄂尔多斯市科技创新工作情况", issuer="", issued="2025-08"))
    indicator = ctx.add(
        Indicator(
            name="“握手”项目投入总金额",
            value_text="超9",
            value=Decimal(9),
            unit="亿元",
            comparator=Comparator.MORE_THAN,
            period="截至2025-08",
            kind="actual",
        )
    )
    ctx.add(
        Citation(
            source_key="S003",
            record_type="Indicator",
            record_id=indicator.id,
            origin_key="IND119",
            evidence="项目投入总金额超9亿元",
        )
    )
    return outcome(leader, Scope(2025))


def test_the_sentence_has_exactly_the_official_form(report: Outcome) -> None:
    assert report.sentence == ("2025年开展企业家与科学家“握手”行动 2 次，实施合作项目 2 项，项目投入总金额 140.00 万元")
    assert "到位资金 20.00 万元，支出资金 5.00 万元" in report.money


def test_above_one_hundred_million_the_sentence_speaks_of_yi(ctx: Context) -> None:
    add_event(ctx, state=HandshakeEventState.HELD)
    project = add_project(ctx, state=ProjectState.ACTIVE)
    entry = add_entry(ctx, project=project, kind=EntryKind.COMMITTED, amount_fen=91_240_000_000)
    add_entry(ctx, project=project, kind=EntryKind.COMMITTED, amount_fen=1_000_000_000)
    add_entry(ctx, project=project, kind=EntryKind.RECEIVED, amount_fen=50_000_000_000)

    assert outcome_sentence(ctx, 2025).endswith("项目投入总金额 9.22 亿元")
    add_entry(ctx, reverses=entry)
    assert outcome_sentence(ctx, 2025).endswith("项目投入总金额 1,000.00 万元")


def test_an_empty_year_says_nought(ctx: Context) -> None:
    assert outcome_sentence(ctx, 2023) == (
        "2023年开展企业家与科学家“握手”行动 0 次，实施合作项目 0 项，项目投入总金额 0.00 万元"
    )
    assert outcome_sentence(ctx, None).startswith("历年累计开展")


def test_promises_without_a_contract_do_not_count(ctx: Context) -> None:
    add_entry(ctx, project=add_project(ctx), kind=EntryKind.COMMITTED)

    assert outcome_sentence(ctx, 2025).endswith("项目投入总金额 0.00 万元")


def test_demo_figures_say_so(ctx: Context, leader: Context) -> None:
    add_world(ctx)

    made = outcome(leader, Scope(2025, demo=True))

    assert made.sentence.endswith("280.00 万元（含示例数据）")
    assert "不得作为正式统计" in made.coverage


def test_the_report_is_for_those_who_read_reports(enterprise: Context, anonymous: Context) -> None:
    with pytest.raises(Forbidden):
        outcome(enterprise, Scope())
    with pytest.raises(NotSignedIn):
        outcome(anonymous, Scope())


def test_official_figures_stand_beside_with_their_source(report: Outcome) -> None:
    (official,) = report.official
    assert (official.text, official.unit, official.period) == ("超9", "亿元", "截至2025-08")
    assert official.sources[0]["evidence"] == "项目投入总金额超9亿元"


def test_word_has_the_sentence_the_figures_and_their_definitions(leader: Context, report: Outcome) -> None:
    content = report_file(leader, report, "docx")
    document = Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    cells = {
        tuple(cell.text for cell in row.cells) for table in document.tables for row in table.rows if len(row.cells) == 2
    }

    assert texts[0] == report.title
    assert f"{report.sentence}。" in texts
    assert {(value.figure.label, value.text) for value in report.values.values()} <= cells
    assert all(any(value.figure.definition in text for text in texts) for value in report.values.values())
    assert any("项目投入总金额超9亿元" in text for text in texts)
    assert "2025-06-15 10:00" in document.sections[0].footer.paragraphs[0].text
    fonts = set(
        re.findall(r'w:eastAsia="([^"]+)"', zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode())
    )
    assert {"仿宋", "黑体", "宋体"} <= fonts


def test_excel_has_the_figures_as_numbers_and_all_rows(leader: Context, report: Outcome) -> None:
    book = load_workbook(io.BytesIO(report_file(leader, report, "xlsx")))

    assert book.sheetnames == ["汇总", "握手活动", "合作项目", "资金流水"]
    summary = {row[0]: row[1] for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert summary["握手次数"] == 2
    assert summary["协议投入"] == pytest.approx(1_400_000.01)
    assert summary["成效表述"] == f"{report.sentence}。"
    assert book["握手活动"].max_row - 1 == report.values["events_held"].amount
    assert book["合作项目"].max_row - 1 == report.values["projects_implemented"].amount
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    heads = [cell.value for cell in book["资金流水"][1]]
    kind, amount = heads.index("类别"), heads.index("金额（元）")
    rows = list(book["资金流水"].iter_rows(min_row=2, values_only=True))
    for label, key in (("协议", "money_committed"), ("到位", "money_received"), ("支出", "money_spent")):
        fen = sum(round(row[amount] * 100) for row in rows if row[kind] == label)
        assert fen == report.values[key].amount


def test_markdown_and_json_say_the_same(leader: Context, report: Outcome) -> None:
    text = report_file(leader, report, "md").decode()
    data: dict[str, Any] = json.loads(report_file(leader, report, "json"))

    assert f"{report.sentence}。" in text
    assert data["sentence"] == report.sentence
    figures = {one["key"]: one for one in data["figures"]}
    assert figures["money_committed"]["value"] == "1400000.01"
    assert figures["events_held"]["value"] == 2
    assert len(data["records"]["events"]) == 2
    assert data["as_of"] == "2025-06-15T10:00:00+08:00"
    for value in report.values.values():
        assert f"| {value.figure.label} | {value.text} |" in text


def test_libreoffice_opens_both_and_finds_the_figures(leader: Context, report: Outcome, tmp_path: Path) -> None:
    need_part("soffice")
    (tmp_path / "report.xlsx").write_bytes(report_file(leader, report, "xlsx"))
    (tmp_path / "report.docx").write_bytes(report_file(leader, report, "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for source, form in (
        ("report.docx", "txt:Text (encoded):UTF8"),
        ("report.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76"),
    ):
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(tmp_path / source)],
            check=True,
            capture_output=True,
            timeout=180,
        )

    text = (tmp_path / "report.txt").read_text("utf-8")
    table = (tmp_path / "report.csv").read_text("utf-8")
    assert report.sentence in text
    assert "140.00 万元" in text
    assert "1,400,000.01" in table
    assert report.sentence in table


def test_pdf_is_made_where_libreoffice_is(leader: Context, report: Outcome) -> None:
    need_part("soffice")

    assert report_file(leader, report, "pdf").startswith(b"%PDF-")


def test_pdf_without_libreoffice_says_what_to_do(
    leader: Context, report: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_maker.shutil, "which", lambda _name: None)

    with pytest.raises(NoPdf, match="安装 libreoffice-writer"):
        report_file(leader, report, "pdf")


def test_a_form_there_is_none_of(leader: Context, report: Outcome) -> None:
    with pytest.raises(NotFound, match="docx"):
        report_file(leader, report, "doc")
    assert report_name(report, "docx") == "2025年企业家与科学家握手行动成效.docx"
    assert set(MEDIA_TYPES) == {"docx", "xlsx", "pdf", "md", "json"}


def test_demo_mode_counts_demo_records(ctx: Context, settings: Settings) -> None:
    add_world(ctx)
    ctx.settings = settings.model_copy(update={"demo": True})

    assert outcome_sentence(ctx, 2025).endswith("（含示例数据）")
