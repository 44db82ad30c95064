"""Failed sign-ins: counted before the password is looked at, and turned against strangers, never against the owner.

After OWASP's device-cookie protocol: failures of a browser that an account is known on are counted for that browser
alone; failures of all other browsers together. So whoever guesses from elsewhere locks themselves out and leaves the
owner's own browser alone.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, text

from models import KnownDevice, SignInFailure
from service.context import Context
from service.security import digest

ADDRESS_FAILURES = 10
"""Failures from one address, whatever the account, before strangers there have to wait (password spraying)."""


def account_key(name: str) -> str:
    """What stands for an account in the count, whether there is one of that name or not."""
    return digest(f"account:{name}")


def reserve_attempt(ctx: Context, key: str, device: KnownDevice | None) -> bool:
    """Count an attempt as failed before it is made; False when no more may be made now.

    The door commits before the password is looked at, so that a hundred attempts at once are a hundred attempts.
    ``forgive`` takes back what turned out right.
    """
    if ctx.session.get_bind().dialect.name == "postgresql":
        lock = int(digest(key)[:15], 16)
        ctx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
    if is_locked(ctx, key, device):
        return False
    ctx.session.add(
        SignInFailure(
            account_key=key, device_id=device.id if device is not None else None, address=ctx.address, at=ctx.now
        )
    )
    ctx.flush()
    return True


def is_locked(ctx: Context, key: str, device: KnownDevice | None) -> bool:
    """Whether attempts on the account from here have to wait."""
    if _failures(ctx, (SignInFailure.account_key == key) & _from(device)) >= ctx.settings.lock_failures:
        return True
    if device is not None or not ctx.address:
        return False
    stranger = SignInFailure.device_id.is_(None)
    return _failures(ctx, (SignInFailure.address == ctx.address) & stranger) >= ADDRESS_FAILURES


def forgive(ctx: Context, key: str, device: KnownDevice | None) -> None:
    """Forget the failures of this browser, or of all strangers, after a success of theirs."""
    ctx.session.execute(delete(SignInFailure).where(SignInFailure.account_key == key, _from(device)))


def _from(device: KnownDevice | None) -> ColumnElement[bool]:
    return SignInFailure.device_id.is_(None) if device is None else SignInFailure.device_id == device.id


def _failures(ctx: Context, which: ColumnElement[bool]) -> int:
    since = ctx.now - timedelta(minutes=ctx.settings.lock_minutes)
    counted = select(func.count(SignInFailure.id)).where(which, SignInFailure.at > since)
    return ctx.session.scalar(counted) or 0
