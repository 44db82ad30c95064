"""Technology contracts under /api/v1."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from models import ContractKind, PaymentMode
from service.api.schemas import Many, Out, Yuan, many, narrowed_by
from service.queries.contracts import CONTRACTS, contract_of
from service.queries.listing import page_of
from service.usecases.contracts import AddContract, EditContract, add_contract, edit_contract
from service.web.dependencies import ContextDep

router = APIRouter(tags=["技术合同"])


class ContractRow(Out):
    """A contract in a list; amounts in 元."""

    id: int
    project_id: int
    project_title: str
    title: str
    kind: ContractKind
    buyer: str
    seller: str
    signed_on: date
    amount: Yuan
    technology_amount: Yuan
    registration_number: str | None
    is_demo: bool


class ContractOut(Out):
    """One contract; amounts in 元."""

    id: int
    version: int
    project_id: int
    title: str
    kind: ContractKind
    buyer_id: int
    seller_id: int
    signed_on: date
    valid_from: date | None
    valid_to: date | None
    amount: Yuan = Field(validation_alias="amount_fen")
    technology_amount: Yuan = Field(validation_alias="technology_amount_fen")
    payment_mode: PaymentMode
    registration_number: str | None
    is_demo: bool


@router.get(
    "/contracts", openapi_extra=narrowed_by(CONTRACTS), response_model=Many[ContractRow], summary="技术合同列表"
)
def get_contracts(request: Request, ctx: ContextDep) -> Any:
    ctx.demand("read_figures")
    return many(page_of(ctx, CONTRACTS, request.query_params), ContractRow)


@router.get("/contracts/{contract_id}", response_model=ContractOut, summary="一份技术合同")
def get_contract(contract_id: int, ctx: ContextDep) -> Any:
    return contract_of(ctx, contract_id)


@router.post("/projects/{project_id}/contracts", status_code=201, response_model=ContractOut, summary="登记技术合同")
def post_contract(project_id: int, ctx: ContextDep, command: AddContract) -> Any:
    return add_contract(ctx, project_id, command)


@router.put("/contracts/{contract_id}", response_model=ContractOut, summary="修改技术合同")
def put_contract(contract_id: int, ctx: ContextDep, command: EditContract) -> Any:
    contract = edit_contract(ctx, contract_id, command)
    ctx.flush()
    return contract
