"""How much of a request is read: counted as it comes, whatever it says of its own length."""

from __future__ import annotations

import re

from anyio import fail_after
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.config import Settings
from service.policy.attachables import ATTACHABLES

MB = 1024 * 1024
LARGEST_BODY = 2 * MB
"""Bytes of a request that carries no files."""
FILES_AT_ONCE = 5
"""Files of the largest size that one request may carry together."""
FORM_ROOM = MB
"""Bytes for what stands around the files."""
SILENT_SECONDS = 60.0
"""How long a sender may say nothing while a body is awaited."""
_NOUNS = "|".join(sorted({noun for one in ATTACHABLES.values() for noun in (one.page, one.noun)}))
_UPLOADS = re.compile(rf"(?:/api/v1)?/(?:{_NOUNS})/[^/]+/attachments/?")


class BodyRefused(HTTPException):
    """A body that is too large or never ends; ``sentence`` is shown to people."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, headers={"Connection": "close"})
        self.sentence = sentence


def takes_files(method: str, path: str) -> bool:
    """Whether the address is one that files are sent to."""
    return method == "POST" and _UPLOADS.fullmatch(path) is not None


class Bodies:
    """Stops reading a body at the limit of its address; the route that reads it is told so."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._largest_upload = settings.attachment_mb * MB * FILES_AT_ONCE + FORM_ROOM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_upload if takes_files(scope["method"], scope["path"]) else LARGEST_BODY
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        read, done = 0, False

        async def counted() -> Message:
            nonlocal read, done
            if done:
                return await receive()
            if said.isdigit() and int(said) > limit:
                raise _too_large(limit)
            try:
                with fail_after(SILENT_SECONDS):
                    message = await receive()
            except TimeoutError as error:
                raise BodyRefused(408, "等了太久没有收到内容，请检查网络后重试。") from error
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                done = not message.get("more_body", False)
                if read > limit:
                    raise _too_large(limit)
            return message

        await self._app(scope, counted, send)


def _too_large(limit: int) -> BodyRefused:
    return BodyRefused(413, f"内容太大，一次最多 {limit // MB} MB；请删减后再提交，或分几次。")
