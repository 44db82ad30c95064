"""The first page, the report and the figures through both doors: every number opens its own rows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from docx import Document
from fastapi.testclient import TestClient

from models import Role
from service.context import Context
from service.queries.figures import FIGURES
from tests.doors.conftest import Browser
from tests.parts import ONLY_SQLITE
from tests.queries.world import add_world

pytestmark = ONLY_SQLITE
Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
COUNTS = [figure.key for figure in FIGURES.values() if figure.column is None]
_TOTAL = re.compile(r"共 <strong>([\d,]+)</strong>")


def _rows_of(page: str) -> int:
    found = _TOTAL.search(page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.ORGANIZER])
def test_every_count_on_the_report_is_the_total_of_the_page_it_opens(ctx: Context, browse: Browse, role: Role) -> None:
    add_world(ctx)
    reader = browse(role=role)

    page = unescape(reader.get("/report?year=2025&demo=0").text)

    links = {
        (int(number.replace(",", "")), href)
        for href, number in re.findall(r'<a class="nowrap" href="(/[^"]+)">([\d,]+) [^<元]+</a>', page)
    }
    assert len(links) >= len(COUNTS)
    for number, href in links:
        assert _rows_of(reader.get(href).text) == number, href


def test_the_report_page_says_the_sentence_its_scope_and_its_time(ctx: Context, browse: Browse) -> None:
    add_world(ctx)
    page = browse(role=Role.LEADER).get("/report?year=2025").text

    assert "2025年开展企业家与科学家“握手”行动 2 次，实施合作项目 2 项，项目投入总金额 140.00 万元" in unescape(page)
    assert "不含示例数据；数据截至" in page


@pytest.mark.parametrize("form", ["docx", "xlsx", "md", "json"])
def test_the_report_comes_as_a_file_under_its_chinese_name(ctx: Context, browse: Browse, form: str) -> None:
    add_world(ctx)

    answer = browse(role=Role.LEADER).get(f"/report.{form}?year=2025&region=150600")

    assert answer.status_code == 200
    assert quote("鄂尔多斯市2025年企业家与科学家握手行动成效") in answer.headers["content-disposition"]
    if form == "docx":
        assert Document(io.BytesIO(answer.content)).paragraphs[0].text.startswith("鄂尔多斯市2025年")


def test_the_report_is_not_for_everyone(browse: Browse) -> None:
    assert browse(role=Role.ENTERPRISE).get("/report").status_code == 403
    assert browse().get("/report.docx").status_code == 401
    assert browse(role=Role.LEADER).get("/report.exe").status_code == 404
    assert browse(role=Role.LEADER).get("/report?region=999999").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_everyone_who_is_signed_in_has_a_first_page(ctx: Context, browse: Browse, role: Role) -> None:
    add_world(ctx)

    page = browse(role=role).get("/?year=2025")

    assert page.status_code == 200
    assert "2025 年总览" in page.text
    assert ("需求到成效" in page.text) is (role not in (Role.ENTERPRISE, Role.INSTITUTE, Role.SECURITY))


def test_a_visitor_is_told_what_this_is_and_where_to_begin(ctx: Context, browse: Browse) -> None:
    add_world(ctx)

    fresh = browse().get("/").text
    assert "开始首次设置" in fresh
    assert 'href="/login"' in fresh
    href = re.search(r'<a href="(/needs\?[^"]+)" aria-label="技术需求：(\d+)项', unescape(fresh))
    assert href is not None
    assert _rows_of(browse().get(href[1]).text) == int(href[2])
    browse(role=Role.ADMIN)
    assert "开始首次设置" not in browse().get("/").text


def test_figures_and_report_through_the_api(ctx: Context, bearer: Bearer) -> None:
    add_world(ctx)
    program = bearer(role=Role.LEADER)

    figures = program.get("/api/v1/figures?year=2025").json()
    report = program.get("/api/v1/report?year=2025").json()

    found = {one["key"]: one for one in figures["figures"]}
    assert set(found) == set(FIGURES)
    assert (found["events_held"]["value"], found["money_committed"]["value"]) == (2, "1400000.01")
    assert found["money_committed"]["definition"]
    assert report["sentence"].endswith("140.00 万元")
    assert [one["value"] for one in program.get("/api/v1/figures/funnel?year=2025").json()["figures"]][-1] == 1
    assert len(report["records"]["projects"]) == 2
