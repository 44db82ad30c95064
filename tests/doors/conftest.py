"""The running application as people and programs meet it: signed-in browsers and bearer tokens, no browser needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from models import Account, OrganizationKind, Role
from service import clock
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.usecases.sessions import open_session
from service.usecases.tokens import issue_token
from service.web.identity import SESSION_COOKIE
from tests.factories import add_account, add_organization

KIND_OF = {
    Role.ENTERPRISE: OrganizationKind.ENTERPRISE,
    Role.INSTITUTE: OrganizationKind.INSTITUTE,
    Role.BROKER: OrganizationKind.BROKERAGE,
    Role.ORGANIZER: OrganizationKind.AGENCY,
    Role.LEADER: OrganizationKind.AGENCY,
    Role.ADMIN: OrganizationKind.AGENCY,
    Role.SECURITY: OrganizationKind.AGENCY,
    Role.AUDITOR: OrganizationKind.AGENCY,
}
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Client(TestClient):
    """A client that lets go of the test's own transaction before it asks, and forgets what was read before."""

    ctx: Context

    def request(self, *args: Any, **options: Any) -> httpx.Response:
        self.ctx.commit()
        answer = super().request(*args, **options)
        self.ctx.session.expire_all()
        return answer


class Browser:
    """A browser without script: follows redirects and carries the page's own token in every form."""

    def __init__(self, client: TestClient, account: Account | None) -> None:
        self.client, self.account = client, account

    def get(self, path: str, **options: Any) -> httpx.Response:
        """The page at ``path``."""
        return self.client.get(path, **options)

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """The answer to a form; lists become repeated fields."""
        found = _TOKEN.search(self.client.get("/login").text)
        assert found is not None
        return self.client.post(path, data={**(form or {}), "csrf_token": found[1]}, **options)


@pytest.fixture
def app_client(ctx: Context, settings: Settings) -> Iterator[Callable[[], TestClient]]:
    """Opens clients of one running application on this test's database."""
    app = create_app(settings)
    opened: list[TestClient] = []

    def open_client() -> TestClient:
        ctx.commit()
        client = Client(app, client=("127.0.0.1", 50000))
        client.ctx = ctx
        client.__enter__()
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.__exit__(None, None, None)
    app.state.installation.engine.dispose()


def _today(ctx: Context) -> Context:
    """The same unit of work at the server's own time: what runs out is measured against it."""
    return Context(ctx.session, clock.now(), ctx.actor, ctx.settings, ctx.demands, written=ctx.written)


@pytest.fixture
def browse(ctx: Context, app_client: Callable[[], TestClient]) -> Callable[..., Browser]:
    """``browse(role=Role.ORGANIZER)`` or ``browse(account)``: a signed-in browser; ``browse()``: a visitor's."""

    def sign_in(account: Account | None = None, *, role: Role | None = None, **columns: Any) -> Browser:
        if account is None and role is not None:
            columns.setdefault("organization", add_organization(ctx, kind=KIND_OF[role]))
            if role is Role.ORGANIZER:
                columns.setdefault("region_code", "150600")
            account = add_account(ctx, role, **columns)
        client = app_client()
        if account is not None:
            client.cookies.set(SESSION_COOKIE, open_session(_today(ctx), account))
        ctx.commit()
        return Browser(client, account)

    return sign_in


@pytest.fixture
def bearer(ctx: Context, app_client: Callable[[], TestClient]) -> Callable[..., TestClient]:
    """``bearer(role=…)`` or ``bearer(account)``: a program with a token."""

    def open_one(account: Account | None = None, *, role: Role = Role.ORGANIZER, **columns: Any) -> TestClient:
        if account is None:
            columns.setdefault("organization", add_organization(ctx, kind=KIND_OF[role]))
            if role is Role.ORGANIZER:
                columns.setdefault("region_code", "150600")
            account = add_account(ctx, role, **columns)
        token = issue_token(_today(ctx), account)
        ctx.commit()
        client = app_client()
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return open_one
