"""The day itself in a real browser: outcomes in a few taps, codes that can be read, a screen that goes on offline."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from models import (
    AttendeeState,
    HandshakeEventState,
    InvitationState,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Organization,
    OrganizationKind,
    Role,
)
from service import clock
from service.context import Context
from service.links import give_link, personal_link
from service.room_links import table_link, wall_link
from tests.factories import (
    add_account,
    add_achievement,
    add_attendee,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)
from tests.factories.people import PASSWORD
from tests.house.checkout import ROOT
from tests.parts import ONLY_SQLITE

PHONE = 390
MOST_TAPS = 3
READER = ROOT / "service" / "static" / "vendor" / "jsqr-1.4.0" / "jsQR.js"
"""Reads codes; it shares nothing with what draws them."""


class _Day:
    """An event that is on, with one confirmed talk at table 2 and the links of everybody who has a part in it."""

    def __init__(self, ctx: Context) -> None:
        bureau = add_organization(ctx, OrganizationKind.AGENCY)
        event = add_event(
            ctx,
            state=HandshakeEventState.SCHEDULED,
            organizer=bureau,
            starts_at=clock.now() - timedelta(minutes=5),
        )
        need = add_need(ctx)
        achievement = add_achievement(ctx, organization=add_organization(ctx, OrganizationKind.INSTITUTE))
        people = []
        for posting in (need, achievement):
            house = ctx.find(Organization, posting.organization_id)
            invitation = add_invitation(ctx, event=event, organization=house, state=InvitationState.ACCEPTED)
            people.append(add_attendee(ctx, invitation=invitation, state=AttendeeState.ARRIVED))
            give_link(ctx, people[-1])
        match = add_match(ctx, need=need, achievement=achievement, state=MatchState.MUTUAL)
        talk = add_meeting(ctx, event=event, match=match, state=MeetingState.CONFIRMED, slot=0, table_number=2)
        self.event_id, self.talk_id = event.id, talk.id
        self.host, self.wall = table_link(ctx, event, 2), wall_link(ctx, event)
        self.guest = personal_link(ctx, people[1])
        self.badges = sorted(one.badge for one in people)
        self.email = add_account(ctx, Role.ORGANIZER, organization=bureau, region_code="150600").email
        ctx.commit()


def _tap(taps: list[str], what: Locator) -> None:
    taps.append(str(what))
    what.click()


def _read(page: Page, code: Locator) -> str:
    """What a phone would read off the code as it is shown."""
    shown = base64.b64encode(code.screenshot()).decode()
    page.goto("about:blank")
    page.add_script_tag(path=READER)
    return str(
        page.evaluate(
            """async (shown) => {
              const picture = new Image();
              picture.src = `data:image/png;base64,${shown}`;
              await picture.decode();
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [picture.width, picture.height];
              const drawn = canvas.getContext("2d");
              drawn.drawImage(picture, 0, 0);
              const { data, width, height } = drawn.getImageData(0, 0, picture.width, picture.height);
              return jsQR(data, width, height)?.data;
            }""",
            shown,
        )
    )


@ONLY_SQLITE
def test_the_host_and_a_side_say_how_it_went_in_three_taps_at_most(
    ctx: Context, open_page: Callable[..., Page]
) -> None:
    day = _Day(ctx)
    host, guest = open_page(PHONE), open_page(PHONE)
    taps: list[str] = []

    host.goto(day.host)
    assert host.evaluate("document.documentElement.scrollWidth") <= PHONE
    _tap(taps, host.locator("label.outcome", has_text="达成意向"))
    _tap(taps, host.get_by_role("button", name="保存"))
    expect(host.get_by_text("已保存。")).to_be_visible()
    assert len(taps) <= MOST_TAPS

    taps.clear()
    guest.goto(day.guest)
    _tap(taps, guest.locator("#talks").get_by_role("link", name="更正结果"))
    assert guest.evaluate("document.documentElement.scrollWidth") <= PHONE
    _tap(taps, guest.locator("label.outcome", has_text="继续谈"))
    _tap(taps, guest.get_by_role("button", name="保存"))
    guest.wait_for_url(f"**{day.guest}*")
    assert len(taps) <= MOST_TAPS

    host.goto(day.host)
    expect(host.get_by_text("说法不一")).to_be_visible()
    ctx.session.expire_all()
    talk = ctx.session.scalars(select(Meeting).where(Meeting.id == day.talk_id)).one()
    assert (talk.state, talk.outcome) == (MeetingState.HELD, MeetingOutcome.CONTINUE)


@ONLY_SQLITE
def test_the_codes_on_name_cards_and_table_cards_can_be_read(
    ctx: Context, open_page: Callable[..., Page], address: str
) -> None:
    day = _Day(ctx)
    page, reader = open_page(1440), open_page(800)
    page.goto("/login")
    page.get_by_label("邮箱").fill(day.email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")

    page.goto(f"/events/{day.event_id}/badges")
    codes = page.locator(".name-card-code svg")
    read = sorted(_read(reader, codes.nth(at)) for at in range(codes.count()))
    page.goto(f"/events/{day.event_id}/tables/2/card")
    host = _read(reader, page.locator(".table-card-code svg"))

    assert read == [f"{address}/events/{day.event_id}/door#{badge}" for badge in day.badges]
    assert host == f"{address}{day.host}"


@ONLY_SQLITE
def test_the_screen_on_the_wall_says_that_it_is_offline_and_goes_on(
    ctx: Context, open_page: Callable[..., Page]
) -> None:
    day = _Day(ctx)
    page = open_page(1920)
    page.goto(day.wall)
    expect(page.locator("#wall-phase")).to_contain_text("第 1 场")
    expect(page.locator("#wall-left")).to_contain_text("还剩")
    expect(page.locator("#wall-offline")).to_be_hidden()

    page.context.set_offline(True)

    expect(page.locator("#wall-offline")).to_contain_text("离线，最后更新", timeout=20_000)
    before = page.locator("#wall-left").inner_text()
    expect(page.locator("#wall-left")).not_to_have_text(before)
    page.context.set_offline(False)
    expect(page.locator("#wall-offline")).to_be_hidden(timeout=20_000)
