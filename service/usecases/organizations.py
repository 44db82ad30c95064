"""Enter organizations and keep their facts right, without entering one twice."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator
from sqlalchemy import select
from stdnum.cn import uscc as uscc_rules
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from models import Organization, OrganizationKind, Region
from service.commands import Command, OptionalText, Version, list_or_line, wrong
from service.context import Context
from service.errors import Invalid
from service.queries.organizations import Namesake, namesakes
from service.usecases.conflicts import take_back_suggestions


def _names(value: Any) -> Any:
    """Aliases come as a list, or as one text separated by 、，；or line breaks; a blank belongs to a name."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        joined = "、".join(value)
        for mark in ",，;；\r\n\t":
            joined = joined.replace(mark, "、")
        return list(dict.fromkeys(name.strip() for name in joined.split("、") if name.strip()))
    return value


Aliases = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    BeforeValidator(_names),
    list_or_line(20, 100),
    Field(
        max_length=20,
        title="别名",
        description="简称、曾用名、文件中的其他写法，用顿号或换行分开；查重和导入时会一并比对",
        json_schema_extra={"widget": "textarea"},
    ),
]


class WriteOrganization(Command):
    """Input of an organization, new or changed; ``version`` only for a change."""

    name: Annotated[str, Field(min_length=1, max_length=100, title="名称", description="营业执照或法人证书上的全称")]
    kind: Annotated[OrganizationKind, Field(title="类型", json_schema_extra={"widget": "select"})]
    uscc: Annotated[OptionalText, Field(title="统一社会信用代码", description="18 位；不清楚可以留空")] = None
    region_code: Annotated[
        OptionalText,
        Field(title="所在地区", description="不在列表中的地区请留空", json_schema_extra={"widget": "region"}),
    ] = None
    aliases: Aliases = []
    profile: Annotated[
        str,
        Field(
            max_length=2000,
            title="简介",
            description="主营业务或研究方向、规模、平台",
            json_schema_extra={"widget": "textarea"},
        ),
    ] = ""
    confirm_repeat: Annotated[bool, Field(title="名称相近", json_schema_extra={"widget": "checkbox"})] = False
    version: Version | None = None

    @field_validator("uscc")
    @classmethod
    def _checked(cls, value: str | None) -> str | None:
        return check_uscc(value) if value is not None else None


def check_uscc(value: str) -> str:
    """The code without blanks, in capitals. Complains in Chinese unless it keeps the rules of GB 32100-2015."""
    code = uscc_rules.compact(value).upper()
    try:
        uscc_rules.validate(code)
    except InvalidLength as error:
        raise wrong(f"统一社会信用代码应为 18 位，现在是 {len(code)} 位") from error
    except InvalidChecksum as error:
        raise wrong("统一社会信用代码的最后一位校验码不符，请逐位核对") from error
    except ValidationError as error:
        raise wrong("统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），请逐位核对") from error
    return code


def create_organization(ctx: Context, command: WriteOrganization) -> Organization:
    """Enter an organization. Raises Invalid for a repeat, a near repeat nobody confirmed, or an unknown region."""
    ctx.demand("manage_organizations")
    _check(ctx, command)
    organization = ctx.add(Organization(**_columns(command)))
    ctx.audit("create_organization", organization, confirmed_repeat=command.confirm_repeat)
    return organization


def edit_organization(ctx: Context, organization_id: int, command: WriteOrganization) -> Organization:
    """Change an organization's facts. Raises Invalid like ``create_organization``, and Conflict when stale."""
    ctx.demand("manage_organizations")
    organization = ctx.find(Organization, organization_id)
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(organization, command.version)
    _check(ctx, command, organization)
    columns = _columns(command)
    changed = sorted(name for name, value in columns.items() if getattr(organization, name) != value)
    for name in changed:
        setattr(organization, name, columns[name])
    ctx.touch(organization)
    ctx.audit("edit", organization, changed=changed)
    if {"name", "uscc", "aliases"} & set(changed):
        take_back_suggestions(ctx)
    return organization


def _columns(command: WriteOrganization) -> dict[str, Any]:
    values = command.model_dump(exclude={"confirm_repeat", "version"})
    return {**values, "aliases": [alias for alias in command.aliases if alias != command.name]}


def _check(ctx: Context, command: WriteOrganization, current: Organization | None = None) -> None:
    wrong_at: dict[str, str] = {}
    if command.region_code is not None and ctx.session.get(Region, command.region_code) is None:
        wrong_at["region_code"] = "没有这个地区代码，请从列表中选择"
    if command.uscc is not None:
        holder = ctx.session.scalar(select(Organization).where(Organization.uscc == command.uscc))
        if holder is not None and holder is not current:
            wrong_at["uscc"] = f"“{holder.name}”已登记这个代码；一个代码只能属于一家机构"
    if current is None or command.name != current.name:
        near = namesakes(ctx, command.name, other_than=current.id if current is not None else None)
        wrong_at.update(_repeats(near, confirmed=command.confirm_repeat))
    if wrong_at:
        raise Invalid(wrong_at)


def _repeats(near: list[Namesake], *, confirmed: bool) -> dict[str, str]:
    if not near:
        return {}
    if near[0].same:
        return {"name": f"已有名为“{near[0].name}”的机构，请直接使用，或把不同的写法加入它的别名"}
    if confirmed:
        return {}
    names = "、".join(f"“{one.name}”" for one in near)
    return {"confirm_repeat": f"与已有的{names}名称相近；如确是另一家机构，请勾选后再保存"}
