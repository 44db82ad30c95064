"""Single sign-on against a real OpenID Connect provider, and the ways to cheat at it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import func, select, update

from models import Account, AuditEntry, AuditOutcome, Role, SignInMethod, SignInSession, SingleSignOnAttempt
from service import clock, oidc
from service.config import Settings
from service.context import Context
from service.errors import Forbidden, Unavailable
from service.web.identity import SIGN_ON_COOKIE
from tests.doors.conftest import Browser
from tests.doors.provider import CLIENT_ID, CLIENT_SECRET, Provider, query_of, running_provider
from tests.factories import add_account
from tests.parts import ONLY_SQLITE

Browse = Callable[..., Browser]


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Settings) -> Provider:
    """The provider, and an installation that trusts it."""
    running.methods = ["password"]
    settings.oidc_issuer, settings.oidc_client_id = running.issuer, CLIENT_ID
    settings.oidc_client_secret = CLIENT_SECRET
    return running


def leave(person: Browser, next_page: str = "") -> str:
    """Press the button; where the browser is sent."""
    answer = person.post("/login/sso", {"next": next_page})
    assert answer.status_code == 200, answer.text
    return str(answer.headers["refresh"].removeprefix("0; url="))


def come_back(person: Browser, address: str) -> httpx.Response:
    return person.get(address, follow_redirects=False)


def is_signed_in(answer: httpx.Response, ctx: Context) -> bool:
    opened = ctx.session.scalar(select(func.count()).select_from(SignInSession)) or 0
    assert (opened > 0) is (answer.status_code == 303)
    return opened > 0


def test_verified_email_links_once_and_the_subject_counts_from_then_on(
    ctx: Context, browse: Browse, provider: Provider
) -> None:
    account = add_account(ctx, Role.LEADER)
    person, visitor = provider.add_person(account.email), browse()

    leaving = leave(visitor, "/report")
    first = come_back(visitor, provider.visit(person, leaving))
    linked = (account.oidc_issuer, account.oidc_subject)
    account.email = "elsewhere@example.cn"
    second = come_back(visitor, provider.visit(person, leave(visitor)))

    assert query_of(leaving)["code_challenge_method"] == "S256"
    assert (first.status_code, first.headers["location"]) == (303, "/report")
    assert linked == (provider.issuer, person.user_name)
    assert second.status_code == 303
    assert {(one.account_id, one.method) for one in ctx.session.scalars(select(SignInSession))} == {
        (account.id, SignInMethod.SINGLE_SIGN_ON)
    }
    assert ctx.session.scalar(select(func.count()).where(AuditEntry.action == "link_single_sign_on")) == 1
    assert ctx.session.scalars(select(SingleSignOnAttempt)).all() == []
    assert visitor.get("/account").status_code == 200

    opened = ctx.session.scalar(select(func.count()).select_from(SignInSession))
    visitor.post("/logout")

    assert (opened, ctx.session.scalar(select(func.count()).select_from(SignInSession))) == (2, 1)
    assert visitor.client.get("/api/v1/session").status_code == 401


@ONLY_SQLITE
def test_identity_without_an_account_is_told_whom_to_ask_and_registers_nobody(
    ctx: Context, browse: Browse, provider: Provider
) -> None:
    add_account(ctx, Role.LEADER)
    stranger, visitor = provider.add_person("nobody@example.cn"), browse()

    answer = come_back(visitor, provider.visit(stranger, leave(visitor)))

    assert answer.status_code == 403
    assert "nobody@example.cn" in answer.text
    assert "要一个邀请" in answer.text
    assert not is_signed_in(answer, ctx)
    assert ctx.session.scalar(select(func.count()).select_from(Account)) == 1
    refused = select(AuditEntry.outcome).where(AuditEntry.action == "single_sign_on")
    assert ctx.session.scalars(refused).all() == [AuditOutcome.REFUSED]


@ONLY_SQLITE
def test_unverified_email_links_nothing(ctx: Context, browse: Browse, provider: Provider) -> None:
    account = add_account(ctx, Role.ADMIN)
    impostor, visitor = provider.add_person(account.email, verified=False), browse()

    answer = come_back(visitor, provider.visit(impostor, leave(visitor)))

    assert answer.status_code == 403
    assert not is_signed_in(answer, ctx)
    assert account.oidc_subject is None


@ONLY_SQLITE
def test_account_linked_to_one_identity_is_not_given_to_another(
    ctx: Context, browse: Browse, provider: Provider
) -> None:
    account = add_account(ctx, Role.LEADER, oidc_issuer=provider.issuer, oidc_subject="somebody-before")
    other, visitor = provider.add_person(account.email), browse()

    answer = come_back(visitor, provider.visit(other, leave(visitor)))

    assert answer.status_code == 403
    assert account.oidc_subject == "somebody-before"


@ONLY_SQLITE
@pytest.mark.parametrize("columns", [{"is_active": False}, {"awaits_approval": True}])
def test_account_that_may_not_enter_stays_out(
    ctx: Context, browse: Browse, provider: Provider, columns: dict[str, bool]
) -> None:
    account = add_account(ctx, Role.LEADER, **columns)
    person, visitor = provider.add_person(account.email), browse()

    answer = come_back(visitor, provider.visit(person, leave(visitor)))

    assert answer.status_code == 403
    assert not is_signed_in(answer, ctx)
    assert account.oidc_subject is None


@ONLY_SQLITE
@pytest.mark.parametrize("methods", [["password"], ["password", "otp"]])
def test_second_factor_is_owed_unless_the_provider_asked_for_it(
    ctx: Context, browse: Browse, provider: Provider, methods: list[str]
) -> None:
    provider.methods = methods
    account = add_account(ctx, Role.LEADER, totp_secret="JBSWY3DPEHPK3PXP", totp_confirmed_at=clock.now())
    person, visitor = provider.add_person(account.email), browse()

    answer = come_back(visitor, provider.visit(person, leave(visitor, "/report")))
    page = visitor.get("/account", follow_redirects=False)

    if len(methods) > 1:
        assert (answer.headers["location"], page.status_code) == ("/report", 200)
    else:
        assert answer.headers["location"] == "/login/second-factor?next=%2Freport"
        assert page.status_code != 200


def _swap(address: str, **changed: str) -> str:
    query = {**query_of(address), **changed}
    return f"/login/sso/callback?{urlencode({name: value for name, value in query.items() if value})}"


@ONLY_SQLITE
@pytest.mark.parametrize(
    "changed",
    [
        {"state": "made-up"},
        {"state": ""},
        {"code": "made-up"},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"iss": ""},
    ],
    ids=["state", "no state", "code", "no code", "issuer", "no issuer"],
)
def test_answer_that_was_tampered_with_signs_nobody_in(
    ctx: Context, browse: Browse, provider: Provider, changed: dict[str, str]
) -> None:
    account = add_account(ctx, Role.LEADER)
    person, visitor = provider.add_person(account.email), browse()
    back = provider.visit(person, leave(visitor))

    answer = come_back(visitor, _swap(back, **changed))

    assert answer.status_code == 403
    assert not is_signed_in(answer, ctx)


@ONLY_SQLITE
def test_answer_counts_once_and_its_code_never_with_another_visit(
    ctx: Context, browse: Browse, provider: Provider
) -> None:
    account = add_account(ctx, Role.LEADER)
    person, visitor = provider.add_person(account.email), browse()
    back = provider.visit(person, leave(visitor))
    first = come_back(visitor, back)
    visitor.post("/logout")

    again = come_back(visitor, back)
    state = query_of(leave(visitor))["state"]
    moved = come_back(visitor, _swap(back, state=state))

    assert (first.status_code, again.status_code, moved.status_code) == (303, 403, 403)
    assert ctx.session.scalars(select(SignInSession)).all() == []


@ONLY_SQLITE
def test_answer_in_another_browser_signs_nobody_in(ctx: Context, browse: Browse, provider: Provider) -> None:
    account = add_account(ctx, Role.LEADER)
    person, attacker, victim = provider.add_person(account.email), browse(), browse()
    back = provider.visit(person, leave(attacker))
    leave(victim)

    answer = come_back(victim, back)
    attacker.client.cookies.delete(SIGN_ON_COOKIE)
    without = come_back(attacker, back)

    assert (answer.status_code, without.status_code) == (403, 403)
    assert not is_signed_in(answer, ctx)


@ONLY_SQLITE
@pytest.mark.parametrize("column", ["nonce", "code_verifier", "expires_at"])
def test_answer_to_another_question_signs_nobody_in(
    ctx: Context, browse: Browse, provider: Provider, column: str
) -> None:
    account = add_account(ctx, Role.LEADER)
    person, visitor = provider.add_person(account.email), browse()
    back = provider.visit(person, leave(visitor))
    other: Any = clock.now() - timedelta(seconds=1) if column == "expires_at" else "x" * 60
    ctx.session.execute(update(SingleSignOnAttempt).values({column: other}))

    answer = come_back(visitor, back)

    assert answer.status_code == 403
    assert not is_signed_in(answer, ctx)


@pytest.fixture
def genuine(ctx: Context, provider: Provider, settings: Settings) -> dict[str, Any]:
    """An ID token the provider made, with all that is needed to believe it."""
    person = provider.add_person(add_account(ctx, Role.LEADER).email)
    where = oidc.discover(settings)
    asked = {
        "redirect_uri": "http://testserver/login/sso/callback",
        "state": "s",
        "nonce": "n",
        "code_verifier": "v" * 48,
    }
    back = provider.visit(person, oidc.address_to_visit(settings, where, **asked))
    told = provider.trade(query_of(back)["code"], asked["code_verifier"])
    keys = provider.server.test_client.get(where.jwks_uri).get_json()
    return {
        "id_token": told["id_token"],
        "keys": keys,
        "nonce": "n",
        "access_token": told["access_token"],
        "now": int(clock.now().timestamp()),
    }


def _part(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@ONLY_SQLITE
def test_id_token_is_believed_only_as_the_provider_signed_it_for_this_client_and_moment(
    genuine: dict[str, Any], settings: Settings
) -> None:
    claims = oidc.believed(settings, **genuine)
    header, body, signature = genuine["id_token"].split(".")
    foreign = RSAKey.generate_key(2048)
    shared = OctKey.import_key(CLIENT_SECRET)
    other = settings.model_copy(update={"oidc_client_id": "another-client"})
    elsewhere = settings.model_copy(update={"oidc_issuer": "https://evil.example"})
    lies = {
        "unsigned": {"id_token": f"{_part({'alg': 'none'})}.{body}."},
        "no signature": {"id_token": f"{header}.{body}."},
        "other body": {"id_token": f"{header}.{_part({**claims, 'sub': 'admin'})}.{signature}"},
        "other key": {"id_token": jwt.encode({"alg": "RS256"}, claims, foreign)},
        "client's secret": {"id_token": jwt.encode({"alg": "HS256"}, claims, shared)},
        "nothing": {"id_token": None},
        "nonce": {"nonce": "m"},
        "access token": {"access_token": "another"},
        "run out": {"now": claims["exp"] + oidc.CLOCK_SKEW_SECONDS + 1},
        "from the future": {"now": claims["iat"] - oidc.CLOCK_SKEW_SECONDS - 1},
        "no keys": {"keys": {}},
    }

    believed = []
    for name, lie in lies.items():
        try:
            oidc.believed(settings, **{**genuine, **lie})
            believed.append(name)
        except Forbidden:
            pass

    assert claims["iss"] == settings.oidc_issuer
    assert believed == []
    for stranger in (other, elsewhere):
        with pytest.raises(Forbidden):
            oidc.believed(stranger, **genuine)


@ONLY_SQLITE
@pytest.mark.parametrize(
    "issuer",
    [
        "http://sso.example.cn",
        "ftp://localhost/x",
        "http://localhost:1",
        "http://user@localhost:1",
        "file:///etc/passwd",
    ],
)
def test_provider_is_asked_over_https_or_on_this_machine_alone(settings: Settings, issuer: str) -> None:
    settings.oidc_issuer = issuer

    with pytest.raises(Unavailable):
        oidc.discover(settings)


@ONLY_SQLITE
def test_button_is_there_only_where_single_sign_on_is_set_up(
    browse: Browse, settings: Settings, app_client: Callable[[], TestClient]
) -> None:
    visitor = browse()
    before = visitor.get("/login").text
    refused = visitor.post("/login/sso").status_code
    settings.oidc_issuer, settings.oidc_client_id = "https://sso.example.cn", CLIENT_ID

    assert "/login/sso" not in before
    assert refused == 404
    assert "用统一身份认证登录" in app_client().get("/login").text
