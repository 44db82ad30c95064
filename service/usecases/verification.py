"""Short codes that prove an address: sent by mail, or made by an administrator and handed over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from sqlalchemy import func, select, update

from models import Account, CodePurpose, SignInMethod, VerificationCode
from service import mail
from service.commands import Command
from service.context import Context
from service.errors import Conflict, Invalid
from service.security import hash_password, password_matches
from service.usecases.account_fields import Code, Email, Password, TypedPassword, folded_email
from service.usecases.accounts import kept_account, unlock_account_of
from service.usecases.passwords import check_current, set_password
from service.usecases.sessions import end_sessions, open_session
from service.usecases.sign_in import may_enter

LIFE = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES = 5
"""Codes for one account within an hour."""
WRONG_CODE = "验证码不正确或已过期，请核对，或重新获取"


class AskForReset(Command):
    """Input of a forgotten password: where the code goes."""

    email: Annotated[str, Field(min_length=1, max_length=200, title="邮箱", description="您登录用的邮箱")]


class ResetPassword(Command):
    """Input of a new password with a code."""

    email: Annotated[str, Field(min_length=1, max_length=200, title="邮箱")]
    code: Code
    password: Password


class ProveEmail(Command):
    """Input of a code that proves one's address."""

    code: Code


class ChangeEmail(Command):
    """Input of another address for oneself."""

    email: Email
    current: TypedPassword

    _check_email = field_validator("email")(folded_email)


@dataclass(frozen=True)
class HandedOver:
    """A code an administrator made, to be told to its owner."""

    account: Account
    code: str


def ask_for_reset(ctx: Context, command: AskForReset) -> None:
    """Mail a code when the address belongs to somebody. It says nothing and takes as long when it does not."""
    account = ctx.session.scalar(select(Account).where(Account.email == command.email.strip().lower()))
    if account is None or not may_enter(account) or _too_many(ctx, account):
        hash_password(secrets.token_urlsafe(8))
        return
    code = _new_code(ctx, account, CodePurpose.RESET_PASSWORD, account.email)
    text = f"您正在重设“握手”的登录密码，验证码是 {code}，10 分钟内有效。如果不是您本人操作，请不要理会，密码不会改变。"
    mail.post(ctx, account.email, "握手：重设密码的验证码", text)


def hand_over_code(ctx: Context, account_id: int) -> HandedOver:
    """Make a code with which somebody sets a new password, to be told to them face to face or by telephone."""
    account = kept_account(ctx, account_id)
    if account.id == ctx.actor.account_id:
        raise Conflict("不能给自己发验证码，请在“我的账号”修改密码。")
    if not may_enter(account):
        raise Conflict("这个账号已停用或还未确认，不能重设密码。")
    code = _new_code(ctx, account, CodePurpose.RESET_PASSWORD, account.email)
    ctx.audit("hand_over_code", account)
    return HandedOver(account, code)


def reset_password(ctx: Context, command: ResetPassword) -> tuple[Account, str]:
    """Set a new password with a code; ends all sessions, lifts the lock, gives the cookie of a new session."""
    account = ctx.session.scalar(select(Account).where(Account.email == command.email.strip().lower()))
    if account is not None and not may_enter(account):
        account = None
    _use_code(ctx, account, CodePurpose.RESET_PASSWORD, command.code)
    if account is None:
        raise Invalid({"code": WRONG_CODE})
    set_password(ctx, account, command.password)
    end_sessions(ctx, account)
    unlock_account_of(ctx, account)
    ctx.audit("reset_password", account)
    return account, open_session(ctx, account, SignInMethod.RESET)


def ask_for_proof(ctx: Context) -> None:
    """Mail a code to one's own address to prove it."""
    account = _own(ctx)
    _limit(ctx, account)
    code = _new_code(ctx, account, CodePurpose.VERIFY_EMAIL, account.email)
    mail.post(ctx, account.email, "握手：验证邮箱", f"您的验证码是 {code}，10 分钟内有效。")
    ctx.audit("ask_for_code", account)


def prove_email(ctx: Context, command: ProveEmail) -> Account:
    """Take the code that proves one's own address, the present one or the new one asked for."""
    account = _own(ctx)
    purposes = (CodePurpose.VERIFY_EMAIL, CodePurpose.CHANGE_EMAIL)
    used = _use_code(ctx, account, purposes, command.code)
    if used.purpose is CodePurpose.CHANGE_EMAIL:
        if ctx.session.scalar(select(func.count()).where(Account.email == used.target)):
            raise Conflict("这个邮箱已有账号，没有更换。")
        before, account.email = account.email, used.target
        text = "您在“握手”的登录邮箱刚刚更换，这个邮箱不再能登录。如果不是您本人操作，请马上联系管理员。"
        mail.post(ctx, before, "握手：登录邮箱已更换", text)
    account.email_verified_at = ctx.now
    ctx.touch(account)
    ctx.audit("prove_email", account)
    return account


def ask_for_email_change(ctx: Context, command: ChangeEmail) -> None:
    """Mail a code to the new address; the old one stays until it is proven."""
    account = _own(ctx)
    check_current(ctx, account, command.current, field="current")
    if not mail.mail_is_on(ctx.settings):
        raise Conflict("本系统没有配置发信，请联系管理员更换邮箱。")
    _limit(ctx, account)
    code = _new_code(ctx, account, CodePurpose.CHANGE_EMAIL, command.email)
    text = f"您要把它用作“握手”的登录邮箱，验证码是 {code}，10 分钟内有效。如果不是您本人操作，请不要理会。"
    mail.post(ctx, command.email, "握手：更换登录邮箱", text)
    ctx.audit("ask_for_code", account)


def _own(ctx: Context) -> Account:
    ctx.demand("keep_own_account")
    return ctx.find(Account, ctx.actor.account_id or 0)


def _limit(ctx: Context, account: Account) -> None:
    if _too_many(ctx, account):
        raise Conflict("验证码要得太多了，请一小时后再来。")


def _too_many(ctx: Context, account: Account) -> bool:
    lately = select(func.count(VerificationCode.id)).where(
        VerificationCode.account_id == account.id, VerificationCode.created_at > ctx.now - timedelta(hours=1)
    )
    return (ctx.session.scalar(lately) or 0) >= MOST_CODES


def _new_code(ctx: Context, account: Account, purpose: CodePurpose, target: str) -> str:
    """A new code; the earlier ones for the same purpose are worth nothing any more."""
    earlier = (VerificationCode.account_id == account.id) & (VerificationCode.purpose == purpose)
    ctx.session.execute(
        update(VerificationCode).where(earlier, VerificationCode.used_at.is_(None)).values(expires_at=ctx.now)
    )
    code = f"{secrets.randbelow(10**6):06d}"
    ctx.add(
        VerificationCode(
            account_id=account.id,
            purpose=purpose,
            target=target,
            code_digest=hash_password(code),
            created_at=ctx.now,
            expires_at=ctx.now + LIFE,
        )
    )
    return code


def _use_code(
    ctx: Context, account: Account | None, purposes: CodePurpose | tuple[CodePurpose, ...], typed: str
) -> VerificationCode:
    """The code, used up. Raises Invalid unless it is right; each try is counted before it is looked at."""
    wanted = purposes if isinstance(purposes, tuple) else (purposes,)
    latest = (
        select(VerificationCode)
        .where(
            VerificationCode.account_id == (account.id if account is not None else 0),
            VerificationCode.purpose.in_(wanted),
            VerificationCode.used_at.is_(None),
            VerificationCode.expires_at > ctx.now,
            VerificationCode.attempts < MOST_TRIES,
        )
        .order_by(VerificationCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    found = ctx.session.scalar(latest)
    if found is not None:
        found.attempts += 1
        ctx.keep()
    if not password_matches(found.code_digest if found is not None else None, typed.strip()) or found is None:
        ctx.refused("use_code", account)
        raise Invalid({"code": WRONG_CODE})
    found.used_at = ctx.now
    return found
