"""Loads what everything else refers to: source documents, regions, taxonomies and their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import Category, Region, Source, Taxonomy
from service.seeding.reader import Row, read_rows
from service.seeding.writer import SeedWriter

_VERIFICATION = {"verified": "", "derived": "（本项目归并）", "proposed": "（本项目建议）", "memory": "（未核对）"}


@dataclass(frozen=True)
class Directories:
    """Sources by key, regions by code, categories by ``scheme:code``."""

    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    categories: Mapping[str, Category]


def load_directories(writer: SeedWriter, folder: Path) -> Directories:
    """Write the directories. Raises SeedError; a parent must stand above its children in its file."""
    sources = _sources(writer, folder)
    regions = _regions(writer, folder, sources)
    _taxonomies(writer, folder, sources)
    return Directories(sources, regions, _categories(writer, folder, sources))


def _sources(writer: SeedWriter, folder: Path) -> dict[str, Source]:
    plan = {
        row.given("key"): (
            row,
            {
                "key": row.given("key"),
                "title": row.given("title"),
                **{name: row.text(name) for name in ("issuer", "issued", "document", "note")},
            },
        )
        for row in read_rows(folder, "sources.csv", "key title issuer issued document note")
    }
    return writer.keyed(Source, plan, lambda source: source.key)


def _regions(writer: SeedWriter, folder: Path, sources: Mapping[str, Source]) -> dict[str, Region]:
    plan: dict[str, tuple[Row, dict[str, Any]]] = {}
    for row in read_rows(folder, "regions.csv", "code name parent_code level source", key="code"):
        row.reference("source", sources)
        _parent_above(row, row.maybe("parent_code"), plan)
        values = {
            "code": row.given("code"),
            "name": row.given("name"),
            "level": row.given("level"),
            "parent_code": row.maybe("parent_code"),
        }
        plan[row.given("code")] = (row, values)
    return writer.keyed(Region, plan, lambda region: region.code)


def _taxonomies(writer: SeedWriter, folder: Path, sources: Mapping[str, Source]) -> None:
    rows = read_rows(folder, "taxonomies.csv", "scheme name description source", key="scheme")
    plan = {
        row.given("scheme"): (
            row,
            {
                "scheme": row.given("scheme"),
                "name": row.given("name"),
                "description": row.text("description"),
                "position": position,
                "citation": row.reference("source", sources).title,
            },
        )
        for position, row in enumerate(rows)
    }
    writer.keyed(Taxonomy, plan, lambda taxonomy: taxonomy.scheme)


def _categories(writer: SeedWriter, folder: Path, sources: Mapping[str, Source]) -> dict[str, Category]:
    schemes = {row.given("scheme"): row for row in read_rows(folder, "taxonomies.csv", "scheme", key="scheme")}
    columns = "scheme code parent_code name aliases source verified"
    plan: dict[str, tuple[Row, dict[str, Any]]] = {}
    parents: dict[str, str] = {}
    paths: dict[str, str] = {}
    positions: dict[str, int] = {}
    for row in read_rows(folder, "categories.csv", columns, key="scheme+code"):
        row.reference("scheme", schemes)
        scheme, code = row.given("scheme"), row.given("code")
        key = f"{scheme}:{code}"
        paths[key] = key
        if row.text("parent_code"):
            parents[key] = f"{scheme}:{row.text('parent_code')}"
            _parent_above(row, parents[key], plan)
            paths[key] = f"{paths[parents[key]]}/{code}"
        values = {
            "scheme": scheme,
            "code": code,
            "name": row.given("name"),
            "path": paths[key],
            "aliases": row.words("aliases"),
            "position": positions.setdefault(scheme, 0),
            "citation": row.reference("source", sources).title + row.one_of("verified", _VERIFICATION),
        }
        positions[scheme] += 1
        plan[key] = (row, values)
    found = writer.keyed(Category, plan, lambda category: f"{category.scheme}:{category.code}")
    for key in plan:
        parent_id = found[parents[key]].id if key in parents else None
        if found[key].parent_id != parent_id:
            found[key].parent_id = parent_id
    writer.ctx.flush()
    return found


def _parent_above(row: Row, parent: str | None, seen: Mapping[str, Any]) -> None:
    if parent is not None and parent not in seen:
        raise row.wrong("parent_code", f"上级“{row.text('parent_code')}”不存在，或没有写在它的上面")
