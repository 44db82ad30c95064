"""Seating an event through both doors: generate, look, adopt, change by hand, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from matching.seating import problem_from, solve
from models import AttendeeState, EventLetter, Meeting, MeetingState, Role, SeatingPlan
from service import clock
from service.context import Context
from service.usecases.seating_plans import compute_seating
from tests.doors.conftest import Browser
from tests.factories import Fair, add_fair

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
FORM = {
    "kind": "new",
    "seconds": "20",
    "minimum_talks": "1",
    "maximum_talks": "",
    "score_weight": "100",
    "wanted_weight": "40",
    "threshold": "30",
    "count_unanswered": "true",
}


@pytest.fixture
def fair(ctx: Context) -> Fair:
    """Three firms, three scientists, three slots at three tables."""
    return add_fair(ctx, 3, 3, slots=3, tables=3, starts_at=clock.now() + timedelta(days=9))


def _compute(ctx: Context) -> SeatingPlan:
    """What the worker does with the newest seating that was asked for."""
    ctx.session.rollback()
    plan = ctx.session.scalars(select(SeatingPlan).order_by(SeatingPlan.id.desc())).first()
    assert plan is not None
    made = compute_seating(ctx, plan.id, lambda: 0.0)
    ctx.commit()
    return made


def _talks(ctx: Context, fair: Fair) -> list[Meeting]:
    open_talks = select(Meeting).where(
        Meeting.handshake_event_id == fair.event.id, Meeting.state != MeetingState.CANCELLED
    )
    return list(ctx.session.scalars(open_talks.order_by(Meeting.slot, Meeting.table_number)))


def _seated(ctx: Context, organizer: Browser, fair: Fair) -> SeatingPlan:
    organizer.post(f"/events/{fair.event.id}/plans", FORM)
    plan = _compute(ctx)
    organizer.post(f"/events/{fair.event.id}/plans/{plan.id}/apply", {"version": str(plan.version)})
    return plan


def test_an_organizer_generates_looks_and_adopts(ctx: Context, browse: Browse, fair: Fair) -> None:
    organizer = browse(role=Role.ORGANIZER)
    here = f"/events/{fair.event.id}"

    waiting = organizer.post(f"{here}/plans", FORM)
    plan = _compute(ctx)
    shown = organizer.get(f"{here}/plans/{plan.id}")
    adopted = organizer.post(f"{here}/plans/{plan.id}/apply", {"version": str(plan.version)})

    assert "正在计算" in waiting.text
    assert waiting.headers["refresh"] == "2"
    assert "已证明不可能更好" in shown.text
    assert shown.text.count("新增") >= 9
    assert "refresh" not in shown.headers
    assert "已采用，相关的人都已通知" in adopted.text
    assert len(_talks(ctx, fair)) == 9
    assert len(ctx.session.scalars(select(EventLetter)).all()) == 6


def test_a_stale_plan_says_what_changed_and_offers_no_adoption(ctx: Context, browse: Browse, fair: Fair) -> None:
    organizer = browse(role=Role.ORGANIZER)
    organizer.post(f"/events/{fair.event.id}/plans", FORM)
    plan = _compute(ctx)
    fair.firms[0].state = AttendeeState.NOT_COMING
    ctx.commit()

    page = organizer.get(f"/events/{fair.event.id}/plans/{plan.id}")
    refused = organizer.post(f"/events/{fair.event.id}/plans/{plan.id}/apply", {"version": str(plan.version)})

    assert "不能再采用" in page.text
    assert ">采用<" not in page.text
    assert refused.status_code == 409
    assert "人员、时间或场数有变化" in refused.text


def test_trouble_is_named_on_the_seating_page(ctx: Context, browse: Browse, fair: Fair) -> None:
    organizer = browse(role=Role.ORGANIZER)
    _seated(ctx, organizer, fair)
    fair.firms[0].away_slots = [0]
    ctx.commit()

    page = organizer.get(f"/events/{fair.event.id}/plans")

    assert "第 1 场不在" in page.text
    assert "用最少的改动重排" in page.text


def test_two_talks_change_places_without_script_after_their_cost_was_shown(
    ctx: Context, browse: Browse, fair: Fair
) -> None:
    organizer = browse(role=Role.ORGANIZER)
    _seated(ctx, organizer, fair)
    one, other, *_ = _talks(ctx, fair)
    before = (one.slot, one.table_number)

    shown = organizer.post(f"/events/{fair.event.id}/grid", {"talk": [str(one.id), str(other.id)], "do": "preview"})
    unchanged = (one.slot, one.table_number)
    organizer.post(f"/events/{fair.event.id}/grid", {"talk": str(one.id), "other": str(other.id), "do": "keep"})

    assert "总分不变" in shown.text
    assert unchanged == before
    ctx.session.refresh(one)
    assert (one.slot, one.table_number) != before


def test_what_would_break_something_is_refused_with_the_reason(ctx: Context, browse: Browse, fair: Fair) -> None:
    organizer = browse(role=Role.ORGANIZER)
    _seated(ctx, organizer, fair)
    first, *rest = _talks(ctx, fair)
    same = next(one for one in rest if one.need_attendee_id == first.need_attendee_id)
    clash = next(one for one in rest if one.slot == same.slot and one is not same)

    shown = organizer.post(f"/events/{fair.event.id}/grid", {"talk": [str(first.id), str(clash.id)], "do": "preview"})
    kept = organizer.post(
        f"/events/{fair.event.id}/grid", {"talk": str(first.id), "other": str(clash.id), "do": "keep"}
    )

    assert "不能这样换" in shown.text
    assert "同时有 2 场" in shown.text
    assert kept.status_code == 409


def test_a_side_sees_its_own_talks_in_the_grid_and_cannot_move_them(ctx: Context, browse: Browse, fair: Fair) -> None:
    _seated(ctx, browse(role=Role.ORGANIZER), fair)
    firm = browse(role=Role.ENTERPRISE, organization_id=fair.needs[0].organization_id, organization=None)

    page = firm.get(f"/events/{fair.event.id}/grid")

    assert len(re.findall(r'class="side other"', page.text)) == 3
    assert 'name="talk"' not in page.text
    assert firm.get(f"/events/{fair.event.id}/plans").status_code == 403


def test_grid_filters_and_zooms_and_the_network_draws_a_line_for_each_talk(
    ctx: Context, browse: Browse, fair: Fair
) -> None:
    organizer = browse(role=Role.ORGANIZER)
    _seated(ctx, organizer, fair)
    house = fair.achievements[0].organization_id

    page = organizer.get(f"/events/{fair.event.id}/grid?organization={house}&zoom=l&paper=a3")
    network = organizer.get(f"/events/{fair.event.id}/network")

    assert len(re.findall(r'class="side other"', page.text)) == 3
    assert "zoom-l" in page.text
    assert "paper-a3" in page.text
    assert network.text.count("<path class=") == 9


def test_the_exported_problem_has_the_same_optimum(ctx: Context, bearer: Bearer, fair: Fair) -> None:
    client = bearer()
    asked = client.post(f"/api/v1/events/{fair.event.id}/plans", json={"seconds": 20})
    plan = _compute(ctx)

    document = client.get(f"/api/v1/events/{fair.event.id}/seating-problem").json()
    answer = client.get(f"/api/v1/events/{fair.event.id}/plans/{plan.id}").json()

    assert asked.status_code == 201
    assert solve(problem_from(document)).utility == answer["utility"] == answer["bound"]
    assert answer["gap"] == "距最优 0.0 %"
    assert not any(firm.name in json.dumps(document, ensure_ascii=False) for firm in fair.firms)


def test_programs_ask_what_a_change_costs_and_make_it(ctx: Context, bearer: Bearer, fair: Fair) -> None:
    client = bearer()
    here = f"/api/v1/events/{fair.event.id}"
    client.post(f"{here}/plans", json={})
    plan = _compute(ctx)
    client.post(f"{here}/plans/{plan.id}/apply", json={"version": plan.version})
    one, other, *_ = _talks(ctx, fair)

    cost = client.post(f"{here}/seating-cost", json={"talk": one.id, "other": other.id}).json()
    made = client.post(f"{here}/rearrange", json={"talk": one.id, "other": other.id})
    missing = client.post(f"{here}/seating-cost", json={"talk": 999, "slot": 0, "table_number": 1})

    assert (cost["changes"], cost["breaks"]) == (2, [])
    assert made.status_code == 200
    assert missing.status_code == 404
