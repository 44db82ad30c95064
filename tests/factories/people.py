"""Regions, organizations, people and categories."""

from __future__ import annotations

import functools
import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from stdnum.cn import uscc as uscc_rules

from models import Account, Category, Organization, OrganizationKind, Region, Role, Scientist, Taxonomy
from service import clock
from service.context import Actor, Context
from service.security import hash_password

NOW = datetime(2025, 6, 15, 2, 0, tzinfo=UTC)
"""When tests happen: 10:00 on 15 June 2025 in China."""
PASSWORD = "沙漠里也能长出好庄稼"
"""Every test account's password unless it is given another."""

REGIONS = (
    ("150000", "内蒙古自治区", "province", None),
    ("150100", "呼和浩特市", "prefecture", "150000"),
    ("150600", "鄂尔多斯市", "prefecture", "150000"),
    ("150602", "东胜区", "county", "150600"),
    ("150621", "达拉特旗", "county", "150600"),
    ("150622", "准格尔旗", "county", "150600"),
)

numbers = itertools.count(1)
_hashed = functools.cache(hash_password)


def add_regions(ctx: Context) -> None:
    """The minimal regions (REGIONS), those that are not there yet."""
    there = set(ctx.session.scalars(select(Region.code)))
    for code, name, level, parent_code in REGIONS:
        if code not in there:
            ctx.add(Region(code=code, name=name, level=level, parent_code=parent_code))


def add_region(ctx: Context, code: str, name: str, **columns: Any) -> Region:
    """One more region."""
    values: dict[str, Any] = {"level": "county", "parent_code": None, **columns}
    return ctx.add(Region(code=code, name=name, **values))


def a_uscc(number: int) -> str:
    """A 统一社会信用代码 with a right check character (GB 32100-2015); the same number gives the same code."""
    stem = f"91150600{number:09d}"
    return stem + uscc_rules.calc_check_digit(stem)


def add_organization(
    ctx: Context, kind: OrganizationKind = OrganizationKind.ENTERPRISE, **columns: Any
) -> Organization:
    """An organization in 150600, with a valid 统一社会信用代码 and a name of its own."""
    number = next(numbers)
    values: dict[str, Any] = {
        "name": f"{kind.label.split('/')[0]}{number}号",
        "uscc": a_uscc(number),
        "region_code": "150600",
        "aliases": [],
        **columns,
    }
    return ctx.add(Organization(kind=kind, **values))


_KIND_OF = {
    Role.ENTERPRISE: OrganizationKind.ENTERPRISE,
    Role.INSTITUTE: OrganizationKind.INSTITUTE,
    Role.BROKER: OrganizationKind.BROKERAGE,
}


def add_account(
    ctx: Context,
    role: Role = Role.ENTERPRISE,
    *,
    organization: Organization | None = None,
    password: str = PASSWORD,
    **columns: Any,
) -> Account:
    """An account of ``organization``, or of a new one of the kind the role belongs to."""
    number = next(numbers)
    organization = organization or add_organization(ctx, kind=_KIND_OF.get(role, OrganizationKind.AGENCY))
    values: dict[str, Any] = {
        "email": f"{role.value.lower()}{number}@example.cn",
        "name": f"{role.label}{number}",
        "organization_id": organization.id,
        "region_code": "150600" if role is Role.ORGANIZER else None,
        "password_hash": _hashed(password),
        "password_changed_at": clock.now(),
        **columns,
    }
    return ctx.add(Account(role=role, **values))


def actor_for(ctx: Context, account: Account) -> Actor:
    """The account as someone who acts."""
    organization = ctx.find(Organization, account.organization_id)
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        organization_id=organization.id,
        organization_name=organization.name,
        region_code=account.region_code,
        is_demo=account.is_demo,
        is_organization_admin=account.is_organization_admin,
        wants_recommendations=account.wants_recommendations,
    )


def add_scientist(ctx: Context, *, organization: Organization | None = None, **columns: Any) -> Scientist:
    """A scientist of ``organization``, or of a new institute."""
    organization = organization or add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    values: dict[str, Any] = {"name": "白格日勒", "position": "研究员", "fields": ["电解水制氢"], **columns}
    return ctx.add(Scientist(organization_id=organization.id, **values))


def add_category(
    ctx: Context, code: str = "", *, scheme: str = "industry8", parent: Category | None = None, **columns: Any
) -> Category:
    """A node of a taxonomy; the taxonomy is written too when it is not there yet."""
    code = code or f"T{next(numbers):03d}"
    if ctx.session.get(Taxonomy, scheme) is None:
        ctx.add(Taxonomy(scheme=scheme, name=f"分类体系 {scheme}"))
    values: dict[str, Any] = {
        "name": f"领域{code}",
        "path": f"{parent.path}/{code}" if parent else f"{scheme}:{code}",
        "aliases": [],
        "parent_id": parent.id if parent else None,
        **columns,
    }
    return ctx.add(Category(scheme=scheme, code=code, **values))
