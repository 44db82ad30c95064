"""The door of an event on the organizer's phone: who has arrived, who is missing, who came unannounced."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from models import HandshakeEvent
from service.context import Context
from service.errors import Conflict
from service.pages.returning import back_to
from service.queries.attendees import possible_topics
from service.queries.door import door_of
from service.queries.taxonomy import organizations
from service.resources import STATIC
from service.usecases.door import NoteNow, check_door, note_arrival
from service.usecases.walk_ins import AdmitWalkIn, admit_walk_in, prepare_door
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["现场"])
TOPICS = ("needs", "achievements")


@router.get("/door-worker.js")
def show_worker() -> Response:
    """The worker that keeps the door's page; it stands at the top so that it may watch over /events/."""
    return FileResponse(STATIC / "door-worker.js", media_type="text/javascript")


@router.get("/events/{event_id:int}/door")
def show_door(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _door(request, ctx, event_id)


@router.post("/events/{event_id:int}/door")
def post_note(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        _pressed(form),
        NoteNow,
        lambda command: _then(form, event_id, note_arrival(ctx, event_id, command)),
        lambda state, status: _door(request, ctx, event_id, state, status),
    )


@router.post("/events/{event_id:int}/door/places")
def post_places(event_id: int, ctx: ContextDep) -> Response:
    prepare_door(ctx, event_id)
    return go(f"/events/{event_id}/door", "done")


@router.get("/events/{event_id:int}/walk-in")
def show_walk_in(event_id: int, request: Request, ctx: ContextDep) -> Response:
    chosen = request.query_params.get("organization_id", "")
    return _walk_in(request, ctx, event_id, FormState({"organization_id": chosen}))


@router.post("/events/{event_id:int}/walk-in")
def post_walk_in(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        AdmitWalkIn,
        lambda command: go(f"/events/{event_id}/door?new={admit_walk_in(ctx, event_id, command).badge}", "done"),
        lambda state, status: _walk_in(request, ctx, event_id, state, status),
    )


def _pressed(form: Form) -> Form:
    """The form as NoteNow reads it: a button of the list says kind and badge in one word."""
    kind, _, badge = (form.get("mark") or [""])[0].partition(":")
    return {**form, "kind": [kind], "badge": [badge]} if badge else form


def _then(form: Form, event_id: int, _noted: object) -> Response:
    return go(back_to(form, f"/events/{event_id}/door"), "done")


def _door(request: Request, ctx: Context, event_id: int, form: FormState | None = None, status: int = 200) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    door = door_of(ctx, event)
    return render(
        request,
        ctx,
        "floor/door.html",
        status=status,
        event=event,
        door=door,
        form=form or FormState(),
        closed=_closed(ctx, event),
        new=next((one.person for one in door.guests if one.person.badge == request.query_params.get("new")), None),
        labels=labels_of(NoteNow),
    )


def _closed(ctx: Context, event: HandshakeEvent) -> str:
    """Why nobody can be checked in now; empty when the door is open."""
    try:
        check_door(ctx, event)
    except Conflict as error:
        return error.sentence
    return ""


def _walk_in(request: Request, ctx: Context, event_id: int, state: FormState, status: int = 200) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    chosen = str(state.values.get("organization_id") or "")
    topics = possible_topics(ctx, int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else []
    return render(
        request,
        ctx,
        "floor/walk_in.html",
        status=status,
        event=event,
        form=state,
        houses=organizations(ctx),
        chosen=chosen,
        topics={kind: [(str(one.id), one.title) for one in topics if one.kind == kind] for kind in TOPICS},
        labels=labels_of(AdmitWalkIn),
    )
