"""A second factor: time-based codes (RFC 6238) with recovery codes for the day the phone is gone."""

from __future__ import annotations

import secrets
from typing import Annotated

import pyotp
import segno
from pydantic import Field
from sqlalchemy import delete, select

from models import Account, RecoveryCode, SignInSession
from service.commands import Command
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.security import hash_password, password_matches
from service.usecases.account_fields import TypedPassword
from service.usecases.lockout import account_key, forgive, reserve_attempt
from service.usecases.passwords import check_current
from service.usecases.sessions import end_sessions, open_session, session_of

STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
WRONG_CODE = "验证码不正确或已经用过，请等手机上换下一个再试"


class ShowCode(Command):
    """Input of a second factor: a code of the app, or a recovery code."""

    code: Annotated[
        str, Field(min_length=1, max_length=40, title="动态口令", description="手机上显示的 6 位数字，或一个恢复码")
    ]


class StopSecondFactor(Command):
    """Input of switching one's own second factor off."""

    current: TypedPassword
    code: Annotated[str, Field(min_length=1, max_length=40, title="动态口令", description="6 位数字，或一个恢复码")]


def begin_second_factor(ctx: Context) -> Account:
    """Make a secret for one's own account, to be confirmed by a code. Raises Illegal when one is in use."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    if account.totp_confirmed_at is not None:
        raise Illegal("动态口令已经启用，要换手机请先停用再重新启用。")
    account.totp_secret = pyotp.random_base32()
    ctx.touch(account)
    ctx.audit("begin_second_factor", account)
    return account


def confirm_second_factor(ctx: Context, command: ShowCode, cookie: str) -> tuple[list[str], str]:
    """Put the secret in use; gives the recovery codes, shown once, and the cookie of a fresh session."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    if account.totp_secret is None or account.totp_confirmed_at is not None:
        raise Conflict("请先扫描二维码，再输入手机上的动态口令。")
    check_code(ctx, account, command.code)
    account.totp_confirmed_at = ctx.now
    codes = _new_codes(ctx, account)
    session = _session(ctx, cookie)
    end_sessions(ctx, account)
    ctx.audit("confirm_second_factor", account)
    return codes, open_session(ctx, account, session.method, second_factor=True)


def show_second_factor(ctx: Context, command: ShowCode, cookie: str) -> tuple[Account, str]:
    """The second step of a sign-in: gives the account and the cookie of a whole session, the half one is gone."""
    half = _session(ctx, cookie)
    account = ctx.find(Account, half.account_id)
    check_code(ctx, account, command.code, recovery=True)
    ctx.session.delete(half)
    ctx.flush()
    return account, open_session(ctx, account, half.method, second_factor=True)


def stop_second_factor(ctx: Context, command: StopSecondFactor) -> None:
    """Switch one's own second factor off. Raises Forbidden where the role has to have one."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    if must_have_second_factor(ctx, account):
        raise Forbidden(f"{account.role.label}必须使用动态口令，不能停用。")
    check_current(ctx, account, command.current, field="current")
    check_code(ctx, account, command.code, recovery=True)
    _drop(ctx, account)
    ctx.audit("stop_second_factor", account)


def renew_recovery_codes(ctx: Context, command: StopSecondFactor) -> list[str]:
    """A new set of one's own recovery codes, shown once; the old ones are worth nothing any more."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    check_current(ctx, account, command.current, field="current")
    check_code(ctx, account, command.code, recovery=True)
    ctx.audit("renew_recovery_codes", account)
    return _new_codes(ctx, account)


def reset_second_factor(ctx: Context, account_id: int) -> Account:
    """Take a lost second factor from somebody else's account and end its sessions; not from one's own."""
    account = ctx.require(Account, account_id, may="reset_second_factor")
    if account.id == ctx.actor.account_id:
        raise Conflict("不能重置自己的动态口令，请在“我的账号”用恢复码停用。")
    _drop(ctx, account)
    end_sessions(ctx, account)
    ctx.audit("reset_second_factor", account)
    return account


def must_have_second_factor(ctx: Context, account: Account) -> bool:
    """Whether this installation asks the account's role for a second factor."""
    return account.role.value in ctx.settings.roles_with_second_factor


def secret_to_scan(ctx: Context, account: Account) -> tuple[str, str]:
    """The secret in groups of four, and as a QR code (inline SVG) for an authenticator app."""
    secret = account.totp_secret or ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=f"握手 {ctx.settings.region_name}")
    picture = segno.make(uri, error="m", micro=False).svg_inline(scale=5, border=2, lineclass=None, svgclass="qr")
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), picture


def _session(ctx: Context, cookie: str) -> SignInSession:
    session = session_of(ctx, cookie)
    if session is None:
        raise Forbidden("登录已经结束，请重新登录。")
    return session


def check_code(ctx: Context, account: Account, code: str, *, recovery: bool = False) -> None:
    """Raises Invalid unless it is a fresh code of the account; attempts are counted before they are looked at."""
    key = account_key(f"factor:{account.id}")
    allowed = reserve_attempt(ctx, key, None)
    ctx.keep()
    if not allowed:
        raise Invalid({"code": "试得太多了，请过一会儿再来"})
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    if not (_take_step(ctx, account, typed) or (recovery and _take_recovery_code(ctx, account, typed))):
        ctx.refused("second_factor", account)
        raise Invalid({"code": WRONG_CODE})
    forgive(ctx, key, None)


def _take_step(ctx: Context, account: Account, typed: str) -> bool:
    """Whether the code is that of this time step or a neighbour, and newer than the last one used."""
    if account.totp_secret is None or not (typed.isascii() and typed.isdigit()):
        return False
    now = int(ctx.now.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(account.totp_secret)
    for step in (now - 1, now, now + 1):
        if secrets.compare_digest(codes.generate_otp(step), typed):
            if account.totp_last_step is not None and step <= account.totp_last_step:
                return False
            account.totp_last_step = step
            ctx.flush()
            return True
    return False


def _take_recovery_code(ctx: Context, account: Account, typed: str) -> bool:
    unused = select(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    for one in ctx.session.scalars(unused.with_for_update()).all():
        if password_matches(one.digest, typed):
            one.used_at = ctx.now
            ctx.audit("use_recovery_code", account)
            return True
    return False


def _new_codes(ctx: Context, account: Account) -> list[str]:
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    ctx.session.add_all(RecoveryCode(account_id=account.id, digest=hash_password(code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _drop(ctx: Context, account: Account) -> None:
    account.totp_secret = account.totp_confirmed_at = None
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    ctx.touch(account)
