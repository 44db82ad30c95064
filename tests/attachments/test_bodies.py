"""How much of a request is read: up to its limit and a piece, whatever it says of itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import PostingState, Role
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.web import bodies
from service.web.bodies import FILES_AT_ONCE, FORM_ROOM, LARGEST_BODY, MB, takes_files
from tests.doors.conftest import Browser
from tests.factories import add_account, add_need
from tests.parts import ONLY_SQLITE

PIECE = 64 * 1024
TEN_GIGABYTES = 10 * 1024 * MB


class Sender:
    """A body of ten gigabytes that says nothing of its length; how much of it was read."""

    def __init__(self, begins: bytes = b"") -> None:
        self.read, self._begins = 0, begins

    async def __call__(self) -> dict[str, Any]:
        body, self._begins = (self._begins or b"x" * PIECE), b""
        self.read += len(body)
        return {"type": "http.request", "body": body, "more_body": self.read < TEN_GIGABYTES}


def _ask(
    settings: Settings, path: str, kind: str, sender: Sender, *headers: tuple[bytes, bytes]
) -> tuple[int, dict[str, str], bytes]:
    app = create_app(settings)
    answer: list[dict[str, Any]] = []

    async def note(message: dict[str, Any]) -> None:
        answer.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80), "state": {},
        "headers": [(b"host", b"testserver"), (b"content-type", kind.encode()), *headers],
    }  # fmt: skip
    asyncio.run(app(scope, sender, note))  # type: ignore[arg-type] # a bare server
    app.state.installation.engine.dispose()
    names = {name.decode(): value.decode() for name, value in answer[0]["headers"]}
    return answer[0]["status"], names, b"".join(message.get("body", b"") for message in answer[1:])


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/login", "application/x-www-form-urlencoded"),
        ("/login", "multipart/form-data; boundary=x"),
        ("/api/v1/needs", "application/json"),
    ],
)
def test_ten_gigabytes_stop_being_read_at_the_limit(ctx: Context, settings: Settings, path: str, kind: str) -> None:
    ctx.commit()
    begins = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' if "multipart" in kind else b""
    sender = Sender(begins)

    status, headers, body = _ask(settings, path, kind, sender)

    print(f"{path} {kind}: {status} after {sender.read / MB:.2f} MB of 10240 MB")
    assert status == 413
    assert sender.read <= LARGEST_BODY + PIECE + len(begins)
    if path.startswith("/api/"):
        assert headers["content-type"] == "application/problem+json"
        assert "一次最多 2 MB" in json.loads(body)["detail"]
    else:
        assert "内容太大，一次最多 2 MB" in body.decode()


@ONLY_SQLITE
def test_a_stranger_sends_no_byte_of_a_file(ctx: Context, settings: Settings) -> None:
    need = add_need(ctx)
    ctx.commit()
    sender = Sender()

    status, _, _ = _ask(settings, f"/needs/{need.id}/attachments", "multipart/form-data; boundary=x", sender)

    assert (status, sender.read) == (401, 0)


@ONLY_SQLITE
def test_a_file_without_end_stops_being_read_at_the_limit(
    ctx: Context, settings: Settings, bearer: Callable[..., TestClient]
) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    token = bearer(account).headers["authorization"].encode()
    small = settings.model_copy(update={"attachment_mb": 1})
    begins = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    sender = Sender(begins)

    status, _, body = _ask(
        small,
        f"/api/v1/needs/{need.id}/attachments",
        "multipart/form-data; boundary=x",
        sender,
        (b"authorization", token),
    )

    limit = FILES_AT_ONCE * MB + FORM_ROOM
    print(f"upload: {status} after {sender.read / MB:.2f} MB of 10240 MB, limit {limit / MB:.0f} MB")
    assert status == 413
    assert "一次最多 6 MB" in json.loads(body)["detail"]
    assert sender.read <= limit + PIECE + len(begins)


@ONLY_SQLITE
def test_a_length_that_is_said_is_refused_before_reading(ctx: Context, settings: Settings) -> None:
    ctx.commit()
    sender = Sender()

    status, headers, _ = _ask(
        settings, "/login", "application/x-www-form-urlencoded", sender, (b"content-length", b"3000000")
    )

    assert (status, sender.read) == (413, 0)
    assert headers["connection"] == "close"


@ONLY_SQLITE
def test_whoever_falls_silent_is_not_waited_for(
    ctx: Context, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx.commit()
    monkeypatch.setattr(bodies, "SILENT_SECONDS", 0.05)

    class Silent(Sender):
        async def __call__(self) -> dict[str, Any]:
            await asyncio.sleep(30)
            raise AssertionError

    status, _, body = _ask(settings, "/login", "application/x-www-form-urlencoded", Silent())

    assert status == 408
    assert "没有收到内容" in body.decode()


@ONLY_SQLITE
def test_ordinary_forms_are_read_as_before(browse: Callable[..., Browser]) -> None:
    answer = browse(role=Role.ENTERPRISE).post("/needs/new", {"title": "题", "problem": "卡" * 100_000})

    assert answer.status_code == 422


def test_only_addresses_of_files_may_carry_more() -> None:
    assert takes_files("POST", "/needs/12/attachments")
    assert takes_files("POST", "/api/v1/entries/12/attachments")
    for method, path in (
        ("GET", "/needs/12/attachments"),
        ("POST", "/needs/12"),
        ("POST", "/needs/new"),
        ("POST", "/x/needs/12/attachments"),
        ("POST", "/needs/12/attachments/../new"),
        ("POST", "/attachments/12/remove"),
    ):
        assert not takes_files(method, path)
