"""Brings a table into line with the rows of a seed file: adds what is new, updates what changed, leaves the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import String, inspect, select

from models import Base
from models.base import Seeded, Timed
from service.context import Context
from service.seeding.reader import Row
from service.seeding.report import SeedReport, TableCount

R = TypeVar("R", bound=Base)
K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Seeded)

PROVENANCE = frozenset({"key", "source", "evidence", "note"})
"""Cells kept as a row's citation; unless the record has such a column too, they do not count as a change of it."""


@dataclass(frozen=True)
class Written:
    """What became of the rows: every record by its key, and the keys of those that are new or were updated."""

    records: dict[str, Any]
    added: frozenset[str]
    updated: frozenset[str]

    @property
    def changed(self) -> frozenset[str]:
        """Keys of records whose dependent rows have to be written again."""
        return self.added | self.updated


class SeedWriter:
    """Writes rows of seed files through one context and counts what it did."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.report = SeedReport()

    def keyed(
        self,
        kind: type[R],
        plan: Mapping[K, tuple[Row, dict[str, Any]]],
        key_of: Callable[[R], K],
        existing: Iterable[R] | None = None,
    ) -> dict[K, R]:
        """Records without a digest, which nobody but the seeds writes: updated where a column differs."""
        session, count = self.ctx.session, self._count(kind)
        known = {key_of(record): record for record in (session.scalars(select(kind)) if existing is None else existing)}
        count.left_alone += len(known.keys() - plan.keys())
        for key, (row, values) in plan.items():
            check_lengths(kind, row, values)
            record = known.get(key)
            if record is None:
                known[key] = record = kind()
                session.add(record)
                count.added += 1
            elif all(getattr(record, name) == value for name, value in values.items()):
                count.unchanged += 1
                continue
            else:
                count.updated += 1
            _assign(record, values)
        self.ctx.flush()
        return known

    def seeded(self, kind: type[S], plan: Mapping[str, tuple[Row, dict[str, Any]]], **first: Any) -> Written:
        """Records that people may change too: written only where the row differs from what was last loaded.

        ``first`` are columns set on a new record alone, such as its state.
        """
        session, count = self.ctx.session, self._count(kind)
        found = session.scalars(select(kind).where(kind.seed_key.is_not(None)))
        known: dict[str, S] = {str(record.seed_key): record for record in found}
        count.left_alone += len(known.keys() - plan.keys())
        added, updated = [], []
        for key, (row, values) in plan.items():
            check_lengths(kind, row, values)
            digest = digest_of(row, values)
            record = known.get(key)
            if record is None:
                known[key] = record = kind()
                _assign(record, {"seed_key": key, **first})
                if isinstance(record, Timed):
                    record.created_at = self.ctx.now
                session.add(record)
                added.append(key)
            elif record.seed_digest == digest:
                count.unchanged += 1
                continue
            else:
                updated.append(key)
            _assign(record, {**values, "seed_digest": digest})
            if isinstance(record, Timed):
                record.updated_at = self.ctx.now
        self.ctx.flush()
        for key in updated:
            self.ctx.audit("seed", known[key], key=key)
        count.added += len(added)
        count.updated += len(updated)
        return Written(dict(known), frozenset(added), frozenset(updated))

    def _count(self, kind: type[Any]) -> TableCount:
        return self.report.count(kind.__tablename__, kind.title_zh)


def digest_of(row: Row, values: Mapping[str, Any]) -> str:
    """SHA-256 over the cells that end up in the record's own columns, ``values``, or hang from it."""
    cells = {name: cell for name, cell in row.cells.items() if name not in PROVENANCE or name in values}
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def check_lengths(kind: type[Any], row: Row, values: Mapping[str, Any]) -> None:
    """Raises SeedError for a text that does not fit its column (SQLite would let it pass, PostgreSQL would not)."""
    columns = inspect(kind).columns
    for name, value in values.items():
        limit = columns[name].type.length if isinstance(columns[name].type, String) else None
        if isinstance(value, str) and limit is not None and len(value) > limit:
            raise row.wrong(name if name in row.cells else "", f"有 {len(value)} 字，最多 {limit} 字")


def _assign(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
