"""Bearer tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from models import Account, ApiToken
from service.context import Context
from service.security import digest, new_handle, new_token


def issue_token(ctx: Context, account: Account, name: str = "") -> str:
    """A new API token for the account; shown once, only its digest is kept."""
    token = new_token()
    ctx.session.add(
        ApiToken(
            token_digest=digest(token),
            handle=new_handle(),
            account_id=account.id,
            name=name,
            scopes=["read", "write"],
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(days=ctx.settings.token_days),
        )
    )
    ctx.audit("issue_token", account)
    return token
