"""The floor of an event: slot by slot who is there, who could fill in, and what is printed and shown for the room."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Attendee, HandshakeEvent, Invitation
from service.context import Context
from service.errors import NotFound
from service.policy import allows
from service.queries.events import event_detail
from service.queries.floor import Floor, floor_of
from service.queries.standing_in import stand_ins
from service.room_links import event_of_wall, table_link, wall_link
from service.usecases.fill_in import FillIn, fill_in
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete
from service.web.templating import go, render

router = APIRouter(tags=["现场"])


@router.get("/events/{event_id:int}/floor")
def show_floor(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _floor(request, ctx, event_id)


@router.post("/events/{event_id:int}/fill-in")
def post_fill_in(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        FillIn,
        lambda command: _seated(event_id, fill_in(ctx, event_id, command).id),
        lambda state, status: _floor(request, ctx, event_id, state, status),
    )


@router.get("/events/{event_id:int}/wall")
def show_wall(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _wall(request, ctx, _event(ctx, event_id))


@router.get("/w/{token}")
def show_wall_by_link(token: str, request: Request, ctx: ContextDep) -> Response:
    return _wall(request, ctx, event_of_wall(ctx, token), in_the_room=True)


@router.get("/events/{event_id:int}/tables/{number:int}/card")
def show_card(event_id: int, number: int, request: Request, ctx: ContextDep) -> Response:
    return _cards(request, ctx, _event(ctx, event_id), number)


@router.get("/events/{event_id:int}/tables/cards")
def show_cards(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _cards(request, ctx, _event(ctx, event_id), None)


@router.get("/events/{event_id:int}/programme")
def show_programme(event_id: int, request: Request, ctx: ContextDep) -> Response:
    by = "organization" if request.query_params.get("by") == "organization" else "slot"
    return _sheet(request, ctx, "floor/programme.html", _event(ctx, event_id), by=by)


@router.get("/events/{event_id:int}/badges")
def show_badges(event_id: int, request: Request, ctx: ContextDep) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    floor = floor_of(ctx, event)
    ctx.saw("see_contact", event, people=len(floor.expected))
    door = {one.id: ctx.absolute(f"/events/{event.id}/door#{one.badge}") for one in floor.expected}
    return render(request, ctx, "floor/badges.html", event=event, floor=floor, door=door)


def _event(ctx: Context, event_id: int) -> HandshakeEvent:
    """The event for those who follow it as staff. Raises NotFound or Forbidden."""
    event = event_detail(ctx, event_id).event
    ctx.demand("read_report", event)
    return event


def _seated(event_id: int, meeting_id: int) -> Response:
    return go(f"/events/{event_id}/floor?notice=done#m{meeting_id}")


def _floor(request: Request, ctx: Context, event_id: int, form: FormState | None = None, status: int = 200) -> Response:
    event = _event(ctx, event_id)
    floor = floor_of(ctx, event)
    keeps = allows(ctx, "check_in", event)
    return render(
        request,
        ctx,
        "floor/floor.html",
        status=status,
        event=event,
        floor=floor,
        form=form or FormState(),
        stand_ins=stand_ins(ctx, floor) if allows(ctx, "seat_meeting", event) else {},
        keeps=keeps,
        called=_called(ctx, floor, request.query_params.get("call", "")) if keeps else None,
        wall=ctx.absolute(wall_link(ctx, event)) if keeps else "",
    )


def _called(ctx: Context, floor: Floor, number: str) -> tuple[str, str] | None:
    """The name and the telephone number of somebody who is missing; that it was looked up is written down."""
    person = next((one for one in floor.people if str(one.id) == number), None)
    if person is None:
        return None
    attendee = ctx.find(Attendee, person.id)
    ctx.saw("see_contact", ctx.find(Invitation, person.invitation_id))
    return person.shown, attendee.phone or ""


def _floor_for(ctx: Context, event: HandshakeEvent) -> Floor:
    """What hangs in the room, for those who hang it there; other staff see of it what they may know of anyway."""
    return floor_of(ctx, event, for_the_room=allows(ctx, "check_in", event))


def _wall(request: Request, ctx: Context, event: HandshakeEvent, *, in_the_room: bool = False) -> Response:
    floor = floor_of(ctx, event, for_the_room=True) if in_the_room else _floor_for(ctx, event)
    return render(request, ctx, "floor/wall.html", event=event, floor=floor, stand_ins=stand_ins(ctx, floor))


def _cards(request: Request, ctx: Context, event: HandshakeEvent, number: int | None) -> Response:
    if number is not None and not 1 <= number <= event.tables:
        raise NotFound(f"本次活动只有 {event.tables} 桌。")
    floor = _floor_for(ctx, event)
    shown = floor.table_numbers if number is None else [number]
    hosts = {one: ctx.absolute(table_link(ctx, event, one)) for one in shown} if allows(ctx, "check_in", event) else {}
    return render(request, ctx, "floor/cards.html", event=event, floor=floor, numbers=shown, hosts=hosts)


def _sheet(request: Request, ctx: Context, template: str, event: HandshakeEvent, **values: Any) -> Response:
    floor = _floor_for(ctx, event)
    return render(request, ctx, template, event=event, floor=floor, **values)
