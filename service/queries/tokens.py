"""One's own API tokens: what each may be used for, until when, and when it was last used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import ApiToken
from service.context import Context


@dataclass(frozen=True)
class Token:
    """One token as its owner sees it; never the token itself."""

    handle: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    has_run_out: bool


def own_tokens(ctx: Context) -> Sequence[Token]:
    """One's own tokens that were not revoked, the newest first; those that ran out are told as such."""
    rows = ctx.session.execute(
        select(
            ApiToken.handle,
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.last_used_at,
        )
        .where(ApiToken.account_id == ctx.actor.account_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.created_at.desc(), ApiToken.handle)
    )
    return [Token(*row, has_run_out=row.expires_at <= ctx.now) for row in rows]
