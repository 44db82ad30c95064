"""Who is asking: a signed-in browser, a program with a token, or a visitor; and what they owe before they go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from fastapi.responses import Response
from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from models import Account, ApiToken, Organization, SignInMethod, SignInSession
from service.config import Settings
from service.context import ANONYMOUS, Actor
from service.database import brief_write
from service.passwords import has_run_out
from service.security import digest
from service.web.installation import Installation

SESSION_COOKIE = "woshou_session"
VISITOR_COOKIE = "woshou_visitor"
DEVICE_COOKIE = "woshou_device"
SIGN_ON_COOKIE = "woshou_sign_on"
SIGN_ON_BACK = "/login/sso/callback"
"""Where the identity provider sends the browser back to."""
SEEN_EVERY = timedelta(minutes=1)
"""How often at most it is written down that a session or a token was seen."""


class Owed(Enum):
    """What somebody who is signed in has to do before anything else, and where."""

    SECOND_FACTOR = "/login/second-factor"
    PASSWORD = "/account/password"  # noqa: S105 - an address, not a password
    ENROLMENT = "/account/second-factor"


OPEN_WHILE_OWED = ("/logout", "/static/", "/privacy")
"""What stays open while something is owed, beside the page where it is done."""


@dataclass(frozen=True)
class Identity:
    """The actor, and the token a form of theirs must carry; empty when a bearer token spoke for them.

    ``owed`` is what has to be done first. With a second factor owed the actor is still nobody.
    """

    actor: Actor
    csrf_token: str
    needs_csrf: bool
    owed: Owed | None = None
    scopes: tuple[str, ...] | None = None


def cookie_name(settings: Settings, base: str) -> str:
    """The cookie's name; over HTTPS with the prefix that binds it to this host and to secure transport."""
    return f"__Host-{base}" if settings.secure_cookies else base


def set_cookie(response: Response, settings: Settings, base: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser one of our cookies: no script reads it, other sites' forms do not send it.

    ``seconds`` None: until the browser is closed.
    """
    response.set_cookie(
        cookie_name(settings, base),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )


def drop_cookie(response: Response, settings: Settings, base: str) -> None:
    """Take one of our cookies back."""
    response.delete_cookie(
        cookie_name(settings, base), path="/", httponly=True, samesite="lax", secure=settings.secure_cookies
    )


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
        is_organization_admin=account.is_organization_admin,
        wants_recommendations=account.wants_recommendations,
    )


def by_session(installation: Installation, session: Session, cookie: str, now: datetime) -> Identity | None:
    """Who a session cookie belongs to; None when it is unknown, has run out, or its account may not enter."""
    settings = installation.settings
    idle_since = now - timedelta(minutes=settings.idle_minutes)
    row = session.execute(
        select(Account, Organization.name, SignInSession)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(
            SignInSession.token_digest == digest(cookie),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at > idle_since,
            *_may_enter(),
        )
    ).first()
    if row is None:
        return None
    account, organization_name, opened = row
    if opened.last_seen_at < now - SEEN_EVERY:
        seen = update(SignInSession).where(SignInSession.token_digest == opened.token_digest).values(last_seen_at=now)
        _note_seen(installation, session, seen)
    owed = _owed(settings, account, opened, now)
    actor = ANONYMOUS if owed is Owed.SECOND_FACTOR else actor_of(account, organization_name)
    return Identity(actor, opened.csrf_token, needs_csrf=True, owed=owed)


def by_bearer(installation: Installation, session: Session, header: str, now: datetime) -> Identity | None:
    """Who an ``Authorization: Bearer`` header speaks for; None when the token is unknown, revoked or has run out."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    row = session.execute(
        select(Account, Organization.name, ApiToken)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(
            ApiToken.token_digest == digest(token.strip()),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            *_may_enter(),
        )
    ).first()
    if row is None:
        return None
    account, organization_name, issued = row
    if issued.last_used_at is None or issued.last_used_at < now - SEEN_EVERY:
        used = update(ApiToken).where(ApiToken.token_digest == issued.token_digest).values(last_used_at=now)
        _note_seen(installation, session, used)
    return Identity(actor_of(account, organization_name), "", needs_csrf=False, scopes=tuple(issued.scopes))


def _note_seen(installation: Installation, session: Session, statement: Update) -> None:
    """Write down when somebody was seen: with the request's own writes, or beside a request that only reads."""
    if session.connection().get_execution_options().get("woshou_reads"):
        brief_write(installation.engine, statement)
    else:
        session.execute(statement)


def visitor(cookie: str) -> Identity:
    """Somebody who is not signed in; their forms carry the visitor cookie's own value."""
    return Identity(ANONYMOUS, cookie, needs_csrf=True)


def _may_enter() -> tuple[ColumnElement[bool], ...]:
    return (Account.is_active.is_(True), Account.awaits_approval.is_(False), Account.erased_at.is_(None))


def _owed(settings: Settings, account: Account, opened: SignInSession, now: datetime) -> Owed | None:
    if opened.method is SignInMethod.DEMO:
        return None
    if account.totp_confirmed_at is not None and opened.second_factor_at is None:
        return Owed.SECOND_FACTOR
    if opened.method is not SignInMethod.SINGLE_SIGN_ON and has_run_out(settings, account, now):
        return Owed.PASSWORD
    if account.role.value in settings.roles_with_second_factor and opened.second_factor_at is None:
        return Owed.ENROLMENT
    return None
