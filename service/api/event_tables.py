"""An event's tables and an institute's scientists: the small lists an event is planned from."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from models import Organization
from service.api.schemas import Out
from service.policy import allows
from service.queries.event_tables import tables_of
from service.queries.events import event_detail
from service.queries.scientists import scientists_of
from service.usecases.event_tables import WriteTable, forget_table, keep_table
from service.usecases.scientists import WriteScientist, add_scientist, edit_scientist
from service.web.dependencies import ContextDep

router = APIRouter(tags=["桌子与科学家"])


class TableOut(Out):
    """A table about which there is something to say; ``remote_link`` is null for all but the organizers."""

    number: int
    version: int
    name: str
    chairs: int | None
    equipment: list[str]
    remote_link: str | None
    zone: str
    closed_slots: list[int]
    note: str


class ScientistOut(Out):
    """A scientist of an institute."""

    id: int
    version: int
    organization_id: int
    name: str
    position: str
    fields: list[str]
    is_demo: bool


@router.get("/events/{event_id}/tables", summary="有特别说明的桌子")
def get_tables(event_id: int, ctx: ContextDep) -> list[TableOut]:
    event = event_detail(ctx, event_id).event
    plans = allows(ctx, "plan_event", event)
    shown = [TableOut.model_validate(one) for one in tables_of(ctx, event_id).values()]
    return shown if plans else [one.model_copy(update={"remote_link": None}) for one in shown]


@router.put("/events/{event_id}/tables/{number}", response_model=TableOut, summary="填写一张桌子的情况")
def put_table(event_id: int, number: int, ctx: ContextDep, command: WriteTable) -> Any:
    table = keep_table(ctx, event_id, number, command)
    ctx.flush()
    return table


@router.delete("/events/{event_id}/tables/{number}", status_code=204, summary="恢复成一样的桌子")
def delete_table(event_id: int, number: int, ctx: ContextDep) -> Response:
    forget_table(ctx, event_id, number)
    return Response(status_code=204)


@router.get("/organizations/{organization_id}/scientists", response_model=list[ScientistOut], summary="科学家名录")
def get_scientists(organization_id: int, ctx: ContextDep) -> Any:
    return scientists_of(ctx, ctx.require(Organization, organization_id, may="keep_scientists").id)


@router.post(
    "/organizations/{organization_id}/scientists", status_code=201, response_model=ScientistOut, summary="登记科学家"
)
def post_scientist(organization_id: int, ctx: ContextDep, command: WriteScientist) -> Any:
    return add_scientist(ctx, organization_id, command)


@router.put("/scientists/{scientist_id}", response_model=ScientistOut, summary="修改科学家")
def put_scientist(scientist_id: int, ctx: ContextDep, command: WriteScientist) -> Any:
    scientist = edit_scientist(ctx, scientist_id, command)
    ctx.flush()
    return scientist
