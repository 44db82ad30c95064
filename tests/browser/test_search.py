"""Somebody searches in a real browser, wide and narrow, with script and without, and keeps the search."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models import Role
from service.context import Context
from service.usecases.searches import check_searches
from tests.factories import add_account, add_achievement, add_organization
from tests.factories.people import PASSWORD


def _spill(page: Page) -> int:
    spill: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return spill


def _signed_in(page: Page, email: str) -> Page:
    page.goto("/login")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")
    return page


def test_from_typing_to_news_on_the_workbench(seeded: Context, open_page: Callable[..., Page]) -> None:
    email = add_account(seeded, Role.ENTERPRISE, organization=add_organization(seeded)).email
    seeded.commit()
    page = _signed_in(open_page(), email)

    page.locator(".masthead-search input").press_sequentially("dianj", delay=30)
    page.locator(".masthead-search .suggestions").get_by_role("link", name="电解水", exact=True).click()
    expect(page.locator(".result mark").first).to_contain_text("电解水")
    page.locator(".facet").get_by_role("link", name="技术需求").click()
    expect(page.locator(".result .badge", has_text="技术领域")).to_have_count(0)
    page.get_by_text("保存并提醒我").click()
    page.get_by_label("名称").fill("电解水的需求与成果")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存搜索")).to_be_visible()

    page.goto("/search?q=电解水&kind=achievements")
    page.get_by_text("保存并提醒我").click()
    page.get_by_role("button", name="保存", exact=True).click()
    add_achievement(seeded, title="低能耗碱性电解水隔膜")
    seeded.commit()
    check_searches(seeded)
    seeded.commit()
    page.goto("/workbench")
    expect(page.get_by_text("1 条新结果")).to_be_visible()
    page.get_by_role("link", name="电解水", exact=True).click()
    expect(page.locator(".result", has_text="低能耗碱性电解水隔膜").get_by_text("新", exact=True)).to_be_visible()
    page.get_by_role("button", name="都看过了").click()
    expect(page.get_by_text("1 条新结果")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone(seeded: Context, open_page: Callable[..., Page], javascript: bool) -> None:
    assert seeded.session is not None
    page = open_page(390, javascript=javascript)

    page.goto("/")
    page.locator(".search-link").click()
    expect(page.get_by_text("怎么搜")).to_be_visible()
    assert _spill(page) <= 0
    page.locator("main input[type=search]").fill("电结水")
    page.locator("main").get_by_role("button", name="搜索").click()

    expect(page.get_by_text("按“电解水”查找")).to_be_visible()
    expect(page.locator(".result").first).to_be_visible()
    expect(page.locator(".facet-list")).to_be_visible(visible=not javascript)
    assert _spill(page) <= 0
    if javascript:
        page.locator(".facets > summary").click()
    page.locator(".facet").get_by_role("link", name="技术需求").click()
    expect(page.locator(".result").first).to_contain_text("技术需求")
    assert "kind=needs" in page.url
    assert _spill(page) <= 0
