"""The door on a phone: fifty people checked in though the network is gone for half of them; codes read by camera."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import segno
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from models import (
    Attendee,
    AttendeeState,
    DoorMark,
    HandshakeEventState,
    Invitation,
    InvitationState,
    OrganizationKind,
    Role,
)
from service import clock
from service.context import Context
from tests.browser.conftest import FLAGS
from tests.factories import add_account, add_attendee, add_event, add_invitation, add_organization
from tests.factories.people import PASSWORD
from tests.parts import CHROMIUM, ONLY_SQLITE

PHONE = 390
PEOPLE = 50


def _event(ctx: Context, people: int) -> tuple[int, list[str], list[str]]:
    """A settled event that has begun, with that many people of several organizations; their badges, two organizers."""
    bureau = add_organization(ctx, OrganizationKind.AGENCY)
    event = add_event(
        ctx,
        state=HandshakeEventState.SCHEDULED,
        organizer=bureau,
        starts_at=clock.now() - timedelta(minutes=1),
        title="氢能专场",
    )
    badges = []
    for at in range(people):
        if at % 5 == 0:
            invitation = add_invitation(ctx, event=event, state=InvitationState.ACCEPTED)
        badge = f"K{chr(65 + at // 10)}{at % 10}MQ2"
        add_attendee(ctx, invitation=invitation, name=f"示例来宾{at + 1}", badge=badge)
        badges.append(badge)
    organizers = [add_account(ctx, Role.ORGANIZER, organization=bureau, region_code="150600").email for _ in range(2)]
    number = event.id
    ctx.commit()
    return number, badges, organizers


def _at_the_door(page: Page, email: str, event_id: int) -> Page:
    page.goto("/login")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")
    page.goto(f"/events/{event_id}/door")
    return page


def _press(page: Page, badge: str) -> None:
    page.locator(f'.guest[data-badge="{badge}"]').get_by_role("button", name="签到").click()


def _type(page: Page, badge: str) -> None:
    page.get_by_label("输入胸牌编号").fill(badge)
    page.locator("#door-code button").click()


@ONLY_SQLITE
def test_fifty_people_are_counted_once_each_though_the_network_is_gone_for_half_of_them(
    ctx: Context, open_page: Callable[..., Page]
) -> None:
    event, badges, emails = _event(ctx, PEOPLE)
    first, second = (_at_the_door(open_page(PHONE), email, event) for email in emails)
    expect(first.locator('#door[data-kept="true"]')).to_be_attached()
    assert first.evaluate("document.documentElement.scrollWidth") <= PHONE

    for badge in badges[:15]:
        _press(first, badge)
    expect(first.locator("#door-net")).to_be_hidden(timeout=20_000)
    first.context.set_offline(True)
    for badge in badges[15:28]:
        _press(first, badge)
    expect(first.locator("#door-net")).to_have_text("离线 · 待同步 13")
    first.reload()
    expect(first.locator("#door-net")).to_have_text("离线 · 待同步 13")
    for badge in badges[28:40]:
        _type(first, badge.lower())
    expect(first.locator("#door-net")).to_have_text("离线 · 待同步 25")
    expect(first.locator("#door-here")).to_have_text("40")
    for badge in badges[35:]:  # five of them were seen by the first phone already
        _type(second, badge)
    expect(second.locator("#door-net")).to_be_hidden(timeout=20_000)
    first.context.set_offline(False)

    expect(first.locator("#door-net")).to_be_hidden(timeout=20_000)
    expect(first.locator("#door-here")).to_have_text("50")
    first.reload()
    expect(first.locator("#door-here")).to_have_text("50")
    ctx.session.expire_all()
    states = ctx.session.scalars(select(Attendee.state)).all()
    assert states == [AttendeeState.ARRIVED] * PEOPLE
    assert ctx.session.scalar(select(func.count(DoorMark.id))) == PEOPLE + 5
    assert set(ctx.session.scalars(select(Invitation.state))) == {InvitationState.CHECKED_IN}
    assert first.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('woshou:door:')).length") == 0


@ONLY_SQLITE
def test_a_session_that_ended_keeps_the_notes_until_somebody_signs_in_again(
    ctx: Context, open_page: Callable[..., Page]
) -> None:
    event, badges, emails = _event(ctx, 3)
    page = _at_the_door(open_page(PHONE), emails[0], event)
    expect(page.locator('#door[data-kept="true"]')).to_be_attached()
    page.context.clear_cookies()

    _press(page, badges[0])

    expect(page.locator("#door-trouble")).to_contain_text("1 条签到已存在这部手机里")
    page.locator("#door-trouble").get_by_role("link", name="去登录").click()
    page.get_by_label("邮箱").fill(emails[0])
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/door")
    expect(page.locator("#door-net")).to_be_hidden()
    expect(page.locator("#door-here")).to_have_text("1")
    ctx.session.expire_all()
    assert ctx.session.scalar(select(Attendee.state).where(Attendee.badge == badges[0])) is AttendeeState.ARRIVED


@ONLY_SQLITE
def test_the_door_works_without_script(ctx: Context, open_page: Callable[..., Page]) -> None:
    event, badges, emails = _event(ctx, 2)
    page = _at_the_door(open_page(PHONE, javascript=False), emails[0], event)

    _press(page, badges[0])
    expect(page.locator("#door-here")).to_have_text("1")
    _type(page, badges[1])
    expect(page.locator("#door-here")).to_have_text("2")
    page.locator(f'.guest[data-badge="{badges[1]}"]').get_by_role("button", name="撤销").click()

    expect(page.locator("#door-here")).to_have_text("1")


def _film(text: str, path: Path) -> None:
    """A film that shows nothing but the text's QR code, as Chromium takes it for a camera (YUV4MPEG2)."""
    width, height, scale = 640, 480, 10
    code = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    left, top = (width - len(code) * scale) // 2, (height - len(code) * scale) // 2
    luma = bytearray(b"\xeb" * (width * height))
    for y in range(len(code) * scale):
        for x in range(len(code) * scale):
            if code[y // scale][x // scale]:
                luma[(top + y) * width + left + x] = 16
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (width * height // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420mpeg2\n" + frame * 4)


@ONLY_SQLITE
def test_the_camera_reads_a_name_card(ctx: Context, chromium: Browser, address: str, tmp_path: Path) -> None:
    event, badges, emails = _event(ctx, 2)
    _film(f"{address}/events/{event}/door#{badges[1]}", tmp_path / "card.y4m")
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    film = f"--use-file-for-fake-video-capture={tmp_path / 'card.y4m'}"
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *camera, film])
    try:
        context = browser.new_context(base_url=address, viewport={"width": PHONE, "height": 900}, locale="zh-CN")
        page = _at_the_door(context.new_page(), emails[0], event)

        page.get_by_role("button", name="扫码").click()

        expect(page.locator("#door-done")).to_contain_text("已签到：示例来宾2")
        expect(page.locator("#door-here")).to_have_text("1")
    finally:
        browser.close()
