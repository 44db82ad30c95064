"""Bearer tokens for programs: issued once, kept to scopes and a term, revoked at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import func, select

from models import Account, ApiToken
from service.commands import Command
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.policy.scopes import SCOPES
from service.security import digest, new_handle, new_token

MOST_TOKENS = 50
"""How many tokens an account may have in use at a time."""
READ_AND_WRITE = ("read", "write")


def _known(scope: str) -> str:
    if scope not in SCOPES:
        raise PydanticCustomError("sentence", "没有“{scope}”这个权限范围", {"scope": scope})
    return scope


ScopeName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(SCOPES)})]


class IssueToken(Command):
    """Input of a token of one's own."""

    name: Annotated[str, Field(min_length=1, max_length=100, title="名称", description="写明给哪个程序用，便于收回")]
    scopes: Annotated[
        list[ScopeName],
        Field(min_length=1, max_length=len(SCOPES), title="权限范围", json_schema_extra={"widget": "checkboxes"}),
    ]
    days: Annotated[int, Field(ge=1, le=365, title="有效期（天）", json_schema_extra={"widget": "number"})] = 90


@dataclass(frozen=True)
class Issued:
    """A token that was just made. ``token`` is what the program sends; nobody can read it again."""

    record: ApiToken
    token: str


def issue_own_token(ctx: Context, command: IssueToken) -> Issued:
    """A token for oneself. Raises Invalid for a longer term than the installation allows, Conflict for one too many."""
    ctx.demand("keep_own_account")
    account = ctx.find(Account, ctx.actor.account_id or 0)
    in_use = select(func.count()).where(
        ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > ctx.now
    )
    if (ctx.session.scalar(in_use) or 0) >= MOST_TOKENS:
        raise Conflict(f"每个账号最多同时有 {MOST_TOKENS} 个有效的接口令牌，请先收回不用的。")
    return make_token(ctx, account, command.name, command.scopes, command.days)


def issue_token(
    ctx: Context, account: Account, name: str = "", scopes: Collection[str] = READ_AND_WRITE, days: int | None = None
) -> str:
    """A new token for the account, as the command line prints it. Raises Invalid for a scope or a term there is not."""
    strange = [scope for scope in scopes if scope not in SCOPES]
    if strange:
        raise Invalid({"scopes": f"没有“{strange[0]}”这个权限范围"}, f"没有“{strange[0]}”这个权限范围。")
    return make_token(ctx, account, name, scopes, days).token


def make_token(ctx: Context, account: Account, name: str, scopes: Collection[str], days: int | None) -> Issued:
    """Write the token down. ``days`` None: as long as the installation allows. Raises Invalid for more than that."""
    longest = ctx.settings.token_days
    days = longest if days is None else days
    if not 1 <= days <= longest:
        raise Invalid({"days": f"有效期请填 1 到 {longest} 天"}, f"接口令牌的有效期为 1 到 {longest} 天。")
    token = new_token()
    record = ApiToken(
        token_digest=digest(token),
        handle=new_handle(),
        account_id=account.id,
        name=name,
        scopes=sorted(set(scopes)),
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(days=days),
    )
    ctx.session.add(record)
    ctx.audit("issue_token", account, token=record.handle, scopes=record.scopes, days=days)
    return Issued(record, token)


def revoke_token(ctx: Context, handle: str) -> None:
    """Take one of one's own tokens back; the next request with it is refused. Raises NotFound for somebody else's."""
    ctx.demand("keep_own_account")
    mine = (ApiToken.handle == handle) & (ApiToken.account_id == ctx.actor.account_id)
    record = ctx.session.scalar(select(ApiToken).where(mine, ApiToken.revoked_at.is_(None)))
    if record is None:
        raise NotFound("没有这个接口令牌，可能已经收回。")
    record.revoked_at = ctx.now
    ctx.audit("revoke_token", ctx.find(Account, record.account_id), token=handle)
