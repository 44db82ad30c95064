"""The page somebody who comes to an event opens on a phone by a link of their own, without an account."""

from __future__ import annotations

from typing import Any

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import update

from models import Attendee, EventLetter, HandshakeEvent, HandshakeEventState, Organization
from models.handshake_event import SEATING_STATES
from service.context import Context
from service.database import brief_write
from service.event_calendars import event_calendar
from service.links import attendee_of_link, enter_by_link, personal_link
from service.pages.wish_forms import keep_wishes
from service.queries.attendees import comer, possible_topics
from service.queries.event_tables import equipment_offered
from service.queries.events import seat_choices
from service.queries.own_talks import talks_of_attendee
from service.queries.wishes import choices_of
from service.usecases.replies import GiveFeedback, Reply, SendColleague, give_feedback, reply, send_colleague
from service.web.dependencies import ContextDep, FormDep, installation_of
from service.web.downloads import attachment
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/i", tags=["个人页面"])
REPLIED = ("name", "position", "email", "phone", "away_slots", "equipment", "note")
"""What an answer says of a person, as the form shows it."""


@router.get("/{token}")
def show_page(token: str, request: Request, ctx: ContextDep) -> Response:
    attendee = enter_by_link(ctx, token)
    shown = _page(request, ctx, attendee, token)
    _note_seen(request, ctx, attendee)
    return shown


@router.get("/{token}/event.ics")
def get_calendar(token: str, ctx: ContextDep) -> Response:
    attendee = enter_by_link(ctx, token)
    return attachment(_calendar(ctx, attendee).encode(), "握手活动.ics", "text/calendar; charset=utf-8")


@router.post("/{token}/reply")
def post_reply(token: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee = enter_by_link(ctx, token)
    return complete(
        ctx,
        form,
        Reply,
        lambda command: _then(reply(ctx, attendee, command), f"/i/{token}", "answered"),
        lambda state, status: _page(request, ctx, attendee_of_link(ctx, token), token, status, reply=state),
    )


@router.post("/{token}/feedback")
def post_feedback(token: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee = enter_by_link(ctx, token)
    return complete(
        ctx,
        form,
        GiveFeedback,
        lambda command: _then(give_feedback(ctx, attendee, command), f"/i/{token}", "saved"),
        lambda state, status: _page(request, ctx, attendee_of_link(ctx, token), token, status, feedback=state),
    )


@router.get("/{token}/replace")
def show_replace(token: str, request: Request, ctx: ContextDep) -> Response:
    return _replace(request, ctx, enter_by_link(ctx, token), token, FormState())


@router.post("/{token}/replace")
def post_replace(token: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee = enter_by_link(ctx, token)
    return complete(
        ctx,
        form,
        SendColleague,
        lambda command: _handed_over(request, ctx, send_colleague(ctx, attendee, command)),
        lambda state, status: _replace(request, ctx, attendee_of_link(ctx, token), token, state, status),
    )


@router.get("/{token}/wishes")
def show_wishes(token: str, request: Request, ctx: ContextDep) -> Response:
    return _wishes(request, ctx, enter_by_link(ctx, token), token, FormState())


@router.post("/{token}/wishes")
def post_wishes(token: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee = enter_by_link(ctx, token)
    return keep_wishes(
        ctx,
        form,
        comer(ctx, attendee).invitation,
        attendee,
        lambda: go(f"/i/{token}", "wished"),
        lambda state, status: _wishes(request, ctx, attendee_of_link(ctx, token), token, state, status),
    )


def _then(_made: Any, location: str, notice: str) -> Response:
    return go(location, notice)


def _frame(ctx: Context, attendee: Attendee, token: str) -> dict[str, Any]:
    """What every one of these pages shows: who, the event, and until when it may be changed."""
    person = comer(ctx, attendee)
    event = ctx.find(HandshakeEvent, person.invitation.handshake_event_id)
    return {
        "person": person,
        "attendee": attendee,
        "event": event,
        "organizer": ctx.find(Organization, event.organizer_id).name,
        "home": f"/i/{token}",
        "running": event.state in SEATING_STATES and ctx.now <= event.ends_at,
        "late": event.reply_by is not None and ctx.now > event.reply_by,
    }


def _page(
    request: Request, ctx: Context, attendee: Attendee, token: str, status: int = 200, **forms: FormState
) -> Response:
    frame = _frame(ctx, attendee, token)
    person, event = frame["person"], frame["event"]
    kept = {name: getattr(attendee, name) for name in REPLIED}
    for kind, field in (("needs", "need_ids"), ("achievements", "achievement_ids")):
        kept[field] = [topic.id for topic in person.topics if topic.kind == kind]
    choices = choices_of(ctx, person.invitation, attendee)
    told = {"satisfaction": attendee.satisfaction, "feedback": attendee.feedback}
    return render(
        request,
        ctx,
        "personal/page.html",
        status=status,
        **frame,
        reply=forms.get("reply") or FormState(kept),
        feedback=forms.get("feedback") or FormState(told),
        labels=labels_of(Reply) | labels_of(GiveFeedback),
        slots=seat_choices(event),
        equipment=[(one, one) for one in dict.fromkeys([*equipment_offered(ctx, event), *attendee.equipment])],
        topics=possible_topics(ctx, person.invitation.organization_id),
        talks=talks_of_attendee(ctx, attendee),
        choices=choices,
        wished=[one for one in choices if one.level is not None],
        code=door_code(ctx, event, attendee),
        went_on=event.state in (HandshakeEventState.HELD, HandshakeEventState.ARCHIVED) or ctx.now >= event.starts_at,
    )


def _replace(
    request: Request, ctx: Context, attendee: Attendee, token: str, form: FormState, status: int = 200
) -> Response:
    frame = _frame(ctx, attendee, token)
    return render(
        request, ctx, "personal/replace.html", status=status, **frame, form=form, labels=labels_of(SendColleague)
    )


def _handed_over(request: Request, ctx: Context, attendee: Attendee) -> Response:
    path = personal_link(ctx, attendee)
    frame = _frame(ctx, attendee, path.rpartition("/")[2])
    return render(request, ctx, "personal/handed_over.html", **frame, link=ctx.absolute(path))


def _wishes(
    request: Request, ctx: Context, attendee: Attendee, token: str, form: FormState, status: int = 200
) -> Response:
    frame = _frame(ctx, attendee, token)
    choices = choices_of(ctx, frame["person"].invitation, attendee)
    return render(request, ctx, "personal/wishes.html", status=status, **frame, form=form, choices=choices)


def _calendar(ctx: Context, attendee: Attendee) -> str:
    person = comer(ctx, attendee)
    event = ctx.find(HandshakeEvent, person.invitation.handshake_event_id)
    organizer = ctx.find(Organization, event.organizer_id).name
    return event_calendar(ctx, event, organizer, person, talks_of_attendee(ctx, attendee))


def door_code(ctx: Context, event: HandshakeEvent, attendee: Attendee) -> str:
    """The QR code an organizer's phone reads at the door, as SVG; it lets nobody in by itself."""
    address = ctx.absolute(f"/events/{event.id}/door#{attendee.badge}")
    made: str = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=2, lineclass=None, svgclass="qr")
    return made


def _note_seen(request: Request, ctx: Context, attendee: Attendee) -> None:
    """Write down beside the request, which only reads, that the letters on the page were opened."""
    mine = (EventLetter.attendee_id == attendee.id) & EventLetter.seen_at.is_(None)
    if ctx.session.query(EventLetter.id).filter(mine).first() is not None:
        brief_write(installation_of(request).engine, update(EventLetter).where(mine).values(seen_at=ctx.now))
