"""Asks the application in its own process, without a client library: thousands of requests in seconds."""

from __future__ import annotations

import asyncio
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import openpyxl
from fastapi import FastAPI
from sqlalchemy import event

Headers = dict[str, str]
BESIDE = ThreadPoolExecutor(1)
"""A thread of its own for the loop: a test that drove a real browser leaves one running in this process's first."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text, a workbook's cells included, one row a line."""
        if "spreadsheetml" in self.headers.get("content-type", ""):
            return "\n".join("\t".join(row) for row in self.rows)
        return self.body.decode("utf-8", "replace")

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a workbook's sheets."""
        book = openpyxl.load_workbook(io.BytesIO(self.body), read_only=True)
        return [
            ["" if cell is None else str(cell) for cell in row]
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
        ]

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Asker:
    """Somebody at both doors: the cookie and the token of a session go along with what is asked."""

    app: FastAPI
    loop: asyncio.AbstractEventLoop
    cookies: Headers = field(default_factory=dict)
    token: str = ""
    host: str = "testserver"

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to GET."""
        return self.ask("GET", path, headers=headers)

    def form(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Answer:
        """The answer to a form with the session's own token in it."""
        data = {"csrf_token": self.token, **(fields or {})}
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(data, doseq=True).encode(), {**kind, **headers})

    def program(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The answer to a JSON request of a browser's script, the token in the header."""
        kind = {"content-type": "application/json", "x-csrf-token": self.token}
        return self.ask(method, path, json.dumps({} if body is None else body).encode(), {**kind, **headers})

    def ask(self, method: str, path: str, body: bytes = b"", headers: Headers | None = None) -> Answer:
        """The answer to any request; ``path`` may carry a query, written as people write it."""
        return BESIDE.submit(self.loop.run_until_complete, self._ask(method, path, body, headers or {})).result()

    async def _ask(self, method: str, path: str, body: bytes, headers: Headers) -> Answer:
        bare, _, query = path.partition("?")
        sent = {"host": self.host, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            sent["content-length"] = str(len(body))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": bare,
            "raw_path": quote(bare).encode(),
            "query_string": quote(query, safe="%&=+/:;,@$!*()'~?-._").encode(),
            "root_path": "",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": (self.host, 80),
            "state": {},
        }
        parts: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            parts.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type] # the plain dictionaries ASGI speaks in
        start = next(part for part in parts if part["type"] == "http.response.start")
        pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
        return Answer(
            start["status"],
            dict(pairs),
            b"".join(part.get("body", b"") for part in parts if part["type"] == "http.response.body"),
            tuple(value for name, value in pairs if name == "set-cookie"),
        )


def hasten(app: FastAPI) -> None:
    """Let the embedded database of a test that ends with its process skip waiting for the disk."""
    engine = app.state.installation.engine
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")
