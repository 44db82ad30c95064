"""The workbench as each role meets it: work first, an empty page says what to do, a visitor is asked to sign in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models import PostingState, Role
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_achievement, add_match, add_need, add_organization


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page_whose_links_lead_somewhere(browse: Callable[..., Browser], role: Role) -> None:
    browser = browse(role=role)

    page = browser.get("/workbench")

    assert page.status_code == 200
    body = page.text.partition("<main")[2].partition("</main>")[0]
    links = {found.replace("&amp;", "&").partition("#")[0] for found in re.findall(r'href="(/[^"]*)"', body)}
    assert links
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_visitor_is_asked_to_sign_in(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/workbench")

    assert answer.status_code == 401
    assert "请先登录" in answer.text


def test_work_comes_first_with_the_remark(ctx: Context, browse: Callable[..., Browser]) -> None:
    house = add_organization(ctx)
    need = add_need(ctx, organization=house, state=PostingState.RETURNED, review_remark="请补充纯度指标")
    add_need(ctx, state=PostingState.RETURNED, review_remark="别家的意见")

    page = browse(role=Role.ENTERPRISE, organization=house).get("/workbench").text

    assert "有 <strong>1</strong> 件事等您处理" in page
    assert f'<a href="/needs/{need.id}">' in page
    assert "请补充纯度指标" in page
    assert "别家的意见" not in page


def test_an_empty_page_says_what_to_do_next(browse: Callable[..., Browser]) -> None:
    page = browse(role=Role.INSTITUTE).get("/workbench").text

    assert "没有等您处理的事" in page
    assert 'href="/achievements/new"' in page
    assert "内容审核发布后，系统会立即排出合适的对象" in page


def test_suggestions_keep_the_mask_of_the_other_side(ctx: Context, browse: Callable[..., Browser]) -> None:
    house, hidden = add_organization(ctx), add_organization(ctx, name="真名不该出现有限公司")
    need = add_need(ctx, organization=hidden, masked_name="某现代煤化工企业")
    match = add_match(ctx, need=need, achievement=add_achievement(ctx, organization=house))

    page = browse(role=Role.INSTITUTE, organization=house).get("/workbench").text

    assert f'href="/matches/{match.id}"' in page
    assert "某现代煤化工企业" in page
    assert "真名不该出现" not in page


@pytest.mark.parametrize(("role", "entry"), [(Role.AUDITOR, "/admin/audit"), (Role.ADMIN, "/admin")])
def test_the_main_menu_leads_to_the_log(browse: Callable[..., Browser], role: Role, entry: str) -> None:
    menu = browse(role=role).get("/workbench").text.partition("<nav")[2].partition("</nav>")[0]

    assert re.findall(r'href="(/admin[^"]*)"', menu) == [entry]
