"""Taxonomies as trees, each node with how many open needs and achievements are filed under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select, true

from models import Category, PostingState, Taxonomy
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.kinds import KINDS, Kind
from service.queries.listing import Column, Filter, Listing, Option
from service.queries.postings import LISTINGS

OPEN = ",".join(sorted(state.value for state in PostingState if state in OPEN_STATES))


@dataclass
class Node:
    """One category: ``counts`` by kind of posting in plural, its own and those of the nodes below."""

    id: int
    code: str
    name: str
    aliases: Sequence[str]
    citation: str
    counts: Mapping[str, int]
    children: list[Node] = field(default_factory=list)

    def href(self, plural: str) -> str:
        """The list of exactly the postings that ``counts`` counts."""
        return LISTINGS[plural].href({"category": str(self.id), "state": OPEN})


@dataclass(frozen=True)
class Tree:
    """A taxonomy with its topmost nodes; ``filed`` says how many open postings it holds, by kind in plural."""

    taxonomy: Taxonomy
    roots: Sequence[Node]
    size: int
    filed: Mapping[str, int]


def tree_of(ctx: Context, scheme: str) -> Tree:
    """The taxonomy as a tree. Raises NotFound."""
    taxonomy = ctx.session.get(Taxonomy, scheme)
    if taxonomy is None:
        raise NotFound(f"没有名为 {scheme} 的分类体系。")
    rows = ctx.session.execute(
        select(
            Category.id,
            Category.parent_id,
            Category.code,
            Category.name,
            Category.aliases,
            Category.citation,
            Category.path,
        )
        .where(Category.scheme == scheme)
        .order_by(Category.position, Category.id)
    ).all()
    filed = {plural: _filed(ctx, kind, scheme) for plural, kind in KINDS.items()}
    nodes = {
        row.id: Node(
            row.id,
            row.code,
            row.name,
            row.aliases,
            row.citation,
            {plural: len(by_path.get(row.path, ())) for plural, by_path in filed.items()},
        )
        for row in rows
    }
    for row in rows:
        if row.parent_id in nodes:
            nodes[row.parent_id].children.append(nodes[row.id])
    roots = [nodes[row.id] for row in rows if row.parent_id not in nodes]
    total = {plural: len(set().union(*by_path.values())) for plural, by_path in filed.items()}
    return Tree(taxonomy, roots, len(nodes), total)


def _filed(ctx: Context, kind: Kind, scheme: str) -> dict[str, set[int]]:
    """The open postings under each path of the taxonomy that the actor may read; a node has those below it too."""
    model = kind.model
    found: dict[str, set[int]] = {}
    rows = ctx.session.execute(
        select(Category.path, kind.link.posting_id)
        .join(kind.link, kind.link.category_id == Category.id)
        .join(model, model.id == kind.link.posting_id)
        .where(Category.scheme == scheme, model.state.in_(OPEN_STATES), visibility.postings(ctx, model))
    )
    for path, posting_id in rows:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            found.setdefault("/".join(parts[:depth]), set()).add(posting_id)
    return found


def taxonomies(ctx: Context) -> Sequence[Row[Any]]:
    """All taxonomies in their order, each with its number of nodes."""
    nodes = select(func.count(Category.id)).where(Category.scheme == Taxonomy.scheme).scalar_subquery()
    rows = select(Taxonomy.scheme, Taxonomy.name, Taxonomy.description, nodes.label("nodes"))
    return ctx.session.execute(rows.order_by(Taxonomy.position)).all()


def _schemes(ctx: Context) -> Sequence[Option]:
    return [(row.scheme, row.name) for row in taxonomies(ctx)]


CATEGORIES = Listing(
    key="categories",
    label="技术领域",
    path="/api/v1/categories",
    source=Category.__table__,
    columns=(
        Column("id", "编号", Category.id),
        Column("scheme", "分类体系", Category.scheme),
        Column("code", "代码", Category.code),
        Column("name", "名称", Category.name),
        Column("path", "路径", Category.path),
        Column("parent_id", "上级编号", Category.parent_id),
    ),
    visible=lambda _ctx: true(),
    search=(Category.name, Category.code),
    filters=(Filter("scheme", "分类体系", lambda _ctx, value: Category.scheme == value, _schemes),),
    order="id",
    unit="项",
)
