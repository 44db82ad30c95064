"""Organizations: their list, one with all of it the actor may know of, and those whose names come close."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Row, ScalarSelect, Text, and_, cast, func, or_, select, true

from models import Organization, OrganizationKind, Region
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.kinds import KINDS, Kind
from service.queries.listing import (
    Column,
    Filter,
    Listing,
    all_rows,
    choices,
    count,
    demo_filter,
    equals,
)
from service.queries.naming import sees_every_name
from service.queries.narrowing import by_region
from service.queries.postings import LISTINGS
from service.queries.projects import PROJECTS

SHOWN = 8
"""Needs, achievements and projects that an organization's page lists before it points to the full list."""
NEAR = 85.0
"""From this similarity of their cores (0–100) two names are worth a second look."""
LEGAL_FORMS = ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "集团公司", "公司", "集团")


def openly_named(ctx: Context, kind: Kind) -> ColumnElement[bool]:
    """Postings the actor may read and whose owner they may know: what an organization's page may count and list."""
    model = kind.model
    readable = visibility.postings(ctx, model)
    if sees_every_name(ctx):
        return readable
    own = model.organization_id == ctx.actor.organization_id if ctx.actor.organization_id is not None else None
    named = model.masked_name == ""
    return and_(readable, named if own is None else or_(named, own))


def _posted(ctx: Context, kind: Kind) -> ScalarSelect[int]:
    model = kind.model
    return (
        select(func.count(model.id))
        .where(model.organization_id == Organization.id, openly_named(ctx, kind))
        .correlate(Organization)
        .scalar_subquery()
    )


FILTERS = (
    Filter("kind", "类型", equals(Organization.kind, OrganizationKind), choices(OrganizationKind)),
    by_region(Organization.region_code),
    demo_filter(Organization.is_demo),
)
"""What the list is narrowed by, the same for every actor."""


def organization_listing(ctx: Context) -> Listing:
    """The list of organizations; its counts are what this actor finds behind them, so it is made for each actor."""
    return Listing(
        key="organizations",
        label="机构",
        path="/organizations",
        source=Organization.__table__.outerjoin(Region.__table__, Region.code == Organization.region_code),
        columns=(
            Column("id", "编号", Organization.id, align="right"),
            Column("name", "名称", Organization.name),
            Column("kind", "类型", Organization.kind),
            Column("region", "地区", Region.name),
            Column("uscc", "统一社会信用代码", Organization.uscc),
            Column("aliases", "别名", Organization.aliases, sortable=False),
            Column("needs", "技术需求", _posted(ctx, KINDS["needs"]), align="right"),
            Column("achievements", "科技成果", _posted(ctx, KINDS["achievements"]), align="right"),
            Column("status_note", "备注", Organization.status_note, sortable=False),
            Column("is_demo", "示例", Organization.is_demo, sortable=False),
        ),
        visible=lambda _ctx: true(),
        search=(Organization.name, cast(Organization.aliases, Text)),
        filters=FILTERS,
        order="name",
        unit="家",
    )


@dataclass(frozen=True)
class Belonging:
    """Some rows of a list that belong to an organization, how many there are, and the page with all of them."""

    label: str
    href: str
    total: int
    rows: Sequence[Row[Any]]


@dataclass(frozen=True)
class OrganizationDetail:
    """One organization as its page shows it; ``postings`` by kind in plural."""

    organization: Organization
    region: str
    postings: dict[str, Belonging]
    projects: Belonging


def organization_detail(ctx: Context, organization_id: int) -> OrganizationDetail:
    """The organization with what of it the actor may know. Raises NotFound."""
    row = ctx.session.execute(
        select(Organization, Region.name)
        .outerjoin(Region, Region.code == Organization.region_code)
        .where(Organization.id == organization_id)
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {organization_id} 的机构。")
    organization, region = row
    return OrganizationDetail(
        organization=organization,
        region=region or "",
        postings={name: _belonging(ctx, listing, organization_id) for name, listing in LISTINGS.items()},
        projects=_belonging(ctx, PROJECTS, organization_id),
    )


def _belonging(ctx: Context, listing: Listing, organization_id: int) -> Belonging:
    params = {"organization": str(organization_id)}
    rows = list(islice(all_rows(ctx, listing, params), SHOWN))
    total = count(ctx, listing, params) if len(rows) == SHOWN else len(rows)
    return Belonging(listing.label, listing.href(params), total, rows)


@dataclass(frozen=True)
class Namesake:
    """An organization whose name or alias comes close; ``similarity`` in percent, ``same`` when it is the very name."""

    id: int
    name: str
    written: str
    similarity: int
    same: bool


def namesakes(ctx: Context, name: str, *, other_than: int | None = None, limit: int = 5) -> list[Namesake]:
    """Organizations that may be the one called ``name``, closest first.

    Names are compared without region, legal form, blanks and brackets (indel similarity as rapidfuzz defines it), so
    that 鄂尔多斯市甲有限公司 and 甲有限责任公司 are found to be near.
    """
    regions = _region_words(ctx)
    core, whole = _core(name, regions), _plain(name)
    found: list[Namesake] = []
    for row in ctx.session.execute(select(Organization.id, Organization.name, Organization.aliases)):
        if row.id == other_than:
            continue
        names = (row.name, *row.aliases)
        scored = [
            (max(fuzz.ratio(core, _core(one, regions)), fuzz.ratio(whole, _plain(one)) - 5), one) for one in names
        ]
        similarity, written = max(scored)
        same = _plain(row.name) == whole
        if same or similarity >= NEAR:
            found.append(Namesake(row.id, row.name, written, 100 if same else min(round(similarity), 99), same))
    return sorted(found, key=lambda one: (-one.similarity, one.name))[:limit]


def _plain(name: str) -> str:
    """The name in one form of writing: compatibility forms folded, no blanks, no brackets."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "()[]“”\"'·-")


def _core(name: str, regions: Sequence[str]) -> str:
    """What distinguishes the name: without leading regions and trailing legal form; the whole when nothing is left."""
    whole = core = _plain(name)
    for region in regions:
        core = core.removeprefix(region)
    for form in LEGAL_FORMS:
        core = core.removesuffix(form)
    return core or whole


def _region_words(ctx: Context) -> list[str]:
    """Region names and their short forms, wide regions first, the longer form of each first."""
    rows = ctx.session.execute(select(Region.code, Region.name).order_by(Region.code))
    words = []
    for _, name in rows:
        short = name.removesuffix("自治区") if name.endswith("自治区") else name[:-1]
        words += [name, *([short] if len(short) > 1 else [])]
    return list(dict.fromkeys(words))
