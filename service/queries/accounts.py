"""Accounts, for those who keep them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from models import Account, Organization, Region, Role
from service.context import Context
from service.policy import allows
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals


def _switched(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    return {"1": Account.is_active.is_(True), "0": Account.is_active.is_(False)}.get(value)


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
        Column("created_at", "开设时间", Account.created_at),
        Column("organization_id", "机构编号", Account.organization_id, listed=False),
        Column("region_code", "地区代码", Account.region_code, listed=False),
        Column("version", "版本", Account.version, listed=False, sortable=False),
        Column("is_demo", "示例", Account.is_demo, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "manage_accounts") else false(),
    search=(Account.name, Account.email, Organization.name),
    filters=(
        Filter("role", "角色", equals(Account.role, Role), choices(Role)),
        Filter("active", "状态", _switched, lambda _ctx: (("1", "启用"), ("0", "停用"))),
        demo_filter(Account.is_demo),
    ),
    order="role",
    unit="个",
)
