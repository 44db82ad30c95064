"""Set up the first administrator, sign in and out, and keep accounts."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from sqlalchemy import func, select

from models import Account, ApiToken, Organization, OrganizationKind, Region, Role, SignInMethod, SignInSession
from service.commands import Command, OptionalInt, OptionalText, Version, wrong
from service.context import Actor, Context
from service.errors import Conflict, Forbidden, Invalid
from service.security import SHORTEST_PASSWORD, digest, hash_password, new_token, password_matches

Email = Annotated[str, Field(min_length=3, max_length=200, title="邮箱", description="用作登录名")]
Name = Annotated[str, Field(min_length=1, max_length=50, title="姓名")]
Password = Annotated[
    str,
    Field(
        max_length=200,
        title="密码",
        description=f"至少 {SHORTEST_PASSWORD} 位",
        json_schema_extra={"widget": "password"},
    ),
]
REGIONAL_ROLES = {Role.ORGANIZER}


def _email(value: str) -> str:
    folded = value.strip().lower()
    local, at, domain = folded.partition("@")
    if not (local and at and "." in domain) or " " in folded:
        raise wrong("请填写完整的邮箱，例如 zhang@example.cn")
    return folded


def _long_enough(value: str) -> str:
    if len(value) < SHORTEST_PASSWORD:
        raise wrong(f"密码至少 {SHORTEST_PASSWORD} 位，现在 {len(value)} 位")
    return value


class SetUp(Command):
    """Input of the first run: the administrator and the bureau that runs the installation."""

    organization_name: Annotated[
        str, Field(min_length=1, max_length=100, title="主管部门名称", description="例如：鄂尔多斯市科学技术局")
    ]
    name: Name
    email: Email
    password: Password
    password_again: Annotated[str, Field(title="再输一次密码", json_schema_extra={"widget": "password"})]

    _check_email = field_validator("email")(_email)
    _check_password = field_validator("password")(_long_enough)


class SignIn(Command):
    """Input of a sign-in."""

    email: Annotated[str, Field(max_length=200, title="邮箱")]
    password: Annotated[str, Field(max_length=200, title="密码", json_schema_extra={"widget": "password"})]


class CreateAccount(Command):
    """Input of a new account."""

    email: Email
    name: Name
    role: Annotated[Role, Field(title="角色", json_schema_extra={"widget": "select"})]
    organization_id: Annotated[OptionalInt, Field(title="所属机构", json_schema_extra={"widget": "organization"})] = (
        None
    )
    region_code: Annotated[
        OptionalText, Field(title="负责地区", description="组织方必填", json_schema_extra={"widget": "region"})
    ] = None
    password: Password

    _check_email = field_validator("email")(_email)
    _check_password = field_validator("password")(_long_enough)


class ChangePassword(Command):
    """Input of a new password for oneself."""

    current: Annotated[str, Field(max_length=200, title="现在的密码", json_schema_extra={"widget": "password"})]
    password: Password

    _check_password = field_validator("password")(_long_enough)


class SwitchAccount(Command):
    """Input of switching an account on or off."""

    version: Version
    is_active: bool


def is_set_up(ctx: Context) -> bool:
    """Whether somebody who is no 示例 administers this installation."""
    query = select(Account.id).where(Account.role == Role.ADMIN, Account.is_demo.is_(False))
    return ctx.session.scalar(query.limit(1)) is not None


def set_up(ctx: Context, command: SetUp) -> Account:
    """Create the first administrator; possible once. There is no default password."""
    if is_set_up(ctx):
        raise Conflict("管理员已经设置过了，请直接登录。")
    if command.password != command.password_again:
        raise Invalid({"password_again": "两次输入的密码不一致"})
    bureau = ctx.session.scalar(select(Organization).where(Organization.name == command.organization_name))
    if bureau is None:
        bureau = ctx.add(
            Organization(
                name=command.organization_name,
                kind=OrganizationKind.AGENCY,
                region_code=_known_region(ctx, ctx.settings.region_code),
                aliases=[],
            )
        )
    account = _new_account(ctx, command.email, command.name, Role.ADMIN, bureau.id, None, command.password)
    ctx.audit("set_up", account)
    return account


def sign_in(ctx: Context, command: SignIn) -> tuple[str, Account]:
    """Open a session and give its cookie. The answer does not say whether the address or the password was wrong."""
    account = ctx.session.scalar(select(Account).where(Account.email == command.email.strip().lower()))
    usable = account if account is not None and account.is_active else None
    if not password_matches(usable.password_hash if usable is not None else None, command.password) or usable is None:
        raise Invalid({"password": "邮箱或密码不正确，请检查后重试"})
    return open_session(ctx, usable), usable


def enter_demo(ctx: Context, account_id: int) -> str:
    """Open a session of a 示例 account without a password; only in demo mode, and the door checks for loopback."""
    account = ctx.find(Account, account_id)
    if not (ctx.settings.demo and account.is_demo):
        raise Forbidden("只有示例模式下的示例账号可以直接进入。")
    return open_session(ctx, account, SignInMethod.DEMO)


def open_session(ctx: Context, account: Account, method: SignInMethod = SignInMethod.PASSWORD) -> str:
    """A fresh session for the account; gives the cookie's value, of which only a digest is kept."""
    token = new_token()
    ctx.session.add(
        SignInSession(
            token_digest=digest(token),
            handle=secrets.token_hex(8),
            account_id=account.id,
            method=method,
            address=ctx.address,
            user_agent=ctx.user_agent,
            csrf_token=new_token(),
            created_at=ctx.now,
            last_seen_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=ctx.settings.session_hours),
        )
    )
    ctx.actor = Actor(account_id=account.id, name=account.name, email=account.email, role=account.role)
    ctx.audit("sign_in", account)
    return token


def sign_out(ctx: Context, cookie: str) -> None:
    """End the session at once."""
    session = ctx.session.get(SignInSession, digest(cookie))
    if session is not None:
        ctx.session.delete(session)
        ctx.audit("sign_out")


def create_account(ctx: Context, command: CreateAccount) -> Account:
    """Create an account. Raises Invalid for a taken address, an unknown organization or a missing region."""
    ctx.demand("manage_accounts")
    wrong_at: dict[str, str] = {}
    if ctx.session.scalar(select(func.count()).where(Account.email == command.email)):
        wrong_at["email"] = "这个邮箱已有账号"
    if command.organization_id is None or ctx.session.get(Organization, command.organization_id) is None:
        wrong_at["organization_id"] = "请选择所属机构"
    if command.role in REGIONAL_ROLES and command.region_code is None:
        wrong_at["region_code"] = "组织方须选择负责的地区"
    if command.region_code is not None and ctx.session.get(Region, command.region_code) is None:
        wrong_at["region_code"] = "没有这个地区代码，请从列表中选择"
    if wrong_at or command.organization_id is None:
        raise Invalid(wrong_at)
    region = command.region_code if command.role in REGIONAL_ROLES else None
    account = _new_account(
        ctx, command.email, command.name, command.role, command.organization_id, region, command.password
    )
    ctx.audit("create_account", account, role=command.role.value)
    return account


def switch_account(ctx: Context, account_id: int, command: SwitchAccount) -> Account:
    """Switch an account on or off; off ends its sessions. One cannot switch oneself off."""
    account = ctx.require(Account, account_id, may="manage_accounts")
    ctx.check_version(account, command.version)
    if account.id == ctx.actor.account_id:
        raise Conflict("不能停用自己的账号。")
    account.is_active = command.is_active
    ctx.touch(account)
    if not command.is_active:
        for session in ctx.session.scalars(select(SignInSession).where(SignInSession.account_id == account.id)):
            ctx.session.delete(session)
    ctx.audit("switch_account", account, is_active=command.is_active)
    return account


def change_password(ctx: Context, command: ChangePassword, keep_cookie: str) -> None:
    """Change one's own password and end one's other sessions."""
    account = ctx.find(Account, ctx.actor.account_id or 0)
    if not password_matches(account.password_hash, command.current):
        raise Invalid({"current": "现在的密码不正确"})
    account.password_hash = hash_password(command.password)
    ctx.touch(account)
    others = select(SignInSession).where(
        SignInSession.account_id == account.id, SignInSession.token_digest != digest(keep_cookie)
    )
    for session in ctx.session.scalars(others):
        ctx.session.delete(session)
    ctx.audit("change_password", account)


def issue_token(ctx: Context, account: Account, name: str = "") -> str:
    """A new API token for the account; shown once, only its digest is kept."""
    token = new_token()
    ctx.session.add(
        ApiToken(
            token_digest=digest(token),
            handle=secrets.token_hex(8),
            account_id=account.id,
            name=name,
            scopes=["read", "write"],
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(days=ctx.settings.token_days),
        )
    )
    ctx.audit("issue_token", account)
    return token


def _new_account(
    ctx: Context, email: str, name: str, role: Role, organization_id: int, region_code: str | None, password: str
) -> Account:
    return ctx.add(
        Account(
            email=email,
            name=name,
            role=role,
            organization_id=organization_id,
            region_code=region_code,
            password_hash=hash_password(password),
        )
    )


def _known_region(ctx: Context, code: str) -> str | None:
    return code if ctx.session.get(Region, code) is not None else None
