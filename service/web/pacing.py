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
from service.policy import Gate

SIGNING_IN = frozenset({"/login", "/login/second-factor", "/forgot", "/reset", "/join/{token}", "/setup"})
"""Where a write is somebody proving who they are."""
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
        kind = _kind(request, gate)
        most = self._most[kind]
        if not most:
            return
        by_account = ctx.actor.account_id is not None and kind != "sign-ins"
        who = f"account {ctx.actor.account_id}" if by_account else f"address {ctx.address}"
        item = RateLimitItemPerMinute(most)
        if not self._limiter.hit(item, kind, who):
            if self._limiter.hit(ONCE, "told", kind, who):
                ctx.refused("throttle", kind=kind)
            again_at = self._limiter.get_window_stats(item, kind, who).reset_time
            raise TooMany("操作太频繁了，请稍等片刻再试；您填写的内容没有丢失。", max(1, round(again_at - time.time())))


def _kind(request: Request, gate: Gate) -> str:
    if request.method not in SAFE_METHODS:
        return "sign-ins" if gate.path in SIGNING_IN else "writes"
    return "exports" if gate.path.endswith(".{form}") or gate.path in DOWNLOADS else "reads"
