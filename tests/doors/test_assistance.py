"""Help while a posting is written, through both doors: what to mend, what compares, nothing one may not see."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import Confidentiality, Need, Role
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_achievement, add_need, add_organization

VAGUE = {
    "title": "大功率碱性电解槽隔膜寿命提升",
    "problem": "风电直供时电解槽负荷快速波动，需提高制氢效率，\r\n希望解决相关技术问题。",
    "target_indicators": "达到国际先进水平",
    "no_secret": "true",
}
NUMBERS = "直流单耗 ≤4.3 kWh/Nm³；氢气纯度 ≥99.9 %"


def _needs(ctx: Context) -> int:
    return ctx.session.scalar(select(func.count()).select_from(Need)) or 0


def test_check_up_is_shown_while_writing_and_nothing_is_written(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    shown = engineer.post("/needs/assist", VAGUE).text

    assert "“提高制氢效率”没有数。可写成“制氢效率由＿＿％提高到＿＿％”" in shown
    assert 'data-select="f-problem" data-from="16" data-to="22" data-text="提高制氢效率"' in shown
    assert "“国际先进”无从检验" in shown
    assert shown.index("没有带单位的数") < shown.index("“国际先进”") < shown.index("“相关技术”")
    assert re.search(r'id="checkup-count".*?体检：\d+ 处', shown, re.DOTALL)
    assert _needs(ctx) == 0


def test_an_empty_form_asks_for_nothing_yet(browse: Callable[..., Browser]) -> None:
    page = browse(role=Role.ENTERPRISE).get("/needs/new").text

    assert "写下名称和卡点后" in page
    assert "没有带单位的数" not in page


def test_check_button_shows_the_findings_keeps_the_text_and_writes_nothing(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    page = engineer.post("/needs/new", {**VAGUE, "keywords": ["隔膜", "电解槽"], "then": "check"})

    assert page.status_code == 200
    assert "检查完了，还没有保存" in page.text
    assert "“国际先进”无从检验" in page.text
    assert 'value="隔膜、电解槽"' in page.text
    assert "大功率碱性电解槽隔膜寿命提升" in page.text
    assert _needs(ctx) == 0


def test_check_button_leaves_a_saved_draft_as_it_is(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)
    engineer.post("/needs/new", VAGUE)
    need = ctx.session.scalars(select(Need)).one()

    page = engineer.post(f"/needs/{need.id}/edit", {**VAGUE, "title": "另一个名称", "version": "1", "then": "check"})

    assert "检查完了，还没有保存" in page.text
    assert (ctx.find(Need, need.id).title, ctx.find(Need, need.id).version) == (VAGUE["title"], 1)


def test_ticked_keywords_are_saved_with_the_typed_ones(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    engineer.post("/needs/new", {**VAGUE, "keywords": ["隔膜 制氢", "电解槽"]})

    assert ctx.session.scalars(select(Need)).one().keywords == ["隔膜", "制氢", "电解槽"]


def test_numbers_of_comparable_postings_are_asked_for(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_need(ctx, title="碱性电解槽隔膜寿命与单耗改进", target_indicators=NUMBERS)
    add_achievement(ctx, title="长寿命碱性电解槽隔膜", abstract="碱性电解槽隔膜", advantages=NUMBERS)
    engineer = browse(role=Role.ENTERPRISE)

    shown = engineer.post("/needs/assist", VAGUE).text

    assert re.search(r"相近的 2 条里，2 条写了[^。]*纯度", shown)
    assert "可参考的技术需求" in shown
    assert "碱性电解槽隔膜寿命与单耗改进" in shown
    assert "氢气纯度 ≥99.9 %" in shown


def test_comparables_show_nothing_the_asker_may_not_read(ctx: Context, browse: Callable[..., Browser]) -> None:
    firm = add_organization(ctx, name="隐去名称的制氢公司")
    secret = {"title": "碱性电解槽隔膜寿命与单耗改进", "target_indicators": NUMBERS}
    add_need(ctx, confidentiality=Confidentiality.ORGANIZERS, **secret)
    add_need(ctx, confidentiality=Confidentiality.ORGANIZERS, **secret)
    engineer, officer = browse(role=Role.ENTERPRISE), browse(role=Role.ORGANIZER)

    hidden = engineer.post("/needs/assist", VAGUE).text
    told = officer.post("/needs/assist", VAGUE).text
    add_need(ctx, organization=firm, masked_name="某制氢企业", **secret)
    masked = engineer.post("/needs/assist", VAGUE).text

    assert "相近的" not in hidden
    assert "隔膜寿命与单耗改进" not in hidden
    assert "隔膜寿命与单耗改进" in told
    assert "某制氢企业" in masked
    assert "隐去名称的制氢公司" not in masked


def test_made_up_numbers_are_not_held_against_a_real_draft(ctx: Context, browse: Callable[..., Browser]) -> None:
    for _ in range(2):
        add_need(ctx, title="碱性电解槽隔膜寿命与单耗改进", target_indicators=NUMBERS, is_demo=True)
    engineer = browse(role=Role.ENTERPRISE)

    assert "相近的" not in engineer.post("/needs/assist", VAGUE).text


def test_a_program_gets_the_same_findings(bearer: Callable[..., TestClient]) -> None:
    answer = bearer(role=Role.ENTERPRISE).post("/api/v1/needs/assist", json={**VAGUE, "no_secret": True})

    assert answer.status_code == 200
    body = answer.json()
    assert {"text", "numbers", "change"} & {finding["kind"] for finding in body["findings"]} == {"numbers", "change"}
    change = next(finding for finding in body["findings"] if finding["kind"] == "change")
    assert (change["field"], change["excerpt"]) == ("problem", "提高制氢效率")
    assert change["end"] - change["start"] == len("提高制氢效率")
    assert len(body["keywords"]) <= 5


def test_help_is_for_those_who_may_write(browse: Callable[..., Browser]) -> None:
    assert browse(role=Role.LEADER).post("/needs/assist", VAGUE).status_code == 403
