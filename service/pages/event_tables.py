"""An event's tables: what is special about each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import EventTable, HandshakeEvent
from service.context import Context
from service.errors import NotFound
from service.queries.event_tables import tables_of
from service.queries.events import seat_choices
from service.usecases.event_tables import USUAL_EQUIPMENT, WriteTable, forget_table, keep_table
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/events/{event_id:int}/tables", tags=["桌子"])


@router.get("")
def show_list(event_id: int, request: Request, ctx: ContextDep) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    return render(
        request,
        ctx,
        "events/tables.html",
        event=event,
        tables=tables_of(ctx, event_id),
        slots=dict(seat_choices(event)),
    )


@router.get("/{number:int}")
def show_one(event_id: int, number: int, request: Request, ctx: ContextDep) -> Response:
    return _form(request, ctx, event_id, number, None)


@router.post("/{number:int}")
def post_one(event_id: int, number: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        WriteTable,
        lambda command: _then(keep_table(ctx, event_id, number, command), event_id),
        lambda state, status: _form(request, ctx, event_id, number, state, status),
    )


@router.post("/{number:int}/remove")
def post_remove(event_id: int, number: int, ctx: ContextDep) -> Response:
    forget_table(ctx, event_id, number)
    return go(f"/events/{event_id}/tables", "removed")


def _then(_table: EventTable, event_id: int) -> Response:
    return go(f"/events/{event_id}/tables", "saved")


def _form(
    request: Request, ctx: Context, event_id: int, number: int, state: FormState | None, status: int = 200
) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    if not 1 <= number <= event.tables:
        raise NotFound(f"本次活动只有 {event.tables} 张桌，没有 {number} 号桌。")
    table = tables_of(ctx, event_id).get(number)
    names = [name for name in WriteTable.model_fields if name != "version"]
    kept = {name: getattr(table, name) for name in names} if table is not None else {}
    return render(
        request,
        ctx,
        "events/table_form.html",
        status=status,
        event=event,
        number=number,
        table=table,
        form=state or FormState(kept),
        slots=seat_choices(event),
        equipment=list(dict.fromkeys([*USUAL_EQUIPMENT, *(table.equipment if table is not None else ())])),
        labels=labels_of(WriteTable),
    )
