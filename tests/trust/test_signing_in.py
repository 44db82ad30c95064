"""Signing in: guessing locks out the guesser and never the owner, sessions end, a second factor cannot be replayed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from models import Account, AuditEntry, KnownDevice, RecoveryCode, Role, SignInFailure, SignInSession
from service import clock
from service.config import Settings
from service.context import Context
from service.errors import Invalid
from service.passwords import shortcoming
from service.security import password_matches
from service.usecases.lockout import ADDRESS_FAILURES, account_key, reserve_attempt
from service.usecases.retention import purge_sign_in_records
from service.usecases.sign_in import SignIn, begin_sign_in, sign_in
from service.web.identity import DEVICE_COOKIE, SESSION_COOKIE
from tests.doors.conftest import Browser
from tests.factories import add_account
from tests.factories.people import PASSWORD
from tests.parts import ONLY_SQLITE

Browse = Callable[..., Browser]
WRONG = "不是这个密码哦"


def _enter(visitor: Browser, account: Account, password: str = PASSWORD) -> int:
    answer = visitor.post("/login", {"email": account.email, "password": password}, follow_redirects=False)
    return answer.status_code


def test_a_stranger_who_guesses_is_locked_out_and_the_owner_is_not(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    owner, stranger, third = browse(), browse(), browse()
    assert _enter(owner, account) == 303
    owner.post("/logout")

    guesses = [_enter(stranger, account, f"{WRONG}{number}") for number in range(8)]
    right_but_late = _enter(third, account)

    assert set(guesses) == {422}
    assert right_but_late == 422  # from a browser the account was never known on
    assert owner.client.cookies.get(DEVICE_COOKIE)
    assert _enter(owner, account) == 303


@ONLY_SQLITE
def test_ten_thousand_guesses_leave_the_owner_in(ctx: Context, settings: Settings) -> None:
    account = add_account(ctx)
    device = KnownDevice(
        account_id=account.id,
        token_digest="d" * 64,
        created_at=ctx.now,
        last_used_at=ctx.now,
        expires_at=ctx.now + timedelta(days=9),
    )
    ctx.session.add(device)
    ctx.flush()
    key = account_key(account.email)
    attacker = replace(ctx, address="203.0.113.9", written=[], refusals=[])

    tried = sum(
        reserve_attempt(replace(attacker, now=ctx.now + timedelta(seconds=second)), key, None)
        for second in range(10_000)
    )

    print(f"guesses sent: 10000, passwords looked at: {tried}")
    # five within any half hour of the two hours and three quarters
    assert tried <= settings.lock_failures * (10_000 // (settings.lock_minutes * 60) + 1)
    assert reserve_attempt(ctx, key, device)


@ONLY_SQLITE
def test_spraying_a_thousand_accounts_is_stopped_by_the_address(ctx: Context) -> None:
    attacker = replace(ctx, address="203.0.113.9", written=[], refusals=[])

    tried = [
        reserve_attempt(attacker, account_key(f"user{number}@example.cn"), None)
        for _password in range(3)
        for number in range(1000)
    ]

    print(f"sprayed: {len(tried)}, passwords looked at: {sum(tried)}")
    assert sum(tried) == ADDRESS_FAILURES
    assert not any(tried[ADDRESS_FAILURES:])


def test_forwarded_addresses_are_not_believed_from_strangers(ctx: Context, browse: Browse) -> None:
    visitor = browse()
    for number in range(12):
        visitor.client.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        visitor.post("/login", {"email": f"nobody{number}@example.cn", "password": WRONG})

    assert set(ctx.session.scalars(select(SignInFailure.address))) == {"127.0.0.1"}


def _refusals(ctx: Context) -> dict[str, Callable[[], None]]:
    """Each way to be refused, ready to be tried."""
    known, off = add_account(ctx), add_account(ctx, is_active=False)
    emails = {"unknown": "x@example.cn", "wrong": known.email, "off": off.email, "locked": known.email}

    def one(name: str) -> Callable[[], None]:
        command = SignIn(email=emails[name], password=WRONG)
        attempt = replace(begin_sign_in(ctx, command, ""), allowed=name != "locked")

        def refuse() -> None:
            with pytest.raises(Invalid):
                sign_in(ctx, command, attempt)

        return refuse

    return {name: one(name) for name in emails}


@ONLY_SQLITE
def test_every_refusal_hashes_once(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def count(stored: str | None, password: str) -> bool:
        hashed.append(password)
        return password_matches(stored, password)

    monkeypatch.setattr("service.usecases.sign_in.password_matches", count)
    counts = {}
    for name, refuse in _refusals(ctx).items():
        hashed.clear()
        refuse()
        counts[name] = len(hashed)

    assert counts == {"unknown": 1, "wrong": 1, "off": 1, "locked": 1}


@pytest.mark.drill
@ONLY_SQLITE
def test_every_refusal_takes_as_long(ctx: Context) -> None:
    """By the thread's own processor time, which other work on the machine does not stretch."""
    took: dict[str, list[float]] = {}
    refusals = _refusals(ctx)
    for _ in range(200):
        for name, refuse in refusals.items():
            began = time.thread_time()
            refuse()
            took.setdefault(name, []).append(time.thread_time() - began)
    medians = {name: statistics.median(times) for name, times in took.items()}

    print("median processor seconds of a refusal:", {name: round(value, 5) for name, value in medians.items()})
    assert max(medians.values()) < 1.05 * min(medians.values())


def test_a_session_planted_before_sign_in_is_worthless_after(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    visitor = browse()
    visitor.client.cookies.set(SESSION_COOKIE, "planted")

    assert _enter(visitor, account) == 303
    given = [cookie.value for cookie in visitor.client.cookies.jar if cookie.name == SESSION_COOKIE]

    assert "planted" not in given[-1:]
    assert not ctx.session.scalar(select(func.count()).where(SignInSession.token_digest == "planted"))


@pytest.mark.parametrize("column", ["last_seen_at", "expires_at"])
def test_a_session_ends_when_idle_and_when_old(ctx: Context, browse: Browse, column: str) -> None:
    browser = browse(role=Role.ENTERPRISE)
    assert browser.get("/account").status_code == 200

    past = clock.now() - timedelta(minutes=31)
    ctx.session.execute(update(SignInSession).values({column: past}))

    assert browser.get("/account").status_code == 401


def test_one_ends_one_s_other_sessions_and_nobody_else_s(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    here, there, other = browse(account), browse(account), browse(role=Role.LEADER)
    handle = ctx.session.scalars(select(SignInSession.handle).where(SignInSession.account_id == account.id)).all()[1]

    foreign = other.post(f"/account/sessions/{handle}/end")
    ended = here.post("/account/sessions/end-others")

    assert (foreign.status_code, ended.status_code) == (404, 200)
    assert there.get("/account").status_code == 401
    assert here.get("/account").status_code == 200


def test_a_new_password_changes_the_session_and_ends_the_others(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    here, there = browse(account), browse(account)
    before = here.client.cookies.get(SESSION_COOKIE)

    done = here.post("/account/password", {"current": PASSWORD, "password": "新密码要记牢Aa1"})

    after = [cookie.value for cookie in here.client.cookies.jar if cookie.name == SESSION_COOKIE]
    assert done.status_code == 200
    assert before not in after[-1:]
    assert there.get("/account").status_code == 401


def test_a_password_that_was_given_or_ran_out_is_changed_first(ctx: Context, browse: Browse) -> None:
    given = browse(add_account(ctx, must_change_password=True))
    old = browse(add_account(ctx, password_changed_at=clock.now() - timedelta(days=91)))

    for browser in (given, old):
        assert browser.get("/needs").url.path == "/account/password"
        assert browser.client.get("/api/v1/needs").status_code == 403
        browser.post("/account/password", {"current": PASSWORD, "password": "新密码要记牢Aa1"})
        assert browser.get("/needs").url.path == "/needs"


@pytest.mark.parametrize(
    ("profile", "password", "said"),
    [
        ("dengbao", "Aa1", "至少 8 位"),
        ("dengbao", "alllowercase", "至少用三种"),
        ("dengbao", "Zhang-2026ab", "zhang"),
        ("dengbao", "Correct-horse9", None),
        ("asvs", "Password1", "password"),
        ("asvs", "iloveyou", "很多人用过"),
        ("asvs", "woshou-in-ordos", "woshou"),
        ("asvs", "沙漠里也能长出好庄稼", None),
        ("asvs", "alllowercasebutlong", None),
    ],
)
def test_the_two_profiles_of_passwords(profile: str, password: str, said: str | None) -> None:
    found = shortcoming(Settings(password_profile=profile), password, ("zhang@example.cn", "张工"))  # type: ignore[arg-type] # a name of a profile

    assert found is None if said is None else said in (found or "")


def _enrol(ctx: Context, browser: Browser) -> tuple[str, list[str]]:
    browser.post("/account/second-factor/begin")
    assert browser.account is not None
    ctx.session.expire_all()
    secret = ctx.find(Account, browser.account.id).totp_secret or ""
    earlier = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
    page = browser.post("/account/second-factor/confirm", {"code": earlier})
    codes = [part.split("</code>")[0] for part in page.text.split("<code>")[1:]]
    return secret, codes


def test_a_second_factor_stands_between_the_password_and_the_house(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    secret, codes = _enrol(ctx, browse(account))
    visitor = browse()

    assert _enter(visitor, account) == 303
    half = visitor.get("/account")
    wrong = visitor.post("/login/second-factor", {"code": "000000"})
    right = visitor.post("/login/second-factor", {"code": pyotp.TOTP(secret).at(clock.now())})
    again = browse()
    _enter(again, account)
    replayed = again.post("/login/second-factor", {"code": pyotp.TOTP(secret).at(clock.now())})
    recovered = again.post("/login/second-factor", {"code": codes[0]})
    third = browse()
    _enter(third, account)
    used_up = third.post("/login/second-factor", {"code": codes[0]})

    assert len(codes) == 10
    assert half.url.path == "/login/second-factor"
    assert (wrong.status_code, right.url.path) == (422, "/workbench")
    assert replayed.status_code == 422
    assert recovered.url.path == "/workbench"
    assert used_up.status_code == 422
    assert not any(code in (kept or "") for kept in ctx.session.scalars(select(RecoveryCode.digest)) for code in codes)


def test_a_role_that_has_to_has_to_enrol_first(ctx: Context, browse: Browse) -> None:
    keeper = browse(role=Role.ADMIN)
    keeper.client.app.state.installation.settings.second_factor_roles = "ADMIN"  # type: ignore[attr-defined] # the app under test

    assert keeper.get("/admin").url.path == "/account/second-factor"
    _enrol(ctx, keeper)
    assert keeper.get("/admin").url.path == "/admin"


def test_staff_work_from_their_networks_alone(browse: Browse, bearer: Callable[..., TestClient]) -> None:
    officer, firm, program = browse(role=Role.ORGANIZER), browse(role=Role.ENTERPRISE), bearer(role=Role.AUDITOR)
    for client in (officer.client, firm.client, program):
        client.app.state.installation.settings.staff_networks = "10.0.0.0/8"  # type: ignore[attr-defined] # the app under test

    assert officer.get("/needs").status_code == 403
    assert program.get("/api/v1/needs").status_code == 403
    assert firm.get("/needs").status_code == 200


def test_refused_sign_ins_are_in_the_log(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    _enter(browse(), account, WRONG)

    entry = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in")).one()
    assert (entry.outcome, entry.record_id, entry.address) == ("REFUSED", account.id, "127.0.0.1")


def test_what_has_run_out_is_purged(ctx: Context, browse: Browse) -> None:
    browse(role=Role.ENTERPRISE)
    ctx.session.execute(update(SignInSession).values(expires_at=ctx.now - timedelta(days=1)))
    ctx.session.add(SignInFailure(account_key="k", address="", at=ctx.now - timedelta(days=400)))

    assert purge_sign_in_records(ctx) == 2
    assert purge_sign_in_records(ctx) == 0
