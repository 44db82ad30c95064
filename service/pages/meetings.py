"""Talks: the list with what is due next, one talk, and how it ended."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import MeetingOutcome, MeetingState
from models.handshake_event import SEATING_STATES
from service.context import Context
from service.pages.returning import back_to, known
from service.queries.attachments import filing_of
from service.queries.events import seat_choices
from service.queries.history import state_changes
from service.queries.listing import page_of
from service.queries.meetings import MEETINGS, meeting_detail
from service.queries.naming import known_names
from service.usecases.meetings import (
    MOVES,
    ChangeMeeting,
    MoveMeeting,
    PlanNextStep,
    RecordOutcome,
    move_meeting,
    plan_next_step,
    record_outcome,
)
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/meetings", tags=["对接洽谈"])
OUTCOMES = (
    (MeetingOutcome.NONE.value, MeetingOutcome.NONE.label, "这次没有谈到一起"),
    (MeetingOutcome.CONTINUE.value, MeetingOutcome.CONTINUE.label, "还要再谈，写下一步"),
    (MeetingOutcome.INTENT.value, MeetingOutcome.INTENT.label, "愿意合作，可以立项"),
    (MeetingOutcome.SIGNED.value, MeetingOutcome.SIGNED.label, "当场签约，可以立项"),
)


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    page = page_of(ctx, MEETINGS, request.query_params)
    names = known_names(
        ctx, {one for row in page.rows for one in (row.need_organization_id, row.offer_organization_id)}
    )
    return render(request, ctx, "meetings/list.html", page=page, names=names, today=ctx.today)


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, MEETINGS, request.query_params, form)


@router.get("/{meeting_id:int}")
def show_one(meeting_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, meeting_id)


@router.post("/{meeting_id:int}/outcome")
def post_outcome(meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        RecordOutcome,
        lambda command: _done(form, record_outcome(ctx, meeting_id, command).id, "saved"),
        lambda state, status: _detail(request, ctx, meeting_id, state, status),
    )


@router.post("/{meeting_id:int}/next-step")
def post_next_step(meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        PlanNextStep,
        lambda command: _done(form, plan_next_step(ctx, meeting_id, command).id, "saved"),
        lambda state, status: _detail(request, ctx, meeting_id, state, status),
    )


@router.post("/{meeting_id:int}/move")
def post_seat(meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        MoveMeeting,
        lambda command: _done(form, move_meeting(ctx, meeting_id, command).id, "saved"),
        lambda state, status: _detail(request, ctx, meeting_id, state, status),
    )


@router.post("/{meeting_id:int}/{move}")
def post_move(meeting_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        ChangeMeeting,
        lambda command: _done(form, known(MOVES, move)(ctx, meeting_id, command).id, "done"),
        lambda state, status: _detail(request, ctx, meeting_id, state, status),
    )


def _done(form: Form, meeting_id: int, notice: str) -> Response:
    return go(back_to(form, f"/meetings/{meeting_id}"), notice)


def _detail(
    request: Request, ctx: Context, meeting_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    detail = meeting_detail(ctx, meeting_id)
    meeting = detail.meeting
    kept = {
        "slot": meeting.slot,
        "table_number": meeting.table_number,
        "next_step": meeting.next_step,
        "next_step_owner": meeting.next_step_owner,
        "due_on": meeting.due_on.isoformat() if meeting.due_on else "",
    }
    return render(
        request,
        ctx,
        "meetings/detail.html",
        status=status,
        detail=detail,
        meeting=meeting,
        event=detail.event,
        form=form or FormState(kept),
        outcomes=OUTCOMES,
        slots=seat_choices(detail.event),
        seating=detail.event.state in SEATING_STATES,
        begun=ctx.now >= detail.event.starts_at,
        today=ctx.today,
        labels=labels_of(RecordOutcome) | labels_of(MoveMeeting),
        changes=state_changes(ctx, meeting, MeetingState),
        files=filing_of(ctx, meeting),
    )
