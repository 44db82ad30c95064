"""The ledger under /api/v1: entries are read, added and reversed, never changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request

from models import EntryKind, FundSource
from service.api.schemas import Many, Out, Yuan, many, narrowed_by
from service.queries.ledger import ENTRIES, entry_of
from service.queries.listing import page_of
from service.usecases.ledger import AddEntry, ReverseEntry, add_entry, reverse_entry
from service.web.dependencies import ContextDep

router = APIRouter(tags=["资金流水"])


class EntryOut(Out):
    """A line of the ledger; ``amount`` in 元, negative for a reversal."""

    id: int
    project_id: int
    project_title: str
    contract_id: int | None
    kind: EntryKind
    source: FundSource
    amount: Yuan
    occurred_on: date
    evidence: str
    note: str
    reverses_id: int | None
    reversed_by: int | None
    entered_by: str
    created_at: datetime
    is_demo: bool


@router.get("/entries", openapi_extra=narrowed_by(ENTRIES), response_model=Many[EntryOut], summary="资金流水列表")
def get_entries(request: Request, ctx: ContextDep) -> Any:
    ctx.demand("read_figures")
    return many(page_of(ctx, ENTRIES, request.query_params), EntryOut)


@router.get("/entries/{entry_id}", response_model=EntryOut, summary="一笔资金流水")
def get_entry(entry_id: int, ctx: ContextDep) -> Any:
    return dict(entry_of(ctx, entry_id)._mapping)


@router.post("/projects/{project_id}/entries", status_code=201, response_model=EntryOut, summary="登记资金流水")
def post_entry(project_id: int, ctx: ContextDep, command: AddEntry) -> Any:
    return dict(entry_of(ctx, add_entry(ctx, project_id, command).id)._mapping)


@router.post("/entries/{entry_id}/reverse", status_code=201, response_model=EntryOut, summary="冲销一笔资金流水")
def post_reversal(entry_id: int, ctx: ContextDep, command: ReverseEntry) -> Any:
    return dict(entry_of(ctx, reverse_entry(ctx, entry_id, command).id)._mapping)
