"""How often somebody may ask: by account, or by address while nobody is signed in. Counted in this process's memory."""

from __future__ import annotations

import time

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.config import Settings
from service.context import Context
from service.errors import TooMany
from service.links import is_open_link
from service.policy import Gate
from service.security import digest

SIGNING_IN = frozenset({"/login", "/login/second-factor", "/forgot", "/reset", "/join/{token}", "/setup"})
"""Where a write is somebody proving who they are."""
LINKS = "/i/{token}"
"""Where a personal link stands for an account."""
DOWNLOADS = frozenset({"/attachments/{attachment_id:int}", "/api/v1/attachments/{attachment_id:int}/content"})
"""Where a file is handed out."""
ONCE = RateLimitItemPerMinute(1)
"""How often the log is told of one asker, so that nobody fills it by asking on."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Pace:
    """Counts requests of the last minute, one kind apart from the other."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._most = {
            "reads": settings.reads_per_minute,
            "writes": settings.writes_per_minute,
            "exports": settings.exports_per_minute,
            "sign-ins": settings.sign_ins_per_minute,
        }

    def check(self, request: Request, ctx: Context, gate: Gate) -> None:
        """Raises TooMany when the asker has asked too often within a minute."""
        kind, who = _kind(request, gate), f"address {ctx.address}"
        if gate.path.startswith(LINKS):
            kind, who = _by_link(request, ctx, kind, who)
        elif ctx.actor.account_id is not None and kind != "sign-ins":
            who = f"account {ctx.actor.account_id}"
        most = self._most[kind]
        if not most:
            return
        item = RateLimitItemPerMinute(most)
        if not self._limiter.hit(item, kind, who):
            if self._limiter.hit(ONCE, "told", kind, who):
                ctx.refused("throttle", kind=kind)
            again_at = self._limiter.get_window_stats(item, kind, who).reset_time
            raise TooMany("操作太频繁了，请稍等片刻再试；您填写的内容没有丢失。", max(1, round(again_at - time.time())))


def _by_link(request: Request, ctx: Context, kind: str, who: str) -> tuple[str, str]:
    """Who opens their own link counts alone, for a whole hall may share one address; who guesses signs in."""
    token = str(request.path_params.get("token", ""))
    return (kind, f"link {digest(token)}") if is_open_link(ctx, token) else ("sign-ins", who)


def _kind(request: Request, gate: Gate) -> str:
    if request.method not in SAFE_METHODS:
        return "sign-ins" if gate.path in SIGNING_IN else "writes"
    return "exports" if gate.path.endswith(".{form}") or gate.path in DOWNLOADS else "reads"
