"""Accounts, invitations to open one, and one's own, under /api/v1."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from models import Account, Role, SignInMethod
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.queries.accounts import ACCOUNTS, COLLEAGUES
from service.queries.listing import Page, page_of
from service.queries.own_account import own_sessions
from service.usecases.account_invitations import (
    EndInvitation,
    InvitePerson,
    invite_person,
    revoke_invitation,
    send_again,
)
from service.usecases.accounts import (
    AppointOrganizationAdmin,
    ApproveAccount,
    ChangeRole,
    CreateAccount,
    SwitchAccount,
    appoint_organization_admin,
    approve_account,
    change_role,
    create_account,
    switch_account,
    unlock_account,
)
from service.usecases.second_factor import reset_second_factor
from service.usecases.sessions import end_other_sessions, end_session
from service.web.dependencies import ContextDep, cookie_of
from service.web.identity import SESSION_COOKIE

router = APIRouter(tags=["账号"])


class AccountOut(Out):
    """An account; ``version`` goes back when it is changed."""

    id: int
    version: int
    email: str
    name: str
    role: Role
    organization_id: int
    region_code: str | None
    is_active: bool
    awaits_approval: bool
    is_organization_admin: bool
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
    is_organization_admin: bool
    is_demo: bool


class OpenSessionOut(Out):
    """One browser somebody is signed in with."""

    handle: str
    browser: str
    address: str
    method: SignInMethod
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


class InvitationLetterOut(Out):
    """An invitation that was made; ``link`` is given this once."""

    id: int
    version: int
    email: str
    name: str
    role: Role
    organization_id: int
    expires_at: datetime
    link: str
    mailed: bool


@router.get("/session", response_model=SessionOut, summary="当前身份")
def get_session(ctx: ContextDep) -> Any:
    ctx.demand("keep_own_account")
    return ctx.actor


@router.get("/sessions", response_model=list[OpenSessionOut], summary="本人已登录的地方")
def get_sessions(request: Request, ctx: ContextDep) -> Any:
    ctx.demand("keep_own_account")
    return own_sessions(ctx, cookie_of(request, SESSION_COOKIE))


@router.delete("/sessions", status_code=204, summary="退出本人其他登录")
def delete_sessions(request: Request, ctx: ContextDep) -> Response:
    end_other_sessions(ctx, cookie_of(request, SESSION_COOKIE))
    return Response(status_code=204)


@router.delete("/sessions/{handle}", status_code=204, summary="退出本人的一处登录")
def delete_session(handle: str, ctx: ContextDep) -> Response:
    end_session(ctx, handle)
    return Response(status_code=204)


@router.get("/accounts", openapi_extra=narrowed_by(ACCOUNTS), summary="账号列表")
def get_accounts(request: Request, ctx: ContextDep) -> Many[AccountOut]:
    ctx.demand("see_accounts")
    return _seen(ctx, page_of(ctx, ACCOUNTS, request.query_params))


@router.get("/colleagues", openapi_extra=narrowed_by(COLLEAGUES), summary="本单位账号列表")
def get_colleagues(request: Request, ctx: ContextDep) -> Many[AccountOut]:
    ctx.demand("keep_colleagues")
    return _seen(ctx, page_of(ctx, COLLEAGUES, request.query_params))


@router.post("/accounts", status_code=201, response_model=AccountOut, summary="开设账号")
def post_account(ctx: ContextDep, command: CreateAccount) -> Account:
    return create_account(ctx, command)


@router.post("/accounts/{account_id}/switch", response_model=AccountOut, summary="启用或停用账号")
def post_switch(account_id: int, ctx: ContextDep, command: SwitchAccount) -> Account:
    return switch_account(ctx, account_id, command)


@router.post("/accounts/{account_id}/role", response_model=AccountOut, summary="更改角色")
def post_role(account_id: int, ctx: ContextDep, command: ChangeRole) -> Account:
    return change_role(ctx, account_id, command)


@router.post("/accounts/{account_id}/approve", response_model=AccountOut, summary="确认账号")
def post_approve(account_id: int, ctx: ContextDep, command: ApproveAccount) -> Account:
    return approve_account(ctx, account_id, command)


@router.post(
    "/accounts/{account_id}/organization-admin", response_model=AccountOut, summary="设置或取消本单位账号管理员"
)
def post_appoint(account_id: int, ctx: ContextDep, command: AppointOrganizationAdmin) -> Account:
    return appoint_organization_admin(ctx, account_id, command)


@router.post("/accounts/{account_id}/unlock", response_model=AccountOut, summary="解除登录锁定")
def post_unlock(account_id: int, ctx: ContextDep) -> Account:
    return unlock_account(ctx, account_id)


@router.post("/accounts/{account_id}/reset-second-factor", response_model=AccountOut, summary="重置动态口令")
def post_reset_factor(account_id: int, ctx: ContextDep) -> Account:
    return reset_second_factor(ctx, account_id)


@router.post("/account-invitations", status_code=201, response_model=InvitationLetterOut, summary="邀请开通账号")
def post_invitation(ctx: ContextDep, command: InvitePerson) -> Any:
    return _letter(invite_person(ctx, command))


@router.post(
    "/account-invitations/{invitation_id}/send-again", response_model=InvitationLetterOut, summary="重发账号邀请"
)
def post_again(invitation_id: int, ctx: ContextDep, command: EndInvitation) -> Any:
    return _letter(send_again(ctx, invitation_id, command))


@router.post("/account-invitations/{invitation_id}/revoke", status_code=204, summary="撤回账号邀请")
def post_revoke(invitation_id: int, ctx: ContextDep, command: EndInvitation) -> Response:
    revoke_invitation(ctx, invitation_id, command)
    return Response(status_code=204)


def _seen(ctx: Context, page: Page) -> Many[AccountOut]:
    ctx.saw("see_accounts", list=page.listing.label, rows=len(page.rows))
    return many(page, AccountOut)


def _letter(letter: Any) -> dict[str, Any]:
    made = letter.invitation
    names = ("id", "version", "email", "name", "role", "organization_id", "expires_at")
    return {**{name: getattr(made, name) for name in names}, "link": letter.link, "mailed": letter.mailed}
