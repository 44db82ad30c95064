"""Regions, categories and organizations as the choices of filters and forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, or_, select
from sqlalchemy.orm import aliased

from models import Category, Organization, OrganizationKind, Taxonomy
from service.context import Context
from service.queries.listing import Option

FORM_SCHEMES = ("point", "industry8", "area")
"""Taxonomies short enough to tick; the longer ones are chosen from a list or by suggestion."""
LONG_SCHEMES = ("hightech", "sei")


def nodes(ctx: Context, scheme: str) -> list[Option]:
    """All nodes of a taxonomy by id, in its own order."""
    rows = ctx.session.execute(
        select(Category.id, Category.name).where(Category.scheme == scheme).order_by(Category.position, Category.id)
    )
    return [(str(node), name) for node, name in rows]


def category_choices(ctx: Context) -> list[dict[str, Any]]:
    """The taxonomies of a posting's form: ``{"scheme", "name", "options"}``, each option (id, name)."""
    names = dict(ctx.session.execute(select(Taxonomy.scheme, Taxonomy.name)).all())
    return [
        {"scheme": scheme, "name": names.get(scheme, scheme), "options": nodes(ctx, scheme)} for scheme in FORM_SCHEMES
    ]


def further_choices(ctx: Context) -> list[dict[str, Any]]:
    """The longer taxonomies, for a drop-down: ``{"label", "options"}`` a group."""
    parent = aliased(Category)
    rows = ctx.session.execute(
        select(Category.id, Category.name, parent.name, Taxonomy.name)
        .join(Taxonomy, Taxonomy.scheme == Category.scheme)
        .join(parent, parent.id == Category.parent_id)
        .where(Category.scheme.in_(LONG_SCHEMES), or_(parent.parent_id.is_(None), Category.scheme == "sei"))
        .order_by(Category.scheme, Category.position, Category.id)
    )
    groups: dict[str, list[Option]] = {}
    for node, name, above, taxonomy in rows:
        groups.setdefault(f"{taxonomy} · {above}", []).append((str(node), name))
    return [{"label": label, "options": options} for label, options in groups.items()]


def organizations(ctx: Context, *kinds: OrganizationKind) -> list[Option]:
    """Organizations by id and name; of the given kinds, or all."""
    query = select(Organization.id, Organization.name).order_by(Organization.name)
    if kinds:
        query = query.where(Organization.kind.in_(kinds))
    return [(str(one), name) for one, name in ctx.session.execute(query)]


def filed_under(link: Any, posting_id: SQLColumnExpression[int], category_id: int) -> ColumnElement[bool]:
    """Postings filed under a category or one below it."""
    wanted, below = aliased(Category), aliased(Category)
    return exists(
        select(link.posting_id)
        .join(below, below.id == link.category_id)
        .join(wanted, or_(below.path == wanted.path, below.path.startswith(wanted.path.concat("/"))))
        .where(link.posting_id == posting_id, wanted.id == category_id)
    )


def categories_of(ctx: Context, link: Any, posting_ids: Sequence[int]) -> dict[int, list[tuple[int, str, str, str]]]:
    """The categories of each posting: (id, scheme, name, taxonomy's name), in the taxonomies' order."""
    found: dict[int, list[tuple[int, str, str, str]]] = {}
    rows = ctx.session.execute(
        select(link.posting_id, Category.id, Category.scheme, Category.name, Taxonomy.name)
        .join(Category, Category.id == link.category_id)
        .join(Taxonomy, Taxonomy.scheme == Category.scheme)
        .where(link.posting_id.in_(posting_ids))
        .order_by(Taxonomy.position, Category.id)
    )
    for posting_id, *category in rows:
        found.setdefault(posting_id, []).append((category[0], category[1], category[2], category[3]))
    return found
