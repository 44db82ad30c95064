"""What a route is handed: its context, committed once before the response goes out, and the form as it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from models import AuditEntry, Role
from service.chain import chain
from service.context import Context
from service.errors import Forbidden, NotFound, NotSignedIn, StepOwed
from service.policy import Gate, admit, gate_of, unlisted
from service.policy.scopes import check_scopes
from service.security import same
from service.web.bodies import LARGEST_BODY, takes_files
from service.web.identity import (
    OPEN_WHILE_OWED,
    SESSION_COOKIE,
    SIGN_ON_BACK,
    VISITOR_COOKIE,
    Identity,
    by_bearer,
    by_session,
    cookie_name,
    visitor,
)
from service.web.installation import Installation
from service.web.origin import address_of, networks, user_agent_of, within
from service.web.repeats import note_key

_ODD_NUMBER = re.compile(r"(?!-?\d+$)\s*[+-]?\d[\d_]*(\.0*)?\s*", re.ASCII)
"""What Pydantic would read as a whole number although it is not written as one: " 2", "+2", "2.0", "2_000"."""
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
MOST_FILES = 200
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
Form = dict[str, list[str]]
STAFF_ROLES = frozenset(Role) - {Role.ENTERPRISE, Role.INSTITUTE}
"""Those who work for the bureau, and may be kept to its networks."""


def cookie_of(request: Request, base: str) -> str:
    """The value of one of our cookies; empty when the browser sent none."""
    return request.cookies.get(cookie_name(installation_of(request).settings, base), "")


def installation_of(request: Request) -> Installation:
    """The program that answers this request."""
    installation: Installation = request.app.state.installation
    return installation


async def read_form(request: Request) -> Form:
    """The form's fields by name; empty when the request carries none. Files wait in ``request.state.files``.

    Where files are sent to, whoever may not send any is turned away before a byte is read.
    """
    expects = takes_files(request.method, request.url.path)
    if expects:
        await to_thread.run_sync(knock, request)
    if not request.headers.get("content-type", "").startswith(FORM_TYPES):
        return {}
    data: FormData = await request.form(max_fields=2000, max_files=MOST_FILES, max_part_size=LARGEST_BODY)
    form: Form = {}
    request.state.files = []
    for name, value in data.multi_items():
        if not isinstance(value, UploadFile):
            form.setdefault(name, []).append(value)
        elif expects and name == "file":
            request.state.files.append(value)
        else:
            value.file.close()
    return form


FormDep = Annotated[Form, Depends(read_form)]


def open_context(request: Request, form: FormDep) -> Iterator[Context]:
    """A unit of work. A write is committed when the route returns; a read never writes.

    What was seen of personal data is written down before the answer leaves, what was refused in any case: both in a
    transaction of their own.
    """
    reads = request.method in SAFE_METHODS and request.url.path != SIGN_ON_BACK
    with _unit_of_work(request, form, reads=reads) as ctx:
        yield ctx


def knock(request: Request) -> None:
    """Turn away whoever may not do here what they ask for. Raises what ``open_context`` would raise for them."""
    with _unit_of_work(request, None, reads=True):
        pass


@contextmanager
def _unit_of_work(request: Request, form: Form | None, *, reads: bool) -> Iterator[Context]:
    """``form`` None: before it was read, so that only who asks and for what is looked at."""
    installation = installation_of(request)
    _refuse_odd(request)
    with installation.session(reads=reads) as session:
        ctx = installation.context(session, visitor("").actor)
        ctx.address = address_of(request, installation.settings.trusted_proxies)
        ctx.user_agent = user_agent_of(request)
        ctx.origin = str(request.base_url)
        try:
            _enter(request, form, installation, ctx, reads=reads)
            yield ctx
            if not reads:
                ctx.commit()
        except Forbidden as error:
            if not isinstance(error, StepOwed) and ctx.actor.role is not None:
                ctx.refused("refuse", method=request.method, path=request.url.path)
            raise
        finally:
            session.rollback()
            aside = [*(ctx.written if reads else ()), *ctx.refusals]
            if aside:
                _write_aside(installation, aside)


def _enter(request: Request, form: Form | None, installation: Installation, ctx: Context, *, reads: bool) -> None:
    """Find out who asks, and whether they may come in as they do; what is refused counts towards the pace too."""
    identity = _identify(request, installation, ctx)
    request.state.identity = identity
    ctx.actor = identity.actor
    if identity.scopes is not None:
        check_scopes(identity.scopes, request.method, request.url.path)
    gate = gate_at(request)
    if not getattr(request.state, "paced", False):  # once, though a request with files knocks before it comes in
        request.app.state.pace.check(request, ctx, gate)
        request.state.paced = True
    check_network(ctx)
    _check_owed(request, identity)
    if form is not None and not reads:
        _check_csrf(request, form, identity)
    admit(ctx, gate, request.path_params)
    if form is not None and not reads and gate.actions and "keep_own_account" not in gate.actions:
        note_key(request, form, ctx, installation)


def _write_aside(installation: Installation, entries: list[AuditEntry]) -> None:
    with installation.session() as session:
        chain(session, entries, installation.settings)
        session.commit()


def gate_at(request: Request) -> Gate:
    """The row of the policy's table for this address. Raises Forbidden for an address that nobody listed.

    Every route depends on it, so that one which forgets to ask who comes is closed rather than open.
    """
    template = request.app.state.templates.get((request.scope.get("endpoint"), request.method), "")
    gate = gate_of(request.method, template, request.url.path)
    if gate is None:
        raise unlisted(template)
    return gate


ContextDep = Annotated[Context, Depends(open_context, scope="function")]


def _refuse_odd(request: Request) -> None:
    """An address with a NUL names nothing, for no text of ours holds one; nor does a number written another way."""
    if "\x00" in request.url.path or b"%00" in request.scope["query_string"]:
        raise NotFound("网址里有看不见的空字符，请重新输入。")
    if any(_ODD_NUMBER.fullmatch(str(value)) for value in request.path_params.values()):
        raise NotFound("网址里的编号写法不对，请重新输入。")


def _identify(request: Request, installation: Installation, ctx: Context) -> Identity:
    if header := request.headers.get("authorization"):
        identity = by_bearer(installation, ctx.session, header, ctx.now)
        if identity is None:
            raise NotSignedIn("接口令牌无效或已过期，请重新获取。")
        return identity
    if cookie := cookie_of(request, SESSION_COOKIE):
        identity = by_session(installation, ctx.session, cookie, ctx.now)
        if identity is not None:
            return identity
    return visitor(cookie_of(request, VISITOR_COOKIE))


def _check_owed(request: Request, identity: Identity) -> None:
    """Raises StepOwed for every other page while a second factor or a new password is owed."""
    if identity.owed is None:
        return
    path = request.url.path
    if not path.startswith((identity.owed.value, *OPEN_WHILE_OWED)):
        raise StepOwed("请先完成登录的下一步：验证动态口令、修改密码或启用动态口令。", identity.owed.value)


def check_network(ctx: Context) -> None:
    """Raises Forbidden for staff who come from outside the networks they have to work from."""
    allowed = networks(ctx.settings.staff_networks)
    if allowed and ctx.actor.role in STAFF_ROLES and not within(ctx.address, allowed):
        raise Forbidden("您的账号只能在规定的网络内办理，当前地址不在其中；如需调整请联系系统管理员。")


def _check_csrf(request: Request, form: Form, identity: Identity) -> None:
    """A browser's write comes from a page of ours and carries its own session's token, in the form or X-CSRF-Token.

    Where the identity provider sends the browser back, the state and the cookie of the visit stand in for both.
    """
    if not identity.needs_csrf or request.url.path == SIGN_ON_BACK:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("请求不是从本系统的页面发出的，没有办理。")
    if identity.actor.role is None and request.url.path.startswith("/api/"):
        return
    given = (form.get("csrf_token") or [request.headers.get("x-csrf-token", "")])[0]
    if not identity.csrf_token or not same(given, identity.csrf_token):
        raise Forbidden("页面已过期或请求来源不明，请刷新页面后重试，您填写的内容可先复制保存。")
