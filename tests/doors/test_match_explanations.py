"""Why a pair, and why not the first: seen through both doors, by those who may."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from models import Achievement, Match, Need, OrganizationKind, Role
from service.context import Context
from service.kinds import CooperationMode
from tests.doors.conftest import Browser
from tests.factories import add_account, add_achievement, add_match, add_need, add_organization

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
MARK = re.compile('<mark class="(tint-[0-9])">([^<]+)</mark>')


def _explained(ctx: Context) -> Match:
    need = add_need(
        ctx,
        title="高盐废水分质结晶",
        problem="结晶盐氯化钠品质不稳定。",
        present_state="",
        target_indicators="目标：氯化钠纯度≥98.5%；吨水电耗≤5 kWh/t；硫酸钠纯度≥98%。",
        budget_fen=10_000_000,
        cooperation_modes=[CooperationMode.JOINT],
        keywords=["高盐废水", "零排放"],
    )
    achievement = add_achievement(
        ctx,
        title="高盐废水分质结晶成套工艺",
        abstract="氯化钠纯度98.8%，硫酸钠纯度96%。",
        advantages="",
        application="",
        price_fen=20_000_000,
        keywords=["分质结晶"],
    )
    return add_match(ctx, need=need, achievement=achievement)


def _two(ctx: Context) -> tuple[Match, Match]:
    """The second and the first pair of one need."""
    need = add_need(ctx, title="碱性电解槽的宽功率波动")
    first = add_match(
        ctx,
        need=need,
        achievement=add_achievement(ctx, title="碱性电解槽宽功率波动控制"),
        score=7000,
        contributions={"title": 4000, "coverage": 3000},
    )
    second = add_match(
        ctx,
        need=need,
        achievement=add_achievement(ctx, title="碱性电解槽隔膜"),
        score=4000,
        contributions={"title": 2500, "words": 1500},
    )
    return second, first


def test_the_page_shows_what_fits_and_what_is_missing(ctx: Context, browse: Browse) -> None:
    match = _explained(ctx)

    page = browse(role=Role.ORGANIZER).get(f"/matches/{match.id}").text

    assert "对方没有提到</span><span>零排放</span>" in page
    assert "≥98.5%" in page
    for verdict in ("满足", "不满足", "对方未写明"):
        assert f">{verdict}</span>" in page
    assert "预算 10.00 万元" in page
    assert "意向价格 20.00 万元" in page


def test_the_page_lights_a_shared_word_in_the_same_tint_on_both_sides(ctx: Context, browse: Browse) -> None:
    match = _explained(ctx)

    page = browse(role=Role.ORGANIZER).get(f"/matches/{match.id}").text

    _, need, offer = page.split('<blockquote class="passage">')[:3]
    tints = [{word: tint for tint, word in MARK.findall(side)} for side in (need, offer)]
    common = set(tints[0]) & set(tints[1])
    assert common
    assert all(tints[0][word] == tints[1][word] for word in common)


def test_the_api_gives_aligned_sentences_targets_and_conditions(ctx: Context, bearer: Bearer) -> None:
    match = _explained(ctx)

    seen = bearer(role=Role.ORGANIZER).get(f"/api/v1/matches/{match.id}").json()

    verdicts = {row["label"]: row["verdict"] for row in seen["indicators"]}
    assert verdicts["氯化钠纯度"] == "satisfied"
    assert verdicts["硫酸钠纯度"] == "violated"
    assert {row["label"]: row["verdict"] for row in seen["conditions"]}["预算与价格"] == "violated"
    assert seen["missing_terms"] == ["零排放"]
    for pair in seen["aligned"]:
        for passage in (pair["need"], pair["offer"]):
            for start, end, number in passage["spans"]:
                assert 0 <= start < end <= len(passage["text"])
                assert number < len(seen["lit_terms"])


def test_why_not_first_adds_up_on_the_page_and_in_the_api(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    second, first = _two(ctx)
    officer = browse(role=Role.ORGANIZER)

    pair = officer.get(f"/matches/{second.id}").text
    page = officer.get(f"/matches/{second.id}/against").text
    seen = bearer(role=Role.ORGANIZER).get(f"/api/v1/matches/{second.id}/against").json()

    assert "在这条需求的 2 对推荐中排第 2" in pair
    assert f'href="/matches/{second.id}/against"' in pair
    assert "为何不是第一" in page
    assert "对照的一对高 30.00 分" in page
    assert "+30.00" in page
    assert (seen["theirs"], seen["our_rank"], seen["their_rank"], seen["difference"]) == (first.id, 2, 1, 3000)
    assert sum(signal["gap"] for signal in seen["signals"]) == 3000
    assert seen["theirs_only"] == ["宽功率波动"]


def test_the_first_pair_is_held_against_the_second(ctx: Context, browse: Browse) -> None:
    second, first = _two(ctx)

    page = browse(role=Role.ORGANIZER).get(f"/matches/{first.id}/against").text

    assert "为何排第一" in page
    assert "本对高 30.00 分" in page
    assert f'href="/matches/{second.id}"' in page


def test_any_other_pair_of_the_same_need_or_achievement_can_be_chosen(ctx: Context, bearer: Bearer) -> None:
    second, first = _two(ctx)
    other_need = add_match(ctx, need=add_need(ctx), achievement=ctx.find(Achievement, first.achievement_id))
    program = bearer(role=Role.ORGANIZER)

    by_need = program.get(f"/api/v1/matches/{first.id}/against/{second.id}")
    by_achievement = program.get(f"/api/v1/matches/{first.id}/against/{other_need.id}")
    nothing_shared = program.get(f"/api/v1/matches/{second.id}/against/{other_need.id}")

    assert (by_need.status_code, by_need.json()["by"]) == (200, "needs")
    assert (by_achievement.status_code, by_achievement.json()["by"]) == (200, "achievements")
    assert nothing_shared.status_code == 404
    assert "无从比较" in nothing_shared.json()["detail"]


def test_a_pair_alone_has_nothing_to_be_compared_with(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    match = add_match(ctx)

    page = browse(role=Role.ORGANIZER).get(f"/matches/{match.id}/against")

    assert page.status_code == 200
    assert "目前只有这一对" in page.text
    assert bearer(role=Role.ORGANIZER).get(f"/api/v1/matches/{match.id}/against").status_code == 404


def test_an_institute_compares_within_its_own_list_and_learns_of_no_other(ctx: Context, browse: Browse) -> None:
    second, first = _two(ctx)
    institute = add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    account = add_account(ctx, Role.INSTITUTE, organization=institute)
    own = add_achievement(ctx, title="碱性电解槽密封", organization=institute)
    mine = [
        add_match(ctx, need=need, achievement=own, score=score, contributions={"title": score})
        for need, score in ((ctx.find(Need, second.need_id), 3000), (add_need(ctx, title="密封圈"), 2000))
    ]
    scientist = browse(account)

    page = scientist.get(f"/matches/{mine[1].id}/against")
    strange = [f"/matches/{mine[0].id}/against/{first.id}", f"/matches/{first.id}/against"]

    assert "同一项科技成果" in page.text
    assert f'href="/matches/{mine[0].id}"' in page.text
    assert [scientist.get(path).status_code for path in strange] == [404, 404]
    assert f"/matches/{first.id}" not in scientist.get(f"/matches/{mine[0].id}/against").text


def test_a_posting_list_links_to_why_a_pair_is_not_the_first(ctx: Context, browse: Browse) -> None:
    second, _ = _two(ctx)

    page = browse(role=Role.ORGANIZER).get(f"/needs/{second.need_id}/matches").text

    assert f"/matches/{second.id}/against?by=needs" in page
