"""Seatings of an event under /api/v1/events: have one computed, put it into force, what a change by hand would cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from models import HandshakeEvent, SeatingPlan, SeatingStatus
from service.api.schemas import Out
from service.context import Context
from service.queries.seating_changes import Cost
from service.queries.seating_export import problem_document
from service.queries.seating_plans import gap_in_words, latest_basis, plan_of, plan_view, plans_of
from service.queries.seating_problem import seating_task
from service.usecases.seating_hand import Rearrange, preview_rearranging, rearrange
from service.usecases.seating_plans import ApplySeating, GenerateSeating, apply_seating, request_seating
from service.usecases.seating_repairs import RepairSeating, repair_seating
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/events", tags=["排桌"])


class SeatingRow(Out):
    """One computed seating; utility and bound are in 1/100 points, None while it is computed or where there is none."""

    id: int
    version: int
    kind: str
    status: SeatingStatus
    utility: int | None
    bound: int | None
    worst_served: int | None
    milliseconds: int
    created_at: datetime
    applied_at: datetime | None
    gap: str


class PlannedTalk(Out):
    """One talk of a computed seating. Slots are counted from 0, tables from 1."""

    one: str
    other: str
    slot: int
    table_number: int
    match_id: int | None
    utility: int | None


class SeatingOut(SeatingRow):
    """One computed seating with its talks, or what stands in the way and what would help."""

    meetings: list[PlannedTalk]
    stale: list[str]
    conflict: list[str]
    repairs: list[str]


class CostOut(Out):
    """What a change by hand would cost beside what is; ``breaks`` says why it cannot be made."""

    sentence: str
    utility_before: int
    utility: int
    worst_before: int
    worst: int
    changes: int
    breaks: list[str]


def row_out(plan: SeatingPlan) -> SeatingRow:
    """A seating in a list."""
    return SeatingRow.model_validate({**_columns(plan), "gap": gap_in_words(plan)})


def plan_out(ctx: Context, event_id: int, plan_id: int) -> SeatingOut:
    """A seating with all that belongs to it."""
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    view = plan_view(ctx, event, plan_of(ctx, event, plan_id))
    talks = []
    for meeting in view.meetings:
        chance = view.task.chances.get(frozenset((str(meeting.one), str(meeting.other))))
        talks.append(
            {
                "one": view.task.name(meeting.one),
                "other": view.task.name(meeting.other),
                "slot": meeting.slot,
                "table_number": meeting.table,
                "match_id": chance.match_id if chance is not None else None,
                "utility": chance.utility if chance is not None else None,
            }
        )
    shown = {
        "gap": view.gap,
        "meetings": talks,
        "stale": list(view.stale),
        "conflict": list(view.conflict),
        "repairs": [one.sentence for one in view.repairs],
    }
    return SeatingOut.model_validate({**_columns(view.plan), **shown})


def cost_out(cost: Cost) -> CostOut:
    """A cost in words and numbers."""
    return CostOut(
        sentence=cost.sentence,
        utility_before=cost.utility_before,
        utility=cost.utility,
        worst_before=cost.worst_before,
        worst=cost.worst,
        changes=len(cost.changes),
        breaks=list(cost.breaks),
    )


def _columns(plan: SeatingPlan) -> dict[str, Any]:
    return {column.key: getattr(plan, column.key) for column in plan.__table__.columns}


@router.get("/{event_id}/plans", summary="排桌方案")
def get_plans(event_id: int, ctx: ContextDep) -> list[SeatingRow]:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    return [row_out(plan) for plan in plans_of(ctx, event)]


@router.post("/{event_id}/plans", status_code=201, summary="生成桌次：排入后台任务，随后读取方案")
def post_plan(event_id: int, ctx: ContextDep, command: GenerateSeating) -> SeatingOut:
    return plan_out(ctx, event_id, request_seating(ctx, event_id, command).id)


@router.get("/{event_id}/plans/{plan_id}", summary="一个排桌方案")
def get_plan(event_id: int, plan_id: int, ctx: ContextDep) -> SeatingOut:
    return plan_out(ctx, event_id, plan_id)


@router.post("/{event_id}/plans/{plan_id}/apply", summary="采用排桌方案")
def post_apply(event_id: int, plan_id: int, ctx: ContextDep, command: ApplySeating) -> SeatingOut:
    apply_seating(ctx, event_id, plan_id, command)
    return plan_out(ctx, event_id, plan_id)


@router.post("/{event_id}/plans/{plan_id}/repair", summary="按建议调整，并重新生成桌次")
def post_repair(event_id: int, plan_id: int, ctx: ContextDep, command: RepairSeating) -> SeatingOut:
    return plan_out(ctx, event_id, repair_seating(ctx, event_id, plan_id, command).id)


@router.post("/{event_id}/seating-cost", summary="换桌的代价（不改动）")
def post_cost(event_id: int, ctx: ContextDep, command: Rearrange) -> CostOut:
    return cost_out(preview_rearranging(ctx, event_id, command))


@router.post("/{event_id}/rearrange", summary="换桌：移动一场，或两场交换")
def post_rearrange(event_id: int, ctx: ContextDep, command: Rearrange) -> CostOut:
    return cost_out(rearrange(ctx, event_id, command))


@router.get("/{event_id}/seating-problem", summary="排桌问题，可用 woshou seat 核对")
def get_problem(event_id: int, ctx: ContextDep, afresh: bool = True) -> dict[str, Any]:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    return problem_document(seating_task(ctx, event, latest_basis(ctx, event)), afresh=afresh)
