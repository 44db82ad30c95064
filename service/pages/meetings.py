"""Talks: the list with what is due next, one talk, and how it ended."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import DismissalReason, FollowUpState, MeetingOutcome, MeetingState, Side
from models.handshake_event import SEATING_STATES
from service.context import Context
from service.pages.returning import back_to, known
from service.queries.attachments import filing_of
from service.queries.events import seat_choices
from service.queries.follow_ups import task_items
from service.queries.history import state_changes
from service.queries.listing import page_of
from service.queries.meetings import MEETINGS, meeting_detail
from service.queries.naming import known_names
from service.queries.opinions import FIT_LABELS, SATISFACTION_LABELS, Said, said_of
from service.usecases.follow_ups import PlanNextStep, plan_next_step
from service.usecases.meetings import (
    MOVES,
    ChangeMeeting,
    MoveMeeting,
    move_meeting,
)
from service.usecases.opinions import (
    GiveOpinion,
    RecordOutcome,
    give_opinion,
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


@router.post("/{meeting_id:int}/opinion")
def post_opinion(meeting_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        GiveOpinion,
        lambda command: _done(form, give_opinion(ctx, meeting_id, command).meeting_id, "saved"),
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
    meeting, task, said = detail.meeting, detail.next_step, said_of(ctx, detail.meeting)
    kept = {
        "slot": meeting.slot,
        "table_number": meeting.table_number,
        "next_step": task.text if task else "",
        "next_step_owner": task.owner if task else "",
        "owner_side": task.owner_side.value if task and task.owner_side else "",
        "due_on": task.due_on.isoformat() if task and task.state is FollowUpState.OPEN else "",
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
        said=said,
        tasks=task_items(ctx, detail.tasks),
        opinion=opinion_form(said, form),
        fits=tuple((str(n), text) for n, text in FIT_LABELS.items()),
        satisfactions=tuple((str(n), text) for n, text in SATISFACTION_LABELS.items()),
        reasons=tuple((one.value, one.label) for one in DismissalReason),
        sides=tuple((one.value, one.label) for one in Side),
        slots=seat_choices(detail.event),
        seating=detail.event.state in SEATING_STATES,
        begun=ctx.now >= detail.event.starts_at,
        today=ctx.today,
        labels=labels_of(RecordOutcome) | labels_of(GiveOpinion) | labels_of(MoveMeeting),
        changes=state_changes(ctx, meeting, MeetingState),
        files=filing_of(ctx, meeting),
    )


def opinion_form(said: Said, form: FormState | None = None) -> FormState:
    """The form of one's own side's opinion: as typed when it comes back, else as it stands."""
    if form is not None and "note" in form.values:
        return form
    own = said.own
    if own is None:
        return FormState({"version": 0})
    texts = {name: getattr(own, name) for name in ("outcome", "fit", "satisfaction", "reason", "note", "version")}
    return FormState({name: getattr(value, "value", value) for name, value in texts.items() if value is not None})
