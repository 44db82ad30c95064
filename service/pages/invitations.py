"""Invitations: the list, an organization's answer, and who came."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import InvitationState
from service.context import Context
from service.pages.returning import back_to, known
from service.queries.attendees import attendees_of
from service.queries.history import state_changes
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
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/invitations", tags=["邀请"])


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    return render(request, ctx, "invitations/list.html", page=page_of(ctx, INVITATIONS, request.query_params))


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, INVITATIONS, request.query_params, form)


@router.get("/{invitation_id:int}")
def show_one(invitation_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, invitation_id)


@router.post("/{invitation_id:int}/answer")
def post_answer(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        AnswerInvitation,
        lambda command: _done(form, answer_invitation(ctx, invitation_id, command).id, "answered"),
        lambda state, status: _detail(request, ctx, invitation_id, state, status),
    )


@router.post("/{invitation_id:int}/seats")
def post_seats(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        SeatsOfInvitation,
        lambda command: _done(form, change_seats(ctx, invitation_id, command).id, "saved"),
        lambda state, status: _detail(request, ctx, invitation_id, state, status),
    )


@router.post("/{invitation_id:int}/{move}")
def post_move(invitation_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        MoveInvitation,
        lambda command: _done(form, known(MOVES, move)(ctx, invitation_id, command).id, "done"),
        lambda state, status: _detail(request, ctx, invitation_id, state, status),
    )


def _done(form: Form, invitation_id: int, notice: str) -> Response:
    return go(back_to(form, f"/invitations/{invitation_id}"), notice)


def _detail(
    request: Request, ctx: Context, invitation_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    detail = invitation_detail(ctx, invitation_id)
    invitation = detail.invitation
    kept = {"attendee": invitation.attendee, "note": invitation.reply_note, "seats": invitation.seats}
    return render(
        request,
        ctx,
        "invitations/detail.html",
        status=status,
        detail=detail,
        event=detail.event,
        invitation=invitation,
        people=attendees_of(ctx, invitation.id),
        form=form or FormState(kept),
        labels=labels_of(AnswerInvitation),
        changes=state_changes(ctx, invitation, InvitationState),
    )
