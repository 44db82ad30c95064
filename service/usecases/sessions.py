"""Signed-in browsers: opened, ended one by one or all at once, and the devices they are known on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from models import Account, KnownDevice, SignInMethod, SignInSession
from service.context import Actor, Context
from service.errors import NotFound
from service.security import digest, new_handle, new_token

DEVICE_DAYS = 180


def open_session(
    ctx: Context, account: Account, method: SignInMethod = SignInMethod.PASSWORD, *, second_factor: bool = False
) -> str:
    """A fresh session for the account; gives the cookie's value, of which only a digest is kept.

    ``second_factor`` says that one was shown; without it an account that has one has only half a session.
    """
    token = new_token()
    ctx.session.add(
        SignInSession(
            token_digest=digest(token),
            handle=new_handle(),
            account_id=account.id,
            method=method,
            address=ctx.address,
            user_agent=ctx.user_agent,
            csrf_token=new_token(),
            created_at=ctx.now,
            last_seen_at=ctx.now,
            second_factor_at=ctx.now if second_factor else None,
            expires_at=ctx.now + timedelta(hours=ctx.settings.session_hours),
        )
    )
    ctx.actor = Actor(account_id=account.id, name=account.name, email=account.email, role=account.role)
    ctx.audit("sign_in", account, method=method.value)
    return token


def session_of(ctx: Context, cookie: str) -> SignInSession | None:
    """The session a cookie stands for, whatever its state; None when there is none."""
    return ctx.session.get(SignInSession, digest(cookie))


def sign_out(ctx: Context, cookie: str) -> None:
    """End the session at once."""
    session = session_of(ctx, cookie)
    if session is not None:
        ctx.session.delete(session)
        ctx.audit("sign_out")


def end_sessions(ctx: Context, account: Account, *, but: str | None = None) -> None:
    """End all sessions of an account, except the one with the cookie ``but``."""
    ended = delete(SignInSession).where(SignInSession.account_id == account.id)
    if but is not None:
        ended = ended.where(SignInSession.token_digest != digest(but))
    ctx.session.execute(ended)


def end_other_sessions(ctx: Context, cookie: str) -> None:
    """End all of one's own sessions but this one."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    end_sessions(ctx, account, but=cookie)
    ctx.audit("end_sessions", account)


def end_session(ctx: Context, handle: str) -> None:
    """End one of one's own sessions, wherever it is. Raises NotFound for somebody else's."""
    ctx.demand("keep_own_account")
    mine = (SignInSession.handle == handle) & (SignInSession.account_id == ctx.actor.account_id)
    session = ctx.session.scalar(select(SignInSession).where(mine))
    if session is None:
        raise NotFound("没有这个登录，可能已经退出。")
    ctx.session.delete(session)
    ctx.audit("end_sessions", ctx.find(Account, ctx.actor.account_id or 0))


def known_device(ctx: Context, account_id: int | None, cookie: str) -> KnownDevice | None:
    """The device a cookie stands for, if the account signed in there before."""
    if not cookie or account_id is None:
        return None
    return ctx.session.scalar(
        select(KnownDevice).where(
            KnownDevice.token_digest == digest(cookie),
            KnownDevice.account_id == account_id,
            KnownDevice.expires_at > ctx.now,
        )
    )


def remember_device(ctx: Context, account: Account, cookie: str) -> str:
    """Know this browser from now on; gives its cookie, a new one each time."""
    device = known_device(ctx, account.id, cookie)
    token = new_token()
    if device is None:
        device = KnownDevice(account_id=account.id, created_at=ctx.now)
        ctx.session.add(device)
    device.token_digest = digest(token)
    device.user_agent = ctx.user_agent
    device.last_used_at = ctx.now
    device.expires_at = ctx.now + timedelta(days=DEVICE_DAYS)
    ctx.flush()
    return token


def forget_device(ctx: Context, device_id: int) -> None:
    """Know one of one's own devices no longer. Raises NotFound for somebody else's."""
    ctx.demand("keep_own_account")
    device = ctx.session.get(KnownDevice, device_id)
    if device is None or device.account_id != ctx.actor.account_id:
        raise NotFound("没有这台常用设备，可能已经移除。")
    ctx.session.delete(device)
    ctx.audit("forget_device", ctx.find(Account, device.account_id))
