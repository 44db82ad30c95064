"""The picture of an event: slots × tables with changes by hand, and the network of who met whom."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models.handshake_event import SEATING_STATES
from service.context import Context
from service.policy import allows
from service.queries.events import event_detail
from service.queries.seating_changes import Cost
from service.queries.seating_grid import current_grid
from service.queries.seating_network import event_network
from service.usecases.seating_hand import Rearrange, preview_rearranging, rearrange
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.forms import FormState, complete
from service.web.templating import go, render

router = APIRouter(prefix="/events", tags=["排桌"])
ZOOMS = (("s", "小"), ("m", "中"), ("l", "大"))
PAPERS = (("a4", "A4 横向"), ("a3", "A3 横向"))


@router.get("/{event_id:int}/grid")
def show_grid(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _grid(request, ctx, event_id)


@router.post("/{event_id:int}/grid")
def post_grid(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    keeps = form.get("do") == ["keep"]
    return complete(
        ctx,
        _picked(form),
        Rearrange,
        lambda command: (_keep if keeps else _preview)(request, ctx, event_id, command),
        lambda state, status: _grid(request, ctx, event_id, state, status=status),
    )


@router.get("/{event_id:int}/network")
def show_network(event_id: int, request: Request, ctx: ContextDep) -> Response:
    detail = event_detail(ctx, event_id)
    picture = event_network(ctx, detail.event, _organization(request))
    houses = current_grid(ctx, detail.event).houses
    return render(
        request,
        ctx,
        "seating/network.html",
        event=detail.event,
        network=picture,
        houses=houses,
        organization=_organization(request),
    )


def _keep(_request: Request, ctx: Context, event_id: int, command: Rearrange) -> Response:
    rearrange(ctx, event_id, command)
    return go(f"/events/{event_id}/grid", "rearranged")


def _preview(request: Request, ctx: Context, event_id: int, command: Rearrange) -> Response:
    cost = preview_rearranging(ctx, event_id, command)
    return _grid(request, ctx, event_id, cost=cost, command=command)


def _picked(form: Form) -> Form:
    """What was ticked in the grid: two talks change places, one talk goes to an empty place."""
    talks = form.get("talk", [])
    slot, _, table = (form.get("to") or [""])[-1].partition("-")
    chosen = {
        "talk": talks[:1],
        "slot": form.get("slot") or [slot],
        "table_number": form.get("table_number") or [table],
    }
    return chosen | {"other": form.get("other") or talks[1:2]}


def _organization(request: Request) -> int | None:
    given = request.query_params.get("organization", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None


def _grid(
    request: Request,
    ctx: Context,
    event_id: int,
    form: FormState | None = None,
    cost: Cost | None = None,
    command: Rearrange | None = None,
    status: int = 200,
) -> Response:
    event = event_detail(ctx, event_id).event
    chosen: dict[str, Any] = {name: request.query_params.get(name, "") for name in ("zoom", "paper")}
    return render(
        request,
        ctx,
        "seating/grid.html",
        status=status,
        event=event,
        whole=(whole := current_grid(ctx, event)),
        grid=whole if (organization := _organization(request)) is None else current_grid(ctx, event, organization),
        organization=organization,
        zooms=ZOOMS,
        zoom=chosen["zoom"] if chosen["zoom"] in dict(ZOOMS) else "m",
        papers=PAPERS,
        paper=chosen["paper"] if chosen["paper"] in dict(PAPERS) else "a4",
        moves=allows(ctx, "seat_meeting", event) and event.state in SEATING_STATES,
        form=form or FormState(),
        cost=cost,
        command=command,
        labels={"talk": "洽谈", "slot": "场次", "table_number": "桌号"},
    )
