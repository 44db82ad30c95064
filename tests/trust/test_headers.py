"""Every answer, of every kind, under strict headers; cookies that scripts and other sites cannot use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

import service.queries.overview as overview
from models import AuditEntry, AuditOutcome, Role
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.web.headers import ALWAYS
from tests.doors.conftest import Browser
from tests.factories import add_account, add_need
from tests.factories.people import PASSWORD
from tests.parts import ONLY_SQLITE

UNSAFE = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "data:", "blob:")


@pytest.fixture
def behind_https(ctx: Context, settings: Settings) -> Iterator[TestClient]:
    """A browser of an installation that is reached over HTTPS alone; our own mistakes are answered, not raised."""
    ctx.commit()
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as client:
        yield client
    app.state.installation.engine.dispose()


@ONLY_SQLITE
def test_every_kind_of_answer_carries_every_header(
    ctx: Context, behind_https: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = add_need(ctx).id
    ctx.commit()
    asked = [
        ("page", "GET", f"/needs/{number}", 200),
        ("program's answer", "GET", f"/api/v1/needs/{number}", 200),
        ("contract", "GET", "/api/openapi.json", 200),
        ("file", "GET", "/needs.csv", 200),
        ("spreadsheet", "GET", "/needs.xlsx", 200),
        ("picture", "GET", "/static/logo.svg", 200),
        ("style", "GET", "/static/tokens.css?v=1", 200),
        ("health", "GET", "/healthz", 200),
        ("no such page", "GET", "/nowhere", 404),
        ("no such file", "GET", "/static/nowhere.js", 404),
        ("not signed in", "GET", "/api/v1/projects", 401),
        ("forged form", "POST", "/login", 403),
        ("wrong method", "PUT", "/needs", 405),
        ("nobody's write", "POST", "/api/v1/needs", 401),
    ]
    wrong = []
    for name, method, path, status in asked:
        answer = behind_https.request(method, path)
        missing = [header for header in ALWAYS if header not in answer.headers]
        if (
            answer.status_code != status
            or missing
            or "max-age=31536000" not in answer.headers.get("strict-transport-security", "")
        ):
            wrong.append((name, answer.status_code, missing))
    monkeypatch.setattr(overview, "select", None)
    broken = behind_https.get("/")

    print(f"kinds of answers: {len(asked) + 1}, wrong: {len(wrong)}")
    assert wrong == []
    assert broken.status_code == 500
    assert [header for header in ALWAYS if header not in broken.headers] == []
    assert "Traceback" not in broken.text
    assert "NoneType" not in broken.text
    assert "unhandled error at /" in caplog.text


def test_the_content_policy_lets_nothing_run_but_our_own_files() -> None:
    rules = dict(part.strip().split(" ", 1) for part in ALWAYS["Content-Security-Policy"].split(";"))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert not [word for word in UNSAFE if word in ALWAYS["Content-Security-Policy"]]
    assert ALWAYS["Cache-Control"] == "no-store"


@ONLY_SQLITE
def test_cookies_are_for_this_host_over_https_and_not_for_scripts(ctx: Context, behind_https: TestClient) -> None:
    email = add_account(ctx, Role.ENTERPRISE).email
    ctx.commit()
    page = behind_https.get("/login")
    token = page.text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    signed_in = behind_https.post(
        "/login", data={"email": email, "password": PASSWORD, "csrf_token": token}, follow_redirects=False
    )

    given = [*page.headers.get_list("set-cookie"), *signed_in.headers.get_list("set-cookie")]
    assert signed_in.status_code == 303
    assert len(given) >= 2
    for line in given:
        name, *rest = [part.strip() for part in line.split(";")]
        flags = {part.split("=")[0].lower() for part in rest}
        assert name.startswith("__Host-"), line
        assert {"secure", "httponly", "path"} <= flags, line
        assert "samesite=lax" in line.lower(), line
        assert "domain" not in flags, line


@ONLY_SQLITE
def test_leaving_clears_what_the_browser_kept(browse: Callable[..., Browser]) -> None:
    left = browse(role=Role.ENTERPRISE).post("/logout", follow_redirects=False)

    assert left.status_code == 303
    assert left.headers["clear-site-data"] == '"cache", "storage"'


@ONLY_SQLITE
def test_asking_too_often_is_refused_with_the_time_to_wait(ctx: Context, settings: Settings) -> None:
    ctx.commit()
    slow = settings.model_copy(update={"reads_per_minute": 5, "exports_per_minute": 2, "sign_ins_per_minute": 3})
    app = create_app(slow)
    with TestClient(app) as client:
        reads = [client.get("/needs").status_code for _ in range(8)]
        program = client.get("/api/v1/needs")
        exports = [client.get("/needs.csv").status_code for _ in range(4)]
        sign_ins = [client.post("/login", data={}).status_code for _ in range(5)]
    app.state.installation.engine.dispose()

    assert reads == [200] * 5 + [429] * 3
    assert program.status_code == 429
    assert 1 <= int(program.headers["retry-after"]) <= 60
    assert program.json()["type"] == "/problems/too-many"
    assert exports == [200] * 2 + [429] * 2
    assert sign_ins == [403] * 3 + [429] * 2
    told = ctx.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "throttle", AuditEntry.outcome == AuditOutcome.REFUSED)
    ).all()
    assert sorted(one.details["kind"] for one in told) == ["exports", "reads", "sign-ins"]


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    app = create_app_with_own_key(tmp_path)
    key = tmp_path / "secret.key"

    assert key.stat().st_mode & 0o077 == 0
    app()


def create_app_with_own_key(folder: Path) -> Callable[[], None]:
    """An installation that made its key itself; the answer lets go of it."""
    app = create_app(Settings(data_dir=folder, worker=False))
    return app.state.installation.engine.dispose
