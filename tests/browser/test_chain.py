"""Three people walk the whole main job in a real browser, from an empty form to a ledger line and the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from models import OrganizationKind, Role
from service import clock
from service.context import SHANGHAI, Context
from tests.factories import add_account, add_organization
from tests.factories.people import PASSWORD

NEED = "千标方级碱性电解槽风电直供宽功率波动适应性"
ACHIEVEMENT = "适应宽功率波动的碱性电解水制氢成套系统"


def test_three_people_walk_from_an_empty_form_to_money_in_the_report(
    seeded: Context, open_page: Callable[..., Page]
) -> None:
    firm, lab = (
        add_organization(seeded, name="示例制氢公司"),
        add_organization(seeded, OrganizationKind.INSTITUTE, name="示例能源研究院"),
    )
    bureau = add_organization(seeded, OrganizationKind.AGENCY)
    emails = [
        add_account(seeded, Role.ENTERPRISE, organization=firm).email,
        add_account(seeded, Role.INSTITUTE, organization=lab).email,
        add_account(seeded, Role.ORGANIZER, organization=bureau, region_code="150600").email,
    ]
    seeded.commit()
    engineer, office, officer = (_signed_in(open_page(), email) for email in emails)
    today = clock.now().astimezone(SHANGHAI).date()
    before = _figures(officer, today.year)

    _post_achievement(office)
    _post_need(engineer)
    for path in ("/achievements", "/needs"):
        officer.goto(f"{path}?state=SUBMITTED")
        officer.locator("tbody a").first.click()
        officer.get_by_role("button", name="审核通过并发布").click()
        expect(officer.get_by_text("已发布，并已完成匹配。")).to_be_visible()
    _agree(engineer, f"/needs?q={NEED}", ACHIEVEMENT)
    _agree(office, f"/achievements?q={ACHIEVEMENT}", NEED)
    _shortlist(officer)
    _plan_event(officer, (today - timedelta(days=1)).isoformat() + "T09:00")
    for person, name in ((engineer, "示例工程师"), (office, "示例研究员")):
        person.goto("/workbench")
        person.get_by_role("link", name="氢能专场握手活动").first.click()
        person.get_by_label("谁来参加").fill(name)
        person.get_by_role("button", name="接受邀请").click()
        expect(person.get_by_text("接受").first).to_be_visible()
    _hold_event(officer)
    _record_outcome(engineer)
    _open_project(officer, today.isoformat())

    after = _figures(officer, today.year)
    assert {name: (before[name], after[name]) for name in after if after[name] != before[name]} == {
        "握手次数": ("0 次", "1 次"),
        "实施合作项目": ("0 项", "1 项"),
        "协议投入": ("0.00 万元", "300.00 万元"),
        "到位资金": ("0.00 万元", "120.00 万元"),
        "支出资金": ("0.00 万元", "20.50 万元"),
        "对接洽谈": ("0 场", "1 场"),
        "达成意向或签约的洽谈": ("0 场", "1 场"),
        "技术合同": ("0 份", "1 份"),
        "合同成交额": ("0.00 万元", "300.00 万元"),
        "技术交易额": ("0.00 万元", "240.00 万元"),
        "发布技术需求": ("0 项", "1 项"),
        "发布科技成果": ("0 项", "1 项"),
        "有入选匹配的需求": ("0 项", "1 项"),
    }
    sentence = f"{today.year}年开展企业家与科学家“握手”行动 1 次，实施合作项目 1 项，项目投入总金额 300.00 万元"
    expect(officer.get_by_text(sentence)).to_be_visible()


def _signed_in(page: Page, email: str) -> Page:
    page.goto("/login")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/workbench")
    return page


def _figures(page: Page, year: int) -> dict[str, str]:
    """The report's table of figures: name to number as shown."""
    page.goto(f"/report?year={year}")
    table = page.get_by_role("table", name="指标与口径")
    rows = table.locator("tbody tr")
    return {
        rows.nth(at).locator("td").nth(0).inner_text().strip(): rows.nth(at).locator("td").nth(1).inner_text().strip()
        for at in range(rows.count())
    }


def _post_achievement(office: Page) -> None:
    office.goto("/achievements")
    office.get_by_role("link", name="发布科技成果").click()
    office.get_by_label("名称", exact=False).first.fill(ACHIEVEMENT)
    office.get_by_label("成果简介").fill("面向风电直供的碱性电解水制氢成套系统，负荷 20 %–120 %，氢气纯度 ≥99.9 %。")
    office.get_by_label("关键词").fill("电解水制氢、宽功率波动")
    office.get_by_label("我承诺所填内容不涉及国家秘密").check()
    office.get_by_role("button", name="保存并提交审核").click()
    expect(office.get_by_text("已提交，等待审核。")).to_be_visible()


def _post_need(engineer: Page) -> None:
    engineer.goto("/needs/new")
    engineer.locator("#f-title").press_sequentially("宽功率波动的千标方级电解水制氢机组关键技术", delay=5)
    expect(engineer.locator("#assist")).to_contain_text("宽功率波动的千标方级电解水制氢机组关键技术及样机研制")
    engineer.locator("#f-title").fill(NEED)
    engineer.get_by_role("button", name="保存并提交审核").click()
    expect(engineer.get_by_role("alert")).to_contain_text("请先确认所填内容不涉及国家秘密")
    expect(engineer.locator("#f-title")).to_have_value(NEED)
    engineer.get_by_label("卡点").fill("风电直供时电解槽在 30 %–110 % 负荷间快速波动，氢气纯度下降，隔膜寿命缩短。")
    engineer.get_by_label("关键词").fill("电解水制氢、宽功率波动")
    engineer.get_by_label("预算").fill("500万元")
    engineer.get_by_label("我承诺所填内容不涉及国家秘密").check()
    engineer.get_by_role("button", name="存为草稿").click()
    expect(engineer.get_by_text("已保存。")).to_be_visible()
    engineer.get_by_role("button", name="提交审核").click()
    expect(engineer.get_by_text("已提交，等待审核。")).to_be_visible()


def _agree(person: Page, listed: str, counterpart: str) -> None:
    person.goto(listed)
    person.locator("tbody a").first.click()
    person.locator("#matches").get_by_role("link", name=counterpart).click()
    expect(person.locator("mark").first).to_be_visible()
    expect(person.get_by_role("table", name="得分构成")).to_be_visible()
    person.get_by_role("button", name="愿意见面谈").click()


def _shortlist(officer: Page) -> None:
    officer.goto(f"/matches?q={ACHIEVEMENT}")
    row = officer.locator(".match-row", has_text=NEED).first
    row.get_by_role("button", name="入选").click()
    expect(officer.locator(".match-row", has_text=NEED).first).to_contain_text("双方有意")


def _plan_event(officer: Page, starts: str) -> None:
    officer.goto("/events/new")
    officer.get_by_label("活动名称").fill("氢能专场握手活动")
    officer.get_by_label("所在地区").select_option("150600")
    officer.get_by_label("地点").fill("科技大厦二层")
    officer.get_by_label("开始时间").fill(starts)
    for label, value in (("场次", "4"), ("每场时长", "25"), ("桌数", "4")):
        officer.get_by_label(label).fill(value)
    officer.locator("main form button.primary").click()
    officer.get_by_role("button", name="开始邀约").click()
    officer.locator("#pairs").get_by_role("button", name="1 号桌").first.click()
    expect(officer.locator("#programme")).to_contain_text("示例制氢公司")


def _hold_event(officer: Page) -> None:
    officer.goto("/events")
    officer.get_by_role("link", name="氢能专场握手活动").click()
    officer.get_by_role("button", name="排定").click()
    for _ in range(2):
        officer.locator("#invitations").get_by_role("button", name="签到").first.click()
    officer.get_by_role("button", name="标记为已举办").click()
    expect(officer.get_by_text("已举办").first).to_be_visible()


def _record_outcome(engineer: Page) -> None:
    engineer.goto("/meetings")
    engineer.locator("tbody a").first.click()
    engineer.get_by_role("radio", name="签约").check()
    engineer.get_by_role("textbox", name="下一步").fill("签技术开发合同")
    engineer.get_by_role("button", name="保存结果").click()
    expect(engineer.get_by_text("签约").first).to_be_visible()


def _open_project(officer: Page, today: str) -> None:
    officer.goto("/meetings")
    officer.locator("tbody a").first.click()
    officer.get_by_role("link", name="立项").click()
    officer.get_by_role("button", name="建立项目").click()
    officer.get_by_role("link", name="登记技术合同").first.click()
    officer.get_by_label("合同名称").fill("宽功率波动制氢系统开发合同")
    for label, option in (("合同类型", "技术开发"), ("支付方式", "一次总算、分期支付")):
        officer.get_by_label(label).select_option(label=option)
    for select, name in (("#f-buyer_id", "示例制氢公司"), ("#f-seller_id", "示例能源研究院")):
        value = officer.locator(f"{select} option", has_text=name).get_attribute("value")
        officer.locator(select).select_option(value)
    officer.get_by_label("签订日期").fill(today)
    officer.get_by_label("合同成交额").fill("300万元")
    officer.get_by_label("其中技术交易额").fill("2400000")
    officer.locator("main form button.primary").click()
    officer.get_by_role("button", name="签约", exact=True).click()
    for kind, amount in (("协议", "300万"), ("到位", "1,200,000"), ("支出", "205000.00")):
        project = officer.url.split("?")[0]
        officer.goto(f"{project}/entries/new")
        officer.get_by_label("类别").select_option(label=kind)
        officer.get_by_label("资金来源").select_option(label="企业自筹")
        officer.get_by_label("金额").fill(amount)
        officer.get_by_label("发生日期").fill(today)
        officer.get_by_label("凭证").fill("银行回单")
        officer.locator("main form button.primary").click()
        officer.wait_for_url(f"{project}?*")
