"""Organizations are entered once, under a code that keeps its rules, and changed only by those who saw the latest."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models import AuditEntry, Organization, OrganizationKind
from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid, NotSignedIn
from service.usecases.organizations import WriteOrganization, create_organization, edit_organization
from tests.factories import a_uscc, add_organization

STEM = a_uscc(900)[:-1]
NOT_NEAR = [("清华大学", "北京大学"), ("蒙泰铝业", "蒙泰集团"), ("上汽红岩", "上汽集团")]


def _command(**values: Any) -> WriteOrganization:
    return read(WriteOrganization, {"name": "乌审旗绿能装备有限公司", "kind": "ENTERPRISE", **values})


def _number(ctx: Context) -> int:
    return ctx.session.scalar(select(func.count(Organization.id))) or 0


def test_create_organization_keeps_what_was_given_and_writes_it_down(organizer: Context) -> None:
    made = create_organization(
        organizer,
        _command(
            uscc=" " + a_uscc(900).lower(),
            region_code="150621",
            aliases="绿能装备、乌审绿能\n绿能 集团",
            profile="制氢",
        ),
    )
    organizer.commit()

    assert (made.kind, made.uscc, made.region_code) == (OrganizationKind.ENTERPRISE, a_uscc(900), "150621")
    assert made.aliases == ["绿能装备", "乌审绿能", "绿能 集团"]
    entry = organizer.session.scalars(select(AuditEntry).where(AuditEntry.action == "create_organization")).one()
    assert (entry.record_type, entry.record_id) == ("Organization", made.id)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (STEM, "统一社会信用代码应为 18 位，现在是 17 位"),
        (
            a_uscc(900)[:-1] + ("0" if a_uscc(900)[-1] != "0" else "1"),
            "统一社会信用代码的最后一位校验码不符，请逐位核对",
        ),
        ("9115060000000000IO", "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），请逐位核对"),
    ],
)
def test_a_code_that_breaks_the_rules_is_refused_with_what_is_wrong(code: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        _command(uscc=code)

    assert refused.value.fields == {"uscc": sentence}


def test_a_code_somebody_else_has_is_refused_by_their_name(organizer: Context) -> None:
    holder = add_organization(organizer, name="达拉特旗光伏材料有限公司")
    before = _number(organizer)

    with pytest.raises(Invalid) as refused:
        create_organization(organizer, _command(uscc=holder.uscc))

    assert refused.value.fields == {"uscc": "“达拉特旗光伏材料有限公司”已登记这个代码；一个代码只能属于一家机构"}
    assert _number(organizer) == before


@pytest.mark.parametrize(
    ("there", "aliases", "wanted"),
    [
        ("鄂尔多斯市北极星新材料有限责任公司", [], "北极星新材料有限公司"),
        ("内蒙古北极星新材料（集团）有限公司", ["北极星新材料"], "鄂尔多斯市北极星新材料有限公司"),
        ("高原煤化工研究院", ["ＡＢＣ实验室"], "abc 实验室"),
    ],
)
def test_a_near_name_is_refused_until_somebody_has_looked(
    organizer: Context, there: str, aliases: list[str], wanted: str
) -> None:
    add_organization(organizer, name=there, aliases=aliases)

    with pytest.raises(Invalid) as refused:
        create_organization(organizer, _command(name=wanted))
    made = create_organization(organizer, _command(name=wanted, confirm_repeat=True))

    assert list(refused.value.fields) == ["confirm_repeat"]
    assert f"“{there}”" in refused.value.fields["confirm_repeat"]
    assert made.name == wanted


def test_the_very_name_is_refused_even_when_confirmed(organizer: Context) -> None:
    add_organization(organizer, name="中国矿业大学（北京）")

    with pytest.raises(Invalid) as refused:
        create_organization(organizer, _command(name="中国矿业大学 (北京)", confirm_repeat=True))

    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize(
    ("there", "wanted"), [("清华大学", "北京大学"), ("蒙泰铝业", "蒙泰集团"), ("上汽红岩", "上汽集团")]
)
def test_names_that_only_share_a_word_are_not_near(organizer: Context, there: str, wanted: str) -> None:
    add_organization(organizer, name=there)

    assert create_organization(organizer, _command(name=wanted)).name == wanted


def test_edit_organization_notes_which_columns_changed(organizer: Context) -> None:
    organization = add_organization(organizer, name="旧名称科技有限公司", profile="")

    edit_organization(
        organizer,
        organization.id,
        _command(
            name="旧名称科技有限公司",
            uscc=organization.uscc,
            region_code="150600",
            profile="做储能",
            version=organization.version,
        ),
    )
    organizer.commit()

    entry = organizer.session.scalars(select(AuditEntry).where(AuditEntry.action == "edit")).one()
    assert entry.details == {"changed": ["profile"]}
    assert organization.version == 2


def test_edit_organization_refuses_a_stale_version_and_a_missing_one(organizer: Context) -> None:
    organization = add_organization(organizer)

    with pytest.raises(Conflict):
        edit_organization(organizer, organization.id, _command(version=organization.version + 1))
    with pytest.raises(Invalid) as missing:
        edit_organization(organizer, organization.id, _command())

    assert list(missing.value.fields) == ["version"]
    assert organization.name != "乌审旗绿能装备有限公司"


def test_an_unknown_region_is_refused(organizer: Context) -> None:
    with pytest.raises(Invalid) as refused:
        create_organization(organizer, _command(region_code="999999"))

    assert refused.value.fields == {"region_code": "没有这个地区代码，请从列表中选择"}


def test_only_those_who_keep_organizations_may_write_them(
    enterprise: Context, institute: Context, broker: Context, leader: Context, auditor: Context
) -> None:
    before = _number(enterprise)

    for who in (enterprise, institute, broker, leader, auditor):
        with pytest.raises(Forbidden):
            create_organization(who, _command())

    assert _number(enterprise) == before


def test_a_visitor_has_to_sign_in_first(anonymous: Context) -> None:
    with pytest.raises(NotSignedIn):
        create_organization(anonymous, _command())
