"""Handshake events under /api/v1/events, with their programme, invitations and seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from models import HandshakeEvent, HandshakeEventState, MatchState, MeetingOutcome, MeetingState, OrganizationKind
from service.api.invitations import InvitationOut
from service.api.invitations import as_out as invitation_out
from service.api.meetings import MeetingOut
from service.api.meetings import as_out as meeting_out
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.policy import allows
from service.queries.events import (
    EVENTS,
    event_detail,
    event_programme,
    suggested_invitees,
    unseated_pairs,
)
from service.queries.further_invitees import further_invitees
from service.queries.listing import page_of
from service.usecases.events import MOVES, MoveEvent, WriteEvent, edit_event, plan_event
from service.usecases.invitations import Invite, invite
from service.usecases.meetings import SeatMeeting, seat_meeting
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/events", tags=["握手活动"])


class EventRow(Out):
    """An event in a list; how many were asked, accepted and talk is null for those who do not follow the event."""

    id: int
    title: str
    point: str | None
    region: str | None
    starts_at: datetime
    venue: str
    organizer: str
    state: HandshakeEventState
    invited: int | None
    accepted: int | None
    meetings: int | None
    is_demo: bool


class BreakOut(Out):
    """A longer pause after a slot, counted from 0."""

    after: int
    minutes: int
    name: str


class EventOut(Out):
    """One event. Slots are counted from 0, tables from 1; ``letter`` is null for those who do not plan it."""

    id: int
    version: int
    title: str
    theme: str
    point_id: int | None
    point: str | None
    organizer_id: int
    organizer: str
    region_code: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    slots: int
    slot_minutes: int
    break_minutes: int
    tables: int
    breaks: list[BreakOut]
    reply_by: datetime | None
    minimum_talks: int
    maximum_talks: int | None
    score_weight: int
    wanted_weight: int
    letter: str | None
    state: HandshakeEventState
    is_demo: bool


class SeatOut(Out):
    """One talk in a programme."""

    meeting_id: int
    version: int
    match_id: int
    slot: int
    table_number: int
    begins: datetime
    need: str
    need_organization: str
    achievement: str
    offer_organization: str
    state: MeetingState
    outcome: MeetingOutcome | None
    absent: str | None


class FreeSeatOut(Out):
    """A slot both sides have free, and a table for it."""

    slot: int
    table_number: int
    begins: datetime


class CandidateOut(Out):
    """A chosen pair that could still be seated."""

    match_id: int
    score: int
    state: MatchState
    need_title: str
    need_organization: str
    achievement_title: str
    offer_organization: str
    seats: list[FreeSeatOut]
    uninvited: list[str]
    away: list[str]


class InviteeOut(Out):
    """An organization worth asking."""

    organization_id: int
    name: str
    kind: OrganizationKind
    pairs: int
    mutual: int


class FurtherInviteeOut(Out):
    """An organization whose suggested pairs fit, with the best of them."""

    organization_id: int
    name: str
    kind: OrganizationKind
    pairs: int
    score: int
    best: str
    reason: str


def as_out(ctx: Context, event_id: int) -> EventOut:
    """The event as the asker may read it."""
    detail = event_detail(ctx, event_id)
    columns = {column.key: getattr(detail.event, column.key) for column in detail.event.__table__.columns}
    letter = detail.event.letter if allows(ctx, "plan_event", detail.event) else None
    shown = {"letter": letter, "point": detail.point, "organizer": detail.organizer, "ends_at": detail.event.ends_at}
    return EventOut.model_validate(columns | shown)


def seats_out(ctx: Context, event_id: int) -> list[SeatOut]:
    """The event's talks the asker may know of, in order of slot and table."""
    programme = event_programme(ctx, event_detail(ctx, event_id).event)
    return [
        SeatOut(
            meeting_id=seat.sitting.meeting_id,
            version=seat.sitting.version,
            match_id=seat.sitting.match_id,
            slot=seat.sitting.slot,
            table_number=seat.sitting.table_number,
            begins=seat.begins,
            need=seat.sitting.need_title,
            need_organization=seat.need_organization,
            achievement=seat.sitting.achievement_title,
            offer_organization=seat.offer_organization,
            state=seat.sitting.state,
            outcome=seat.sitting.outcome,
            absent=seat.absent,
        )
        for seat in programme.seats.values()
    ]


@router.get("", openapi_extra=narrowed_by(EVENTS), response_model=Many[EventRow], summary="握手活动列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, EVENTS, request.query_params), EventRow)


@router.post("", status_code=201, summary="新建握手活动")
def post_one(ctx: ContextDep, command: WriteEvent) -> EventOut:
    return as_out(ctx, plan_event(ctx, command).id)


@router.get("/{event_id}", summary="一次握手活动")
def get_one(event_id: int, ctx: ContextDep) -> EventOut:
    return as_out(ctx, event_id)


@router.put("/{event_id}", summary="修改握手活动")
def put_one(event_id: int, ctx: ContextDep, command: WriteEvent) -> EventOut:
    return as_out(ctx, edit_event(ctx, event_id, command).id)


@router.get("/{event_id}/programme", summary="桌次表：谁在哪一场哪一桌")
def get_programme(event_id: int, ctx: ContextDep) -> list[SeatOut]:
    return seats_out(ctx, event_id)


@router.get("/{event_id}/candidates", response_model=list[CandidateOut], summary="可以上桌的匹配及双方都空的桌次")
def get_candidates(event_id: int, ctx: ContextDep, fitting: bool = True) -> Any:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    return unseated_pairs(ctx, event, fitting=fitting)


@router.get("/{event_id}/invitees", response_model=list[InviteeOut], summary="推荐邀请的机构")
def get_invitees(event_id: int, ctx: ContextDep, fitting: bool = True) -> Any:
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    return suggested_invitees(ctx, event, fitting=fitting)


@router.get(
    "/{event_id}/further-invitees", response_model=list[FurtherInviteeOut], summary="有推荐匹配、还没入选的机构"
)
def get_further_invitees(event_id: int, ctx: ContextDep) -> Any:
    return further_invitees(ctx, ctx.require(HandshakeEvent, event_id, may="invite"))


@router.post("/{event_id}/invitations", status_code=201, summary="邀请机构")
def post_invitations(event_id: int, ctx: ContextDep, command: Invite) -> list[InvitationOut]:
    return [invitation_out(ctx, one.id) for one in invite(ctx, event_id, command)]


@router.post("/{event_id}/meetings", status_code=201, summary="排一场洽谈")
def post_meeting(event_id: int, ctx: ContextDep, command: SeatMeeting) -> MeetingOut:
    return meeting_out(ctx, seat_meeting(ctx, event_id, command).id)


LABELS = {
    "open": "开始邀约",
    "schedule": "排定",
    "reopen": "退回邀约",
    "hold": "标记为已举办",
    "archive": "归档",
    "cancel": "取消活动",
}


def _mover(move: str) -> Any:
    def post_move(event_id: int, ctx: ContextDep, command: MoveEvent) -> EventOut:
        return as_out(ctx, MOVES[move](ctx, event_id, command).id)

    post_move.__name__ = f"{move}_event"
    return post_move


for _move, _label in LABELS.items():
    router.add_api_route(f"/{{event_id}}/{_move}", _mover(_move), methods=["POST"], summary=_label)
