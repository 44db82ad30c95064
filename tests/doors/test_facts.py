"""Every record that came from a document shows the passage it was taken from, word for word."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import (
    Achievement,
    Category,
    Citation,
    Comparator,
    Confidentiality,
    Indicator,
    KeyTechnology,
    Need,
    Organization,
    Programme,
    Role,
    Source,
)
from service.context import Context
from service.queries.facts import in_words
from service.queries.sources import PAGES, Cited
from service.resources import SEEDS
from service.seeding import load_seeds
from tests.doors.conftest import Browser
from tests.factories import add_achievement, add_category, add_need
from tests.parts import ONLY_SQLITE

KINDS = {
    Cited.NEED: (Need, "needs.csv"),
    Cited.ACHIEVEMENT: (Achievement, "achievements.csv"),
    Cited.ORGANIZATION: (Organization, "organization_sources.csv"),
    Cited.KEY_TECHNOLOGY: (KeyTechnology, "key_technologies.csv"),
    Cited.PROGRAMME: (Programme, "programmes.csv"),
    Cited.INDICATOR: (Indicator, "indicators.csv"),
}

HOLDS = (("关键技术", 31, "key-technologies"), ("计划与政策", 71, "programmes"), ("官方指标", 158, "indicators"))


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def _evidence(kind: Cited) -> dict[str, set[str]]:
    """Key of the seeded record → the passages its rows in the files quote."""
    found: dict[str, set[str]] = {}
    with (SEEDS / KINDS[kind][1]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row.get("organization") or row["key"], set()).add(row["evidence"])
    return found


@pytest.fixture
def seeded(ctx: Context) -> Context:
    """The database with the seeds loaded."""
    load_seeds(ctx)
    ctx.commit()
    return ctx


@ONLY_SQLITE
@pytest.mark.parametrize("kind", Cited)
def test_the_page_of_every_seeded_record_shows_its_evidence(
    seeded: Context, browse: Callable[..., Browser], kind: Cited
) -> None:
    visitor = browse()
    model, quoted = KINDS[kind][0], _evidence(kind)
    records = seeded.session.execute(select(model.id, model.seed_key)).all()

    bare = []
    for record_id, key in records:
        answer = visitor.get(f"{PAGES[kind]}/{record_id}")
        page = _text(answer.text)
        missing = [passage for passage in quoted[key] if re.sub(r"\s+", " ", passage).strip() not in page]
        if answer.status_code != 200 or missing:
            bare.append((key, answer.status_code, missing))

    assert len(records) == len(quoted) > 30
    assert bare == []


@ONLY_SQLITE
def test_every_passage_stands_on_the_page_of_its_source(seeded: Context, browse: Callable[..., Browser]) -> None:
    visitor = browse()
    for source in seeded.session.scalars(select(Source)):
        rows = seeded.session.scalars(select(Citation).where(Citation.source_key == source.key)).all()
        first = visitor.get(f"/facts/sources/{source.key}?size=200").text
        second = visitor.get(f"/facts/sources/{source.key}?size=200&page=2").text if len(rows) > 200 else ""
        links = set(re.findall(r'<td class=" main"[^>]*><a href="([^"]+)"', first + second))

        assert links == {f"{PAGES[Cited(row.record_type)]}/{row.record_id}" for row in rows}


@ONLY_SQLITE
@pytest.mark.usefixtures("seeded")
def test_the_index_counts_what_the_lists_hold(browse: Callable[..., Browser]) -> None:
    visitor = browse()
    index = _text(visitor.get("/facts").text)

    for label, number, path in (
        ("关键技术", 31, "key-technologies"),
        ("计划与政策", 71, "programmes"),
        ("官方指标", 158, "indicators"),
    ):
        assert f"{label} {number}" in index
        assert f"共 {number} " in _text(visitor.get(f"/facts/{path}").text)
        assert visitor.get(f"/facts/{path}.xlsx").status_code == 200


@pytest.mark.parametrize(
    ("comparator", "text", "unit", "said"),
    [
        (Comparator.EQUAL, "1.6", "亿元", "1.6 亿元"),
        (Comparator.AT_LEAST, "50", "项", "不少于 50 项"),
        (Comparator.AT_LEAST, "百余", "次", "百余次"),
        (Comparator.AT_LEAST, "600余", "个", "600余 个"),
        (Comparator.MORE_THAN, "超9", "亿元", "超 9 亿元"),
        (Comparator.MORE_THAN, "270", "家", "超过 270 家"),
        (Comparator.ABOUT, "15", "项", "15 项左右"),
        (Comparator.AT_LEAST, "25", "%", "不少于 25%"),
        (Comparator.AT_LEAST, "1:1", "比例", "不少于 1:1"),
        (Comparator.RANGE, "500—1000", "万元", "500—1000 万元"),
        (Comparator.LESS_THAN, "48", "小时", "低于 48 小时"),
        (Comparator.EQUAL, "33", "位", "第 33 位"),
    ],
)
def test_an_official_figure_is_said_as_its_document_says_it(
    comparator: Comparator, text: str, unit: str, said: str
) -> None:
    assert in_words(comparator, text, unit) == said


def test_a_taxonomy_counts_open_postings_once_in_every_node_above_and_leads_to_exactly_them(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    root = add_category(ctx, "1", scheme="hightech", name="新材料")
    left, right = (add_category(ctx, code, scheme="hightech", parent=root, name=code) for code in ("101", "102"))
    both = add_need(ctx, categories=[left, right], title="两类都算的需求")
    add_need(ctx, categories=[left], title="会员才看的需求", confidentiality=Confidentiality.MEMBERS)
    add_achievement(ctx, categories=[right], title="归在右边的成果")
    ctx.commit()
    visitor, member = browse(), browse(role=Role.ENTERPRISE)

    page = visitor.get("/facts/taxonomies/hightech").text
    href = f"/needs?category={root.id}&amp;state=ENGAGED%2CPUBLISHED"

    assert f'href="{href}">技术需求 1</a>' in page
    assert f'href="{href}">技术需求 2</a>' in member.get("/facts/taxonomies/hightech").text
    listed = visitor.get(html.unescape(href)).text
    assert f'href="/needs/{both.id}"' in listed
    assert "共 <strong>1</strong> 项" in listed
    assert "科技成果 1" in page


def test_a_passage_about_a_posting_the_asker_may_not_read_is_not_shown(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    ctx.add(Source(key="S9", title="某份文件"))
    need = add_need(ctx, title="只给会员看的题目", confidentiality=Confidentiality.MEMBERS)
    ctx.add(
        Citation(source_key="S9", record_type="Need", record_id=need.id, origin_key="X1", evidence="一段保密的原文")
    )
    ctx.commit()

    hidden, shown = browse().get("/facts/sources/S9").text, browse(role=Role.LEADER).get("/facts/sources/S9").text

    assert "一段保密的原文" not in hidden
    assert "只给会员看的题目" not in hidden
    assert "一段保密的原文" in shown


@pytest.mark.parametrize(
    "path", ["/facts/indicators/999999", "/facts/sources/none", "/facts/taxonomies/none", "/facts/none"]
)
def test_what_is_not_there_is_said_to_be_missing(browse: Callable[..., Browser], path: str) -> None:
    assert browse().get(path).status_code == 404


def test_programs_read_categories_and_regions(seeded: Context, bearer: Callable[..., TestClient]) -> None:
    program = bearer(role=Role.ENTERPRISE)

    points = program.get("/api/v1/categories", params={"scheme": "point"}).json()
    industry = program.get("/api/v1/categories", params={"scheme": "gb4754", "size": 200}).json()
    regions = program.get("/api/v1/regions", params={"region": "150600", "size": 200}).json()

    assert points["total"] == 6
    assert {item["scheme"] for item in points["items"]} == {"point"}
    node = next(item for item in industry["items"] if item["parent_id"] is not None)
    assert seeded.find(Category, node["id"]).path == node["path"]
    assert {item["code"] for item in regions["items"]} >= {"150600", "150602", "150621"}
    assert all(item["code"].startswith("1506") for item in regions["items"])
