"""Take a project from stage to stage; the gates say what each stage demands first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import func, select

from models import Achievement, Contract, Match, Meeting, Need, PostingState, Project, ProjectState
from service.commands import Command, OptionalDate, OptionalLevel, Version
from service.context import Context
from service.errors import Invalid
from service.kinds import picked, words
from service.queries.projects import missing_for
from service.usecases.projects import held_project


class ContractProject(Command):
    """Input of 签约: nothing but the version; the contracts say the rest."""

    version: Version


class StartProject(Command):
    """Input of 实施."""

    starts_on: Annotated[OptionalDate, picked("开始日期", "已填过的可留空", widget="date")] = None
    ends_on: Annotated[OptionalDate, picked("计划结束日期", "已填过的可留空", widget="date")] = None
    version: Version


class AcceptProject(Command):
    """Input of 验收."""

    accepted_on: Annotated[OptionalDate, picked("验收日期", widget="date")] = None
    acceptance_note: Annotated[str, words("验收结论", "达到了什么指标，由谁验收", limit=2000, widget="textarea")] = ""
    trl_now: Annotated[OptionalLevel, picked("当前成熟度（TRL）", "1–9 级，可留空", widget="trl")] = None
    version: Version


class TerminateProject(Command):
    """Input of 终止."""

    termination_reason: Annotated[
        str, words("终止原因", "为什么停、已做到哪里、资金如何处理", limit=2000, widget="textarea")
    ] = ""
    in_good_faith: Annotated[
        bool, picked("未达预期但尽责（容错）", "按程序尽到责任的，不作负面评价", widget="checkbox")
    ] = False
    version: Version


def contract_project(ctx: Context, project_id: int, command: ContractProject) -> Project:
    """Sign: the project counts as implemented from the day of its earliest contract."""
    project = held_project(ctx, project_id, command.version)
    _pass_gate(ctx, project, ProjectState.CONTRACTED, {})
    first = ctx.session.scalar(select(func.min(Contract.signed_on)).where(Contract.project_id == project.id))
    return _move(ctx, project, ProjectState.CONTRACTED, {"contracted_on": first})


def start_project(ctx: Context, project_id: int, command: StartProject) -> Project:
    """Begin the work. Raises Invalid without both dates."""
    project = held_project(ctx, project_id, command.version)
    given = {
        "starts_on": command.starts_on or project.starts_on,
        "ends_on": command.ends_on or project.ends_on,
    }
    _pass_gate(ctx, project, ProjectState.ACTIVE, given)
    if given["starts_on"] and given["ends_on"] and given["ends_on"] < given["starts_on"]:
        raise Invalid({"ends_on": "计划结束日期不能早于开始日期"})
    return _move(ctx, project, ProjectState.ACTIVE, given)


def accept_project(ctx: Context, project_id: int, command: AcceptProject) -> Project:
    """Accept the work; the need it came from is solved and the achievement put to use, where they still may be."""
    project = held_project(ctx, project_id, command.version)
    given = {
        "accepted_on": command.accepted_on,
        "acceptance_note": command.acceptance_note,
        "trl_now": command.trl_now or project.trl_now,
    }
    _pass_gate(ctx, project, ProjectState.ACCEPTED, given)
    if command.accepted_on is not None and command.accepted_on > ctx.today:
        raise Invalid({"accepted_on": "验收日期不能晚于今天"})
    if command.accepted_on and project.starts_on and command.accepted_on < project.starts_on:
        raise Invalid({"accepted_on": f"验收日期不能早于开始日期 {project.starts_on}"})
    _move(ctx, project, ProjectState.ACCEPTED, given, reason=command.acceptance_note)
    _close_postings(ctx, project)
    return project


def terminate_project(ctx: Context, project_id: int, command: TerminateProject) -> Project:
    """End a project before its acceptance, saying why; 未达预期但尽责 is noted, not held against anyone."""
    project = held_project(ctx, project_id, command.version)
    given = {"termination_reason": command.termination_reason, "in_good_faith": command.in_good_faith}
    _pass_gate(ctx, project, ProjectState.TERMINATED, given)
    return _move(ctx, project, ProjectState.TERMINATED, given, reason=command.termination_reason)


@dataclass(frozen=True)
class Stage:
    """One move of a project: the word on its button, what it takes, and what does it."""

    label: str
    target: ProjectState
    command: type[Command]
    act: Callable[[Context, int, Any], Project]


STAGES: Mapping[str, Stage] = {
    "contract": Stage("签约", ProjectState.CONTRACTED, ContractProject, contract_project),
    "start": Stage("开始实施", ProjectState.ACTIVE, StartProject, start_project),
    "accept": Stage("通过验收", ProjectState.ACCEPTED, AcceptProject, accept_project),
    "terminate": Stage("终止项目", ProjectState.TERMINATED, TerminateProject, terminate_project),
}
"""The moves of a project by the name they have in addresses."""


def _pass_gate(ctx: Context, project: Project, target: ProjectState, given: Mapping[str, Any]) -> None:
    """Raises IllegalTransition when there is no such move, Invalid naming each field the stage still lacks."""
    if not project.may_move(target):
        project.move_to(target)
    missing = missing_for(ctx, project, target, given)
    if missing:
        raise Invalid(dict(missing), f"进入“{target.label}”前还需要：{'；'.join(missing.values())}。")


def _move(
    ctx: Context, project: Project, target: ProjectState, columns: Mapping[str, Any], reason: str = ""
) -> Project:
    for name, value in columns.items():
        setattr(project, name, value)
    ctx.touch(project)
    ctx.log(project.move_to(target, reason))
    return project


def _close_postings(ctx: Context, project: Project) -> None:
    if project.meeting_id is None:
        return
    match = ctx.find(Match, ctx.find(Meeting, project.meeting_id).match_id)
    postings: tuple[Need | Achievement, ...] = (
        ctx.find(Need, match.need_id),
        ctx.find(Achievement, match.achievement_id),
    )
    for posting in postings:
        if posting.may_move(PostingState.CLOSED_WON) and posting.is_demo == project.is_demo:
            ctx.touch(posting)
            ctx.log(posting.move_to(PostingState.CLOSED_WON, f"合作项目“{project.title}”通过验收"))
