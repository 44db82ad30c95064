"""Prove again, in a session that is open, that it is still the same person; before others' personal data goes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from pydantic import Field

from models import Account, SignInMethod
from models.account import NO_PASSWORD
from service.commands import Command
from service.context import Context
from service.errors import Forbidden, Invalid, StepOwed
from service.usecases.passwords import check_current
from service.usecases.second_factor import check_code
from service.usecases.sessions import session_of

LASTS = timedelta(minutes=10)
"""How long a proof is good for; signing in counts as one."""


class ConfirmIdentity(Command):
    """Input of a second proof: the password, or a code of the second factor where one is in use."""

    current: Annotated[str, Field(max_length=1000, title="现在的密码", json_schema_extra={"widget": "password"})] = ""
    code: Annotated[str, Field(max_length=40, title="动态口令", description="没有密码的，填手机上的 6 位数字")] = ""


def demand_fresh_proof(ctx: Context, cookie: str, back: str) -> None:
    """Raises StepOwed unless the person proved lately that it is them; Forbidden for programs, who cannot.

    ``back`` is the page to go on to. In 示例 mode nobody has a password to show.
    """
    session = session_of(ctx, cookie) if cookie else None
    if session is None:
        raise Forbidden("导出他人的个人信息须由本人在网页上登录后进行，接口令牌不能代办。")
    proofs = [session.created_at, session.second_factor_at, session.confirmed_at]
    latest = max(moment for moment in proofs if moment is not None)
    if session.method is not SignInMethod.DEMO and latest < ctx.now - LASTS:
        raise StepOwed("导出他人的个人信息前，请再验证一次身份。", f"/account/confirm?back={quote(back, safe='/')}")


def confirm_identity(ctx: Context, command: ConfirmIdentity, cookie: str) -> None:
    """Note that the person proved again that it is them. Raises Invalid at the field that is wrong."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    session = session_of(ctx, cookie)
    if session is None:
        raise Forbidden("登录已经结束，请重新登录。")
    if command.code and account.totp_confirmed_at is not None:
        check_code(ctx, account, command.code)
    elif account.password_hash == NO_PASSWORD:
        raise Invalid({"code": "这个账号没有密码；请填动态口令，或退出后重新登录"})
    else:
        check_current(ctx, account, command.current, field="current")
    session.confirmed_at = ctx.now
    ctx.audit("confirm_identity", account)
