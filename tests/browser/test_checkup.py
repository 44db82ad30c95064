"""The check-up in a real browser: it comes as one types, a click adds a keyword, a finding marks its place."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models import Role
from service.context import Context
from tests.factories import add_account, add_organization
from tests.factories.people import PASSWORD

MARKED = """(() => {
  const at = document.activeElement;
  return `${at.id} ${at.value.slice(at.selectionStart, at.selectionEnd)}`;
})()"""
PROBLEM = "风电直供时电解槽负荷快速波动，需要提高制氢效率，隔膜容易穿孔，换过厂家也不行。"


def _writing(ctx: Context, page: Page) -> Page:
    email = add_account(ctx, Role.ENTERPRISE, organization=add_organization(ctx, name="示例制氢公司")).email
    ctx.commit()
    page.goto("/login")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")
    page.goto("/needs/new")
    return page


def test_findings_come_while_typing_and_lead_to_their_place(ctx: Context, open_page: Callable[..., Page]) -> None:
    page = _writing(ctx, open_page())
    page.locator("#f-title").fill("大功率碱性电解槽隔膜寿命提升")
    page.locator("#f-problem").fill(PROBLEM)

    expect(page.locator("#checkup")).to_contain_text("“提高制氢效率”没有数")
    page.locator("#checkup a[data-select]").first.click()
    marked = page.evaluate(MARKED)
    assert marked == "f-problem 提高制氢效率"

    chip = page.locator("#assist label.chip").first
    word = chip.inner_text().strip()
    chip.click()
    expect(page.locator("#f-keywords")).to_have_value(word)
    expect(page.locator("#assist label.chip", has_text=word)).to_have_count(0)


def test_phone_is_led_from_the_text_to_the_check_up(ctx: Context, open_page: Callable[..., Page]) -> None:
    page = _writing(ctx, open_page(390))
    page.locator("#f-title").fill("大功率碱性电解槽隔膜寿命提升")
    page.locator("#f-problem").fill(PROBLEM)

    lead = page.locator("#checkup-count a")
    expect(lead).to_be_visible()
    lead.click()
    expect(page.locator("#checkup")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_script_a_button_checks(ctx: Context, open_page: Callable[..., Page]) -> None:
    page = _writing(ctx, open_page(javascript=False))
    page.locator("#f-title").fill("大功率碱性电解槽隔膜寿命提升")
    page.locator("#f-problem").fill(PROBLEM)
    page.get_by_role("button", name="检查").click()

    expect(page.get_by_text("检查完了，还没有保存")).to_be_visible()
    expect(page.locator("#checkup")).to_contain_text("“提高制氢效率”没有数")
    expect(page.locator("#f-problem")).to_have_value(PROBLEM)
