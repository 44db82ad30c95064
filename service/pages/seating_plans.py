"""An event's seating: have it computed, compare a seating with what is, adopt it, or mend what prevents it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import HandshakeEvent, SeatingStatus
from models.handshake_event import SEATING_STATES
from service.context import Context
from service.queries.seating_changes import troubles, utility_of
from service.queries.seating_grid import plan_grid
from service.queries.seating_plans import (
    KINDS,
    elapsed,
    gap_in_words,
    in_points,
    latest_basis,
    party_rows,
    plan_of,
    plan_view,
    plans_of,
)
from service.queries.seating_problem import points, seating_task
from service.usecases.seating_plans import ApplySeating, GenerateSeating, apply_seating, request_seating
from service.usecases.seating_repairs import RepairSeating, repair_seating
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/events", tags=["排桌"])
LOOK_AGAIN = "2"
"""After how many seconds the page of a seating that is being computed is loaded again."""


@router.get("/{event_id:int}/plans")
def show_plans(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _plans(request, ctx, event_id)


@router.post("/{event_id:int}/plans")
def post_plans(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        GenerateSeating,
        lambda command: go(f"/events/{event_id}/plans/{request_seating(ctx, event_id, command).id}"),
        lambda state, status: _plans(request, ctx, event_id, state, status),
    )


@router.get("/{event_id:int}/plans/{plan_id:int}")
def show_plan(event_id: int, plan_id: int, request: Request, ctx: ContextDep) -> Response:
    return _plan(request, ctx, event_id, plan_id)


@router.post("/{event_id:int}/plans/{plan_id:int}/apply")
def post_apply(event_id: int, plan_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        ApplySeating,
        lambda command: _applied(ctx, event_id, plan_id, command),
        lambda state, status: _plan(request, ctx, event_id, plan_id, state, status),
    )


@router.post("/{event_id:int}/plans/{plan_id:int}/repair")
def post_repair(event_id: int, plan_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        RepairSeating,
        lambda command: go(f"/events/{event_id}/plans/{repair_seating(ctx, event_id, plan_id, command).id}"),
        lambda state, status: _plan(request, ctx, event_id, plan_id, state, status),
    )


def _applied(ctx: Context, event_id: int, plan_id: int, command: ApplySeating) -> Response:
    apply_seating(ctx, event_id, plan_id, command)
    return go(f"/events/{event_id}/grid", "seated")


def _plans(request: Request, ctx: Context, event_id: int, form: FormState | None = None, status: int = 200) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    plans = plans_of(ctx, event)
    task = seating_task(ctx, event, latest_basis(ctx, event))
    rows = party_rows(task, task.current)
    return render(
        request,
        ctx,
        "seating/plans.html",
        status=status,
        event=event,
        form=form or FormState(_usual(event, plans[0].settings if plans else {})),
        labels=labels_of(GenerateSeating),
        open=event.state in SEATING_STATES,
        plans=[(one, gap_in_words(one), KINDS.get(one.kind, "")) for one in plans],
        in_points=in_points,
        task=task,
        rows=rows,
        troubles=troubles(task) if event.state in SEATING_STATES else [],
        total=points(utility_of(task, task.current)),
    )


def _usual(event: HandshakeEvent, settings: dict[str, Any]) -> dict[str, Any]:
    """What the form holds at first: the event's own limits and weights, the rest as last time."""
    usual = GenerateSeating().model_dump() | {"kind": "new"}
    own = {name: getattr(event, name) for name in ("minimum_talks", "maximum_talks", "score_weight", "wanted_weight")}
    return {**usual, **settings, **own, "version": event.version}


def _plan(
    request: Request, ctx: Context, event_id: int, plan_id: int, form: FormState | None = None, status: int = 200
) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    plan = plan_of(ctx, event, plan_id)
    view = plan_view(ctx, event, plan)
    response = render(
        request,
        ctx,
        "seating/plan.html",
        status=status,
        event=event,
        plan=plan,
        view=view,
        kind=KINDS.get(plan.kind, ""),
        grid=plan_grid(view) if view.meetings else None,
        form=form or FormState(),
        labels=labels_of(RepairSeating),
        seconds=int(elapsed(ctx, plan).total_seconds()),
        open=event.state in SEATING_STATES,
        in_points=in_points,
    )
    if plan.status is SeatingStatus.WAITING:
        response.headers["Refresh"] = LOOK_AGAIN
    return response
