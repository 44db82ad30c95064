"""Register an incident with personal data, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from models import DataIncident
from service.commands import Command, Version, wrong
from service.context import Context
from service.errors import Invalid
from service.kinds import picked, words
from service.usecases.events import Moment


def _none(value: object) -> object:
    return None if value == "" else value


class WriteIncident(Command):
    """Input of an incident; ``version`` only for a change."""

    title: Annotated[str, words("事件", "一句话说清楚", limit=200), Field(min_length=1)]
    started_at: Annotated[Moment, picked("开始", "从什么时候起可能泄露", widget="datetime-local")]
    ended_at: Annotated[Moment, picked("结束", "到什么时候为止", widget="datetime-local")]
    description: Annotated[str, words("经过", "涉及哪些信息、原因、可能的危害", limit=4000, widget="textarea")] = ""
    measures: Annotated[str, words("补救措施", "已经做了什么，个人可以做什么", limit=4000, widget="textarea")] = ""
    reported_at: Annotated[
        Moment | None,
        BeforeValidator(_none),
        picked("何时报告主管部门", "还没有报告就留空", widget="datetime-local"),
    ] = None
    version: Version | None = None

    @field_validator("ended_at")
    @classmethod
    def _in_order(cls, value: datetime, info: object) -> datetime:
        began = getattr(info, "data", {}).get("started_at")
        if began is not None and value < began:
            raise wrong("结束不能早于开始")
        return value


def register_incident(ctx: Context, command: WriteIncident) -> DataIncident:
    """Enter an incident as soon as it is known; the details can follow."""
    ctx.demand("keep_incidents")
    incident = ctx.add(DataIncident(**_columns(command), created_by_id=ctx.actor.account_id))
    ctx.audit("register_incident", incident)
    return incident


def edit_incident(ctx: Context, incident_id: int, command: WriteIncident) -> DataIncident:
    """Add what became known since. Raises Invalid without the version seen, Stale when somebody was faster."""
    incident = ctx.require(DataIncident, incident_id, may="keep_incidents")
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(incident, command.version)
    columns = _columns(command)
    changed = sorted(name for name, value in columns.items() if getattr(incident, name) != value)
    for name, value in columns.items():
        setattr(incident, name, value)
    ctx.touch(incident)
    ctx.audit("edit", incident, changed=changed)
    return incident


def _columns(command: WriteIncident) -> dict[str, object]:
    return command.model_dump(exclude={"version"})
