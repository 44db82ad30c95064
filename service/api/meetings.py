"""Talks under /api/v1/meetings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request

from models import DismissalReason, FollowUpState, MeetingOutcome, MeetingState, Side
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.queries.listing import page_of
from service.queries.meetings import MEETINGS, meeting_detail
from service.queries.opinions import said_of
from service.usecases.follow_ups import PlanNextStep, plan_next_step
from service.usecases.meetings import (
    MOVES,
    ChangeMeeting,
    MoveMeeting,
    move_meeting,
)
from service.usecases.opinions import GiveOpinion, RecordOutcome, give_opinion, record_outcome
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/meetings", tags=["对接洽谈"])


class MeetingRow(Out):
    """A talk in a list, under the names both postings show to the public. Slots are counted from 0."""

    id: int
    version: int
    event_id: int
    event: str
    match_id: int
    need: str
    need_organization: str
    achievement: str
    offer_organization: str
    slot: int
    table_number: int
    state: MeetingState
    outcome: MeetingOutcome | None
    held_at: datetime | None
    next_step: str
    next_step_owner: str
    due_on: date | None
    is_demo: bool


class MeetingOut(MeetingRow):
    """One talk with its minutes and the projects that came of it."""

    begins: datetime
    note: str
    projects: list[int]


def as_out(ctx: Context, meeting_id: int) -> MeetingOut:
    """The talk as the asker may read it."""
    detail = meeting_detail(ctx, meeting_id)
    columns = {column.key: getattr(detail.meeting, column.key) for column in detail.meeting.__table__.columns}
    task = detail.next_step
    shown = {
        "next_step": task.text if task is not None else "",
        "next_step_owner": task.owner if task is not None else "",
        "due_on": task.due_on if task is not None and task.state is FollowUpState.OPEN else None,
        "event_id": detail.event.id,
        "event": detail.event.title,
        "need": detail.need_title,
        "need_organization": detail.need_organization,
        "achievement": detail.achievement_title,
        "offer_organization": detail.offer_organization,
        "begins": detail.begins,
        "projects": [number for number, _ in detail.projects],
    }
    return MeetingOut.model_validate(columns | shown)


class OpinionOut(Out):
    """What one side says of a talk. ``fit`` runs from 1 to 4, ``satisfaction`` from 1 to 5, best last."""

    side: Side
    version: int
    outcome: MeetingOutcome | None
    fit: int | None
    satisfaction: int | None
    reason: DismissalReason | None
    note: str
    is_demo: bool


class OpinionsOut(Out):
    """The opinions the asker may read, and what the two parties see differently."""

    meeting_id: int
    opinions: list[OpinionOut]
    disagreement: str


def opinions_out(ctx: Context, meeting_id: int) -> OpinionsOut:
    """What the asker may read of what was said of a talk."""
    said = said_of(ctx, meeting_detail(ctx, meeting_id).meeting)
    opinions = [OpinionOut.model_validate(one, from_attributes=True) for one in said.all]
    return OpinionsOut(meeting_id=meeting_id, opinions=opinions, disagreement=said.disagreement)


@router.get("", openapi_extra=narrowed_by(MEETINGS), response_model=Many[MeetingRow], summary="对接洽谈列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, MEETINGS, request.query_params), MeetingRow)


@router.get("/{meeting_id}", summary="一场洽谈")
def get_one(meeting_id: int, ctx: ContextDep) -> MeetingOut:
    return as_out(ctx, meeting_id)


@router.post("/{meeting_id}/move", summary="换场次或桌号")
def post_seat(meeting_id: int, ctx: ContextDep, command: MoveMeeting) -> MeetingOut:
    return as_out(ctx, move_meeting(ctx, meeting_id, command).id)


@router.post("/{meeting_id}/outcome", summary="登记洽谈结果")
def post_outcome(meeting_id: int, ctx: ContextDep, command: RecordOutcome) -> MeetingOut:
    return as_out(ctx, record_outcome(ctx, meeting_id, command).id)


@router.get("/{meeting_id}/opinions", summary="会后评价（能看到的）")
def get_opinions(meeting_id: int, ctx: ContextDep) -> OpinionsOut:
    return opinions_out(ctx, meeting_id)


@router.post("/{meeting_id}/opinion", summary="评价一场洽谈")
def post_opinion(meeting_id: int, ctx: ContextDep, command: GiveOpinion) -> OpinionsOut:
    return opinions_out(ctx, give_opinion(ctx, meeting_id, command).meeting_id)


@router.post("/{meeting_id}/next-step", summary="修改下一步")
def post_next_step(meeting_id: int, ctx: ContextDep, command: PlanNextStep) -> MeetingOut:
    return as_out(ctx, plan_next_step(ctx, meeting_id, command).id)


LABELS = {
    "confirm": "确认洽谈",
    "cancel": "取消洽谈",
    "not-held": "标记为未举行",
    "lock": "锁定洽谈的桌次",
    "unlock": "解除锁定",
}


def _mover(move: str) -> Any:
    def post_move(meeting_id: int, ctx: ContextDep, command: ChangeMeeting) -> MeetingOut:
        return as_out(ctx, MOVES[move](ctx, meeting_id, command).id)

    post_move.__name__ = f"{move.replace('-', '_')}_meeting"
    return post_move


for _move, _label in LABELS.items():
    router.add_api_route(f"/{{meeting_id}}/{_move}", _mover(_move), methods=["POST"], summary=_label)
