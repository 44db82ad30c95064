"""Asking twice under one key does it once: the key is written in the transaction of the deed, the answer right after.

Of many requests with one key at the same time the database lets one through; the others wait for its answer and are
given the same bytes. A deed that failed leaves no key behind. Where a crash came between the deed and its answer, a
repeat is told that it is done.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, Lock, to_thread
from fastapi import Request
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models import IdempotentRequest
from service.context import Context
from service.errors import Conflict, Invalid
from service.web.bodies import takes_files
from service.web.installation import Installation

KEPT = timedelta(hours=24)
LONGEST_KEY = 200
LARGEST_ANSWER = 1_000_000
WAIT_SECONDS = 20.0
HEADERS_KEPT = ("content-type", "location", "content-disposition", "etag")
FIELD = "idempotency_key"
NOTED = "woshou_repeat"
WRITERS = 12
"""Writes in hand at once in a process; well under the threads there are."""
SENDERS = 6
"""Requests that send files in hand at once: they take long, and nobody else is to wait for them."""


class Replayed(Exception):
    """The request was done before; this is what was answered."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__("replayed")
        self.status, self.headers, self.body = status, headers, body


def note_key(request: Request, form: dict[str, list[str]], ctx: Context, installation: Installation) -> None:
    """Write the request's key into the transaction. Raises Replayed, Invalid or Conflict when it was used before."""
    header = request.headers.get("idempotency-key")
    typed = (form.get(FIELD) or [""])[0]
    if not (header or typed):
        return
    if len(header or typed) > LONGEST_KEY:
        raise Invalid({FIELD: f"幂等键不能超过 {LONGEST_KEY} 个字符"})
    digest = _digest(request, form)
    # a form that was changed and sent again is a new wish; a program's key stands for one wish only
    key = header or f"{typed}:{digest[:16]}"
    owner = f"account {ctx.actor.account_id}"
    row = IdempotentRequest(
        owner=owner,
        key=key,
        request_digest=digest,
        headers={},
        created_at=ctx.now,
        expires_at=ctx.now + KEPT,
    )
    ctx.session.add(row)
    try:
        ctx.session.flush()
    except IntegrityError:
        ctx.session.rollback()
        _replay(installation, owner, key, digest)
    request.scope["state"][NOTED] = row.id


def _digest(request: Request, form: dict[str, list[str]]) -> str:
    """SHA-256 over method, address and what was sent, the token against forgery and the key left out."""
    said: list[Any] = [request.method, request.url.path]
    if form:
        said.append({name: value for name, value in sorted(form.items()) if name not in ("csrf_token", FIELD)})
        said.append(getattr(request.state, "file_digests", []))
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    said.append(getattr(request.state, "file_digests", []))
    body = getattr(request, "_body", b"")
    return hashlib.sha256(json.dumps(said).encode() + body).hexdigest()


def _replay(installation: Installation, owner: str, key: str, digest: str) -> None:
    """Wait for the answer that was given under the key, and give it again."""
    query = select(IdempotentRequest).where(IdempotentRequest.owner == owner, IdempotentRequest.key == key)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with installation.session(reads=True) as session:
            found = session.scalar(query)
        if found is None:
            raise Conflict("刚才同样的请求没有办成，请再试一次。")
        if found.request_digest != digest:
            raise Invalid({FIELD: "这个幂等键已用于另一个请求，请换一个"}, "这个幂等键已用于另一个请求，请换一个。")
        if found.status is not None:
            raise Replayed(found.status, dict(found.headers), found.body or b"")
        if time.monotonic() > deadline:
            raise Conflict("这个请求已经办过，请刷新页面查看结果。")
        time.sleep(0.02)


class Answers:
    """Keeps the answer to a request whose key was written, before the browser or program gets it.

    Writes queue here, before they take a thread: writers that wait for the database in all threads of the process
    would leave none for the one they wait for to finish. Repeats of one key come in one after the other.
    """

    def __init__(self, app: ASGIApp, *, installation: Installation) -> None:
        self._app = app
        self._installation = installation
        self._writers = CapacityLimiter(WRITERS)
        self._senders = CapacityLimiter(SENDERS)
        self._turns: WeakValueDictionary[tuple[str, ...], Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        async with self._turn(scope), self._senders if takes_files(scope["method"], scope["path"]) else self._writers:
            await self._write(scope, receive, send)

    def _turn(self, scope: Scope) -> Lock:
        """What repeats of one request wait for; a request without a key waits for nobody."""
        headers = Headers(scope=scope)
        key = headers.get("idempotency-key")
        if key is None:
            return Lock()
        who = (headers.get("authorization", ""), headers.get("cookie", ""), key)
        turn = self._turns.get(who)
        if turn is None:
            turn = self._turns[who] = Lock()
        return turn

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        held: list[Message] = []

        async def hold(message: Message) -> None:
            if NOTED not in scope["state"]:
                await send(message)
                return
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                await to_thread.run_sync(self._keep, scope["state"][NOTED], held)
                for one in held:
                    await send(one)

        await self._app(scope, receive, hold)

    def _keep(self, row_id: int, held: list[Message]) -> None:
        start = held[0]
        body = b"".join(message.get("body", b"") for message in held[1:])
        if start["status"] >= 400 or len(body) > LARGEST_ANSWER:
            return
        headers = {name.decode(): value.decode() for name, value in start["headers"] if name.decode() in HEADERS_KEPT}
        with self._installation.session() as session:
            session.execute(
                update(IdempotentRequest)
                .where(IdempotentRequest.id == row_id)
                .values(status=start["status"], headers=headers, body=body)
            )
            session.commit()
