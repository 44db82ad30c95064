"""Set up the first administrator, open accounts, give them roles, confirm, switch and unlock them."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import Field, field_validator
from sqlalchemy import func, select

from models import Account, Organization, OrganizationKind, Region, Role
from models.account import DUTIES
from service.commands import Command, OptionalInt, OptionalText, Version
from service.context import Context
from service.errors import Conflict, Invalid
from service.policy import allows
from service.security import hash_password
from service.usecases.account_fields import AS_TYPED, Email, Name, Password, check_password, folded_email
from service.usecases.lockout import account_key, forgive
from service.usecases.sessions import end_sessions

REGIONAL_ROLES = frozenset({Role.ORGANIZER})
PRIVILEGED = DUTIES | {Role.ORGANIZER, Role.LEADER}
"""Roles that wait for the security administrator's word before they are good for anything."""

PickedRole = Annotated[Role, Field(title="角色", json_schema_extra={"widget": "select"})]
PickedRegion = Annotated[
    OptionalText, Field(title="负责地区", description="组织方必填", json_schema_extra={"widget": "region"})
]


class SetUp(Command):
    """Input of the first run: the administrator and the bureau that runs the installation."""

    organization_name: Annotated[
        str, Field(min_length=1, max_length=100, title="主管部门名称", description="例如：鄂尔多斯市科学技术局")
    ]
    name: Name
    email: Email
    password: Password
    password_again: Annotated[str, AS_TYPED, Field(title="再输一次密码", json_schema_extra={"widget": "password"})]

    _check_email = field_validator("email")(folded_email)


class CreateAccount(Command):
    """Input of a new account."""

    email: Email
    name: Name
    role: PickedRole
    organization_id: Annotated[OptionalInt, Field(title="所属机构", json_schema_extra={"widget": "organization"})] = (
        None
    )
    region_code: PickedRegion = None
    password: Annotated[
        str,
        AS_TYPED,
        Field(
            title="初始密码",
            description="当面或电话告诉本人，首次登录时须改掉",
            json_schema_extra={"widget": "password"},
        ),
    ]

    _check_email = field_validator("email")(folded_email)


class ChangeRole(Command):
    """Input of another role for somebody."""

    version: Version
    role: PickedRole
    region_code: PickedRegion = None


class SwitchAccount(Command):
    """Input of switching an account on or off."""

    version: Version
    is_active: bool


class ApproveAccount(Command):
    """Input of the security administrator's word on an account or a role."""

    version: Version
    approved: bool = True


class AppointOrganizationAdmin(Command):
    """Input of making somebody the administrator of their organization's accounts, or taking that back."""

    version: Version
    is_organization_admin: bool


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
    check_password(ctx, command.password, (command.email, command.name, command.organization_name))
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
    account = add_account(ctx, command.email, command.name, Role.ADMIN, bureau.id, None, command.password)
    ctx.audit("set_up", account)
    return account


def create_account(ctx: Context, command: CreateAccount) -> Account:
    """Open an account. Raises Invalid for a taken address, an unknown house, a missing region, a weak password."""
    ctx.demand("manage_accounts")
    wrong_at = wrong_places(ctx, command.email, command.role, command.organization_id, command.region_code)
    if wrong_at or command.organization_id is None:
        raise Invalid(wrong_at)
    check_one_duty(ctx, command.role, command.name, command.organization_id)
    house = ctx.find(Organization, command.organization_id)
    check_password(ctx, command.password, (command.email, command.name, house.name))
    account = add_account(
        ctx,
        command.email,
        command.name,
        command.role,
        command.organization_id,
        region_for(command.role, command.region_code),
        command.password,
    )
    account.must_change_password = not ctx.actor.is_system
    account.awaits_approval = needs_approval(ctx, command.role)
    ctx.audit("create_account", account, role=command.role.value)
    return account


def change_role(ctx: Context, account_id: int, command: ChangeRole) -> Account:
    """Give somebody another role; their sessions end. Nobody changes their own, a privileged one waits for approval."""
    account = ctx.require(Account, account_id, may="manage_accounts")
    ctx.check_version(account, command.version)
    if account.id == ctx.actor.account_id:
        raise Conflict("不能改自己的角色。")
    if command.role in REGIONAL_ROLES and command.region_code is None:
        raise Invalid({"region_code": "组织方须选择负责的地区"})
    check_one_duty(ctx, command.role, account.name, account.organization_id, but=account.id)
    check_not_the_last(ctx, account)
    before = account.role
    account.role = command.role
    account.region_code = region_for(command.role, command.region_code)
    account.awaits_approval = needs_approval(ctx, command.role)
    ctx.touch(account)
    end_sessions(ctx, account)
    ctx.audit("change_role", account, before=before.value, role=command.role.value)
    return account


def approve_account(ctx: Context, account_id: int, command: ApproveAccount) -> Account:
    """Confirm an account that waits, or send it back: it is then switched off."""
    account = ctx.require(Account, account_id, may="approve_accounts")
    ctx.check_version(account, command.version)
    if not account.awaits_approval:
        raise Conflict("这个账号不需要确认，可能已有人办理。")
    if account.id == ctx.actor.account_id:
        raise Conflict("不能确认自己的账号。")
    account.awaits_approval = False
    account.is_active = command.approved
    ctx.touch(account)
    ctx.audit("approve_account", account, approved=command.approved, role=account.role.value)
    return account


def switch_account(ctx: Context, account_id: int, command: SwitchAccount) -> Account:
    """Switch an account on or off; off ends its sessions. One cannot switch oneself off, nor the last administrator."""
    account = kept_account(ctx, account_id)
    ctx.check_version(account, command.version)
    if account.id == ctx.actor.account_id:
        raise Conflict("不能停用自己的账号。")
    if not command.is_active:
        check_not_the_last(ctx, account)
        end_sessions(ctx, account)
    if account.erased_at is not None:
        raise Conflict("这个账号已经注销，不能再启用。")
    account.is_active = command.is_active
    ctx.touch(account)
    ctx.audit("switch_account", account, is_active=command.is_active)
    return account


def appoint_organization_admin(ctx: Context, account_id: int, command: AppointOrganizationAdmin) -> Account:
    """Let somebody keep their organization's accounts, or no longer."""
    account = kept_account(ctx, account_id)
    ctx.check_version(account, command.version)
    if account.id == ctx.actor.account_id:
        raise Conflict("不能改自己的管理身份，请由另一位管理员办理。")
    account.is_organization_admin = command.is_organization_admin
    ctx.touch(account)
    ctx.audit("appoint_organization_admin", account, is_organization_admin=command.is_organization_admin)
    return account


def unlock_account(ctx: Context, account_id: int) -> Account:
    """Forget the failed sign-ins that keep strangers' browsers from an account."""
    account = kept_account(ctx, account_id)
    unlock_account_of(ctx, account)
    ctx.audit("unlock_account", account)
    return account


def unlock_account_of(ctx: Context, account: Account) -> None:
    """Forget the failures counted against strangers who tried the account."""
    for name in (account.email, f"factor:{account.id}", f"own:{account.id}"):
        forgive(ctx, account_key(name), None)


def kept_account(ctx: Context, account_id: int) -> Account:
    """An account that the actor keeps: an administrator any, an organization's administrator a colleague's."""
    account = ctx.find(Account, account_id)
    if not allows(ctx, "keep_accounts", account):
        ctx.demand("keep_colleagues", account)
        if account.role in PRIVILEGED:
            ctx.demand("keep_accounts", account)
    return account


def wrong_places(
    ctx: Context, email: str, role: Role, organization_id: int | None, region_code: str | None
) -> dict[str, str]:
    """What is wrong with where an account is to be opened, by field."""
    wrong_at: dict[str, str] = {}
    if ctx.session.scalar(select(func.count()).where(Account.email == email)):
        wrong_at["email"] = "这个邮箱已有账号"
    if organization_id is None or ctx.session.get(Organization, organization_id) is None:
        wrong_at["organization_id"] = "请选择所属机构"
    if role in REGIONAL_ROLES and region_code is None:
        wrong_at["region_code"] = "组织方须选择负责的地区"
    if region_code is not None and _known_region(ctx, region_code) is None:
        wrong_at["region_code"] = "没有这个地区代码，请从列表中选择"
    return wrong_at


def check_one_duty(ctx: Context, role: Role, name: str, organization_id: int, *, but: int | None = None) -> None:
    """Raises Invalid when the person already holds another of the three duties (GB/T 22239-2019, 三员分立).

    The same person is who has the same name in the same organization.
    """
    if role not in DUTIES:
        return
    others = ctx.session.execute(
        select(Account.name, Account.role).where(
            Account.organization_id == organization_id,
            Account.role.in_(DUTIES - {role}),
            Account.erased_at.is_(None),
            Account.id != (but or 0),
        )
    )
    for other, duty in others:
        if _folded_name(other) == _folded_name(name):
            kept_apart = "系统、安全、审计三种管理员须由不同的人担任；同名不同人请在姓名后注明"
            raise Invalid({"role": f"{other}已经是{duty.label}，{kept_apart}"})


def check_not_the_last(ctx: Context, account: Account) -> None:
    """Raises Conflict when nobody else would administer the installation."""
    if account.role is not Role.ADMIN or not account.is_active:
        return
    others = select(func.count(Account.id)).where(
        Account.role == Role.ADMIN,
        Account.is_active.is_(True),
        Account.awaits_approval.is_(False),
        Account.is_demo == account.is_demo,
        Account.id != account.id,
    )
    if not ctx.session.scalar(others):
        raise Conflict("这是最后一位系统管理员，请先设置另一位。")


def needs_approval(ctx: Context, role: Role) -> bool:
    """Whether an account of the role waits: it is privileged, and there is a security administrator to ask."""
    if ctx.actor.is_system or role not in PRIVILEGED:
        return False
    keepers = select(Account.id).where(
        Account.role == Role.SECURITY, Account.is_active.is_(True), Account.awaits_approval.is_(False)
    )
    if not ctx.actor.is_demo:
        keepers = keepers.where(Account.is_demo.is_(False))
    return ctx.session.scalar(keepers.limit(1)) is not None


def region_for(role: Role, region_code: str | None) -> str | None:
    """The region an account of the role is scoped to."""
    return region_code if role in REGIONAL_ROLES else None


def add_account(
    ctx: Context, email: str, name: str, role: Role, organization_id: int, region_code: str | None, password: str
) -> Account:
    """Put a new account into the session; whoever calls has checked what there is to check."""
    return ctx.add(
        Account(
            email=email,
            name=name,
            role=role,
            organization_id=organization_id,
            region_code=region_code,
            password_hash=hash_password(password),
            password_changed_at=ctx.now,
        )
    )


def _known_region(ctx: Context, code: str) -> str | None:
    return code if ctx.session.get(Region, code) is not None else None


def _folded_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
