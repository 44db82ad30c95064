"""Carry out one of the proposed ways out of a seating that cannot be done, and have the event seated again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from matching.seating import Step
from models import (
    Attendee,
    HandshakeEvent,
    Invitation,
    Meeting,
    SeatingPlan,
    SeatingStatus,
    Wish,
    WishLevel,
)
from models.handshake_event import SEATING_STATES
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked, words
from service.queries.event_tables import tables_of
from service.queries.seating_plans import LOWER_FOR_ALL, basis_of, plan_of, plan_view, step_of
from service.queries.seating_problem import SeatingTask, differences, seating_task
from service.usecases.seating_plans import GenerateSeating, request_seating
from service.usecases.sensitive_words import refuse_secrets

ON_ASKING = "组织方征得同意后代为调整"


class RepairSeating(Command):
    """Input of carrying out a proposal: which one, and that whoever it asks something of has agreed."""

    version: Version
    index: Annotated[int, Field(ge=0, le=99, title="办法")]
    agreed: Annotated[bool, picked("已征得对方同意", widget="checkbox")] = False
    note: Annotated[str, words("说明", "例如：电话征得王某同意", limit=200)] = ""


def repair_seating(ctx: Context, event_id: int, plan_id: int, command: RepairSeating) -> SeatingPlan:
    """Change what the proposal says and ask for a seating anew. Raises Conflict when everything has changed since."""
    refuse_secrets(ctx, command)
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能排桌，“邀约”和“已排定”时才可以。")
    plan = plan_of(ctx, event, plan_id)
    ctx.check_version(plan, command.version)
    if plan.status is not SeatingStatus.INFEASIBLE:
        raise Illegal("只有排不出来的方案才需要调整。")
    task = seating_task(ctx, event, basis_of(plan))
    if changed := differences(plan.result["facts"], task):
        raise Conflict(f"算出这些办法之后情况变了：{'；'.join(changed)}。请重新生成。")
    proposals = plan_view(ctx, event, plan).repairs
    if command.index >= len(proposals):
        raise Invalid({"index": "没有这个办法，请从列出的里面选"})
    chosen = proposals[command.index]
    if chosen.asks and not command.agreed:
        raise Invalid({"agreed": "这个办法要别人多留时间或改变意愿，请先征得同意，再勾选"})
    settings = GenerateSeating.model_validate({**plan.settings, "kind": plan.kind})
    for step in map(step_of, chosen.steps):
        settings = _carry_out(ctx, task, step, settings)
    plan.note = command.note
    ctx.touch(plan)
    ctx.audit("repair_seating", plan, changes=len(chosen.steps))
    return request_seating(ctx, event_id, settings)


def _carry_out(ctx: Context, task: SeatingTask, step: Step, settings: GenerateSeating) -> GenerateSeating:
    if step.kind == LOWER_FOR_ALL:
        return settings.model_copy(update={"minimum_talks": step.after})
    if step.kind in ("lower_minimum", "raise_maximum"):
        column = "minimum_talks" if step.kind == "lower_minimum" else "maximum_talks"
        for attendee in _people(ctx, task, step):
            setattr(attendee, column, step.after)
            ctx.touch(attendee)
    elif step.kind == "add_slot":
        for attendee in _people(ctx, task, step):
            attendee.away_slots = [slot for slot in attendee.away_slots if slot not in step.slots]
            attendee.note = f"{attendee.note}\n{ON_ASKING}".strip()
            ctx.touch(attendee)
    elif step.kind == "add_table":
        task.event.tables += (step.after or 0) - (step.before or 0)
        ctx.touch(task.event)
    elif step.kind == "open_table":
        table = tables_of(ctx, task.event.id).get(step.table or 0)
        if table is not None:
            table.closed_slots = [slot for slot in table.closed_slots if slot not in step.slots]
            ctx.touch(table)
    elif step.kind == "unlock":
        held = task.held.get(frozenset(str(one) for one in step.parties))
        if held is not None:
            meeting = ctx.find(Meeting, held.meeting_id)
            meeting.locked = False
            ctx.touch(meeting)
    elif step.kind == "allow_pair":
        _allow(ctx, task, frozenset(str(one) for one in step.parties))
    else:
        raise Conflict("这个办法要在桌子页或活动页上办理，办完请重新生成。")
    return settings


def _people(ctx: Context, task: SeatingTask, step: Step) -> list[Attendee]:
    """The people of the parties a step asks something of."""
    numbers = [
        one.id
        for party in step.parties
        if (sitter := task.sitters.by_id.get(str(party))) is not None
        for one in sitter.people
        if one.id is not None
    ]
    return [ctx.find(Attendee, number) for number in numbers]


def _allow(ctx: Context, task: SeatingTask, pair: frozenset[str]) -> None:
    """Turn the pair's 不见 into 可见."""
    houses = {sitter.organization_id for party in pair if (sitter := task.sitters.by_id.get(party)) is not None}
    matches = {one.match_id for one in task.barred if frozenset((one.one, one.other)) == pair}
    rows = (
        select(Wish)
        .join(Invitation, Invitation.id == Wish.invitation_id)
        .where(
            Invitation.handshake_event_id == task.event.id,
            Invitation.organization_id.in_(houses),
            Wish.match_id.in_(matches),
            Wish.level == WishLevel.UNWANTED,
        )
    )
    for wish in ctx.session.scalars(rows):
        wish.level, wish.reason = WishLevel.WILLING, ON_ASKING
        ctx.touch(wish)
