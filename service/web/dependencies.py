"""What a route is handed: its context, committed once before the response goes out, and the form as it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from service.context import Context
from service.errors import Forbidden, NotSignedIn
from service.security import same
from service.web.identity import SESSION_COOKIE, VISITOR_COOKIE, Identity, by_bearer, by_session, visitor
from service.web.installation import Installation
from service.web.origin import address_of, user_agent_of

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
Form = dict[str, list[str]]


def installation_of(request: Request) -> Installation:
    """The program that answers this request."""
    installation: Installation = request.app.state.installation
    return installation


async def read_form(request: Request) -> Form:
    """The form's fields by name; empty when the request carries none."""
    if not request.headers.get("content-type", "").startswith(FORM_TYPES):
        return {}
    data: FormData = await request.form(max_fields=2000)
    form: Form = {}
    for name, value in data.multi_items():
        if not isinstance(value, UploadFile):
            form.setdefault(name, []).append(value)
    return form


FormDep = Annotated[Form, Depends(read_form)]


def open_context(request: Request, form: FormDep) -> Iterator[Context]:
    """A unit of work. A write is committed when the route returns; a read never writes."""
    installation = installation_of(request)
    reads = request.method in SAFE_METHODS
    with installation.session(reads=reads) as session:
        ctx = installation.context(session, visitor("").actor)
        ctx.address = address_of(request, installation.settings.trusted_proxies)
        ctx.user_agent = user_agent_of(request)
        identity = _identify(request, ctx)
        request.state.identity = identity
        ctx.actor = identity.actor
        if not reads:
            _check_csrf(request, form, identity)
        yield ctx
        if not reads:
            ctx.commit()


ContextDep = Annotated[Context, Depends(open_context, scope="function")]


def _identify(request: Request, ctx: Context) -> Identity:
    if header := request.headers.get("authorization"):
        identity = by_bearer(ctx.session, header, ctx.now)
        if identity is None:
            raise NotSignedIn("接口令牌无效或已过期，请重新获取。")
        return identity
    if cookie := request.cookies.get(SESSION_COOKIE):
        identity = by_session(ctx.session, cookie, ctx.now)
        if identity is not None:
            return identity
    return visitor(request.cookies.get(VISITOR_COOKIE, ""))


def _check_csrf(request: Request, form: Form, identity: Identity) -> None:
    """A browser's write carries the token of its own session in the form or the X-CSRF-Token header."""
    if not identity.needs_csrf:
        return
    if identity.actor.role is None and request.url.path.startswith("/api/"):
        return
    given = (form.get("csrf_token") or [request.headers.get("x-csrf-token", "")])[0]
    if not identity.csrf_token or not same(given, identity.csrf_token):
        raise Forbidden("页面已过期或请求来源不明，请刷新页面后重试，您填写的内容可先复制保存。")
