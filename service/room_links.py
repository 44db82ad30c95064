"""Links for the room of an event, which need no account: a table's page for its host, and the screen on the wall."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from models import HandshakeEvent, HandshakeEventState, Role
from service.context import Actor, Context
from service.errors import NotFound
from service.keys import key_of
from service.links import GONE, TOKEN_LENGTH
from service.security import same

TABLE, WALL = "table", "wall"
OPEN = frozenset({HandshakeEventState.SCHEDULED, HandshakeEventState.HELD})
LASTS = {TABLE: timedelta(days=3), WALL: timedelta(days=1)}
"""How long after the event's end a link opens anything."""


def table_link(ctx: Context, event: HandshakeEvent, number: int) -> str:
    """The page of a table's host, as a path."""
    return f"/t/{_token(ctx, TABLE, event.id, number)}"


def wall_link(ctx: Context, event: HandshakeEvent) -> str:
    """The screen on the wall, as a path that opens without an account."""
    return f"/w/{_token(ctx, WALL, event.id, 0)}"


def table_of_link(ctx: Context, token: str) -> tuple[HandshakeEvent, int]:
    """Which table of which event a host's link is for, and let the request act for its host. Raises NotFound."""
    event, number = _opened(ctx, TABLE, token)
    ctx.actor = host_of(event, f"{number} 号桌主持")
    return event, number


def event_of_wall(ctx: Context, token: str) -> HandshakeEvent:
    """Which event a wall's link is for. Raises NotFound."""
    event, _ = _opened(ctx, WALL, token)
    ctx.actor = host_of(event, "现场大屏")
    return event


def host_of(event: HandshakeEvent, name: str) -> Actor:
    """Somebody who acts for the event's organizer without an account; only addresses under /t/ and /w/ let them in."""
    return Actor(
        name=name,
        role=Role.ORGANIZER,
        organization_id=event.organizer_id,
        region_code=event.region_code,
        is_demo=event.is_demo,
    )


def _token(ctx: Context, kind: str, event_id: int, number: int) -> str:
    key = key_of(ctx.settings, "room links")
    mark = hmac.new(key, f"{kind}:{event_id}:{number}".encode(), hashlib.sha256).digest()
    return f"{event_id}.{number}.{base64.urlsafe_b64encode(mark).decode()[:TOKEN_LENGTH]}"


def _opened(ctx: Context, kind: str, token: str) -> tuple[HandshakeEvent, int]:
    first, _, rest = token.partition(".")
    second = rest.partition(".")[0]
    if not all(one.isascii() and one.isdigit() and len(one) < 16 for one in (first, second)):
        raise NotFound(GONE)
    event_id, number = int(first), int(second)
    if not same(token, _token(ctx, kind, event_id, number)):
        raise NotFound(GONE)
    event = ctx.session.get(HandshakeEvent, event_id)
    if event is None or event.state not in OPEN or ctx.now > event.ends_at + LASTS[kind]:
        raise NotFound(GONE)
    return event, number
