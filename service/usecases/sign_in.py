"""Sign in with a password, in two steps where a second factor is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Account, KnownDevice, SignInMethod
from service.commands import Command
from service.context import Context
from service.errors import Forbidden, Invalid
from service.security import hash_password, is_outdated, password_matches
from service.usecases.account_fields import Password
from service.usecases.lockout import account_key, forgive, reserve_attempt
from service.usecases.sessions import known_device, open_session

REFUSED = (
    "邮箱或密码不正确，请检查后重试。连续多次不成功，陌生设备会暂停一段时间；"
    "您的常用设备不受影响，也可以用“忘记密码”解除。"
)
"""The one answer to every sign-in that fails, whatever the reason, so that it tells nothing."""


class SignIn(Command):
    """Input of a sign-in."""

    email: Annotated[str, Field(max_length=200, title="邮箱")]
    password: Password


@dataclass(frozen=True)
class Attempt:
    """A sign-in that was counted and may go on, unless ``allowed`` is False; the account if there is one."""

    key: str
    account: Account | None
    device: KnownDevice | None
    allowed: bool


def begin_sign_in(ctx: Context, command: SignIn, device_cookie: str) -> Attempt:
    """Count the attempt. The door commits it before ``sign_in`` looks at the password."""
    email = command.email.strip().lower()
    account = ctx.session.scalar(select(Account).where(Account.email == email))
    device = known_device(ctx, account.id if account is not None else None, device_cookie)
    key = account_key(email)
    return Attempt(key, account, device, reserve_attempt(ctx, key, device))


def sign_in(ctx: Context, command: SignIn, attempt: Attempt) -> str:
    """Open a session and give its cookie. Raises Invalid with the one answer to whatever is wrong.

    The password is looked at once in every case, so that all answers take as long.
    """
    account = attempt.account
    matches = password_matches(account.password_hash if account is not None else None, command.password)
    if account is None or not (matches and attempt.allowed and may_enter(account)):
        ctx.refused("sign_in", account, locked=not attempt.allowed)
        raise Invalid({"password": REFUSED})
    forgive(ctx, attempt.key, attempt.device)
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(command.password)
    return open_session(ctx, account)


def may_enter(account: Account) -> bool:
    """Whether the account may be signed in to at all: switched on, confirmed, not erased."""
    return account.is_active and not account.awaits_approval and account.erased_at is None


def enter_demo(ctx: Context, account_id: int) -> str:
    """Open a session of a 示例 account without a password; only in demo mode, and the door checks for loopback."""
    account = ctx.find(Account, account_id)
    if not (ctx.settings.demo and account.is_demo):
        raise Forbidden("只有示例模式下的示例账号可以直接进入。")
    return open_session(ctx, account, SignInMethod.DEMO)
