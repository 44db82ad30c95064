"""Organizations through both doors: what is masked leaves no trace, counts open what they count, evidence is shown."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import Confidentiality, Organization, OrganizationKind, PartyRole, PostingState, Role
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import a_uscc, add_achievement, add_need, add_organization, add_party, add_project

FORM = {"name": "乌审旗绿能装备有限公司", "kind": "ENTERPRISE", "region_code": "150600", "aliases": "绿能装备"}


@pytest.fixture
def secretive(ctx: Context) -> Organization:
    """An enterprise with one open need, two masked ones and a draft."""
    organization = add_organization(ctx, name="沙丘电子材料有限公司")
    add_need(ctx, organization=organization, title="公开的高纯石英砂提纯")
    add_need(ctx, organization=organization, title="不具名的坩埚长寿命化", masked_name="某光伏材料企业")
    add_need(ctx, organization=organization, title="不具名的切片减薄", masked_name="某光伏材料企业")
    add_need(ctx, organization=organization, title="还在写的内容", state=PostingState.DRAFT)
    ctx.commit()
    return organization


@pytest.mark.parametrize("role", [None, Role.ENTERPRISE, Role.INSTITUTE, Role.ADMIN, Role.AUDITOR])
def test_masked_postings_leave_no_trace_on_the_page_or_in_any_count(
    browse: Callable[..., Browser], secretive: Organization, role: Role | None
) -> None:
    other = browse(role=role)

    page = other.get(f"/organizations/{secretive.id}").text
    row = other.get("/organizations?q=沙丘电子").text
    listed = other.get(f"/needs?organization={secretive.id}").text

    assert "公开的高纯石英砂提纯" in page
    for hidden in ("不具名", "某光伏材料企业", "还在写的内容"):
        assert hidden not in page
        assert hidden not in listed
    assert "全部 1 项" in page
    assert f'href="/needs?organization={secretive.id}">1</a>' in row
    api = other.client.get("/api/v1/organizations", params={"q": "沙丘电子"}).json()["items"]
    one = other.client.get(f"/api/v1/organizations/{secretive.id}").json()
    assert ([item["needs"] for item in api], one["needs"], one["achievements"]) == ([1], 1, 0)


def test_those_who_bring_sides_together_and_the_owner_see_masked_postings(
    browse: Callable[..., Browser], secretive: Organization
) -> None:
    broker = browse(role=Role.BROKER)
    owner = browse(role=Role.ENTERPRISE, organization=secretive)

    for asker, number in ((broker, 3), (owner, 4)):
        assert "不具名的坩埚长寿命化" in asker.get(f"/organizations/{secretive.id}").text
        assert f'href="/needs?organization={secretive.id}">{number}</a>' in asker.get("/organizations?q=沙丘电子").text
        assert f"共 <strong>{number}</strong> 项" in asker.get(f"/needs?organization={secretive.id}").text


def test_a_tier_the_asker_may_not_read_is_not_counted(ctx: Context, browse: Callable[..., Browser]) -> None:
    house = add_organization(ctx, kind=OrganizationKind.INSTITUTE, name="北坡研究院")
    add_achievement(ctx, organization=house, title="会员才能看的成果", confidentiality=Confidentiality.MEMBERS)
    ctx.commit()

    assert "会员才能看的成果" not in browse().get(f"/organizations/{house.id}").text
    assert "会员才能看的成果" in browse(role=Role.LEADER).get(f"/organizations/{house.id}").text


def test_projects_are_shown_to_their_parties_and_to_those_who_follow_them(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    house = add_organization(ctx, name="河湾储能有限公司")
    project = add_project(ctx, title="熔盐储热联合试验", demand=house)
    partner = add_organization(ctx, name="一同出资的公司")
    add_party(ctx, project, partner, PartyRole.FUNDING)
    ctx.commit()

    seen = {
        name: "熔盐储热联合试验" in browser.get(f"/organizations/{house.id}").text
        for name, browser in (
            ("visitor", browse()),
            ("stranger", browse(role=Role.ENTERPRISE)),
            ("partner", browse(role=Role.ENTERPRISE, organization=partner)),
            ("leader", browse(role=Role.LEADER)),
        )
    }

    assert seen == {"visitor": False, "stranger": False, "partner": True, "leader": True}


def test_an_organization_is_entered_shown_and_changed_through_the_form(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    officer = browse(role=Role.ORGANIZER)

    wrong = officer.post("/organizations/new", {**FORM, "uscc": "9115"})
    made = officer.post("/organizations/new", {**FORM, "uscc": a_uscc(77)})
    organization = ctx.session.scalars(select(Organization).where(Organization.name == FORM["name"])).one()
    changed = officer.post(
        f"/organizations/{organization.id}/edit", {**FORM, "profile": "做储能", "version": str(organization.version)}
    )

    assert (wrong.status_code, made.status_code, changed.status_code) == (422, 200, 200)
    assert "统一社会信用代码应为 18 位，现在是 4 位" in wrong.text
    assert 'value="9115"' in wrong.text
    assert ">绿能装备</textarea>" in wrong.text
    assert a_uscc(77) in made.text
    assert "做储能" in changed.text


def test_a_near_name_is_shown_with_a_way_to_it_and_to_go_on(ctx: Context, browse: Callable[..., Browser]) -> None:
    near = add_organization(ctx, name="鄂尔多斯市绿能装备有限责任公司")
    officer = browse(role=Role.ORGANIZER)

    asked = officer.post("/organizations/new", {**FORM, "name": "绿能装备有限公司"})
    made = officer.post("/organizations/new", {**FORM, "name": "绿能装备有限公司", "confirm_repeat": "true"})

    assert asked.status_code == 422
    assert f'href="/organizations/{near.id}"' in asked.text
    assert 'name="confirm_repeat"' in asked.text
    assert made.status_code == 200
    assert "已新建" in made.text


def test_programs_enter_and_change_organizations_with_a_version(bearer: Callable[..., TestClient]) -> None:
    program = bearer(role=Role.ADMIN)

    made = program.post("/api/v1/organizations", json={"name": "高塔风电有限公司", "kind": "ENTERPRISE"})
    one = made.json()
    stale = program.put(
        f"/api/v1/organizations/{one['id']}", json={"name": "高塔风电有限公司", "kind": "ENTERPRISE", "version": 9}
    )
    changed = program.put(
        f"/api/v1/organizations/{one['id']}",
        json={"name": "高塔风电有限公司", "kind": "INVESTOR", "aliases": ["高塔"], "version": one["version"]},
    )

    assert made.status_code == 201
    assert stale.status_code == 409
    assert (changed.json()["kind"], changed.json()["aliases"]) == ("INVESTOR", ["高塔"])
    assert program.get("/api/v1/organizations/999999").status_code == 404


def test_those_who_may_not_write_organizations_see_no_button_and_are_refused(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    house = add_organization(ctx)
    visitor, member = browse(), browse(role=Role.ENTERPRISE)

    assert "新建机构" not in member.get("/organizations").text
    assert member.get("/organizations/new").status_code == 403
    assert member.post("/organizations/new", FORM).status_code == 403
    assert member.get(f"/organizations/{house.id}/edit").status_code == 403
    assert visitor.client.post("/api/v1/organizations", json={"name": "甲", "kind": "ENTERPRISE"}).status_code == 401


def test_the_list_is_found_by_alias_narrowed_and_exported(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_organization(ctx, name="甲研究院", kind=OrganizationKind.INSTITUTE, aliases=["老甲所"], region_code="150621")
    add_organization(ctx, name="乙公司")
    visitor = browse()

    assert "甲研究院" in html.unescape(visitor.get("/organizations?q=老甲所").text)
    assert "乙公司" not in visitor.get("/organizations?kind=INSTITUTE").text
    assert "甲研究院" not in visitor.get("/organizations?region=150602").text
    exported = visitor.get("/organizations.csv?kind=INSTITUTE").content.decode("utf-8-sig")
    assert "甲研究院" in exported
    assert "乙公司" not in exported
