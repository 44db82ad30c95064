"""API tokens: made in a browser and shown once, kept to their scopes and term, revoked at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from models import Account, ApiToken, AuditEntry, Role
from service import clock
from service.context import Context
from service.policy.scopes import SCOPES
from service.security import digest
from tests.doors.conftest import Browser
from tests.factories import add_account
from tests.parts import ONLY_SQLITE

_SHOWN = re.compile(r'id="token"[^>]*>([^<]+)</textarea>')


def make(person: Browser, *scopes: str, days: int = 30) -> str:
    """A token as its owner copies it from the page."""
    answer = person.post("/account/tokens", {"name": "报送程序", "scopes": list(scopes), "days": str(days)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    shown = _SHOWN.search(answer.text)
    assert shown is not None
    return shown[1]


def program(app_client: Callable[[], TestClient], token: str) -> TestClient:
    """A program that sends the token."""
    client = app_client()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_token_is_shown_once_kept_as_digest_and_listed_with_its_last_use(
    ctx: Context, browse: Callable[..., Browser], app_client: Callable[[], TestClient]
) -> None:
    person = browse(role=Role.LEADER)

    token = make(person, "read")
    before = person.get("/account/tokens").text
    used = program(app_client, token).get("/api/v1/session")
    after = person.get("/account/tokens").text

    assert used.status_code == 200
    assert person.account is not None
    assert used.json()["account_id"] == person.account.id
    kept = ctx.session.scalars(select(ApiToken)).one()
    assert (kept.token_digest, kept.scopes, kept.name) == (digest(token), ["read"], "报送程序")
    assert timedelta(days=29) < kept.expires_at - clock.now() <= timedelta(days=30)
    assert token not in before + after
    assert "还没有用过" in before
    assert "最近使用" in after
    assert "issue_token" in set(ctx.session.scalars(select(AuditEntry.action)))


@ONLY_SQLITE
def test_last_use_is_written_at_most_once_a_minute(
    ctx: Context, browse: Callable[..., Browser], app_client: Callable[[], TestClient]
) -> None:
    client = program(app_client, make(browse(role=Role.LEADER), "read"))
    client.get("/api/v1/session")
    recently = clock.now() - timedelta(seconds=40)
    ctx.session.execute(update(ApiToken).values(last_used_at=recently))

    client.get("/api/v1/session")
    still = ctx.session.scalars(select(ApiToken.last_used_at)).one()
    ctx.session.execute(update(ApiToken).values(last_used_at=recently - timedelta(minutes=1)))
    client.get("/api/v1/session")
    moved = ctx.session.scalars(select(ApiToken.last_used_at)).one()

    assert still == recently
    assert moved is not None
    assert moved > recently


def test_revoked_token_is_refused_by_the_next_request(
    browse: Callable[..., Browser], app_client: Callable[[], TestClient], ctx: Context
) -> None:
    person = browse(role=Role.LEADER)
    client = program(app_client, make(person, "read"))
    before = client.get("/api/v1/session").status_code
    handle = ctx.session.scalars(select(ApiToken.handle)).one()

    person.post(f"/account/tokens/{handle}/revoke")

    assert (before, client.get("/api/v1/session").status_code) == (200, 401)
    assert "revoke_token" in set(ctx.session.scalars(select(AuditEntry.action)))


@ONLY_SQLITE
@pytest.mark.parametrize("days", [1, 30, 365])
def test_token_is_refused_from_the_second_it_runs_out(
    ctx: Context,
    browse: Callable[..., Browser],
    app_client: Callable[[], TestClient],
    monkeypatch: pytest.MonkeyPatch,
    days: int,
) -> None:
    client = program(app_client, make(browse(role=Role.LEADER), "read", days=days))
    end = ctx.session.scalars(select(ApiToken.expires_at)).one()

    monkeypatch.setattr(clock, "now", lambda: end - timedelta(seconds=1))
    last = client.get("/api/v1/session").status_code
    monkeypatch.setattr(clock, "now", lambda: end)

    assert (last, client.get("/api/v1/session").status_code) == (200, 401)


@ONLY_SQLITE
def test_token_of_a_switched_off_account_is_refused(
    ctx: Context, browse: Callable[..., Browser], app_client: Callable[[], TestClient]
) -> None:
    person = browse(role=Role.LEADER)
    client = program(app_client, make(person, "read"))

    ctx.session.execute(update(Account).values(is_active=False))

    assert client.get("/api/v1/session").status_code == 401


CASES = [
    (("read",), "GET", "/api/v1/needs", True),
    (("read",), "GET", "/api/v1/projects", True),
    (("read",), "POST", "/api/v1/needs", False),
    (("write",), "POST", "/api/v1/needs", True),
    (("write",), "GET", "/api/v1/needs", False),
    (("needs:read",), "GET", "/api/v1/needs", True),
    (("needs:read",), "GET", "/api/v1/needs/1", True),
    (("needs:read",), "GET", "/needs.csv", True),
    (("needs:read",), "GET", "/api/v1/projects", False),
    (("needs:read",), "GET", "/api/v1/search?q=needs", False),
    (("needs:read",), "POST", "/api/v1/needs", False),
    (("needs:write",), "POST", "/api/v1/needs", True),
    (("needs:write",), "GET", "/api/v1/needs", False),
    (("needs:write",), "POST", "/api/v1/achievements", False),
    (("read", "write"), "GET", "/api/v1/tokens", False),
    (("read", "write"), "POST", "/api/v1/tokens", False),
    (("read", "write"), "DELETE", "/api/v1/tokens/abc", False),
    (("read", "write"), "GET", "/api/v1/sessions", False),
    (("read", "write"), "DELETE", "/api/v1/sessions", False),
    (("read", "write"), "GET", "/account", False),
    (("read", "write"), "GET", "/account/second-factor", False),
    (("read", "write"), "POST", "/account/tokens", False),
    (("read", "write"), "POST", "/account/password", False),
    (("read", "write"), "POST", "/account/second-factor/begin", False),
    (("read", "write"), "POST", "/account/second-factor/stop", False),
    (("read", "write"), "POST", "/account/email/change", False),
    (("read", "write"), "POST", "/api/v1/accounts/1/reset-second-factor", False),
    (("read", "write"), "POST", "/accounts/1/code", False),
    (("read", "write"), "POST", "/needs/new", False),
]


@ONLY_SQLITE
def test_token_does_what_its_scopes_say_and_no_more(
    browse: Callable[..., Browser], app_client: Callable[[], TestClient]
) -> None:
    person = browse(role=Role.ENTERPRISE)
    clients = {scopes: program(app_client, make(person, *scopes)) for scopes in {case[0] for case in CASES}}

    wrong = []
    for scopes, method, path, open_to_it in CASES:
        answer = clients[scopes].request(method, path, json={} if method == "POST" else None)
        refused = answer.status_code == 403 and "接口令牌" in answer.text
        if refused is open_to_it or (open_to_it and answer.status_code in (401, 403)):
            wrong.append((scopes, method, path, answer.status_code))

    assert wrong == []


@ONLY_SQLITE
def test_token_never_does_more_than_its_account(
    browse: Callable[..., Browser], app_client: Callable[[], TestClient]
) -> None:
    client = program(app_client, make(browse(role=Role.ENTERPRISE), "read", "write"))

    assert client.get("/api/v1/accounts").status_code == 403
    assert client.post("/api/v1/events", json={}).status_code == 403
    assert client.get("/api/v1/quality").status_code == 403


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scopes": ["everything"]}, "没有“everything”这个权限范围"),
        ({"scopes": []}, "权限范围"),
        ({"days": "366"}, "有效期"),
        ({"days": "0"}, "有效期"),
        ({"name": ""}, "名称"),
    ],
)
def test_token_form_says_what_is_wrong_and_makes_none(
    ctx: Context, browse: Callable[..., Browser], change: dict[str, object], told: str
) -> None:
    answer = browse(role=Role.LEADER).post(
        "/account/tokens", {"name": "程序", "scopes": ["read"], "days": "30", **change}
    )

    assert answer.status_code == 422
    assert told in answer.text
    assert ctx.session.scalars(select(ApiToken)).all() == []


@ONLY_SQLITE
def test_term_never_exceeds_what_the_installation_allows(ctx: Context, browse: Callable[..., Browser]) -> None:
    person = browse(role=Role.LEADER)
    person.client.app.state.installation.settings.token_days = 10  # type: ignore[attr-defined] # the app under test

    answer = person.post("/account/tokens", {"name": "程序", "scopes": ["read"], "days": "11"})

    assert answer.status_code == 422
    assert "1 到 10 天" in answer.text
    assert ctx.session.scalars(select(ApiToken)).all() == []


@ONLY_SQLITE
def test_nobody_revokes_or_sees_somebody_elses_token(ctx: Context, browse: Callable[..., Browser]) -> None:
    owner, other = browse(role=Role.LEADER), browse(add_account(ctx, Role.ADMIN))
    make(owner, "read")
    handle = ctx.session.scalars(select(ApiToken.handle)).one()

    answer = other.post(f"/account/tokens/{handle}/revoke")

    assert answer.status_code == 404
    assert "报送程序" not in other.get("/account/tokens").text
    assert ctx.session.scalars(select(ApiToken.revoked_at)).one() is None


def test_api_makes_lists_and_revokes_for_a_signed_in_browser(ctx: Context, browse: Callable[..., Browser]) -> None:
    person = browse(role=Role.LEADER)
    found = re.search(r'name="csrf-token" content="([^"]+)"', person.get("/account").text)
    assert found is not None
    signed = {"X-CSRF-Token": found[1]}
    wanted = {"name": "取数程序", "scopes": ["figures:read"], "days": 7}

    forged = person.client.post("/api/v1/tokens", json=wanted)
    made = person.client.post("/api/v1/tokens", json=wanted, headers=signed)
    listed = person.client.get("/api/v1/tokens").json()
    gone = person.client.delete(f"/api/v1/tokens/{made.json()['handle']}", headers=signed)

    assert (forged.status_code, made.status_code, gone.status_code) == (403, 201, 204)
    assert [(one["name"], one["scopes"], one["last_used_at"]) for one in listed] == [
        ("取数程序", ["figures:read"], None)
    ]
    assert "token" not in listed[0]
    assert ctx.session.scalars(select(ApiToken.token_digest)).one() == digest(made.json()["token"])
    assert person.client.get("/api/v1/tokens").json() == []


@ONLY_SQLITE
def test_openapi_names_every_scope(app_client: Callable[[], TestClient]) -> None:
    document = app_client().get("/api/openapi.json").json()

    items = document["components"]["schemas"]["IssueToken"]["properties"]["scopes"]["items"]
    assert items["enum"] == list(SCOPES)
    assert "needs:read" in document["components"]["securitySchemes"]["bearer"]["description"]
