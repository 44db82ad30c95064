"""The people of an event as organizers and their own organizations see them: list, add, change, answer for them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Attendee, AttendeeState, HandshakeEvent, Invitation, Organization
from models.handshake_event import SEATING_STATES
from service.context import Context
from service.letter_words import letter_to
from service.links import personal_link
from service.pages.personal import door_code
from service.pages.returning import back_to
from service.pages.wish_forms import keep_wishes
from service.queries.attendees import comer, comers, possible_topics
from service.queries.events import event_detail, seat_choices
from service.queries.history import state_changes
from service.queries.invitations import invitation_detail
from service.queries.scientists import scientists_of
from service.queries.wishes import choices_of
from service.usecases.attendee_answers import AnswerFor, RenewLink, answer_for, renew_link, replace_attendee
from service.usecases.attendees import WriteAttendee, add_attendee, edit_attendee
from service.usecases.letters import with_link
from service.usecases.replies import SendColleague
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["参会人"])


@router.get("/events/{event_id:int}/attendees")
def show_list(event_id: int, request: Request, ctx: ContextDep) -> Response:
    detail = event_detail(ctx, event_id)
    return render(
        request,
        ctx,
        "attendees/list.html",
        detail=detail,
        event=detail.event,
        people=comers(ctx, event_id),
        running=detail.event.state in SEATING_STATES,
        slots=dict(seat_choices(detail.event)),
    )


@router.get("/invitations/{invitation_id:int}/attendees/new")
def show_new(invitation_id: int, request: Request, ctx: ContextDep) -> Response:
    return _form(request, ctx, ctx.require(Invitation, invitation_id, may="answer_invitation"), None, FormState())


@router.post("/invitations/{invitation_id:int}/attendees/new")
def post_new(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    invitation = ctx.require(Invitation, invitation_id, may="answer_invitation")
    return complete(
        ctx,
        form,
        WriteAttendee,
        lambda command: go(f"/attendees/{add_attendee(ctx, invitation_id, command).id}", "created"),
        lambda state, status: _form(request, ctx, invitation, None, state, status),
    )


@router.get("/attendees/{attendee_id:int}")
def show_one(attendee_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, attendee_id, FormState())


@router.get("/attendees/{attendee_id:int}/edit")
def show_edit(attendee_id: int, request: Request, ctx: ContextDep) -> Response:
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    invitation = ctx.find(Invitation, attendee.invitation_id)
    return _form(request, ctx, invitation, attendee, FormState(_values(ctx, attendee)))


@router.post("/attendees/{attendee_id:int}/edit")
def post_edit(attendee_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    invitation = ctx.find(Invitation, attendee.invitation_id)
    return complete(
        ctx,
        form,
        WriteAttendee,
        lambda command: go(f"/attendees/{edit_attendee(ctx, attendee_id, command).id}", "saved"),
        lambda state, status: _form(request, ctx, invitation, attendee, state, status),
    )


@router.post("/attendees/{attendee_id:int}/answer")
def post_answer(attendee_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        AnswerFor,
        lambda command: go(back_to(form, f"/attendees/{answer_for(ctx, attendee_id, command).id}"), "answered"),
        lambda state, status: _detail(request, ctx, attendee_id, state, status),
    )


@router.post("/attendees/{attendee_id:int}/link")
def post_link(attendee_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        RenewLink,
        lambda command: go(f"/attendees/{renew_link(ctx, attendee_id, command).id}", "done"),
        lambda state, status: _detail(request, ctx, attendee_id, state, status),
    )


@router.get("/attendees/{attendee_id:int}/replace")
def show_replace(attendee_id: int, request: Request, ctx: ContextDep) -> Response:
    return _replace(request, ctx, attendee_id, FormState())


@router.post("/attendees/{attendee_id:int}/replace")
def post_replace(attendee_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        SendColleague,
        lambda command: go(f"/attendees/{replace_attendee(ctx, attendee_id, command).id}", "saved"),
        lambda state, status: _replace(request, ctx, attendee_id, state, status),
    )


@router.get("/invitations/{invitation_id:int}/wishes")
def show_wishes(invitation_id: int, request: Request, ctx: ContextDep) -> Response:
    return _wishes(request, ctx, invitation_id, FormState())


@router.post("/invitations/{invitation_id:int}/wishes")
def post_wishes(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return keep_wishes(
        ctx,
        form,
        ctx.require(Invitation, invitation_id, may="answer_invitation"),
        None,
        lambda: go(f"/invitations/{invitation_id}", "wished"),
        lambda state, status: _wishes(request, ctx, invitation_id, state, status),
    )


def _detail(request: Request, ctx: Context, attendee_id: int, form: FormState, status: int = 200) -> Response:
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    person = comer(ctx, attendee)
    event = ctx.find(HandshakeEvent, person.invitation.handshake_event_id)
    organizer = ctx.find(Organization, event.organizer_id).name
    ctx.saw("see_contact", attendee)
    return render(
        request,
        ctx,
        "attendees/detail.html",
        status=status,
        form=form,
        person=person,
        attendee=attendee,
        event=event,
        running=event.state in SEATING_STATES,
        link=ctx.absolute(personal_link(ctx, attendee)),
        text=with_link(ctx, attendee, letter_to(ctx, event, organizer, person).text),
        code=door_code(ctx, event, attendee),
        slots=dict(seat_choices(event)),
        changes=state_changes(ctx, attendee, AttendeeState),
    )


def _form(
    request: Request,
    ctx: Context,
    invitation: Invitation,
    attendee: Attendee | None,
    state: FormState,
    status: int = 200,
) -> Response:
    detail = invitation_detail(ctx, invitation.id)
    return render(
        request,
        ctx,
        "attendees/form.html",
        status=status,
        form=state,
        attendee=attendee,
        invitation=invitation,
        event=detail.event,
        organization=detail.organization,
        scientists=scientists_of(ctx, invitation.organization_id),
        topics=possible_topics(ctx, invitation.organization_id),
        labels=labels_of(WriteAttendee),
    )


def _replace(request: Request, ctx: Context, attendee_id: int, form: FormState, status: int = 200) -> Response:
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    event = ctx.find(HandshakeEvent, ctx.find(Invitation, attendee.invitation_id).handshake_event_id)
    return render(
        request,
        ctx,
        "attendees/replace.html",
        status=status,
        form=form,
        person=comer(ctx, attendee),
        attendee=attendee,
        event=event,
        labels=labels_of(SendColleague),
    )


def _wishes(request: Request, ctx: Context, invitation_id: int, form: FormState, status: int = 200) -> Response:
    detail = invitation_detail(ctx, invitation_id)
    ctx.demand("answer_invitation", detail.invitation)
    return render(
        request,
        ctx,
        "attendees/wishes.html",
        status=status,
        form=form,
        detail=detail,
        event=detail.event,
        choices=choices_of(ctx, detail.invitation),
    )


def _values(ctx: Context, attendee: Attendee) -> dict[str, Any]:
    """An attendee's columns as the form shows them."""
    topics = comer(ctx, attendee).topics
    names = ("name", "position", "email", "phone", "scientist_id", "minimum_talks", "maximum_talks")
    return {
        **{name: getattr(attendee, name) for name in names},
        "need_ids": [one.id for one in topics if one.kind == "needs"],
        "achievement_ids": [one.id for one in topics if one.kind == "achievements"],
    }
