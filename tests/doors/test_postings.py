"""Needs and achievements through both doors: written, refused at the field, reviewed, found and hidden."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import AuditEntry, Confidentiality, Match, Need, PostingState, Role, StateChange
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_achievement, add_match, add_need, add_organization

NEED = {
    "title": "千标方级碱性电解槽宽功率波动适应性提升",
    "problem": "风电直供时电解槽在 30 %–110 % 负荷间快速波动，氢气纯度下降，隔膜寿命缩短。",
    "target_indicators": "负荷范围 20 %–110 %，氢气纯度 ≥99.8 %",
    "keywords": "电解水制氢、宽功率波动",
    "budget": "500万元",
    "confidentiality": "PUBLIC",
    "no_secret": "true",
}


def _counts(ctx: Context) -> tuple[int, ...]:
    return tuple(
        ctx.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (Need, StateChange, AuditEntry)
    )


def test_posting_passes_from_an_empty_form_to_publication_with_matches(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    add_achievement(ctx, title="宽功率波动碱性电解水制氢系统", keywords=["电解水制氢"])
    engineer, officer = browse(role=Role.ENTERPRISE), browse(role=Role.ORGANIZER)

    written = engineer.post("/needs/new", {**NEED, "then": "submit"})
    need = ctx.session.scalars(select(Need)).one()
    published = officer.post(f"/needs/{need.id}/publish", {"version": str(need.version)})

    assert written.status_code == published.status_code == 200
    assert ctx.find(Need, need.id).state is PostingState.PUBLISHED
    assert ctx.find(Need, need.id).budget_fen == 500_000_000
    match = ctx.session.scalars(select(Match).where(Match.need_id == need.id)).one()
    assert match.score == sum(match.contributions.values())
    assert "宽功率波动碱性电解水制氢系统" in engineer.get(f"/needs/{need.id}").text


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"title": ""}, "title", "请填写名称"),
        ({"problem": "长" * 20_000}, "problem", "卡点不能超过 2000 字，现在有 20000 字"),
        ({"deadline": "2026-02-30"}, "deadline", "请填写真实存在的日期，例如 2026-03-31"),
        ({"deadline": "2019-01-01"}, "deadline", "期限已经过去，请填写今天或以后的日期"),
        ({"budget": "100.005"}, "budget", "金额最多精确到分，即小数点后两位"),
        ({"budget": "很多"}, "budget", "金额请填写数字，单位为元，例如 1280000.50，也可以写 128万元"),
        ({"budget": "-5"}, "budget", "金额不能为负数"),
        ({"region_code": "999999"}, "region_code", "没有这个地区代码，请从列表中选择"),
        ({"categories": ["987654"]}, "categories", "没有编号为 987654 的技术领域，请从列表中选择"),
        ({"keywords": "一、二、三、四、五、六"}, "keywords", "关键词最多 5 项，现在有 6 项"),
        ({"confidentiality": "SECRET"}, "confidentiality", "公开范围请从列表中选择"),
        ({"no_secret": "false"}, "no_secret", "请先确认所填内容不涉及国家秘密"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field_and_changes_nothing(
    ctx: Context,
    browse: Callable[..., Browser],
    bearer: Callable[..., TestClient],
    wrong: dict[str, object],
    field: str,
    sentence: str,
) -> None:
    engineer, program = browse(role=Role.ENTERPRISE), bearer(role=Role.ENTERPRISE)
    before = _counts(ctx)
    exact = {"categories": {"categories": [987654]}, "no_secret": {"no_secret": False}}.get(field, {})

    page = engineer.post("/needs/new", {**NEED, **wrong})
    answer = program.post("/api/v1/needs", json={**NEED, "no_secret": True, **wrong, **exact})

    assert page.status_code == answer.status_code == 422
    assert f'id="f-{field}-error"' in page.text or field == "categories"
    assert sentence in page.text
    assert NEED["keywords"] in page.text or field == "keywords"
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"field": field, "message": sentence} in answer.json()["errors"]
    assert _counts(ctx) == before


def test_foreign_organization_is_refused(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    other = add_organization(ctx)
    program = bearer(role=Role.ENTERPRISE)

    answer = program.post("/api/v1/needs", json={**NEED, "no_secret": True, "organization_id": other.id})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "organization_id", "message": "只能以本机构名义发布；请留空或选择本机构"}
    ]


def test_someone_elses_need_cannot_be_edited_or_moved(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    need = add_need(ctx, state=PostingState.DRAFT)
    stranger = bearer(role=Role.ENTERPRISE)

    edited = stranger.put(f"/api/v1/needs/{need.id}", json={**NEED, "no_secret": True, "version": 1})
    moved = stranger.post(f"/api/v1/needs/{need.id}/submit", json={"version": 1})
    read = stranger.get(f"/api/v1/needs/{need.id}")

    assert (edited.status_code, moved.status_code, read.status_code) == (404, 404, 404)


def test_stale_version_is_refused_and_the_typed_text_is_kept(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)
    engineer.post("/needs/new", NEED)
    need = ctx.session.scalars(select(Need)).one()
    engineer.post(f"/needs/{need.id}/edit", {**NEED, "title": "先改的名称说明问题", "version": "1"})

    late = engineer.post(f"/needs/{need.id}/edit", {**NEED, "title": "后改的名称说明问题", "version": "1"})

    assert late.status_code == 409
    assert "已被修改" in late.text
    assert "后改的名称说明问题" in late.text
    assert ctx.find(Need, need.id).title == "先改的名称说明问题"


def test_illegal_move_is_a_conflict_that_says_where_it_may_go(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    officer = bearer(role=Role.ORGANIZER)
    need = add_need(ctx, state=PostingState.CLOSED)
    ctx.commit()

    answer = officer.post(f"/api/v1/needs/{need.id}/publish", json={"version": need.version})

    assert answer.status_code == 409
    assert answer.json()["detail"] == "技术需求当前为“已关闭”，不能改为“已发布”；可以改为：下架。"


def test_reviewer_returns_a_posting_with_a_remark_its_owner_reads(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer, officer = browse(role=Role.ENTERPRISE), browse(role=Role.ORGANIZER)
    engineer.post("/needs/new", {**NEED, "then": "submit"})
    need = ctx.session.scalars(select(Need)).one()
    version = str(need.version)

    silent = officer.post(f"/needs/{need.id}/return", {"version": version})
    told = officer.post(f"/needs/{need.id}/return", {"version": version, "reason": "请补充现有设备的型号"})

    assert silent.status_code == 422
    assert told.status_code == 200
    assert "请补充现有设备的型号" in engineer.get(f"/needs/{need.id}").text


def test_nobody_reviews_what_they_wrote_themselves(ctx: Context, browse: Callable[..., Browser]) -> None:
    officer = browse(role=Role.ORGANIZER)
    firm = add_organization(ctx)
    ctx.commit()
    officer.post("/needs/new", {**NEED, "organization_id": str(firm.id), "then": "submit"})
    need = ctx.session.scalars(select(Need)).one()

    refused = officer.post(f"/needs/{need.id}/publish", {"version": str(need.version)})

    assert refused.status_code == 403
    assert "另一位同事" in refused.text


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.BROKER])
def test_staff_handle_what_they_wrote_on_behalf_and_nobody_elses_draft(
    ctx: Context, browse: Callable[..., Browser], role: Role
) -> None:
    officer = browse(role=role)
    firm = add_organization(ctx)
    foreign = add_need(ctx, state=PostingState.DRAFT, organization=firm)
    saved = officer.post("/needs/new", {**NEED, "organization_id": str(firm.id)})
    own = ctx.session.scalars(select(Need).where(Need.id != foreign.id)).one()

    changed = officer.post(f"/needs/{own.id}/edit", {**NEED, "title": "代发布的需求改过名称", "version": "1"})
    handed_in = officer.post(f"/needs/{own.id}/submit", {"version": str(own.version)})
    intruding = officer.post(f"/needs/{foreign.id}/edit", {**NEED, "version": "1"})

    assert (saved.status_code, changed.status_code, handed_in.status_code) == (200, 200, 200)
    assert intruding.status_code == 404
    assert officer.get(f"/needs/{foreign.id}").status_code == 404
    assert ctx.find(Need, own.id).state is PostingState.SUBMITTED
    assert ctx.find(Need, foreign.id).version == 1


def test_tiers_decide_who_finds_a_need(ctx: Context, browse: Callable[..., Browser]) -> None:
    for number, tier in enumerate(Confidentiality):
        add_need(ctx, title=f"难题{number}甲乙丙丁", confidentiality=tier)
    add_need(ctx, title="草稿难题甲乙丙丁", state=PostingState.DRAFT)
    found = {
        who: sum(f"难题{number}甲乙丙丁" in browser.get("/needs").text for number in range(4))
        for who, browser in {
            "visitor": browse(),
            "enterprise": browse(role=Role.ENTERPRISE),
            "broker": browse(role=Role.BROKER),
            "organizer": browse(role=Role.ORGANIZER),
        }.items()
    }

    assert found == {"visitor": 1, "enterprise": 2, "broker": 3, "organizer": 4}
    assert "草稿难题" not in browse(role=Role.ORGANIZER).get("/needs").text


def test_masked_name_hides_the_organization_from_others(ctx: Context, browse: Callable[..., Browser]) -> None:
    firm = add_organization(ctx, name="隐去名称的制氢公司")
    need = add_need(ctx, organization=firm, masked_name="某制氢企业", title="隐名难题一二三四")
    visitor, officer = browse(), browse(role=Role.ORGANIZER)

    for path in ("/needs", f"/needs/{need.id}", f"/needs?organization={firm.id}", "/needs?q=隐去名称"):
        assert "隐去名称的制氢公司" not in visitor.get(path).text
    assert "隐名难题一二三四" not in visitor.get(f"/needs?organization={firm.id}").text
    assert "某制氢企业" in visitor.get(f"/needs/{need.id}").text
    assert "隐去名称的制氢公司" in officer.get(f"/needs/{need.id}").text


def test_search_filter_and_export_agree(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_need(ctx, title="盐碱地改良与节水灌溉", keywords=["盐碱地"])
    add_need(ctx, title="矿井水深度处理回用", keywords=["矿井水"], region_code="150622")
    visitor = browse()

    page = visitor.get("/needs", params={"q": "矿井水", "region": "150622"})
    exported = visitor.get("/needs.csv", params={"q": "矿井水", "region": "150622"})

    assert "矿井水深度处理回用" in page.text
    assert "盐碱地改良" not in page.text
    rows = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["名称", "矿井水深度处理回用"]


def test_near_duplicates_and_categories_are_shown_while_writing(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_need(ctx, title="大功率碱性电解槽隔膜寿命提升技术")
    engineer = browse(role=Role.ENTERPRISE)

    shown = engineer.post("/needs/assist", {"title": "大功率碱性电解槽隔膜寿命提升"})

    assert shown.status_code == 200
    assert "大功率碱性电解槽隔膜寿命提升技术" in shown.text
    assert ctx.session.scalar(select(func.count()).select_from(Need)) == 1


def test_contact_is_hidden_until_both_sides_agree(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx, contact_name="示例联系人甲", contact_phone="0477-0000001")
    visitor, stranger, officer = browse(), browse(role=Role.INSTITUTE), browse(role=Role.ORGANIZER)

    assert "0477-0000001" not in visitor.get(f"/needs/{need.id}").text
    assert "0477-0000001" not in stranger.get(f"/needs/{need.id}").text
    assert "0477-0000001" in officer.get(f"/needs/{need.id}").text


def test_form_without_its_token_is_refused(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    answer = engineer.client.post("/needs/new", data=NEED)

    assert answer.status_code == 403
    assert ctx.session.scalar(select(func.count()).select_from(Need)) == 0


def test_weak_matches_are_marked(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx)
    add_match(ctx, need=need, score=1499, contributions={"title": 1499})
    weak = browse(role=Role.ORGANIZER).get(f"/needs/{need.id}").text
    other = add_need(ctx)
    add_match(ctx, need=other, score=1500, contributions={"title": 1500})

    assert "把握较小" in weak
    assert "把握较小" not in browse(role=Role.ORGANIZER).get(f"/needs/{other.id}").text


def test_a_move_there_is_none_of_is_not_found(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx)

    answer = browse(role=Role.ORGANIZER).post(f"/needs/{need.id}/hop", {"version": str(need.version)})

    assert answer.status_code == 404
    assert "没有这个操作" in answer.text


def test_an_empty_list_offers_only_what_the_reader_may_do(browse: Callable[..., Browser]) -> None:
    assert 'href="/needs/new"' in browse(role=Role.ENTERPRISE).get("/needs").text
    visitor = browse().get("/needs").text
    assert 'href="/needs/new"' not in visitor
    assert "登录后发布技术需求" in visitor
