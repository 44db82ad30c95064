"""匹配质量 through both doors: read, tried, saved, taken back, refused; empty, 示例 and measured."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import Job, MatchState, RankingWeights, Role, WeightsState
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_match
from tests.usecases.judged_rows import add_judged_needs, add_weights

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
BY_FIELD = {"category": "80", "title": "20"}


def test_the_page_says_what_is_missing_while_nothing_was_decided(ctx: Context, browse: Browse) -> None:
    add_match(ctx)

    page = browse(role=Role.LEADER).get("/quality")

    assert page.status_code == 200
    assert "数据不足：还没有一对配对被定夺" in page.text
    assert "已评价 0 个需求，至少需要 30 个" in page.text
    assert "出厂设定" in page.text
    assert "人工设定权重" not in page.text


def test_the_page_shows_demo_decisions_as_such_and_only_while_nothing_is_real(ctx: Context, browse: Browse) -> None:
    add_match(ctx, state=MatchState.SHORTLISTED, is_demo=True)
    officer = browse(role=Role.ORGANIZER)
    before = officer.get("/quality").text
    add_match(ctx, state=MatchState.SHORTLISTED)

    after = officer.get("/quality").text

    assert "以下全部是示例数据" in before
    assert "示例数据不用于学习" in before
    assert "以下全部是示例数据" not in after


def test_the_page_shows_metrics_with_intervals_and_the_number_of_needs(ctx: Context, browse: Browse) -> None:
    add_weights(ctx)
    add_judged_needs(ctx, 12)

    page = browse(role=Role.ADMIN).get("/quality")

    assert "95% 区间 0.500–0.500，12 个需求" in page.text
    assert "/matches?state=DISMISSED&amp;dismissal=FIELD" in page.text
    assert "退回上一套（出厂设定）" in page.text


def test_an_administrator_tries_weights_and_nothing_is_saved(ctx: Context, browse: Browse) -> None:
    add_weights(ctx)
    match = add_judged_needs(ctx, 12)[0]
    keeper = browse(role=Role.ADMIN)
    assert 'value="90"' in keeper.get("/quality/weights").text

    page = keeper.post("/quality/weights/try", {**BY_FIELD, "note": "看看领域"})

    assert page.status_code == 200
    assert "在已评价的配对上会变好" in page.text
    assert f'href="/matches/{match.id}"' in page.text
    assert 'value="80"' in page.text
    assert "看看领域" in page.text
    assert len(ctx.session.scalars(select(RankingWeights)).all()) == 1


def test_an_administrator_saves_weights_and_goes_back_in_one_click(ctx: Context, browse: Browse) -> None:
    first = add_weights(ctx)
    keeper = browse(role=Role.ADMIN)

    saved = keeper.post("/quality/weights", {**BY_FIELD, "note": "领域更要紧"})

    assert saved.url.path == "/quality"
    assert "权重已换用" in saved.text
    assert "领域更要紧" in saved.text
    assert "数据不足，没有比较" in saved.text
    assert ctx.session.scalars(select(Job.unique_key)).all() == ["refresh_matches:weights"]
    back = keeper.post(f"/quality/weights/{first.id}/activate")
    assert back.url.path == "/quality"
    in_force = ctx.session.scalars(select(RankingWeights).where(RankingWeights.state == WeightsState.ACTIVE)).one()
    assert in_force.id == first.id
    assert keeper.post("/quality/weights/shipped").url.path == "/quality"
    assert keeper.post("/quality/weights/shipped").status_code == 409


def test_wrong_weights_come_back_with_what_was_typed(browse: Browse) -> None:
    keeper = browse(role=Role.ADMIN)

    for path in ("/quality/weights", "/quality/weights/try"):
        page = keeper.post(path, {"title": "很多", "category": "20", "note": "试"})
        assert page.status_code == 422
        assert "标题切题请填写数字" in page.text
        assert 'value="很多"' in page.text
    nothing = keeper.post("/quality/weights", {"title": "0", "note": "试"})
    assert "至少给一个匹配因子大于 0 的权重" in nothing.text


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.LEADER])
def test_readers_may_not_change_weights(ctx: Context, browse: Browse, role: Role) -> None:
    row = add_weights(ctx)
    reader = browse(role=role)

    answers = [
        reader.get("/quality/weights"),
        reader.post("/quality/weights/try", BY_FIELD),
        reader.post("/quality/weights", {**BY_FIELD, "note": "试"}),
        reader.post("/quality/weights/shipped"),
        reader.post(f"/quality/weights/{row.id}/activate"),
        reader.post("/quality/learn"),
    ]

    assert reader.get("/quality").status_code == 200
    assert [answer.status_code for answer in answers] == [403] * 6
    assert row.state is WeightsState.ACTIVE


def test_the_page_is_closed_to_others(browse: Browse) -> None:
    assert browse().get("/quality").status_code == 401
    assert browse(role=Role.ENTERPRISE).get("/quality").status_code == 403


def test_programs_read_try_set_and_go_back(ctx: Context, bearer: Bearer) -> None:
    first = add_weights(ctx)
    add_judged_needs(ctx, 12)
    program = bearer(role=Role.ADMIN)

    quality = program.get("/api/v1/quality").json()
    tried = program.post("/api/v1/quality/trial", json={"category": 80, "title": 20}).json()
    made = program.post("/api/v1/quality/weights", json={"category": 80, "title": 20, "note": "领域更要紧"})
    back = program.post(f"/api/v1/quality/weights/{first.id}/activate")
    history = program.get("/api/v1/quality/weights").json()
    shipped = program.post("/api/v1/quality/weights/shipped").json()
    learning = program.post("/api/v1/quality/learn")

    assert (quality["needs"], quality["telling"], quality["is_measured"], quality["is_demo"]) == (12, 12, True, False)
    assert quality["metrics"]["mrr@10"] == {"value": 0.5, "low": 0.5, "high": 0.5, "needs": 12}
    assert quality["grades"]["入选"] == quality["grades"]["不合适"] == 12
    assert len(quality["lacking"]) == 2
    assert tried["comparison"]["mrr@10"]["difference"]["low"] > 0
    assert (made.status_code, made.json()["state"]) == (200, "ACTIVE")
    assert made.json()["metrics"]["comparison"]["mrr@10"]["after"]["needs"] == 12
    assert back.json()["id"] == first.id
    assert [one["state"] for one in history] == ["RETIRED", "ACTIVE"]
    assert (shipped["id"], shipped["origin"]) == (None, "SHIPPED")
    assert (learning.status_code, learning.json()) == (202, {"state": "queued"})


def test_a_program_is_told_which_field_is_wrong(bearer: Bearer) -> None:
    answer = bearer(role=Role.ADMIN).post("/api/v1/quality/trial", json={"title": 500})

    assert answer.status_code == 422
    assert "标题切题不能大于 100" in answer.text


def test_staff_find_the_page_from_the_list_of_pairs(browse: Browse) -> None:
    assert 'href="/quality"' in browse(role=Role.ORGANIZER).get("/matches").text
    assert 'href="/quality"' not in browse(role=Role.ENTERPRISE).get("/matches").text
    assert 'href="/quality"' in browse(role=Role.ADMIN).get("/admin").text
