"""Who is asking: a signed-in browser, a program with a token, or a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, ApiToken, Organization, SignInSession
from service.context import ANONYMOUS, Actor
from service.security import digest

SESSION_COOKIE = "woshou_session"
VISITOR_COOKIE = "woshou_visitor"


@dataclass(frozen=True)
class Identity:
    """The actor, and the token a form of theirs must carry; empty when a bearer token spoke for them."""

    actor: Actor
    csrf_token: str
    needs_csrf: bool


def actor_of(account: Account, organization_name: str) -> Actor:
    """The account as the actor of a unit of work."""
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        organization_id=account.organization_id,
        organization_name=organization_name,
        region_code=account.region_code,
        is_demo=account.is_demo,
    )


def by_session(session: Session, cookie: str, now: datetime) -> Identity | None:
    """Who a session cookie belongs to; None when it is unknown, has run out, or its account is switched off."""
    row = session.execute(
        select(Account, Organization.name, SignInSession.csrf_token)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(
            SignInSession.token_digest == digest(cookie), SignInSession.expires_at > now, Account.is_active.is_(True)
        )
    ).first()
    return Identity(actor_of(row[0], row[1]), row[2], needs_csrf=True) if row is not None else None


def by_bearer(session: Session, header: str, now: datetime) -> Identity | None:
    """Who an ``Authorization: Bearer`` header speaks for; None when the token is unknown or has run out."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    row = session.execute(
        select(Account, Organization.name, ApiToken.expires_at)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(
            ApiToken.token_digest == digest(token.strip()), ApiToken.revoked_at.is_(None), Account.is_active.is_(True)
        )
    ).first()
    if row is None or row[2] <= now:
        return None
    return Identity(actor_of(row[0], row[1]), "", needs_csrf=False)


def visitor(cookie: str) -> Identity:
    """Somebody who is not signed in; their forms carry the visitor cookie's own value."""
    return Identity(ANONYMOUS, cookie, needs_csrf=True)
