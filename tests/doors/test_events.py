"""A handshake event through both doors, from the plan to the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event as database_events
from sqlalchemy import func, select

from models import (
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    MatchState,
    Meeting,
    MeetingState,
    Role,
)
from service import clock
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import (
    add_achievement,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
E = HandshakeEventState

EVENT = {
    "title": "企业家与科学家“握手”氢能专场",
    "theme": "绿氢装备",
    "region_code": "150600",
    "venue": "科技馆一楼",
    "starts_at": "2026-12-18T09:00",
    "slots": "6",
    "slot_minutes": "25",
    "break_minutes": "5",
    "tables": "8",
}


def _as_json(form: dict[str, str]) -> dict[str, str | int]:
    """The form's text with its numbers as JSON has them."""
    numbers = ("slots", "slot_minutes", "break_minutes", "tables")
    return {name: int(text) if name in numbers and text.isdigit() else text for name, text in form.items()}


def _reload(ctx: Context, event: HandshakeEvent) -> HandshakeEvent:
    ctx.session.expire_all()
    return ctx.find(HandshakeEvent, event.id)


def test_an_event_is_planned_opened_invited_seated_scheduled_held_and_archived(
    ctx: Context, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, offerer = add_organization(ctx, name="河套装备厂"), add_organization(ctx, name="高原研究院")
    need = add_need(ctx, organization=asker, title="绿氢装备降耗")
    match = add_match(
        ctx, need=need, achievement=add_achievement(ctx, organization=offerer), state=MatchState.SHORTLISTED
    )
    officer = browse(role=Role.ORGANIZER)

    planned = officer.post("/events/new", EVENT)
    event = ctx.session.scalars(select(HandshakeEvent)).one()
    assert planned.url.path == f"/events/{event.id}"
    here = f"/events/{event.id}"
    officer.post(f"{here}/open", {"version": event.version})
    assert "河套装备厂" in officer.get(f"{here}/invite").text
    officer.post(f"{here}/invite", {"organization_ids": [str(asker.id), ""], "seats": "1"})
    assert "排桌时一并邀请" in officer.get(here).text
    seated = officer.post(
        f"{here}/seat", {"match_id": match.id, "slot": "0", "table_number": "1", "invite_missing": "true"}
    )
    assert seated.status_code == 200
    assert ctx.session.scalar(select(func.count(Invitation.id))) == 2
    officer.post(f"{here}/schedule", {"version": _reload(ctx, event).version})
    assert _reload(ctx, event).state is E.SCHEDULED

    begins = event.starts_at
    early = officer.post(f"{here}/hold", {"version": event.version})
    assert early.status_code == 409
    assert "2026-12-18 09:00" in early.text
    monkeypatch.setattr(clock, "now", lambda: begins + timedelta(hours=2))
    officer = browse(officer.account)
    officer.post(f"{here}/hold", {"version": _reload(ctx, event).version})
    waiting = officer.post(f"{here}/archive", {"version": _reload(ctx, event).version})
    assert waiting.status_code == 409
    meeting = ctx.session.scalars(select(Meeting)).one()
    officer.post(f"/meetings/{meeting.id}/outcome", {"version": meeting.version, "outcome": "CONTINUE"})
    officer.post(f"{here}/archive", {"version": _reload(ctx, event).version})

    assert _reload(ctx, event).state is E.ARCHIVED


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"title": ""}, "title", "请填写活动名称"),
        ({"starts_at": ""}, "starts_at", "请填写日期和时间，例如 2026-03-31 09:00"),
        ({"starts_at": "2026-02-30T09:00"}, "starts_at", "请填写真实存在的日期和时间，例如 2026-03-31 09:00"),
        ({"slots": "六"}, "slots", "场次请填写整数"),
        ({"slots": "49"}, "slots", "场次不能大于 48"),
        ({"tables": "0"}, "tables", "桌数不能小于 1"),
        ({"region_code": "150100"}, "region_code", "这个地区不在您负责的范围内"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_field_through_both_doors(
    ctx: Context, browse: Browse, bearer: Bearer, values: dict[str, str], field: str, sentence: str
) -> None:
    officer, program = browse(role=Role.ORGANIZER), bearer(role=Role.ORGANIZER)

    page = officer.post("/events/new", {**EVENT, **values})
    answer = program.post("/api/v1/events", json=_as_json({**EVENT, **values}))

    assert page.status_code == answer.status_code == 422
    assert sentence in page.text
    assert EVENT["venue"] in page.text
    assert {"field": field, "message": sentence} in answer.json()["errors"]
    assert ctx.session.scalar(select(func.count(HandshakeEvent.id))) == 0


def test_seating_refuses_at_the_field_and_names_the_talk_in_the_way(
    ctx: Context, browse: Browse, bearer: Bearer
) -> None:
    event = add_event(ctx)
    there = add_match(ctx, need=add_need(ctx, title="电解槽降耗"), state=MatchState.SHORTLISTED)
    add_meeting(ctx, event=event, match=there, slot=1, table_number=2)
    match = add_match(ctx, state=MatchState.SHORTLISTED)
    officer, program = browse(role=Role.ORGANIZER), bearer(role=Role.ORGANIZER)
    seat: dict[str, Any] = {"match_id": match.id, "slot": 1, "table_number": 2, "invite_missing": True}

    page = officer.post(f"/events/{event.id}/seat", {**seat, "invite_missing": "true"})
    answer = program.post(f"/api/v1/events/{event.id}/meetings", json=seat)

    assert page.status_code == answer.status_code == 422
    assert "第 2 场 2 号桌已排《电解槽降耗》" in page.text
    assert answer.json()["errors"][0]["field"] == "table_number"
    assert ctx.session.scalar(select(func.count(Meeting.id))) == 1
    assert ctx.session.scalar(select(func.count(Invitation.id))) == 0


def test_plans_are_the_organizers_own_and_programmes_show_each_side_its_talks(
    ctx: Context, browse: Browse, bearer: Bearer
) -> None:
    plan = add_event(ctx, state=E.PLANNED, title="还在筹备的活动")
    event = add_event(ctx)
    add_meeting(ctx, event=event, match=add_match(ctx, state=MatchState.SHORTLISTED))
    stranger, program = browse(role=Role.ENTERPRISE), bearer(role=Role.ORGANIZER)
    outsider = bearer(role=Role.INSTITUTE)

    assert stranger.get(f"/events/{plan.id}").status_code == 404
    assert "还在筹备的活动" not in stranger.get("/events").text
    assert "还没有安排贵单位的洽谈" in stranger.get(f"/events/{event.id}").text
    assert len(program.get(f"/api/v1/events/{event.id}/programme").json()) == 1
    assert outsider.get(f"/api/v1/events/{event.id}/programme").json() == []
    assert outsider.get(f"/api/v1/events/{event.id}/candidates").status_code == 403


def test_visitors_are_asked_to_sign_in(browse: Browse) -> None:
    visitor = browse()

    assert visitor.get("/events/new").status_code == 401
    assert visitor.get("/events").status_code == 200


def test_the_api_runs_an_event_and_lists_candidates_and_invitees(ctx: Context, bearer: Bearer) -> None:
    asker = add_organization(ctx, name="河套装备厂")
    match = add_match(ctx, need=add_need(ctx, organization=asker, title="绿氢装备降耗"), state=MatchState.MUTUAL)
    program = bearer(role=Role.ORGANIZER)

    made = program.post("/api/v1/events", json=_as_json(EVENT)).json()
    here = f"/api/v1/events/{made['id']}"
    opened = program.post(f"{here}/open", json={"version": made["version"]}).json()
    changed = program.put(here, json={**_as_json(EVENT), "tables": 9, "version": opened["version"]}).json()
    candidates = program.get(f"{here}/candidates").json()
    invitees = program.get(f"{here}/invitees").json()
    invited = program.post(f"{here}/invitations", json={"organization_ids": [asker.id]})
    cancelled = program.post(f"{here}/cancel", json={"version": changed["version"], "reason": "改期"})

    assert (made["state"], opened["state"], changed["tables"]) == ("PLANNED", "OPEN", 9)
    assert made["starts_at"].startswith("2026-12-18T01:00")
    assert [one["match_id"] for one in candidates] == [match.id]
    assert candidates[0]["seats"][0] == {"slot": 0, "table_number": 1, "begins": candidates[0]["seats"][0]["begins"]}
    assert "河套装备厂" in [one["name"] for one in invitees]
    assert (invited.status_code, invited.json()[0]["state"]) == (201, "SENT")
    assert cancelled.json()["state"] == "CANCELLED"
    assert program.get("/api/v1/events?state=CANCELLED").json()["total"] == 1


def test_edit_shows_what_stands_and_refuses_a_stale_form(ctx: Context, browse: Browse) -> None:
    event = add_event(ctx, venue="老礼堂")
    officer = browse(role=Role.ORGANIZER)

    page = officer.get(f"/events/{event.id}/edit")
    stale = officer.post(f"/events/{event.id}/edit", {**EVENT, "version": event.version + 5})

    assert "老礼堂" in page.text
    assert f"{event.starts_at + timedelta(hours=8):%Y-%m-%dT%H:%M}" in page.text
    assert stale.status_code == 409
    assert "科技馆一楼" in stale.text


def test_a_declined_side_is_shown_to_the_organizer(ctx: Context, browse: Browse) -> None:
    event, asker = add_event(ctx), add_organization(ctx, name="河套装备厂")
    add_invitation(ctx, event=event, organization=asker, state=InvitationState.DECLINED)
    match = add_match(ctx, need=add_need(ctx, organization=asker), state=MatchState.SHORTLISTED)
    add_meeting(ctx, event=event, match=match, state=MeetingState.PROPOSED)
    officer = browse(role=Role.ORGANIZER)

    page = officer.get(f"/events/{event.id}").text

    assert "1 场有一方不来，需要重新安排" in page


def test_an_event_page_costs_the_same_with_one_talk_as_with_four(ctx: Context, browse: Browse) -> None:
    event = add_event(ctx)
    officer = browse(role=Role.ORGANIZER)
    engine = officer.client.app.state.installation.engine  # type: ignore[attr-defined] # the app under test
    counts = []
    for talks in (1, 3):
        for _ in range(talks):
            match = add_match(ctx, state=MatchState.SHORTLISTED)
            add_meeting(ctx, event=event, match=match)
            add_invitation(ctx, event=event)
        ctx.commit()
        asked: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_: Any, asked: list[str] = asked) -> None:
            asked.append(statement)

        database_events.listen(engine, "before_cursor_execute", note)
        assert officer.get(f"/events/{event.id}").status_code == 200
        database_events.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))

    assert counts[0] == counts[1]
