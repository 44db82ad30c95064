"""Keep the list of an institute's scientists, from which an event's people are chosen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models import Organization, OrganizationKind, Scientist
from service.commands import Command, Keywords, Version
from service.context import Context
from service.errors import Invalid
from service.kinds import words
from service.usecases.sensitive_words import refuse_secrets


class WriteScientist(Command):
    """Input of a scientist, new or changed; ``version`` only for a change."""

    name: Annotated[str, words("姓名", limit=50), Field(min_length=1)]
    position: Annotated[str, words("职务、职称", "例如：研究员、课题组长", limit=100)] = ""
    fields: Annotated[Keywords, Field(title="研究方向", description="用顿号分开，每个不超过 15 字")] = []
    version: Version | None = None


def add_scientist(ctx: Context, organization_id: int, command: WriteScientist) -> Scientist:
    """Enter a scientist of an institute; whoever enters somebody has asked them."""
    refuse_secrets(ctx, command)
    house = ctx.require(Organization, organization_id, may="keep_scientists")
    if house.kind is not OrganizationKind.INSTITUTE:
        raise Invalid({"name": "只有科研院所有科学家名录；企业来的人请在邀请里填写"})
    scientist = ctx.add(
        Scientist(organization_id=house.id, is_demo=house.is_demo, **command.model_dump(exclude={"version"}))
    )
    ctx.audit("add_scientist", scientist)
    return scientist


def edit_scientist(ctx: Context, scientist_id: int, command: WriteScientist) -> Scientist:
    """Change a scientist's entry."""
    refuse_secrets(ctx, command)
    scientist = ctx.require(Scientist, scientist_id, may="keep_scientists")
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(scientist, command.version)
    for name, value in command.model_dump(exclude={"version"}).items():
        setattr(scientist, name, value)
    ctx.touch(scientist)
    ctx.audit("edit", scientist)
    return scientist
