"""“我的账号”: who one is here, one's password, second factor, sessions and known devices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Account
from service.context import Context
from service.errors import Illegal
from service.pages.signing_in import entered
from service.passwords import rules_in_words
from service.queries.own_account import own_devices, own_second_factor, own_sessions
from service.usecases.passwords import ChangePassword, change_password
from service.usecases.second_factor import (
    ShowCode,
    StopSecondFactor,
    begin_second_factor,
    confirm_second_factor,
    must_have_second_factor,
    renew_recovery_codes,
    secret_to_scan,
    stop_second_factor,
)
from service.usecases.sessions import end_other_sessions, end_session, forget_device, session_of
from service.web.dependencies import ContextDep, FormDep, cookie_of
from service.web.forms import FormState, complete, labels_of
from service.web.identity import SESSION_COOKIE, Owed, set_cookie
from service.web.templating import go, render

router = APIRouter(prefix="/account", tags=["我的账号"])


@router.get("")
def show_account(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return render(
        request,
        ctx,
        "accounts/account.html",
        sessions=own_sessions(ctx, cookie_of(request, SESSION_COOKIE)),
        devices=own_devices(ctx),
        factor=own_second_factor(ctx),
    )


@router.get("/password")
def show_password(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _password(request, ctx, FormState())


@router.post("/password")
def post_password(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ChangePassword) -> Response:
        return entered(ctx, change_password(ctx, command, cookie_of(request, SESSION_COOKIE)), "/account?notice=saved")

    return complete(ctx, form, ChangePassword, act, lambda state, code: _password(request, ctx, state, code))


@router.post("/sessions/end-others")
def post_end_others(request: Request, ctx: ContextDep) -> Response:
    end_other_sessions(ctx, cookie_of(request, SESSION_COOKIE))
    return go("/account", "sessions-ended")


@router.post("/sessions/{handle}/end")
def post_end(handle: str, ctx: ContextDep) -> Response:
    end_session(ctx, handle)
    return go("/account", "sessions-ended")


@router.post("/devices/{device_id:int}/forget")
def post_forget(device_id: int, ctx: ContextDep) -> Response:
    forget_device(ctx, device_id)
    return go("/account", "removed")


@router.get("/second-factor")
def show_factor(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _factor(request, ctx, FormState())


@router.post("/second-factor/begin")
def post_begin(ctx: ContextDep) -> Response:
    begin_second_factor(ctx)
    return go("/account/second-factor")


@router.post("/second-factor/confirm")
def post_confirm(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ShowCode) -> Response:
        codes, cookie = confirm_second_factor(ctx, command, cookie_of(request, SESSION_COOKIE))
        return _codes(request, ctx, codes, cookie)

    return complete(ctx, form, ShowCode, act, lambda state, code: _factor(request, ctx, state, code))


@router.post("/second-factor/codes")
def post_codes(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: StopSecondFactor) -> Response:
        return _codes(request, ctx, renew_recovery_codes(ctx, command))

    return complete(ctx, form, StopSecondFactor, act, lambda state, code: _factor(request, ctx, state, code))


@router.post("/second-factor/stop")
def post_stop(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: StopSecondFactor) -> Response:
        stop_second_factor(ctx, command)
        return go("/account", "saved")

    return complete(ctx, form, StopSecondFactor, act, lambda state, code: _factor(request, ctx, state, code))


def _password(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "accounts/password.html",
        status=status,
        form=state,
        labels=labels_of(ChangePassword),
        rules=rules_in_words(ctx.settings),
        owed=request.state.identity.owed is Owed.PASSWORD,
    )


def _factor(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    account = _own(ctx)
    scan: Any = None
    if account.totp_secret is not None and account.totp_confirmed_at is None:
        scan = secret_to_scan(ctx, account)
    return render(
        request,
        ctx,
        "accounts/second_factor.html",
        status=status,
        form=state,
        labels=labels_of(StopSecondFactor),
        factor=own_second_factor(ctx),
        scan=scan,
        must=must_have_second_factor(ctx, account),
    )


def _codes(request: Request, ctx: Context, codes: list[str], cookie: str | None = None) -> Response:
    """Show the codes once; ``cookie`` is that of a fresh session, whose forms carry a token of its own."""
    identity = request.state.identity
    ctx.actor = identity.actor
    if cookie is not None:
        session = session_of(ctx, cookie)
        request.state.identity = replace(identity, csrf_token=session.csrf_token if session is not None else "")
    response = render(request, ctx, "accounts/recovery_codes.html", codes=codes)
    if cookie is not None:
        set_cookie(response, ctx.settings, SESSION_COOKIE, cookie, seconds=ctx.settings.session_hours * 3600)
    return response


def _own(ctx: Context) -> Account:
    if ctx.actor.account_id is None:
        raise Illegal("只有登录的人才有自己的账号。")
    return ctx.find(Account, ctx.actor.account_id)
