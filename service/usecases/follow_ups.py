"""What comes after a talk: the agreed next step and the reviews after 7, 30 and 90 days, until they are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import (
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Side,
)
from service.commands import Command, OptionalDate, OrNone, Version
from service.context import SHANGHAI, Context
from service.errors import Illegal, Invalid
from service.kinds import picked, words
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

REVIEWS: Mapping[FollowUpKind, int] = {FollowUpKind.DAY_7: 7, FollowUpKind.DAY_30: 30, FollowUpKind.DAY_90: 90}
"""Kind of review → days after the talk."""
USUAL_DAYS = 7
"""Days to a next step nobody gave a day for."""
NOTHING_TO_REVIEW = "洽谈结果改为“暂无意向”，不再回访"

OptionalSide = Annotated[Side | None, OrNone]
_OWNER = words("谁来办", "姓名或单位", limit=100)
_SIDE = picked("由哪一方办", "到期提醒这一方；不选就提醒双方", widget="select")


class NextStep(Command):
    """What happens next after a talk: what, who and until when."""

    next_step: Annotated[str, words("下一步", "一件具体的事，例如：送样检测", limit=500)] = ""
    next_step_owner: Annotated[str, _OWNER] = ""
    owner_side: Annotated[OptionalSide, _SIDE] = None
    due_on: Annotated[OptionalDate, picked("什么时候之前", "到期会提醒；不填就是一周内", widget="date")] = None

    @property
    def is_given(self) -> bool:
        """Whether anything was said."""
        return bool(self.next_step or self.due_on)


class PlanNextStep(NextStep):
    """Input of what happens next after a talk that was held."""

    version: Version


class FinishFollowUp(Command):
    """Input of a task that is done."""

    version: Version
    result: Annotated[str, words("办得怎样", "一句话写清结果，例如：样品已检测，指标达到", limit=500)] = ""


class DropFollowUp(Command):
    """Input of a task nobody follows any more."""

    version: Version
    reason: Annotated[str, words("为什么不再跟进", "双方都会看到", limit=500), Field(min_length=1)]


class ReopenFollowUp(Command):
    """Input of a task that is taken up again."""

    version: Version
    due_on: Annotated[OptionalDate, picked("新的期限", "不填就是一周内", widget="date")] = None
    reason: Annotated[str, words("说明", limit=500)] = ""


class ChangeFollowUp(Command):
    """Input of another text, owner or day of a task that is still open."""

    version: Version
    text: Annotated[str, words("要办的事", "一件具体的事", limit=500)] = ""
    owner: Annotated[str, _OWNER] = ""
    owner_side: Annotated[OptionalSide, _SIDE] = None
    due_on: Annotated[date, picked("期限", "到期会提醒", widget="date")]


def plan_next_step(ctx: Context, meeting_id: int, command: PlanNextStep) -> Meeting:
    """Agree on what happens next after a held talk; it replaces what was agreed before, and is open again."""
    refuse_secrets(ctx, command)
    meeting = ctx.require(Meeting, meeting_id, may="record_outcome")
    ctx.check_version(meeting, command.version)
    if meeting.state is not MeetingState.HELD:
        raise Illegal(f"登记结果之后才能安排下一步，当前为“{meeting.state.label}”。")
    if not command.next_step:
        raise Invalid({"next_step": "请写一件具体的事；已经办完的，请在跟进任务里标记“已办”"})
    agree_next_step(ctx, meeting, command)
    ctx.touch(meeting)
    return meeting


def agree_next_step(ctx: Context, meeting: Meeting, step: NextStep) -> FollowUp:
    """Write down the next step of a talk as its task. Raises Invalid for a day that has passed."""
    check_due(ctx, step.due_on)
    due = step.due_on or ctx.today + timedelta(days=USUAL_DAYS)
    task = task_of(ctx, meeting, FollowUpKind.NEXT_STEP)
    if task is None:
        task = _begin(ctx, meeting, FollowUpKind.NEXT_STEP, due)
    elif task.state is not FollowUpState.OPEN:
        _reopen(ctx, task, "约定了新的下一步")
    task.text, task.owner, task.owner_side, task.due_on = step.next_step, step.next_step_owner, step.owner_side, due
    ctx.touch(task)
    ctx.audit("follow_up", meeting, next_step=step.next_step, owner=step.next_step_owner, due_on=due.isoformat())
    return task


def follow_talk(ctx: Context, meeting: Meeting) -> None:
    """Keep a held talk's reviews in step with its outcome: none where nothing came of it."""
    if meeting.held_at is None:
        return
    tasks = {one.kind: one for one in tasks_of(ctx, meeting)}
    held_on = meeting.held_at.astimezone(SHANGHAI).date()
    for kind, days in REVIEWS.items():
        task, due = tasks.get(kind), max(held_on + timedelta(days=days), ctx.today)
        if meeting.outcome is MeetingOutcome.NONE:
            if task is not None and task.state is FollowUpState.OPEN:
                _drop(ctx, task, NOTHING_TO_REVIEW)
        elif task is None:
            _begin(ctx, meeting, kind, due)
        elif task.state is FollowUpState.DROPPED and task.result == NOTHING_TO_REVIEW:
            _reopen(ctx, task, "洽谈结果改为还有可谈")
            task.due_on = due


def answer_reviews(ctx: Context, meeting_id: int, answer: str) -> None:
    """A project answers what the reviews of its talk ask; what was agreed at the table still has to be done."""
    for task in tasks_of(ctx, ctx.find(Meeting, meeting_id)):
        if task.kind in REVIEWS and task.state is FollowUpState.OPEN:
            _finish(ctx, task, answer)


def finish_follow_up(ctx: Context, task_id: int, command: FinishFollowUp) -> FollowUp:
    """Note that a task is done, and with what result."""
    task = _held(ctx, task_id, command, command.version)
    task.check_move(FollowUpState.DONE)
    return _finish(ctx, task, command.result)


def drop_follow_up(ctx: Context, task_id: int, command: DropFollowUp) -> FollowUp:
    """Give a task up for a reason both sides see."""
    task = _held(ctx, task_id, command, command.version)
    task.check_move(FollowUpState.DROPPED)
    return _drop(ctx, task, command.reason)


def reopen_follow_up(ctx: Context, task_id: int, command: ReopenFollowUp) -> FollowUp:
    """Take a task up again, until another day."""
    task = _held(ctx, task_id, command, command.version)
    task.check_move(FollowUpState.OPEN)
    check_due(ctx, command.due_on)
    task.due_on = command.due_on or ctx.today + timedelta(days=USUAL_DAYS)
    return _reopen(ctx, task, command.reason)


def change_follow_up(ctx: Context, task_id: int, command: ChangeFollowUp) -> FollowUp:
    """Change an open task; another day is reminded of anew."""
    task = _held(ctx, task_id, command, command.version)
    if task.state is not FollowUpState.OPEN:
        raise Illegal(f"“{task.state.label}”的任务不能修改；请先重新打开。")
    if task.kind is FollowUpKind.NEXT_STEP and not command.text:
        raise Invalid({"text": "请写一件具体的事"})
    if command.due_on != task.due_on:
        check_due(ctx, command.due_on)
    before = task.due_on.isoformat()
    task.text, task.owner, task.owner_side, task.due_on = (
        command.text,
        command.owner,
        command.owner_side,
        command.due_on,
    )
    ctx.touch(task)
    ctx.audit("follow_up", task, owner=command.owner, before=before, due_on=command.due_on.isoformat())
    return task


def tasks_of(ctx: Context, meeting: Meeting) -> list[FollowUp]:
    """A talk's tasks, the earliest first."""
    found = select(FollowUp).where(FollowUp.meeting_id == meeting.id).order_by(FollowUp.due_on, FollowUp.id)
    return list(ctx.session.scalars(found))


def task_of(ctx: Context, meeting: Meeting, kind: FollowUpKind) -> FollowUp | None:
    """A talk's task of one kind."""
    return next((one for one in tasks_of(ctx, meeting) if one.kind is kind), None)


def check_due(ctx: Context, due_on: date | None) -> None:
    """Raises Invalid for a day that has passed."""
    if due_on is not None and due_on < ctx.today:
        raise Invalid({"due_on": "这一天已经过去，请填写今天或以后的日期"})


def _held(ctx: Context, task_id: int, command: Command, version: int) -> FollowUp:
    refuse_secrets(ctx, command)
    task = ctx.require(FollowUp, task_id, may="follow_up")
    ctx.check_version(task, version)
    return task


def _begin(ctx: Context, meeting: Meeting, kind: FollowUpKind, due_on: date) -> FollowUp:
    task = FollowUp(meeting_id=meeting.id, kind=kind, due_on=due_on, state=FollowUpState.OPEN, is_demo=meeting.is_demo)
    ctx.log(ctx.add(task).born())
    return task


def _finish(ctx: Context, task: FollowUp, result: str) -> FollowUp:
    task.result, task.done_at, task.done_by_id = result, ctx.now, ctx.actor.account_id
    return move(ctx, task, FollowUpState.DONE, result)


def _drop(ctx: Context, task: FollowUp, reason: str) -> FollowUp:
    task.result = reason
    return move(ctx, task, FollowUpState.DROPPED, reason)


def _reopen(ctx: Context, task: FollowUp, reason: str) -> FollowUp:
    task.result, task.done_at, task.done_by_id = "", None, None
    return move(ctx, task, FollowUpState.OPEN, reason)


MOVES: Mapping[str, Callable[..., FollowUp]] = {
    "done": finish_follow_up,
    "drop": drop_follow_up,
    "reopen": reopen_follow_up,
    "change": change_follow_up,
}
"""The moves of a task by the name they have in addresses."""
