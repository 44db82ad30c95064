"""Headers that every answer carries, pages, programs' answers, files, errors and redirects alike."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No page runs or fetches anything that does not come from this service."""

ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LINKS = ("/i/", "/t/", "/w/")
FOR_LINKS = {**ALWAYS, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""An address that is a secret is told to nobody and found by no search engine."""
ONE_YEAR = 31_536_000


class Headers:
    """Adds the headers to answers that do not bring stricter ones of their own; HSTS where HTTPS is the rule."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, scope: Scope, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in (FOR_LINKS if scope["path"].startswith(LINKS) else ALWAYS).items():
            headers.setdefault(name, value)
        if scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v="):
            headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
        if self._secure:
            headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
