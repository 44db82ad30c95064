"""Handshake events: list, plan, change, invite, seat and the moves from the first plan to the archive."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import HandshakeEvent, HandshakeEventState
from models.handshake_event import SEATING_STATES, break_words
from service.context import SHANGHAI, Context
from service.pages.returning import back_to, known
from service.policy import allows
from service.queries.events import (
    EVENTS,
    event_detail,
    event_programme,
    seat_choices,
    suggested_invitees,
    unseated_pairs,
)
from service.queries.further_invitees import further_invitees, scientists_by_house
from service.queries.history import state_changes
from service.queries.invitations import invitations_of
from service.queries.listing import page_of
from service.queries.narrowing import regions
from service.queries.taxonomy import nodes, organizations
from service.usecases.events import MOVES, MoveEvent, WriteEvent, edit_event, plan_event
from service.usecases.invitations import Invite, invite
from service.usecases.meetings import SeatMeeting, seat_meeting
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/events", tags=["握手活动"])
STEPS = (
    HandshakeEventState.PLANNED,
    HandshakeEventState.OPEN,
    HandshakeEventState.SCHEDULED,
    HandshakeEventState.HELD,
    HandshakeEventState.ARCHIVED,
)
SECTIONS = (
    ("活动", ("title", "theme", "point_id", "region_code", "organizer_id")),
    ("时间和地点", ("starts_at", "venue", "breaks")),
    ("桌次", ("slots", "slot_minutes", "break_minutes", "tables")),
    ("答复和场数", ("reply_by", "minimum_talks", "maximum_talks")),
    ("排桌时看重什么", ("score_weight", "wanted_weight")),
    ("邀请函", ("letter",)),
)
USUAL = {
    "slots": 8,
    "slot_minutes": 25,
    "break_minutes": 5,
    "tables": 10,
    "minimum_talks": 1,
    "score_weight": 100,
    "wanted_weight": 40,
}


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    return render(request, ctx, "events/list.html", page=page_of(ctx, EVENTS, request.query_params))


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, EVENTS, request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("plan_event")
    usual = {**USUAL, "region_code": ctx.actor.region_code or ctx.settings.region_code}
    return _form(request, ctx, None, FormState(usual))


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    ctx.demand("plan_event")
    return complete(
        ctx,
        form,
        WriteEvent,
        lambda command: go(f"/events/{plan_event(ctx, command).id}", "created"),
        lambda state, status: _form(request, ctx, None, state, status),
    )


@router.get("/{event_id:int}")
def show_one(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, event_id)


@router.get("/{event_id:int}/edit")
def show_edit(event_id: int, request: Request, ctx: ContextDep) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    return _form(request, ctx, event, FormState(_values(event)))


@router.post("/{event_id:int}/edit")
def post_edit(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    return complete(
        ctx,
        form,
        WriteEvent,
        lambda command: go(f"/events/{edit_event(ctx, event_id, command).id}", "saved"),
        lambda state, status: _form(request, ctx, event, state, status),
    )


@router.get("/{event_id:int}/invite")
def show_invite(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _invite(request, ctx, event_id, FormState({"seats": 1}))


@router.post("/{event_id:int}/invite")
def post_invite(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        {
            **form,
            **{name: [one for one in form.get(name, []) if one] for name in ("organization_ids", "scientist_ids")},
        },
        Invite,
        lambda command: _then(invite(ctx, event_id, command), f"/events/{event_id}#invitations"),
        lambda state, status: _invite(request, ctx, event_id, state, status),
    )


@router.get("/{event_id:int}/seat")
def show_seat(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _seat(request, ctx, event_id, FormState({"table_number": 1, **request.query_params}))


@router.post("/{event_id:int}/seat")
def post_seat(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        SeatMeeting,
        lambda command: _then(seat_meeting(ctx, event_id, command), back_to(form, f"/events/{event_id}#programme")),
        lambda state, status: _seat(request, ctx, event_id, state, status),
    )


@router.post("/{event_id:int}/{move}")
def post_move(event_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        MoveEvent,
        lambda command: _then(known(MOVES, move)(ctx, event_id, command), f"/events/{event_id}"),
        lambda state, status: _detail(request, ctx, event_id, state, status),
    )


def _then(_made: Any, location: str) -> Response:
    """Go on once the use-case is done; the notice stands before the part of the page to look at."""
    path, mark, part = location.partition("#")
    return go(path, "done") if not mark else go(f"{path}?notice=done#{part}")


def _detail(
    request: Request, ctx: Context, event_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    detail = event_detail(ctx, event_id)
    event = detail.event
    seats = allows(ctx, "seat_meeting", event) and event.state in SEATING_STATES
    fitting = request.query_params.get("pairs") != "all"
    return render(
        request,
        ctx,
        "events/detail.html",
        status=status,
        detail=detail,
        event=event,
        form=form or FormState(),
        steps=STEPS,
        programme=event_programme(ctx, event),
        invitations=invitations_of(ctx, event.id),
        pairs=unseated_pairs(ctx, event, fitting=fitting) if seats else [],
        fitting=fitting,
        seats=seats,
        today=ctx.today,
        breaks=[break_words(one) for one in event.breaks],
        changes=state_changes(ctx, event, HandshakeEventState),
    )


def _form(
    request: Request, ctx: Context, event: HandshakeEvent | None, state: FormState, status: int = 200
) -> Response:
    options = {
        "region_code": regions(ctx),
        "organizer_id": organizations(ctx),
        "point_id": nodes(ctx, "point"),
    }
    return render(
        request,
        ctx,
        "events/form.html",
        status=status,
        event=event,
        form=state,
        sections=[(title, fields_of(WriteEvent, names, options)) for title, names in SECTIONS],
        labels=labels_of(WriteEvent),
    )


def _invite(request: Request, ctx: Context, event_id: int, state: FormState, status: int = 200) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    asked = {str(organization.id) for _, organization in invitations_of(ctx, event_id)}
    invitees = suggested_invitees(ctx, event)
    there = {one.organization_id for one in invitees}
    further = [one for one in further_invitees(ctx, event) if one.organization_id not in there]
    return render(
        request,
        ctx,
        "events/invite.html",
        status=status,
        event=event,
        form=state,
        invitees=invitees,
        further=further,
        scientists=scientists_by_house(ctx, [*there, *(one.organization_id for one in further)]),
        others=[option for option in organizations(ctx) if option[0] not in asked],
        labels=labels_of(Invite),
    )


def _seat(request: Request, ctx: Context, event_id: int, state: FormState, status: int = 200) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    return render(
        request,
        ctx,
        "events/seat.html",
        status=status,
        event=event,
        form=state,
        pairs=unseated_pairs(ctx, event, fitting=False, limit=200),
        slots=seat_choices(event),
        labels=labels_of(SeatMeeting),
    )


def _values(event: HandshakeEvent) -> dict[str, Any]:
    """An event's columns as its form shows them."""
    values = {name: getattr(event, name) for name in WriteEvent.model_fields}
    until = f"{event.reply_by.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if event.reply_by is not None else ""
    return values | {
        "starts_at": f"{event.starts_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
        "reply_by": until,
        "breaks": [break_words(one) for one in event.breaks],
    }
