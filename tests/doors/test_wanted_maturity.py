"""The least maturity a need asks for: written, refused, shown, exported, told to the API, and used in ranking."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from matching.signals.mode import MODES, NEAR
from models import Match, Need, Role
from service.context import Context
from service.kinds import CooperationMode
from tests.doors.conftest import Browser
from tests.doors.test_postings import NEED
from tests.factories import add_achievement, add_need


def test_a_need_says_how_mature_an_achievement_must_be(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    form = engineer.get("/needs/new")
    engineer.post("/needs/new", {**NEED, "wanted_trl": "6", "then": "submit"})

    need = ctx.session.scalars(select(Need)).one()
    assert "成熟度要求（TRL）" in form.text
    assert '<option value="6"' in form.text
    assert need.wanted_trl == 6
    assert "不低于 TRL 6" in engineer.get(f"/needs/{need.id}").text
    assert '<option value="6" selected' in engineer.get(f"/needs/{need.id}/edit").text


@pytest.mark.parametrize("level", ["0", "10", "六"])
def test_a_level_that_does_not_exist_is_refused(ctx: Context, browse: Callable[..., Browser], level: str) -> None:
    engineer = browse(role=Role.ENTERPRISE)

    answer = engineer.post("/needs/new", {**NEED, "wanted_trl": level, "then": "submit"})

    assert answer.status_code == 422
    assert ctx.session.scalar(select(func.count()).select_from(Need)) == 0


def test_the_level_reaches_export_and_api(
    ctx: Context, browse: Callable[..., Browser], bearer: Callable[..., TestClient]
) -> None:
    need = add_need(ctx, wanted_trl=8)
    other = add_need(ctx, wanted_trl=None)

    rows = list(csv.DictReader(io.StringIO(browse().get("/needs.csv").content.decode("utf-8-sig"))))
    reader = bearer(role=Role.ENTERPRISE)
    told = [reader.get(f"/api/v1/needs/{one.id}").json()["wanted_trl"] for one in (need, other)]

    assert {row["名称"]: row["成熟度要求"] for row in rows} == {need.title: "8", other.title: ""}
    assert told == [8, None]


def test_the_riper_of_two_equal_achievements_comes_first(ctx: Context, browse: Callable[..., Browser]) -> None:
    text = {"title": "宽功率波动碱性电解水制氢系统", "keywords": ["电解水制氢"], "price_fen": None}
    raw = add_achievement(ctx, trl=3, **text)
    ripe = add_achievement(ctx, trl=7, **text)
    engineer, officer = browse(role=Role.ENTERPRISE), browse(role=Role.ORGANIZER)

    engineer.post("/needs/new", {**NEED, "wanted_trl": "7", "then": "submit"})
    need = ctx.session.scalars(select(Need)).one()
    officer.post(f"/needs/{need.id}/publish", {"version": str(need.version)})

    ranked = ctx.session.scalars(select(Match).where(Match.need_id == need.id).order_by(Match.score.desc())).all()
    assert [match.achievement_id for match in ranked] == [ripe.id, raw.id]
    assert ranked[0].contributions["maturity"] > ranked[1].contributions.get("maturity", 0)


def test_both_sides_speak_of_the_ways_of_working_together_in_the_same_words() -> None:
    assert set(MODES) == {str(mode) for mode in CooperationMode}
    assert {one for pair in NEAR for one in pair} <= set(MODES)
