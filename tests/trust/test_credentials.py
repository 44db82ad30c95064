"""Passwords and codes: taken as they are typed, kept so that nobody reads them, asked for again before they change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from models import Account, AuditEntry, AuditOutcome, RecoveryCode, Role, VerificationCode
from service import clock
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_account
from tests.factories.people import PASSWORD

Browse = Callable[..., Browser]
LONG = "  沙漠 里也能长出好庄稼 Aa1!  " * 5


def _enter(visitor: Browser, account: Account, password: str) -> int:
    answer = visitor.post("/login", {"email": account.email, "password": password}, follow_redirects=False)
    return answer.status_code


def _change(browser: Browser, current: str, new: str) -> int:
    form = {"current": current, "password": new, "again": new}
    return browser.post("/account/password", form, follow_redirects=False).status_code


def test_a_long_password_counts_to_its_last_character_and_its_blanks(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)

    assert 100 <= len(LONG) <= 128
    assert _change(browse(account), PASSWORD, LONG) == 303
    assert _enter(browse(), account, LONG) == 303
    for other in (LONG.strip(), LONG[:-1], LONG[:72], LONG.lower(), LONG.replace("里", "裡")):
        assert _enter(browse(), account, other) == 422


def test_a_password_changes_only_for_whoever_knows_it(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)

    assert _change(browse(account), "不是这个密码哦", LONG) == 422
    assert _enter(browse(), account, PASSWORD) == 303


def _enrol(ctx: Context, browser: Browser) -> tuple[str, list[str]]:
    browser.post("/account/second-factor/begin")
    assert browser.account is not None
    secret = ctx.find(Account, browser.account.id).totp_secret or ""
    page = browser.post(
        "/account/second-factor/confirm", {"code": pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))}
    )
    return secret, [part.split("</code>")[0] for part in page.text.split("<code>")[1:]]


def test_recovery_codes_are_kept_like_passwords(ctx: Context, browse: Browse) -> None:
    _secret, codes = _enrol(ctx, browse(add_account(ctx)))

    kept = ctx.session.scalars(select(RecoveryCode.digest)).all()
    assert len(kept) == len(codes) == 10
    assert all((one or "").startswith("$argon2id$") for one in kept)


def test_an_old_code_of_the_second_factor_opens_nothing(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    secret, _ = _enrol(ctx, browse(account))
    visitor = browse()
    _enter(visitor, account, PASSWORD)

    for minutes in (-10, -2, 2, 10):
        old = pyotp.TOTP(secret).at(clock.now() + timedelta(minutes=minutes))
        assert visitor.post("/login/second-factor", {"code": old}).status_code == 422


def _reset_code(browse: Browse, account: Account) -> str:
    found = re.search(r"<code>(\d{6})</code>", browse(role=Role.SECURITY).post(f"/accounts/{account.id}/code").text)
    assert found is not None
    return found[1]


def test_a_password_set_anew_does_not_go_round_the_second_factor(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    _enrol(ctx, browse(account))
    guest = browse()

    guest.post("/reset", {"email": account.email, "password": LONG, "code": _reset_code(browse, account)})

    assert guest.get("/account").url.path == "/login/second-factor"


def test_a_code_of_a_reset_runs_out(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)
    code = _reset_code(browse, account)
    ctx.session.execute(update(VerificationCode).values(expires_at=clock.now() - timedelta(seconds=1)))

    late = browse().post("/reset", {"email": account.email, "password": LONG, "code": code})

    assert late.status_code == 422


@pytest.mark.parametrize("path", ["begin", "stop", "codes"])
def test_the_second_factor_is_not_changed_without_proof(ctx: Context, browse: Browse, path: str) -> None:
    account = add_account(ctx)
    browser = browse(account)
    _enrol(ctx, browser)
    before = (ctx.find(Account, account.id).totp_secret, ctx.session.scalars(select(RecoveryCode.digest)).all())

    browser.post(f"/account/second-factor/{path}", {"password": "不是这个密码哦", "code": "000000"})

    assert (ctx.find(Account, account.id).totp_secret, ctx.session.scalars(select(RecoveryCode.digest)).all()) == before


def test_what_somebody_may_not_do_is_in_the_log(ctx: Context, browse: Browse) -> None:
    intruder = browse(role=Role.ENTERPRISE)

    assert intruder.post("/admin/demo/remove").status_code in (403, 404)
    assert intruder.get("/admin/audit").status_code == 403

    refused = ctx.session.scalars(select(AuditEntry).where(AuditEntry.outcome == AuditOutcome.REFUSED)).all()
    assert intruder.account is not None
    assert {entry.actor_id for entry in refused} == {intruder.account.id}
    assert "/admin/audit" in {entry.details.get("path") for entry in refused}


def test_logs_hold_no_password_no_code_and_no_token(
    ctx: Context, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    account = add_account(ctx)
    browser = browse(account)
    secret, codes = _enrol(ctx, browser)
    _change(browser, PASSWORD, LONG)
    page = browser.post("/account/tokens", {"name": "脚本", "scopes": ["read"], "days": "30"})
    token = re.search(r'id="token"[^>]*>([^<]+)</textarea>', page.text)
    reset = _reset_code(browse, account)
    cookies = [one.value for one in browser.client.cookies.jar if one.value and len(one.value) > 20]

    assert token is not None
    written = [repr((entry.details, entry.actor_name)) for entry in ctx.session.scalars(select(AuditEntry))]
    hidden = [PASSWORD, LONG, secret, *codes, token[1], reset, *cookies]
    shown = [word for word in hidden for text in (*written, caplog.text) if word in text]
    assert len(written) >= 4
    assert shown == []
