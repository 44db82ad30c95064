"""Sign in through the identity provider: go there, come back once, become the account the identity belongs to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from models import Account, SignInMethod, SingleSignOnAttempt
from service.context import Context
from service.errors import Forbidden, NotFound
from service.oidc import NOT_BELIEVED, Person, address_to_visit, discover, is_offered, person_of
from service.security import digest, new_token, same
from service.usecases.sessions import open_session
from service.usecases.sign_in import may_enter

ATTEMPT_MINUTES = 10
STALE = "这次登录已经用过、超过 10 分钟，或不是在这个浏览器里开始的。请回到登录页重新开始。"


@dataclass(frozen=True)
class Departure:
    """A visit to the provider that begins: where the browser goes, and the cookie it has to come back with."""

    location: str
    browser: str


@dataclass(frozen=True)
class Return:
    """What the provider sends the browser back with; empty where it said nothing."""

    state: str
    code: str
    issuer: str


@dataclass(frozen=True)
class Arrival:
    """Somebody who came back and is signed in."""

    account: Account
    cookie: str
    return_to: str
    second_factor: bool


def begin_sign_on(ctx: Context, redirect_uri: str, return_to: str) -> Departure:
    """Remember a visit that begins. Raises NotFound when single sign-on is not set up, Unavailable."""
    if not is_offered(ctx.settings):
        raise NotFound("本系统没有启用统一身份认证，请用密码登录。")
    provider = discover(ctx.settings)
    state, nonce, browser, code_verifier = new_token(), new_token(), new_token(), secrets.token_urlsafe(48)
    ctx.session.add(
        SingleSignOnAttempt(
            state_digest=digest(state),
            browser_digest=digest(browser),
            nonce=nonce,
            code_verifier=code_verifier,
            return_to=return_to[:500],
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(minutes=ATTEMPT_MINUTES),
        )
    )
    location = address_to_visit(
        ctx.settings, provider, redirect_uri=redirect_uri, state=state, nonce=nonce, code_verifier=code_verifier
    )
    return Departure(location, browser)


def complete_sign_on(ctx: Context, came: Return, browser: str, redirect_uri: str) -> Arrival:
    """Open a session for whom the provider vouches. Raises Forbidden, or Unavailable when it does not answer.

    The visit is used up first, and committed as such, whatever comes of it; nothing is locked while the provider is
    asked.
    """
    attempt = _use_up(ctx, came.state, browser)
    try:
        provider = discover(ctx.settings)
        if (came.issuer or provider.names_itself) and came.issuer != provider.issuer:
            raise Forbidden(NOT_BELIEVED)
        if not came.code:
            raise Forbidden("统一身份认证没有让您登录，可能是您取消了。请回到登录页重新开始，或改用密码登录。")
        person = person_of(
            ctx.settings,
            provider,
            code=came.code,
            redirect_uri=redirect_uri,
            nonce=attempt.nonce,
            code_verifier=attempt.code_verifier,
            now=int(ctx.now.timestamp()),
        )
        account = _account_of(ctx, person)
    except Forbidden:
        ctx.refused("single_sign_on")
        raise
    method = SignInMethod.SINGLE_SIGN_ON
    cookie = open_session(ctx, account, method, second_factor=person.second_factor)
    return Arrival(account, cookie, attempt.return_to, person.second_factor)


def _use_up(ctx: Context, state: str, browser: str) -> SingleSignOnAttempt:
    attempt = ctx.session.get(SingleSignOnAttempt, digest(state)) if state else None
    if attempt is None or not same(attempt.browser_digest, digest(browser)):
        ctx.refused("single_sign_on")
        raise Forbidden(STALE)
    ctx.session.expunge(attempt)
    gone = ctx.session.execute(delete(SingleSignOnAttempt).where(SingleSignOnAttempt.state_digest == digest(state)))
    ctx.keep()
    if gone.rowcount != 1 or attempt.expires_at <= ctx.now:  # type: ignore[attr-defined] # a DELETE counts its rows
        ctx.refused("single_sign_on")
        raise Forbidden(STALE)
    return attempt


def _account_of(ctx: Context, person: Person) -> Account:
    """The account the identity is linked to; else the one with its verified e-mail, linked from now on.

    Raises Forbidden when there is none, and for an account that is linked to another identity or may not enter.
    """
    linked = (Account.oidc_issuer == person.issuer) & (Account.oidc_subject == person.subject)
    account = ctx.session.scalar(select(Account).where(linked))
    if account is None and person.email:
        unlinked = (Account.email == person.email) & Account.oidc_subject.is_(None)
        account = ctx.session.scalar(select(Account).where(unlinked))
        if account is not None and may_enter(account):
            account.oidc_issuer, account.oidc_subject = person.issuer, person.subject
            ctx.audit("link_single_sign_on", account)
    if account is None:
        named = f"邮箱 {person.email} " if person.email else "您的身份没有经过验证的邮箱，"
        raise Forbidden(f"统一身份认证已确认您的身份，但{named}在本系统没有对应的账号。本系统不能自行注册。")
    if not may_enter(account):
        raise Forbidden("您的账号已停用或尚未确认，请联系本单位账号管理员或本地区科技主管部门。")
    return account
