"""Talks through both doors: seen by their sides, moved, confirmed, and recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from models import (
    FollowUpKind,
    HandshakeEvent,
    HandshakeEventState,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    OrganizationKind,
    PostingState,
    Role,
)
from service import clock
from service.context import Context
from service.usecases.follow_ups import task_of
from tests.doors.conftest import Browser
from tests.factories import add_account, add_achievement, add_event, add_match, add_meeting, add_need, add_organization

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]


def _held_event(ctx: Context) -> HandshakeEvent:
    return add_event(ctx, state=HandshakeEventState.HELD, starts_at=clock.now() - timedelta(days=1))


def _fresh(ctx: Context, meeting: Meeting) -> Meeting:
    ctx.session.expire_all()
    return ctx.find(Meeting, meeting.id)


def test_a_side_records_the_outcome_and_staff_are_offered_a_project(ctx: Context, browse: Browse) -> None:
    enterprise = add_organization(ctx)
    account = add_account(ctx, Role.ENTERPRISE, organization=enterprise)
    match = add_match(ctx, need=add_need(ctx, organization=enterprise), state=MatchState.MUTUAL)
    meeting = add_meeting(ctx, event=_held_event(ctx), match=match, state=MeetingState.CONFIRMED)
    engineer, officer = browse(account), browse(role=Role.ORGANIZER)
    here = f"/meetings/{meeting.id}"
    assert "谈得怎么样" in engineer.get(here).text

    nothing = engineer.post(f"{here}/outcome", {"version": meeting.version, "note": "谈了两个小时"})
    assert nothing.status_code == 422
    assert "请填写结果" in nothing.text
    assert "谈了两个小时" in nothing.text
    engineer.post(f"{here}/outcome", {"version": meeting.version, "outcome": "INTENT", "next_step": "送样检测"})

    assert _fresh(ctx, meeting).outcome is MeetingOutcome.INTENT
    assert ctx.find(Need, match.need_id).state is PostingState.ENGAGED
    assert f"/projects/new?meeting={meeting.id}" in officer.get(here).text
    assert f"/projects/new?meeting={meeting.id}" not in engineer.get(here).text


def test_follow_ups_are_listed_until_they_are_done(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    late = clock.now().date() - timedelta(days=3)
    meeting = add_meeting(
        ctx, event=_held_event(ctx), state=MeetingState.HELD, due_on=late, next_step="送样检测", next_step_owner="李工"
    )
    officer, program = browse(role=Role.ORGANIZER), bearer(role=Role.ORGANIZER)

    assert program.get("/api/v1/meetings?follow_up=overdue").json()["total"] == 1
    assert program.get("/api/v1/meetings?follow_up=due").json()["total"] == 0
    assert "送样检测" in officer.get("/meetings?follow_up=overdue").text
    task = task_of(ctx, meeting, FollowUpKind.NEXT_STEP)
    assert task is not None
    done = officer.post(f"/follow-ups/{task.id}/done", {"version": task.version, "result": "样品已送检"})

    assert done.status_code == 200
    assert program.get("/api/v1/meetings?follow_up=overdue").json()["total"] == 0


def test_talks_and_their_minutes_are_hidden_from_other_organizations(
    ctx: Context, browse: Browse, bearer: Bearer
) -> None:
    meeting = add_meeting(ctx, state=MeetingState.HELD)
    stranger, program = browse(role=Role.ENTERPRISE), bearer(role=Role.INSTITUTE)

    assert stranger.get(f"/meetings/{meeting.id}").status_code == 404
    assert program.get(f"/api/v1/meetings/{meeting.id}").status_code == 404
    assert program.get("/api/v1/meetings").json()["total"] == 0


def test_masked_names_hold_at_the_table(ctx: Context, browse: Browse) -> None:
    institute = add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    enterprise = add_organization(ctx, name="北疆制氢装备有限公司")
    account = add_account(ctx, Role.INSTITUTE, organization=institute)
    match = add_match(
        ctx,
        need=add_need(ctx, organization=enterprise, masked_name="某制氢装备企业"),
        achievement=add_achievement(ctx, organization=institute),
        state=MatchState.SHORTLISTED,
    )
    event = add_event(ctx)
    meeting = add_meeting(ctx, event=event, match=match)
    scientist, officer = browse(account), browse(role=Role.BROKER)

    for path in (f"/meetings/{meeting.id}", "/meetings", f"/events/{event.id}"):
        assert "某制氢装备企业" in scientist.get(path).text
        assert enterprise.name not in scientist.get(path).text
        assert enterprise.name in officer.get(path).text


def test_a_mask_falls_at_the_table_once_both_sides_agreed(ctx: Context, browse: Browse) -> None:
    institute, enterprise = add_organization(ctx, kind=OrganizationKind.INSTITUTE), add_organization(ctx)
    match = add_match(
        ctx,
        need=add_need(ctx, organization=enterprise, masked_name="某制氢装备企业"),
        achievement=add_achievement(ctx, organization=institute),
        state=MatchState.MUTUAL,
    )
    meeting = add_meeting(ctx, event=add_event(ctx), match=match)
    scientist = browse(add_account(ctx, Role.INSTITUTE, organization=institute))

    assert enterprise.name in scientist.get(f"/meetings/{meeting.id}").text
    assert enterprise.name not in scientist.get("/meetings").text


def test_the_api_moves_confirms_and_cancels(ctx: Context, bearer: Bearer) -> None:
    meeting = add_meeting(ctx, event=add_event(ctx))
    program, broker = bearer(role=Role.ORGANIZER), bearer(role=Role.BROKER)
    here = f"/api/v1/meetings/{meeting.id}"

    moved = program.post(f"{here}/move", json={"version": meeting.version, "slot": 2, "table_number": 3}).json()
    confirmed = program.post(f"{here}/confirm", json={"version": moved["version"]}).json()
    refused = broker.post(f"{here}/cancel", json={"version": confirmed["version"], "reason": "改期"})
    unexplained = program.post(f"{here}/cancel", json={"version": confirmed["version"]})
    cancelled = program.post(f"{here}/cancel", json={"version": confirmed["version"], "reason": "改期"})

    assert (moved["slot"], moved["table_number"], confirmed["state"]) == (2, 3, "CONFIRMED")
    assert refused.status_code == 403
    assert unexplained.json()["errors"] == [{"field": "reason", "message": "请写明取消原因，双方都会看到"}]
    assert cancelled.json()["state"] == "CANCELLED"


def test_the_page_for_moving_shows_the_fault_at_its_field(ctx: Context, browse: Browse) -> None:
    event = add_event(ctx)
    first, second = add_meeting(ctx, event=event), add_meeting(ctx, event=event)
    officer = browse(role=Role.ORGANIZER)

    answer = officer.post(f"/meetings/{second.id}/move", {"version": second.version, "slot": "0", "table_number": "1"})

    assert answer.status_code == 422
    assert "第 1 场 1 号桌已排" in answer.text
    assert _fresh(ctx, second).slot == 1
    assert _fresh(ctx, first).slot == 0


def test_a_talk_that_was_not_held_says_why(ctx: Context, browse: Browse) -> None:
    meeting = add_meeting(ctx, event=_held_event(ctx), state=MeetingState.CONFIRMED)
    officer = browse(role=Role.ORGANIZER)

    officer.post(f"/meetings/{meeting.id}/not-held", {"version": meeting.version, "reason": "专家航班延误"})

    assert _fresh(ctx, meeting).state is MeetingState.NOT_HELD
    assert "专家航班延误" in officer.get(f"/meetings/{meeting.id}").text
