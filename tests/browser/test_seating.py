"""Seating in a real browser: generate, adopt, lose a scientist, seat anew with few changes, drag a talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from models import AttendeeState, Meeting, MeetingState, OrganizationKind, Role, SeatingPlan
from service import clock
from service.context import Context
from service.usecases.seating_plans import compute_seating
from tests.factories import add_account, add_fair, add_organization
from tests.factories.people import PASSWORD
from tests.parts import ONLY_SQLITE

SIZES = [pytest.param(6, 8, 4, 5, id="small"), pytest.param(40, 60, 20, 12, id="large", marks=pytest.mark.drill)]


def _open(page: Page, email: str, path: str) -> None:
    page.goto("/login")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")
    page.goto(path)


def _work(ctx: Context) -> None:
    """What the worker does meanwhile."""
    ctx.session.rollback()
    newest = ctx.session.scalar(select(func.max(SeatingPlan.id)))
    compute_seating(ctx, newest or 0, lambda: 0.0)
    ctx.commit()


def _generate(page: Page, ctx: Context, button: str) -> None:
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/plans/*")
    _work(ctx)
    expect(page.get_by_text("已证明不可能更好")).to_be_visible(timeout=20_000)


def _drag(page: Page, what: str, where: str) -> None:
    start, end = page.locator(what).bounding_box(), page.locator(where).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + 30, end["y"] + 16, steps=5)
    page.mouse.up()


def _seated(ctx: Context, event_id: int) -> dict[int, tuple[int, int]]:
    """Where each talk is; the database is let go of again."""
    rows = select(Meeting.id, Meeting.slot, Meeting.table_number).where(
        Meeting.handshake_event_id == event_id, Meeting.state != MeetingState.CANCELLED
    )
    seated = {number: (slot, table) for number, slot, table in ctx.session.execute(rows)}
    ctx.session.rollback()
    return seated


@ONLY_SQLITE
@pytest.mark.parametrize(("firms", "scientists", "tables", "slots"), SIZES)
def test_an_event_is_seated_changed_and_rearranged(
    ctx: Context, open_page: Callable[..., Page], firms: int, scientists: int, tables: int, slots: int
) -> None:
    bureau = add_organization(ctx, OrganizationKind.AGENCY)
    fair = add_fair(
        ctx,
        firms,
        scientists,
        density=0.4,
        seed=2,
        slots=slots,
        tables=tables,
        organizer=bureau,
        starts_at=clock.now() + timedelta(days=9),
    )
    email = add_account(ctx, Role.ORGANIZER, organization=bureau, region_code="150600").email
    event_id = fair.event.id
    here = f"/events/{event_id}"
    ctx.commit()
    page = open_page()
    _open(page, email, f"{here}/plans")

    _generate(page, ctx, "生成桌次")
    page.get_by_role("button", name="采用", exact=True).click()
    expect(page.get_by_text("已采用，相关的人都已通知")).to_be_visible()
    first = _seated(ctx, event_id)
    scientist = fair.scientists[0]
    lost = set(ctx.session.scalars(select(Meeting.id).where(Meeting.offer_attendee_id == scientist.id)))
    scientist.state = AttendeeState.NOT_COMING
    ctx.commit()
    page.goto(f"{here}/plans")
    expect(page.get_by_text(f"不来了，有 {len(lost)} 场要改")).to_be_visible()
    _generate(page, ctx, "用最少的改动重排")
    page.get_by_role("button", name="采用", exact=True).click()
    expect(page.get_by_text("已采用，相关的人都已通知")).to_be_visible()
    second = _seated(ctx, event_id)
    stays = {number: place for number, place in first.items() if number not in lost}
    assert {number: second.get(number) for number in stays} == stays

    _drag(page, "td[data-slot='0'][data-table='1'] [data-talk]", "td[data-slot='0'][data-table='2']")
    expect(page.locator("[data-cost-text]")).to_contain_text("总分不变")
    assert _seated(ctx, event_id) == second
    page.get_by_role("button", name="就这样换，并通知").click()
    expect(page.get_by_text("已换桌，相关的人都已通知")).to_be_visible()
    third = _seated(ctx, event_id)
    assert {number for number, place in third.items() if place != second[number]} == {
        number for number, place in second.items() if place in ((0, 1), (0, 2))
    }
