"""How a talk went, in three taps on a phone: the page of a table's host, and of either side by personal link."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Attendee, DismissalReason, HandshakeEvent, Invitation, Match, Meeting, MeetingOutcome
from service.context import Context
from service.errors import NotFound
from service.links import GONE, enter_by_link
from service.queries.floor import Floor, Talk, floor_of
from service.queries.sides import side_of
from service.room_links import table_of_link
from service.usecases.opinions import GiveOpinion, opinion_of
from service.usecases.table_talk import say_outcome
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["现场"])


@router.get("/t/{token}")
def show_host(token: str, request: Request, ctx: ContextDep) -> Response:
    event, number = table_of_link(ctx, token)
    floor = floor_of(ctx, event, for_the_room=True)
    talks = floor.at_table(number)
    return render(
        request,
        ctx,
        "floor/host.html",
        event=event,
        floor=floor,
        number=number,
        talks=talks,
        here=f"/t/{token}",
        **_form_of(ctx, _at_hand(floor, talks), None),
    )


@router.get("/t/{token}/talks/{meeting_id:int}/outcome")
def show_host_outcome(token: str, meeting_id: int, request: Request, ctx: ContextDep) -> Response:
    return _outcome(request, ctx, *_of_host(ctx, token, meeting_id), f"/t/{token}")


@router.post("/t/{token}/talks/{meeting_id:int}/outcome")
def post_host_outcome(token: str, meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    event, talk = _of_host(ctx, token, meeting_id)
    return complete(
        ctx,
        form,
        GiveOpinion,
        lambda command: _saved(say_outcome(ctx, talk.meeting_id, command), f"/t/{token}"),
        lambda state, status: _outcome(request, ctx, event, talk, f"/t/{token}", state, status),
    )


@router.get("/i/{token}/talks/{meeting_id:int}/outcome")
def show_outcome(token: str, meeting_id: int, request: Request, ctx: ContextDep) -> Response:
    _, event, talk = _of_guest(ctx, token, meeting_id)
    return _outcome(request, ctx, event, talk, f"/i/{token}")


@router.post("/i/{token}/talks/{meeting_id:int}/outcome")
def post_outcome(token: str, meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee, event, talk = _of_guest(ctx, token, meeting_id)
    person = attendee.id
    return complete(
        ctx,
        form,
        GiveOpinion,
        lambda command: _saved(say_outcome(ctx, talk.meeting_id, command, person), f"/i/{token}"),
        lambda state, status: _outcome(request, ctx, event, talk, f"/i/{token}", state, status),
    )


def _of_host(ctx: Context, token: str, meeting_id: int) -> tuple[HandshakeEvent, Talk]:
    """The talk, if it is at the host's table. Raises NotFound."""
    event, number = table_of_link(ctx, token)
    return event, _only(floor_of(ctx, event, for_the_room=True).at_table(number), meeting_id)


def _of_guest(ctx: Context, token: str, meeting_id: int) -> tuple[Attendee, HandshakeEvent, Talk]:
    """The talk, if it is one of the link's owner's organization at that event. Raises NotFound."""
    attendee = enter_by_link(ctx, token)
    invitation = ctx.find(Invitation, attendee.invitation_id)
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    own = [
        talk
        for talk in floor_of(ctx, event).talks
        if talk.is_on and invitation.organization_id in (talk.need.organization_id, talk.offer.organization_id)
    ]
    return attendee, event, _only(own, meeting_id)


def _only(talks: list[Talk], meeting_id: int) -> Talk:
    talk = next((one for one in talks if one.meeting_id == meeting_id), None)
    if talk is None:
        raise NotFound(GONE)
    return talk


def _at_hand(floor: Floor, talks: list[Talk]) -> Talk | None:
    """The talk a host most likely means: the one that is on, else the last that began and has no outcome."""
    begun = [one for one in talks if floor.slots[one.slot].begins <= floor.now]
    on = [one for one in begun if floor.slots[one.slot].ends > floor.now]
    return next(iter(on), None) or next((one for one in reversed(begun) if one.waits), None)


def _form_of(ctx: Context, talk: Talk | None, state: FormState | None) -> dict[str, Any]:
    """What the outcome's form needs: what the side has said before, as the form shows it."""
    if talk is None:
        return {"talk": None, "form": FormState(), "labels": {}, "outcomes": (), "reasons": ()}
    meeting = ctx.find(Meeting, talk.meeting_id)
    said = opinion_of(ctx, meeting, side_of(ctx, ctx.find(Match, meeting.match_id)))
    kept: dict[str, Any] = {"version": said.version if said is not None else 0}
    if said is not None:
        kept |= {"outcome": said.outcome.value if said.outcome is not None else "", "note": said.note}
        kept |= {"fit": said.fit, "satisfaction": said.satisfaction, "reason": said.reason or ""}
    return {
        "talk": talk,
        "form": state or FormState(kept),
        "labels": labels_of(GiveOpinion),
        "outcomes": tuple(MeetingOutcome),
        "reasons": [(one.value, one.label) for one in DismissalReason],
    }


def _outcome(
    request: Request,
    ctx: Context,
    event: HandshakeEvent,
    talk: Talk,
    here: str,
    state: FormState | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        ctx,
        "floor/outcome.html",
        status=status,
        event=event,
        slot_name=f"第 {talk.slot + 1} 场 {talk.table_number} 号桌",
        here=here,
        is_host=here.startswith("/t/"),
        **_form_of(ctx, talk, state),
    )


def _saved(_opinion: object, location: str) -> Response:
    return go(location, "saved")
