"""Set and change passwords."""

from __future__ import annotations

from sqlalchemy import delete, select

from models import Account, UsedPassword
from service.commands import Command
from service.context import Context
from service.errors import Invalid
from service.passwords import USED_BEFORE
from service.security import hash_password, password_matches
from service.usecases.account_fields import Password, TypedPassword, check_password, words_about
from service.usecases.lockout import account_key, forgive, reserve_attempt
from service.usecases.sessions import end_sessions, open_session, session_of


class ChangePassword(Command):
    """Input of a new password for oneself."""

    current: TypedPassword
    password: Password


def change_password(ctx: Context, command: ChangePassword, cookie: str) -> str:
    """Change one's own password, end all one's sessions and open a new one; gives its cookie."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    check_current(ctx, account, command.current, field="current")
    set_password(ctx, account, command.password)
    before = session_of(ctx, cookie)
    end_sessions(ctx, account)
    ctx.audit("change_password", account)
    if before is None:
        return open_session(ctx, account)
    return open_session(ctx, account, before.method, second_factor=before.second_factor_at is not None)


def check_current(ctx: Context, account: Account, password: str, *, field: str) -> None:
    """Raises Invalid at ``field`` unless it is the account's password; tried too often, it is not even looked at."""
    key = account_key(f"own:{account.id}")
    allowed = reserve_attempt(ctx, key, None)
    ctx.keep()
    if not (password_matches(account.password_hash, password) and allowed):
        ctx.refused("check_password", account)
        raise Invalid({field: "现在的密码不正确" if allowed else "试得太多了，请过一会儿再来"})
    forgive(ctx, key, None)


def set_password(ctx: Context, account: Account, password: str, *, first: bool = False) -> None:
    """Give the account a new password. Raises Invalid unless it will do.

    ``first``: somebody else chose it, so it has to be changed at the first sign-in.
    """
    check_password(ctx, password, words_about(ctx, account))
    if ctx.settings.follows_dengbao:
        _check_not_used(ctx, account, password)
        ctx.add(UsedPassword(account_id=account.id, password_hash=account.password_hash, created_at=ctx.now))
        _forget_older(ctx, account)
    account.password_hash = hash_password(password)
    account.password_changed_at = ctx.now
    account.must_change_password = first
    ctx.touch(account)


def _check_not_used(ctx: Context, account: Account, password: str) -> None:
    used = ctx.session.scalars(select(UsedPassword.password_hash).where(UsedPassword.account_id == account.id))
    if any(password_matches(one, password) for one in [account.password_hash, *used]):
        raise Invalid({"password": f"这是您用过的密码，请换一个（最近 {USED_BEFORE} 次用过的都不行）"})


def _forget_older(ctx: Context, account: Account) -> None:
    """Keep the last few, the present one included when it is set."""
    mine = select(UsedPassword.id).where(UsedPassword.account_id == account.id).order_by(UsedPassword.id.desc())
    older = list(ctx.session.scalars(mine.offset(USED_BEFORE - 1)))
    if older:
        ctx.session.execute(delete(UsedPassword).where(UsedPassword.id.in_(older)))
