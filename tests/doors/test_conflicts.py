"""Ties, the blacklist, introductions and the word list through their doors: who comes in and what they show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import (
    Achievement,
    BlacklistEntry,
    DismissalReason,
    MatchState,
    Need,
    OrganizationTie,
    Role,
    SensitiveWord,
    Side,
)
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_match, add_organization


@pytest.mark.parametrize("role", [None, Role.ENTERPRISE, Role.INSTITUTE, Role.LEADER, Role.ADMIN])
def test_who_must_not_meet_is_kept_from_everybody_else(
    ctx: Context, browse: Callable[..., Browser], role: Role | None
) -> None:
    one = add_organization(ctx)
    ctx.commit()

    answer = browse(role=role).get(f"/organizations/{one.id}/conflicts", follow_redirects=False)

    assert answer.status_code in (401, 403)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.SECURITY])
def test_a_tie_and_an_entry_are_recorded_shown_and_ended_on_the_organizations_page(
    ctx: Context, browse: Callable[..., Browser], role: Role
) -> None:
    one, other = add_organization(ctx, name="甲能源有限公司"), add_organization(ctx, name="乙材料研究院")
    ctx.commit()
    here = f"/organizations/{one.id}/conflicts"
    staff = browse(role=role)

    assert "登记关联" in staff.get(f"{here}?add=tie").text
    assert "从哪天起" in staff.get(f"{here}?add=blacklist").text
    staff.post(f"{here}/tie", {"other_id": str(other.id), "kind": "SHARED_PERSON", "person_name": "示例人"})
    staff.post(f"{here}/blacklist", {"reason": "合同纠纷未了结"})
    page = staff.get(here).text
    assert "示例人" in page
    assert "与任何机构：合同纠纷未了结" in page

    tie = ctx.session.scalars(select(OrganizationTie)).one()
    entry = ctx.session.scalars(select(BlacklistEntry)).one()
    staff.post(f"/ties/{tie.id}/remove", {"version": str(tie.version), "reason": "已离任"})
    staff.post(f"/blacklist/{entry.id}/lift", {"version": str(entry.version), "reason": "已了结"})
    page = staff.get(here).text
    assert "示例人" not in page
    assert "已解除" in page


def test_rows_with_a_near_name_are_offered_to_be_confirmed_as_one(ctx: Context, browse: Callable[..., Browser]) -> None:
    one = add_organization(ctx, name="蓝天储能技术有限公司")
    add_organization(ctx, name="蓝天储能技术集团有限公司")
    ctx.commit()

    assert "登记为同一机构" in browse(role=Role.ORGANIZER).get(f"/organizations/{one.id}/conflicts").text


def test_an_introduction_is_made_and_shown_through_both_doors(
    ctx: Context, browse: Callable[..., Browser], bearer: Callable[..., TestClient]
) -> None:
    match, second = add_match(ctx, state=MatchState.SHORTLISTED), add_match(ctx)
    ctx.commit()
    staff = browse(role=Role.BROKER)

    assert "不必等双方答复" in staff.get(f"/matches/{match.id}").text
    staff.post(f"/matches/{match.id}/introduce", {"version": str(match.version), "note": "请直接联系"})
    page = staff.get(f"/matches/{match.id}").text
    answer = bearer().post(f"/api/v1/matches/{second.id}/introduce", json={"version": second.version})

    assert "组织方已引荐双方" in page
    assert "请直接联系" in page
    assert answer.status_code == 200
    assert answer.json()["introduced_at"] is not None


def test_the_word_list_is_kept_by_the_security_administrator_alone(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    keeper = browse(role=Role.SECURITY)
    keeper.post("/admin/sensitive-words/new", {"word": "军品", "level": "PROMPT", "is_active": "true"})
    word = ctx.session.scalars(select(SensitiveWord)).one()

    assert "军品" in keeper.get("/admin/sensitive-words").text
    assert "提示核对" in keeper.get(f"/admin/sensitive-words/{word.id}/edit").text
    assert browse(role=Role.ADMIN).get("/admin/sensitive-words").status_code == 403


def test_a_pair_passed_over_for_a_conflict_leads_staff_to_record_the_tie(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    match = add_match(ctx, state=MatchState.DISMISSED, dismissal_reason=DismissalReason.CONFLICT)
    match.dismissed_by = Side.ORGANIZER
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    href = f"/organizations/{need.organization_id}/conflicts?add=tie&amp;other={achievement.organization_id}"

    seen_by_staff = browse(role=Role.ORGANIZER).get(f"/matches/{match.id}")
    seen_by_leader = browse(role=Role.LEADER).get(f"/matches/{match.id}")

    assert href in seen_by_staff.text
    assert browse(role=Role.ORGANIZER).get(href.replace("&amp;", "&")).status_code == 200
    assert seen_by_leader.status_code == 200
    assert "conflicts?add=tie" not in seen_by_leader.text
