"""Invitations under /api/v1/invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from models import InvitationState
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.queries.invitations import INVITATIONS, invitation_detail
from service.queries.listing import page_of
from service.usecases.invitations import (
    MOVES,
    AnswerInvitation,
    MoveInvitation,
    SeatsOfInvitation,
    answer_invitation,
    change_seats,
)
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/invitations", tags=["邀请"])


class InvitationOut(Out):
    """An organization asked to an event, its answer, and whether it came."""

    id: int
    version: int
    event_id: int
    event: str
    starts_at: datetime
    organization_id: int
    organization: str
    seats: int
    attendee: str
    reply_note: str
    state: InvitationState
    replied_at: datetime | None
    checked_in_at: datetime | None
    is_demo: bool


def as_out(ctx: Context, invitation_id: int) -> InvitationOut:
    """The invitation as the asker may read it."""
    detail = invitation_detail(ctx, invitation_id)
    columns = {column.key: getattr(detail.invitation, column.key) for column in detail.invitation.__table__.columns}
    shown = {
        "event_id": detail.event.id,
        "event": detail.event.title,
        "starts_at": detail.event.starts_at,
        "organization": detail.organization.name,
    }
    return InvitationOut.model_validate(columns | shown)


@router.get("", openapi_extra=narrowed_by(INVITATIONS), response_model=Many[InvitationOut], summary="邀请列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, INVITATIONS, request.query_params), InvitationOut)


@router.get("/{invitation_id}", summary="一份邀请")
def get_one(invitation_id: int, ctx: ContextDep) -> InvitationOut:
    return as_out(ctx, invitation_id)


@router.post("/{invitation_id}/answer", summary="接受或婉拒邀请")
def post_answer(invitation_id: int, ctx: ContextDep, command: AnswerInvitation) -> InvitationOut:
    return as_out(ctx, answer_invitation(ctx, invitation_id, command).id)


@router.post("/{invitation_id}/seats", summary="修改可同时谈的场数")
def post_seats(invitation_id: int, ctx: ContextDep, command: SeatsOfInvitation) -> InvitationOut:
    return as_out(ctx, change_seats(ctx, invitation_id, command).id)


LABELS = {"check-in": "签到", "no-show": "标记缺席", "lapse": "不再等待答复"}


def _mover(move: str) -> Any:
    def post_move(invitation_id: int, ctx: ContextDep, command: MoveInvitation) -> InvitationOut:
        return as_out(ctx, MOVES[move](ctx, invitation_id, command).id)

    post_move.__name__ = f"{move.replace('-', '_')}_invitation"
    return post_move


for _move, _label in LABELS.items():
    router.add_api_route(f"/{{invitation_id}}/{_move}", _mover(_move), methods=["POST"], summary=_label)
