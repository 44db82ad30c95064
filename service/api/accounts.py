"""Accounts, and who is asking, under /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from models import Account, Role
from service.api.schemas import Many, Out, many
from service.queries.accounts import ACCOUNTS
from service.queries.listing import page_of
from service.usecases.accounts import CreateAccount, SwitchAccount, create_account, switch_account
from service.web.dependencies import ContextDep

router = APIRouter(tags=["账号"])


class AccountOut(Out):
    """An account; ``version`` goes back when it is switched."""

    id: int
    version: int
    email: str
    name: str
    role: Role
    organization_id: int
    region_code: str | None
    is_active: bool
    is_demo: bool


class SessionOut(Out):
    """Who is asking."""

    account_id: int | None
    name: str
    email: str
    role: Role | None
    organization_id: int | None
    organization_name: str
    region_code: str | None
    is_demo: bool


@router.get("/session", response_model=SessionOut, summary="当前身份")
def get_session(ctx: ContextDep) -> Any:
    ctx.demand("read_figures")
    return ctx.actor


@router.get("/accounts", summary="账号列表")
def get_accounts(request: Request, ctx: ContextDep) -> Many[AccountOut]:
    ctx.demand("manage_accounts")
    return many(page_of(ctx, ACCOUNTS, request.query_params), AccountOut)


@router.post("/accounts", status_code=201, response_model=AccountOut, summary="开设账号")
def post_account(ctx: ContextDep, command: CreateAccount) -> Account:
    return create_account(ctx, command)


@router.post("/accounts/{account_id}/switch", response_model=AccountOut, summary="启用或停用账号")
def post_switch(account_id: int, ctx: ContextDep, command: SwitchAccount) -> Account:
    return switch_account(ctx, account_id, command)
