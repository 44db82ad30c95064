"""One's own API tokens, under /api/v1; reached from a signed-in browser, never with a token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from service.api.schemas import Out
from service.queries.tokens import own_tokens
from service.usecases.tokens import Issued, IssueToken, issue_own_token, revoke_token
from service.web.dependencies import ContextDep

router = APIRouter(tags=["接口令牌"])


class TokenOut(Out):
    """A token as its owner sees it; ``last_used_at`` is kept to the minute."""

    handle: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class IssuedOut(Out):
    """A token that was just made; ``token`` is given this once."""

    handle: str
    name: str
    scopes: list[str]
    expires_at: datetime
    token: str


@router.get("/tokens", response_model=list[TokenOut], summary="本人的接口令牌")
def get_tokens(ctx: ContextDep) -> Any:
    ctx.demand("keep_own_account")
    return own_tokens(ctx)


@router.post("/tokens", status_code=201, response_model=IssuedOut, summary="新建接口令牌")
def post_token(ctx: ContextDep, command: IssueToken, response: Response) -> Any:
    response.headers["cache-control"] = "no-store"
    return _shown(issue_own_token(ctx, command))


@router.delete("/tokens/{handle}", status_code=204, summary="收回接口令牌")
def delete_token(handle: str, ctx: ContextDep) -> Response:
    revoke_token(ctx, handle)
    return Response(status_code=204)


def _shown(issued: Issued) -> dict[str, Any]:
    names = ("handle", "name", "scopes", "expires_at")
    return {**{name: getattr(issued.record, name) for name in names}, "token": issued.token}
