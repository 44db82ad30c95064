"""Single sign-on: the page that leads to the identity provider, and where it sends the browser back."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.errors import WoshouError
from service.pages.returning import back_to
from service.pages.signing_in import entered
from service.usecases.single_sign_on import ATTEMPT_MINUTES, Return, begin_sign_on, complete_sign_on
from service.web.dependencies import ContextDep, FormDep, check_network, cookie_of
from service.web.identity import SIGN_ON_BACK, SIGN_ON_COOKIE, Owed, drop_cookie, set_cookie
from service.web.templating import render

router = APIRouter(tags=["账号"])


@router.post("/login/sso")
def post_sign_on(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    """A page that leads on by itself: a form may only lead to this service (``form-action`` of the CSP)."""
    leaving = begin_sign_on(ctx, _redirect_uri(request, ctx), back_to(form, "/workbench", field="next"))
    label = ctx.settings.oidc_label
    response = render(request, ctx, "accounts/leaving.html", location=leaving.location, label=label)
    response.headers["refresh"] = f"0; url={leaving.location}"
    set_cookie(response, ctx.settings, SIGN_ON_COOKIE, leaving.browser, seconds=ATTEMPT_MINUTES * 60)
    return response


@router.get(SIGN_ON_BACK)
def show_back(request: Request, ctx: ContextDep) -> Response:
    try:
        response = _arrive(request, ctx)
    except WoshouError as error:
        ctx.discard()
        ctx.actor = request.state.identity.actor
        response = render(request, ctx, "accounts/not_signed_on.html", status=error.status, sentence=error.sentence)
    drop_cookie(response, ctx.settings, SIGN_ON_COOKIE)
    return response


def _arrive(request: Request, ctx: Context) -> Response:
    asked = request.query_params
    came = Return(asked.get("state", ""), asked.get("code", ""), asked.get("iss", ""))
    arrived = complete_sign_on(ctx, came, cookie_of(request, SIGN_ON_COOKIE), _redirect_uri(request, ctx))
    check_network(ctx)
    location = arrived.return_to
    if arrived.account.totp_confirmed_at is not None and not arrived.second_factor:
        location = f"{Owed.SECOND_FACTOR.value}?next={quote(location, safe='')}"
    return entered(ctx, arrived.cookie, location)


def _redirect_uri(request: Request, ctx: Context) -> str:
    return f"{(ctx.settings.base_url or str(request.base_url)).rstrip('/')}{SIGN_ON_BACK}"
