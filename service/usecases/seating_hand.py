"""Change a seating by hand: put a talk elsewhere or let two change places, if that breaks nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from matching.seating import Meeting
from models import HandshakeEvent
from models.handshake_event import SEATING_STATES
from service.commands import Command, OptionalInt
from service.context import Context
from service.errors import Illegal, Invalid
from service.kinds import picked
from service.queries.seating_changes import Cost, cost_of, moved, swapped
from service.queries.seating_plans import latest_basis
from service.queries.seating_problem import SeatingTask, seating_task
from service.usecases.seating_changes import refuse_broken, write_seating


class Rearrange(Command):
    """Input of a change by hand: a talk and where it goes, or two talks that change places."""

    talk: Annotated[int, Field(ge=1, title="洽谈")]
    other: Annotated[OptionalInt, picked("与哪一场交换", widget="number")] = None
    slot: Annotated[OptionalInt, picked("场次", "从 0 数起，0 是第一场", widget="number")] = None
    table_number: Annotated[OptionalInt, picked("桌号", widget="number")] = None


def rearrange(ctx: Context, event_id: int, command: Rearrange) -> Cost:
    """Make the change and tell everybody concerned. Raises Conflict, naming why, when it would break something."""
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    ctx.session.execute(select(HandshakeEvent.id).where(HandshakeEvent.id == event.id).with_for_update())
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能再换桌。")
    task = seating_task(ctx, event, latest_basis(ctx, event))
    cost = cost_of_rearranging(task, command)
    refuse_broken(cost.breaks)
    write_seating(ctx, task, _after(task, command), "手工调整桌次")
    return cost


def preview_rearranging(ctx: Context, event_id: int, command: Rearrange) -> Cost:
    """What the change would cost; nothing is changed."""
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    return cost_of_rearranging(seating_task(ctx, event, latest_basis(ctx, event)), command)


def cost_of_rearranging(task: SeatingTask, command: Rearrange) -> Cost:
    """What the change would cost, and what it would break."""
    return cost_of(task, _after(task, command))


def _after(task: SeatingTask, command: Rearrange) -> list[Meeting]:
    if command.other is not None:
        return swapped(task, command.talk, command.other)
    faults = {}
    if command.slot is None or not 0 <= command.slot < task.event.slots:
        faults["slot"] = f"场次应在第 1–{task.event.slots} 场之间"
    if command.table_number is None or not 1 <= command.table_number <= task.event.tables:
        faults["table_number"] = f"桌号应在 1–{task.event.tables} 之间"
    if faults or command.slot is None or command.table_number is None:
        raise Invalid(faults)
    return moved(task, command.talk, command.slot, command.table_number)
