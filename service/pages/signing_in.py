"""First-run set-up, sign-in in one step or two, sign-out, and the demo door."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from models import Account, Organization, Role
from service.context import Context
from service.errors import Forbidden
from service.oidc import is_offered
from service.pages.returning import back_to
from service.passwords import rules_in_words
from service.usecases.accounts import SetUp, is_set_up, set_up
from service.usecases.second_factor import ShowCode, show_second_factor
from service.usecases.sessions import open_session, remember_device, sign_out
from service.usecases.sign_in import SignIn, begin_sign_in, enter_demo, sign_in
from service.web.dependencies import ContextDep, Form, FormDep, check_network, cookie_of
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.identity import DEVICE_COOKIE, SESSION_COOKIE, Owed, drop_cookie, set_cookie
from service.web.templating import go, render

router = APIRouter(tags=["账号"])
LOOPBACK = {"127.0.0.1", "::1"}
DEVICE_SECONDS = 180 * 24 * 3600


@router.get("/setup")
def show_setup(request: Request, ctx: ContextDep) -> Response:
    return go("/login") if is_set_up(ctx) else _setup(request, ctx, FormState())


@router.post("/setup")
def post_setup(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SetUp) -> Response:
        return entered(ctx, open_session(ctx, set_up(ctx, command)), "/admin")

    return complete(ctx, form, SetUp, act, lambda state, code: _setup(request, ctx, state, code))


@router.get("/login")
def show_login(request: Request, ctx: ContextDep) -> Response:
    return _login(request, ctx, FormState({"next": request.query_params.get("next", "")}))


@router.post("/login")
def post_login(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SignIn) -> Response:
        attempt = begin_sign_in(ctx, command, cookie_of(request, DEVICE_COOKIE))
        ctx.keep()
        cookie = sign_in(ctx, command, attempt)
        check_network(ctx)
        return entered(ctx, cookie, _next(form), request=request, account=attempt.account)

    return complete(ctx, form, SignIn, act, lambda state, code: _login(request, ctx, state, code))


@router.get("/login/second-factor")
def show_second_step(request: Request, ctx: ContextDep) -> Response:
    return _second_step(request, ctx, FormState({"next": request.query_params.get("next", "")}))


@router.post("/login/second-factor")
def post_second_step(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ShowCode) -> Response:
        account, cookie = show_second_factor(ctx, command, cookie_of(request, SESSION_COOKIE))
        return entered(ctx, cookie, _next(form), request=request, account=account)

    return complete(ctx, form, ShowCode, act, lambda state, code: _second_step(request, ctx, state, code))


@router.post("/logout")
def post_logout(request: Request, ctx: ContextDep) -> Response:
    sign_out(ctx, cookie_of(request, SESSION_COOKIE))
    response = go("/login", "signed-out")
    drop_cookie(response, ctx.settings, SESSION_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.post("/demo/enter/{account_id}")
def post_demo(account_id: int, request: Request, ctx: ContextDep) -> Response:
    if request.client is None or request.client.host not in LOOPBACK:
        raise Forbidden("示例账号只能在本机直接进入。")
    return entered(ctx, enter_demo(ctx, account_id), "/workbench")


def entered(
    ctx: Context, cookie: str, location: str, *, request: Request | None = None, account: Account | None = None
) -> Response:
    """Send the browser on with its session; with ``request`` and ``account`` it is a known device from now on.

    While a second factor is owed the browser is not known yet, and the address is kept for after it.
    """
    response = RedirectResponse(location, status_code=303)
    set_cookie(response, ctx.settings, SESSION_COOKIE, cookie, seconds=ctx.settings.session_hours * 3600)
    if request is None or account is None:
        return response
    if account.totp_confirmed_at is not None and request.url.path != Owed.SECOND_FACTOR.value:
        response.headers["location"] = f"{Owed.SECOND_FACTOR.value}?next={quote(location, safe='')}"
        return response
    device = remember_device(ctx, account, cookie_of(request, DEVICE_COOKIE))
    set_cookie(response, ctx.settings, DEVICE_COOKIE, device, seconds=DEVICE_SECONDS)
    return response


def _next(form: Form) -> str:
    """Where to go after signing in; only to a page of this service."""
    return back_to(form, "/workbench", field="next")


def _setup(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    fields = fields_of(SetUp, list(SetUp.model_fields))
    labels, rules = labels_of(SetUp), rules_in_words(ctx.settings)
    return render(
        request, ctx, "accounts/setup.html", status=status, form=state, fields=fields, labels=labels, rules=rules
    )


def _second_step(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    if request.state.identity.owed is not Owed.SECOND_FACTOR:
        return go("/workbench" if ctx.actor.role is not None else "/login")
    return render(request, ctx, "accounts/second_step.html", status=status, form=state, labels=labels_of(ShowCode))


def _login(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "accounts/login.html",
        status=status,
        form=state,
        labels=labels_of(SignIn),
        set_up=is_set_up(ctx),
        single_sign_on=ctx.settings.oidc_label if is_offered(ctx.settings) else "",
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
