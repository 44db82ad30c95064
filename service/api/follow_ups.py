"""Tasks after talks under /api/v1/follow-ups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request

from models import FollowUpKind, FollowUpState, MeetingOutcome, Side
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.queries.follow_ups import FOLLOW_UPS, follow_up_detail
from service.queries.listing import page_of
from service.usecases.follow_ups import (
    ChangeFollowUp,
    DropFollowUp,
    FinishFollowUp,
    ReopenFollowUp,
    change_follow_up,
    drop_follow_up,
    finish_follow_up,
    reopen_follow_up,
)
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/follow-ups", tags=["跟进任务"])


class FollowUpRow(Out):
    """One task in a list, under the names both postings show to the public. ``owner_side`` null: both sides."""

    id: int
    version: int
    meeting_id: int
    event_id: int
    event: str
    kind: FollowUpKind
    text: str
    need: str
    need_organization: str
    achievement: str
    offer_organization: str
    outcome: MeetingOutcome | None
    owner: str
    owner_side: Side | None
    due_on: date
    state: FollowUpState
    result: str
    done_at: datetime | None
    reminded_at: datetime | None
    is_demo: bool


def as_out(ctx: Context, task_id: int) -> FollowUpRow:
    """The task as the asker may read it."""
    detail = follow_up_detail(ctx, task_id)
    columns = {column.key: getattr(detail.task, column.key) for column in detail.task.__table__.columns}
    talk = detail.talk
    shown = {
        "event_id": talk.event.id,
        "event": talk.event.title,
        "need": talk.need_title,
        "need_organization": talk.need_organization,
        "achievement": talk.achievement_title,
        "offer_organization": talk.offer_organization,
        "outcome": talk.meeting.outcome,
    }
    return FollowUpRow.model_validate(columns | shown)


@router.get("", openapi_extra=narrowed_by(FOLLOW_UPS), response_model=Many[FollowUpRow], summary="跟进任务列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, FOLLOW_UPS, request.query_params), FollowUpRow)


@router.get("/{task_id}", summary="一项跟进任务")
def get_one(task_id: int, ctx: ContextDep) -> FollowUpRow:
    return as_out(ctx, task_id)


@router.post("/{task_id}/done", summary="办结跟进任务")
def post_done(task_id: int, ctx: ContextDep, command: FinishFollowUp) -> FollowUpRow:
    return as_out(ctx, finish_follow_up(ctx, task_id, command).id)


@router.post("/{task_id}/drop", summary="不再跟进")
def post_drop(task_id: int, ctx: ContextDep, command: DropFollowUp) -> FollowUpRow:
    return as_out(ctx, drop_follow_up(ctx, task_id, command).id)


@router.post("/{task_id}/reopen", summary="重新打开跟进任务")
def post_reopen(task_id: int, ctx: ContextDep, command: ReopenFollowUp) -> FollowUpRow:
    return as_out(ctx, reopen_follow_up(ctx, task_id, command).id)


@router.post("/{task_id}/change", summary="修改跟进任务")
def post_change(task_id: int, ctx: ContextDep, command: ChangeFollowUp) -> FollowUpRow:
    return as_out(ctx, change_follow_up(ctx, task_id, command).id)
