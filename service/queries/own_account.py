"""What somebody sees of their own account: where they are signed in, on which devices they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from models import Account, KnownDevice, RecoveryCode, SignInMethod, SignInSession
from service.context import Context
from service.security import digest

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("QQBrowser", "QQ 浏览器"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    """One browser somebody is signed in with; ``is_this`` is the one that asks."""

    handle: str
    browser: str
    address: str
    method: SignInMethod
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class Device:
    """One browser an account is known on."""

    id: int
    browser: str
    last_used_at: datetime


@dataclass(frozen=True)
class SecondFactor:
    """Whether one's second factor is in use, being set up, or neither, and how many recovery codes are left."""

    confirmed_at: datetime | None
    codes_left: int


def browser_in_words(user_agent: str) -> str:
    """The browser and the system as people call them."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or "未知浏览器"


def own_sessions(ctx: Context, cookie: str) -> Sequence[OpenSession]:
    """One's own sessions that have not ended, the latest seen first."""
    idle_since = ctx.now - timedelta(minutes=ctx.settings.idle_minutes)
    rows = ctx.session.execute(
        select(
            SignInSession.handle,
            SignInSession.user_agent,
            SignInSession.address,
            SignInSession.method,
            SignInSession.created_at,
            SignInSession.last_seen_at,
            SignInSession.token_digest,
        )
        .where(
            SignInSession.account_id == ctx.actor.account_id,
            SignInSession.expires_at > ctx.now,
            SignInSession.last_seen_at > idle_since,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.handle)
    )
    here = digest(cookie)
    return [
        OpenSession(handle, browser_in_words(agent), address, method, created, seen, token == here)
        for handle, agent, address, method, created, seen, token in rows
    ]


def own_devices(ctx: Context) -> Sequence[Device]:
    """The devices one is known on, the latest used first."""
    rows = ctx.session.execute(
        select(KnownDevice.id, KnownDevice.user_agent, KnownDevice.last_used_at)
        .where(KnownDevice.account_id == ctx.actor.account_id, KnownDevice.expires_at > ctx.now)
        .order_by(KnownDevice.last_used_at.desc(), KnownDevice.id)
    )
    return [Device(number, browser_in_words(agent), used) for number, agent, used in rows]


def own_second_factor(ctx: Context) -> SecondFactor:
    """The state of one's own second factor."""
    confirmed = ctx.session.scalar(select(Account.totp_confirmed_at).where(Account.id == ctx.actor.account_id))
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == ctx.actor.account_id, RecoveryCode.used_at.is_(None)
    )
    return SecondFactor(confirmed, ctx.session.scalar(left) or 0)
