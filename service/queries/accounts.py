"""Accounts, for those who keep them, and the invitations that are still open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, select, true

from models import Account, AccountInvitation, Organization, Region, Role, SignInFailure, SignInSession
from service.context import Context
from service.errors import NotFound
from service.policy import allows
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals
from service.security import digest


def _switched(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    in_use = and_(Account.is_active.is_(True), Account.awaits_approval.is_(False))
    return {
        "1": in_use,
        "0": and_(Account.is_active.is_(False), Account.erased_at.is_(None)),
        "waiting": Account.awaits_approval.is_(True),
        "erased": Account.erased_at.is_not(None),
    }.get(value)


STATES = (("1", "启用"), ("0", "停用"), ("waiting", "待安全管理员确认"), ("erased", "已注销"))

ACCOUNTS = Listing(
    key="accounts",
    label="账号",
    path="/admin/accounts",
    source=Account.__table__.join(Organization.__table__, Organization.id == Account.organization_id).outerjoin(
        Region.__table__, Region.code == Account.region_code
    ),
    columns=(
        Column("id", "编号", Account.id, align="right"),
        Column("name", "姓名", Account.name),
        Column("email", "邮箱", Account.email),
        Column("role", "角色", Account.role),
        Column("organization", "所属机构", Organization.name),
        Column("region", "负责地区", Region.name),
        Column("is_active", "启用", Account.is_active),
        Column("awaits_approval", "待确认", Account.awaits_approval),
        Column("is_organization_admin", "本单位账号管理员", Account.is_organization_admin),
        Column("created_at", "开设时间", Account.created_at),
        Column("organization_id", "机构编号", Account.organization_id, listed=False),
        Column("region_code", "地区代码", Account.region_code, listed=False),
        Column("version", "版本", Account.version, listed=False, sortable=False),
        Column("erased_at", "注销时间", Account.erased_at, listed=False),
        Column("is_demo", "示例", Account.is_demo, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "see_accounts") else false(),
    search=(Account.name, Account.email, Organization.name),
    filters=(
        Filter("role", "角色", equals(Account.role, Role), choices(Role)),
        Filter("active", "状态", _switched, lambda _ctx: STATES),
        demo_filter(Account.is_demo),
    ),
    order="role",
    unit="个",
)


def _colleagues(ctx: Context) -> ColumnElement[bool]:
    if not allows(ctx, "keep_colleagues"):
        return false()
    return and_(Account.organization_id == ctx.actor.organization_id, Account.erased_at.is_(None))


COLLEAGUES = replace(ACCOUNTS, key="colleagues", label="本单位账号", path="/colleagues", visible=_colleagues)


@dataclass(frozen=True)
class AccountDetail:
    """One account as those who keep it see it.

    ``is_locked``: strangers' browsers have to wait. ``keeps_all``: the reader may do what only administrators may.
    """

    account: Account
    organization: str
    region: str
    sessions: int
    is_locked: bool
    keeps_all: bool


def account_detail(ctx: Context, account_id: int) -> AccountDetail:
    """The account with what belongs to it. Raises NotFound when there is none the actor keeps."""
    row = ctx.session.execute(
        select(Account, Organization.name, Region.name)
        .join(Organization, Organization.id == Account.organization_id)
        .outerjoin(Region, Region.code == Account.region_code)
        .where(Account.id == account_id)
    ).first()
    keeps_all = allows(ctx, "see_accounts")
    if row is None or not (keeps_all or allows(ctx, "keep_colleagues", row[0])):
        raise NotFound(f"没有编号为 {account_id} 的账号")
    if account_id != ctx.actor.account_id:
        ctx.saw("see_accounts", row[0])
    open_now = select(func.count()).where(
        SignInSession.account_id == account_id,
        SignInSession.expires_at > ctx.now,
        SignInSession.last_seen_at > ctx.now - timedelta(minutes=ctx.settings.idle_minutes),
    )
    failures = select(func.count(SignInFailure.id)).where(
        SignInFailure.account_key == digest(f"account:{row[0].email}"),
        SignInFailure.device_id.is_(None),
        SignInFailure.at > ctx.now - timedelta(minutes=ctx.settings.lock_minutes),
    )
    return AccountDetail(
        account=row[0],
        organization=row[1],
        region=row[2] or "",
        sessions=ctx.session.scalar(open_now) or 0,
        is_locked=(ctx.session.scalar(failures) or 0) >= ctx.settings.lock_failures,
        keeps_all=keeps_all,
    )


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation to open an account that has not been used."""

    id: int
    version: int
    name: str
    email: str
    role: Role
    organization: str
    expires_at: datetime
    has_run_out: bool


def open_invitations(ctx: Context) -> list[OpenInvitation]:
    """The invitations the actor may take back or send again, the newest first."""
    query = (
        select(AccountInvitation, Organization.name)
        .join(Organization, Organization.id == AccountInvitation.organization_id)
        .where(AccountInvitation.accepted_at.is_(None), AccountInvitation.revoked_at.is_(None))
        .order_by(AccountInvitation.id.desc())
        .limit(200)
    )
    if not allows(ctx, "see_accounts"):
        own = AccountInvitation.organization_id == ctx.actor.organization_id
        query = query.where(own if allows(ctx, "invite_colleagues") else false())
    return [
        OpenInvitation(
            one.id, one.version, one.name, one.email, one.role, house, one.expires_at, one.expires_at <= ctx.now
        )
        for one, house in ctx.session.execute(query)
    ]
