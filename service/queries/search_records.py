"""Found records as the database knows them: which of them the actor may know of, and their values in each facet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from models import Category
from service.context import SHANGHAI, Context
from service.kinds import KINDS
from service.queries.search_kinds import SEARCH_KINDS, SearchKind

SCHEMES = ("point", "industry8")
MOST_ASKED = 1000
"""Found records of a kind up to which the database is asked about these alone, and not about all of the kind."""


@dataclass(frozen=True)
class Record:
    """What the database says of a found record, beside its text; ``values`` are its values in each facet."""

    kind: SearchKind
    row: Row[Any]
    values: Mapping[str, frozenset[str]]

    @property
    def day(self) -> date | None:
        """The day it was published, begins, or was signed."""
        when: date | datetime | None = self.row.day
        return when.astimezone(SHANGHAI).date() if isinstance(when, datetime) else when


class Lookup:
    """Asks the database which found records the actor may know of, and keeps what it says of them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self.records: dict[str, Record] = {}

    def visible(self, keys: Collection[str]) -> Collection[str]:
        """Of these keys those the actor may know of."""
        asked: dict[str, list[str]] = {}
        for key in keys:
            kind, _, identity = key.partition(":")
            asked.setdefault(kind, []).append(identity)
        for kind, identities in asked.items():
            self._ask(SEARCH_KINDS[kind], identities)
        return self.records.keys()

    def _ask(self, kind: SearchKind, identities: Sequence[str]) -> None:
        query = kind.shown(self._ctx)
        if len(identities) <= MOST_ASKED:
            values: Sequence[Any] = identities if kind.key == "sources" else [int(one) for one in identities]
            query = query.where(kind.identity.in_(values))
        wanted = set(identities)
        rows = [row for row in self._ctx.session.execute(query) if str(row.id) in wanted]
        filed = self._filed(kind, [row.id for row in rows]) if kind.key in KINDS else {}
        for row in rows:
            self.records[f"{kind.key}:{row.id}"] = Record(kind, row, _values(kind, row, filed.get(row.id, ())))

    def _filed(self, kind: SearchKind, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
        """The nodes of the short taxonomies that postings are filed under: (scheme, id)."""
        link = KINDS[kind.key].link
        query = (
            select(link.posting_id, Category.scheme, Category.id)
            .join(Category, Category.id == link.category_id)
            .where(Category.scheme.in_(SCHEMES))
        )
        found: dict[int, list[tuple[str, int]]] = {}
        for posting_id, scheme, node in self._ctx.session.execute(
            query.where(link.posting_id.in_(ids)) if len(ids) <= MOST_ASKED else query
        ):
            found.setdefault(posting_id, []).append((scheme, node))
        return found


def _values(kind: SearchKind, row: Row[Any], filed: Iterable[tuple[str, int]]) -> dict[str, frozenset[str]]:
    nodes: dict[str, set[str]] = {scheme: set() for scheme in SCHEMES}
    for scheme, node in filed:
        nodes[scheme].add(str(node))
    if row.point is not None:
        nodes["point"].add(str(row.point))
    day = Record(kind, row, {}).day
    single = {
        "kind": kind.key,
        "region": row.region,
        "state": row.state,
        "organization_kind": row.organization_kind,
        "year": str(day.year) if day is not None else None,
        "demo": "1" if row.is_demo else "0",
    }
    values = {key: frozenset([str(getattr(one, "value", one))]) if one else frozenset() for key, one in single.items()}
    return {**values, **{scheme: frozenset(found) for scheme, found in nodes.items()}}
