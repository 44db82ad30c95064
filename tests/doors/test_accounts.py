"""First-run set-up, sign-in, sign-out, tokens and the demo door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import Account, Organization, Role, SignInSession
from service.context import Context
from service.web.identity import SESSION_COOKIE
from tests.doors.conftest import Browser
from tests.factories import add_account
from tests.factories.people import PASSWORD

SET_UP = {
    "organization_name": "鄂尔多斯市科学技术局",
    "name": "示例管理员",
    "email": "Admin@Example.cn",
    "password": "一句口令要记牢Aa1",
    "password_again": "一句口令要记牢Aa1",
}


def test_first_visitor_becomes_administrator_and_the_door_closes_behind(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    first, second = browse(), browse()

    done = first.post("/setup", SET_UP)
    again = second.post("/setup", {**SET_UP, "email": "other@example.cn"})

    account = ctx.session.scalars(select(Account)).one()
    assert (account.email, account.role) == ("admin@example.cn", Role.ADMIN)
    assert account.password_hash.startswith("$argon2id$")
    assert done.url.path == "/admin"
    assert again.status_code == 409
    assert second.get("/setup").url.path == "/login"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "短", "password_again": "短"}, "密码至少 8 位，现在 1 位"),
        ({"password_again": "另一句不一样的口令"}, "两次输入的密码不一致"),
        ({"email": "no-at"}, "请填写完整的邮箱，例如 zhang@example.cn"),
    ],
)
def test_set_up_refuses_weak_or_mistyped_input(
    ctx: Context, browse: Callable[..., Browser], wrong: dict[str, str], sentence: str
) -> None:
    answer = browse().post("/setup", {**SET_UP, **wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert ctx.session.scalar(select(func.count()).select_from(Account)) == 0
    assert ctx.session.scalar(select(func.count()).select_from(Organization)) == 0


def test_sign_in_gives_a_fresh_session_and_sign_out_ends_it(ctx: Context, browse: Callable[..., Browser]) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    visitor = browse()

    visitor.post("/login", {"email": account.email.upper(), "password": PASSWORD, "next": "/needs"})
    cookie = visitor.client.cookies.get(SESSION_COOKIE)
    inside = visitor.get("/account")
    visitor.post("/logout")
    visitor.client.cookies.set(SESSION_COOKIE, cookie or "")
    outside = visitor.get("/account")

    assert cookie
    assert inside.status_code == 200
    assert outside.status_code == 401
    assert ctx.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_wrong_password_and_unknown_address_read_the_same(ctx: Context, browse: Callable[..., Browser]) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    switched_off = add_account(ctx, Role.ENTERPRISE, is_active=False)
    visitor = browse()

    answers = [
        visitor.post("/login", {"email": email, "password": password})
        for email, password in (
            (account.email, "不是这个密码哦哦哦"),
            ("nobody@example.cn", PASSWORD),
            (switched_off.email, PASSWORD),
        )
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert all("邮箱或密码不正确，请检查后重试" in answer.text for answer in answers)
    assert visitor.client.cookies.get(SESSION_COOKIE) is None


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_never_sends_the_browser_elsewhere(ctx: Context, browse: Callable[..., Browser], target: str) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    visitor = browse()

    answer = visitor.post(
        "/login", {"email": account.email, "password": PASSWORD, "next": target}, follow_redirects=False
    )

    assert answer.headers["location"] == "/workbench"


def test_demo_door_opens_only_for_demo_accounts_in_demo_mode(ctx: Context, browse: Callable[..., Browser]) -> None:
    demo, real = add_account(ctx, Role.LEADER, is_demo=True), add_account(ctx, Role.LEADER)
    visitor = browse()

    closed = visitor.post(f"/demo/enter/{demo.id}")
    visitor.client.app.state.installation.settings.demo = True  # type: ignore[attr-defined] # the app under test
    refused = visitor.post(f"/demo/enter/{real.id}")
    entered = visitor.post(f"/demo/enter/{demo.id}", follow_redirects=False)

    assert (closed.status_code, refused.status_code, entered.status_code) == (403, 403, 303)


def test_demo_door_stays_shut_to_other_machines(ctx: Context, browse: Callable[..., Browser]) -> None:
    demo = add_account(ctx, Role.LEADER, is_demo=True)
    local = browse()
    app = local.client.app
    app.state.installation.settings.demo = True  # type: ignore[attr-defined] # the app under test
    ctx.commit()

    with TestClient(app, client=("192.0.2.7", 50000)) as remote:
        answer = Browser(remote, None).post(f"/demo/enter/{demo.id}")

    assert answer.status_code == 403
    assert "本机" in answer.text


def test_unknown_token_is_a_problem_that_asks_for_another(bearer: Callable[..., TestClient]) -> None:
    program = bearer(role=Role.LEADER)
    program.headers["Authorization"] = "Bearer made-up"

    answer = program.get("/api/v1/needs")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
