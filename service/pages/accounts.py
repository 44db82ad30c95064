"""First-run set-up, sign-in, sign-out, the demo door, and one's own account."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from models import Account, Organization, Role
from service.context import Context
from service.errors import Forbidden
from service.usecases.accounts import (
    ChangePassword,
    SetUp,
    SignIn,
    change_password,
    enter_demo,
    is_set_up,
    open_session,
    set_up,
    sign_in,
    sign_out,
)
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.identity import SESSION_COOKIE
from service.web.templating import go, render

router = APIRouter(tags=["账号"])
LOOPBACK = {"127.0.0.1", "::1"}


@router.get("/setup")
def show_setup(request: Request, ctx: ContextDep) -> Response:
    return go("/login") if is_set_up(ctx) else _form(request, ctx, "accounts/setup.html", SetUp, FormState())


@router.post("/setup")
def post_setup(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SetUp) -> Response:
        return _entered(ctx, open_session(ctx, set_up(ctx, command)), "/admin")

    return complete(ctx, form, SetUp, act, lambda s, code: _form(request, ctx, "accounts/setup.html", SetUp, s, code))


@router.get("/login")
def show_login(request: Request, ctx: ContextDep) -> Response:
    return _login(request, ctx, FormState({"next": request.query_params.get("next", "")}))


@router.post("/login")
def post_login(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SignIn) -> Response:
        return _entered(ctx, sign_in(ctx, command)[0], _next(form))

    return complete(ctx, form, SignIn, act, lambda state, code: _login(request, ctx, state, code))


@router.post("/logout")
def post_logout(request: Request, ctx: ContextDep) -> Response:
    sign_out(ctx, request.cookies.get(SESSION_COOKIE, ""))
    response = go("/login", "signed-out")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/demo/enter/{account_id}")
def post_demo(account_id: int, request: Request, ctx: ContextDep) -> Response:
    if request.client is None or request.client.host not in LOOPBACK:
        raise Forbidden("示例账号只能在本机直接进入。")
    return _entered(ctx, enter_demo(ctx, account_id), "/workbench")


@router.get("/account")
def show_account(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_figures")
    return _form(request, ctx, "accounts/account.html", ChangePassword, FormState())


@router.post("/account/password")
def post_password(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    ctx.demand("read_figures")

    def act(command: ChangePassword) -> Response:
        change_password(ctx, command, request.cookies.get(SESSION_COOKIE, ""))
        return go("/account", "saved")

    return complete(
        ctx,
        form,
        ChangePassword,
        act,
        lambda s, code: _form(request, ctx, "accounts/account.html", ChangePassword, s, code),
    )


def _entered(ctx: Context, cookie: str, location: str) -> Response:
    response = RedirectResponse(location, status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        cookie,
        max_age=ctx.settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=ctx.settings.secure_cookies,
    )
    return response


def _next(form: Form) -> str:
    """Where to go after signing in; only to a page of this service."""
    wanted = (form.get("next") or [""])[0]
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/workbench"


def _form(request: Request, ctx: Context, template: str, command: Any, state: FormState, status: int = 200) -> Response:
    fields = fields_of(command, list(command.model_fields))
    return render(request, ctx, template, status=status, form=state, fields=fields, labels=labels_of(command))


def _login(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "accounts/login.html",
        status=status,
        form=state,
        labels=labels_of(SignIn),
        set_up=is_set_up(ctx),
        demo_accounts=_demo_accounts(ctx) if ctx.settings.demo else [],
    )


def _demo_accounts(ctx: Context) -> list[dict[str, Any]]:
    rows = ctx.session.execute(
        select(Account.id, Account.name, Account.role, Organization.name.label("organization"))
        .join(Organization, Organization.id == Account.organization_id)
        .where(Account.is_demo.is_(True))
    )
    order = list(Role)
    return sorted((dict(row._mapping) for row in rows), key=lambda one: order.index(one["role"]))
