"""A scientist on a phone, without an account: answers an invitation, states wishes, finds her table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    EventTable,
    HandshakeEventState,
    MatchState,
    MeetingState,
    OrganizationKind,
    Wish,
    WishLevel,
)
from service import clock
from service.context import Context
from service.links import personal_link
from service.usecases.attendees import ensure_attendees
from tests.factories import (
    add_achievement,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)
from tests.parts import ONLY_SQLITE


@ONLY_SQLITE
@pytest.mark.parametrize("javascript", [True, False])
def test_a_scientist_answers_states_wishes_and_finds_her_table(
    ctx: Context, open_page: Callable[..., Page], *, javascript: bool
) -> None:
    ctx.now = clock.now()
    event = add_event(ctx, starts_at=ctx.now + timedelta(days=10), reply_by=ctx.now + timedelta(days=5))
    firms = [add_organization(ctx, name=f"河套装备厂{n}") for n in range(3)]
    house = add_organization(ctx, kind=OrganizationKind.INSTITUTE, name="高原研究院")
    offer = add_achievement(ctx, organization=house, title="新膜电极")
    matches = [
        add_match(
            ctx, need=add_need(ctx, organization=firm, title=f"难题{n}"), achievement=offer, state=MatchState.MUTUAL,
            score=5000 + n,
        )
        for n, firm in enumerate(firms)
    ]  # fmt: skip
    for firm in firms:
        ensure_attendees(ctx, add_invitation(ctx, event=event, organization=firm))
    (scientist,) = ensure_attendees(ctx, add_invitation(ctx, event=event, organization=house))
    link = personal_link(ctx, scientist)
    ctx.commit()
    page = open_page(390, javascript=javascript)

    page.goto(link)
    page.get_by_label("姓名").fill("白格日勒")
    page.get_by_label("职务").fill("研究员")
    page.get_by_label("第 8 场").check()
    page.get_by_role("button", name="参加", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("已记录您的答复")
    page.get_by_role("link", name="选择想见的对象").click()
    expect(page.locator(".wish strong")).to_have_text(["难题2", "难题1", "难题0"])
    page.locator(".wish", has_text="难题1").get_by_role("radio", name="想见").check()
    unwanted = page.locator(".wish", has_text="难题0")
    unwanted.get_by_role("radio", name="不见").check()
    unwanted.get_by_role("textbox").fill("去年谈过")
    page.get_by_role("button", name="保存意愿").click()
    expect(page.locator("#wishes")).to_contain_text("想见 1、可见 0、不见 1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    ctx.session.expire_all()
    person = ctx.find(Attendee, scientist.id)
    badge = person.badge
    assert (person.state, person.name, person.away_slots) == (AttendeeState.COMING, "白格日勒", [7])
    wishes = ctx.session.execute(select(Wish.match_id, Wish.level, Wish.reason).order_by(Wish.match_id)).all()
    assert wishes == [(matches[0].id, WishLevel.UNWANTED, "去年谈过"), (matches[1].id, WishLevel.WANTED, "")]

    add_meeting(ctx, event=event, match=matches[1], state=MeetingState.CONFIRMED, slot=2, table_number=4)
    ctx.add(EventTable(handshake_event_id=event.id, number=4, equipment=["投影"], zone="东区", closed_slots=[]))
    event = ctx.find(type(event), event.id)
    event.state = HandshakeEventState.SCHEDULED
    ctx.commit()
    page.goto(link)
    talks = page.locator("#talks")
    expect(talks.locator(".talk-where")).to_have_text("4 号桌 · 东区")
    for words in ("第 3 场", "河套装备厂1", "难题1", "桌上有：投影"):
        expect(talks).to_contain_text(words)
    expect(page.locator(".badge-code")).to_have_text(badge)
    page.get_by_role("link", name="换人参加").click()
    page.get_by_label("同事姓名").fill("乌兰")
    page.get_by_role("button", name="换成这位同事").click()
    new_link = page.locator("#link").input_value()
    assert page.goto(link).status == 404  # type: ignore[union-attr] # a page always answers
    page.goto(new_link)
    expect(page.locator("#talks")).to_contain_text("4 号桌")
