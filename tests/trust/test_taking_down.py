"""Taken down in one step: gone at once from every page, export and search; kept for its owner and the office."""

from __future__ import annotations

from collections.abc import Callable

from models import (
    HandshakeEventState,
    MatchState,
    MeetingState,
    Need,
    PostingState,
    ProjectState,
    Role,
    StateChange,
)
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import (
    add_account,
    add_achievement,
    add_event,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_project,
)

SECRET = "丙烷脱氢某某代号"
TRACES = (SECRET, "寻欢不得的难处", "联系人甲乙丙", "13900001234")
LISTS = (
    "/",
    "/needs",
    "/achievements",
    "/matches",
    "/search?q=丙烷脱氢",
    "/search/suggest?q=丙烷",
    "/events",
    "/meetings",
    "/invitations",
    "/projects",
    "/workbench",
    "/report",
    "/organizations",
    "/needs.csv",
    "/matches.csv",
    "/meetings.csv",
    "/projects.csv",
    "/api/v1/needs",
    "/api/v1/matches",
    "/api/v1/meetings",
    "/api/v1/search?q=丙烷脱氢",
    "/api/v1/events",
    "/api/v1/figures",
)


def test_a_posting_taken_down_is_nowhere_and_kept(ctx: Context, browse: Callable[..., Browser]) -> None:
    organizer = add_account(ctx, Role.ORGANIZER, region_code="150600")
    owner, institute = add_account(ctx, Role.ENTERPRISE), add_account(ctx, Role.INSTITUTE)
    need = add_need(
        ctx,
        title=SECRET,
        problem="寻欢不得的难处，丙烷脱氢",
        contact_name="联系人甲乙丙",
        contact_phone="13900001234",
        organization=ctx.find(type(add_organization(ctx)), owner.organization_id or 0),
        region_code="150600",
    )
    achievement = add_achievement(
        ctx, organization=ctx.find(type(add_organization(ctx)), institute.organization_id or 0)
    )
    match = add_match(ctx, need=need, achievement=achievement, state=MatchState.MUTUAL)
    event = add_event(ctx, state=HandshakeEventState.SCHEDULED, region_code="150600")
    meeting = add_meeting(ctx, event=event, match=match, state=MeetingState.CONFIRMED)
    project = add_project(ctx, state=ProjectState.INTENT, region_code="150600")
    project.match_id = match.id
    number = need.id
    paths = [
        *LISTS,
        f"/needs/{number}",
        f"/needs/{number}/matches",
        f"/matches/{match.id}",
        f"/meetings/{meeting.id}",
        f"/events/{event.id}",
        f"/achievements/{achievement.id}",
        f"/achievements/{achievement.id}/matches",
        f"/projects/{project.id}",
        f"/organizations/{need.organization_id}",
        f"/api/v1/needs/{number}",
        f"/api/v1/matches/{match.id}",
        f"/api/v1/meetings/{meeting.id}",
        f"/api/v1/events/{event.id}/programme",
    ]
    strangers = {
        "anonymous": browse(),
        "institute it met": browse(institute),
        "another enterprise": browse(role=Role.ENTERPRISE),
        "broker": browse(role=Role.BROKER),
        "leader": browse(role=Role.LEADER),
        "auditor": browse(role=Role.AUDITOR),
        "administrator": browse(role=Role.ADMIN),
        "organizer elsewhere": browse(role=Role.ORGANIZER, region_code="150100"),
    }
    office = browse(organizer)
    assert any(SECRET in browser.get("/needs").text for browser in strangers.values())

    answer = office.post(
        f"/needs/{number}/take-down", {"reason": "不宜公开", "version": need.version}, follow_redirects=False
    )

    assert answer.status_code == 303
    found = [
        (who, path, [trace for trace in TRACES if trace in page.text])
        for who, browser in strangers.items()
        for path in paths
        for page in [browser.get(path)]
        if page.status_code < 500
        # what somebody asked for stands in the box they typed it into
        if any(trace in page.text.replace('value="丙烷脱氢"', "") for trace in TRACES)
    ]
    print(f"people: {len(strangers)}, addresses: {len(paths)}, traces: {len(found)}")
    for one in found:
        print(one)
    assert found == []
    kept = ctx.find(Need, number)
    assert (kept.state, kept.title, kept.contact_name) == (PostingState.TAKEN_DOWN, SECRET, "联系人甲乙丙")
    change = ctx.session.query(StateChange).filter_by(record_type="Need", record_id=number).one()
    assert (change.to_state, change.reason, change.actor_id) == ("TAKEN_DOWN", "不宜公开", organizer.id)
    assert SECRET in office.get(f"/needs/{number}").text
    assert SECRET in browse(owner).get(f"/needs/{number}").text
