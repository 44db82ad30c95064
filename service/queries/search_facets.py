"""What search results are narrowed by, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import select

from matching.search import Found, Hit
from models import Category, OrganizationKind, Region
from models.region import region_prefix
from service.context import Context
from service.queries.listing import Params, whole_number
from service.queries.search_kinds import SEARCH_KINDS
from service.queries.search_records import Lookup, Record

FACETS = (
    ("kind", "类别"),
    ("point", "点位"),
    ("industry8", "重点产业"),
    ("region", "地区"),
    ("state", "状态"),
    ("organization_kind", "机构类型"),
    ("year", "年份"),
    ("demo", "示例数据"),
)
"""What results can be narrowed by, in the order shown; the key is the address's parameter."""
MOST_OPTIONS = 12


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many results have it (under all other filters), and the page narrowed to it."""

    value: str
    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One way to narrow the results."""

    key: str
    label: str
    choices: Sequence[Choice]
    clear: str

    @property
    def chosen(self) -> bool:
        """Whether the results are narrowed by it."""
        return any(choice.chosen for choice in self.choices)


def search_href(params: Params) -> str:
    """The page that shows a search."""
    query = urlencode({key: value for key, value in params.items() if value})
    return f"/search?{query}" if query else "/search"


def filters_in(params: Params) -> dict[str, str]:
    """The filters at work, by parameter."""
    return {key: params[key] for key, _ in FACETS if params.get(key)}


def filters_in_words(ctx: Context, params: Params) -> list[str]:
    """Each filter at work, as its facet names it: "类别：技术需求"."""
    labels = dict(FACETS)
    words = []
    for key, value in filters_in(params).items():
        names = _LABELS[key](ctx, value.split(","))
        words.append(f"{labels[key]}：{'、'.join(names.get(one, one) for one in value.split(','))}")
    return words


def narrowed_hits(found: Found, lookup: Lookup, filters: Params, *, but: str = "") -> list[Hit]:
    """The hits that pass all ``filters``, one of them left aside."""
    asked = {key: value for key, value in filters.items() if key != but}
    return [hit for hit in found.hits if _passes(lookup.records[hit.document.key], asked)]


def _passes(record: Record, filters: Params) -> bool:
    for key, value in filters.items():
        have = record.values[key]
        if key == "region":
            prefix = region_prefix(value) if whole_number(value) else value
            if not any(code.startswith(prefix) for code in have):
                return False
        elif have.isdisjoint(value.split(",")):
            return False
    return True


def facets_of(ctx: Context, params: Params, found: Found, lookup: Lookup) -> list[Facet]:
    """The facets of a search, those alone that part its results."""
    filters = filters_in(params)

    def href(key: str, value: str) -> str:
        return search_href({**params, "page": "", key: value})

    facets = []
    for key, label in FACETS:
        chosen = filters.get(key, "")
        hits = narrowed_hits(found, lookup, filters, but=key)
        counts = Counter(value for hit in hits for value in lookup.records[hit.document.key].values[key])
        if key == "region":
            counts = _with_all_within(counts)
        if not chosen and (len(counts) < 2 or (key == "demo" and not counts["1"])):
            continue
        labels = _LABELS[key](ctx, counts)
        ordered = sorted(counts, key=lambda value: _rank(key, value, counts))[:MOST_OPTIONS]
        ordered += [chosen] if chosen and chosen not in ordered else []
        choices = [
            Choice(
                value,
                labels.get(value, value),
                counts[value],
                href(key, "" if value == chosen else value),
                value == chosen,
            )
            for value in ordered
        ]
        facets.append(Facet(key, label, choices, href(key, "")))
    return facets


def _with_all_within(counts: Counter[str]) -> Counter[str]:
    """A region's count with those of all regions it contains."""
    return Counter(
        {
            code: sum(count for other, count in counts.items() if other.startswith(region_prefix(code)))
            for code in counts
        }
    )


def _rank(key: str, value: str, counts: Mapping[str, int]) -> tuple[int, str]:
    if key == "kind":
        return list(SEARCH_KINDS).index(value), value
    if key == "year":
        return -int(value), value
    return -counts[value], value


def region_names(ctx: Context, codes: Collection[str]) -> Mapping[str, str]:
    """The names of regions by code."""
    return dict(ctx.session.execute(select(Region.code, Region.name).where(Region.code.in_(codes))).all())


def _node_names(ctx: Context, values: Collection[str]) -> dict[str, str]:
    ids = [number for number in map(whole_number, values) if number is not None]
    rows = ctx.session.execute(select(Category.id, Category.name).where(Category.id.in_(ids)))
    return {str(node): name for node, name in rows}


def _state_names(_ctx: Context, values: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in SEARCH_KINDS.values():
        if kind.states is not None:
            found.update({member.value: member.label for member in kind.states if member.value not in found})
    return {value: found.get(value, value) for value in values}


_LABELS: Mapping[str, Callable[[Context, Collection[str]], Mapping[str, str]]] = {
    "kind": lambda _ctx, _values: {key: kind.label for key, kind in SEARCH_KINDS.items()},
    "point": _node_names,
    "industry8": _node_names,
    "region": region_names,
    "state": _state_names,
    "organization_kind": lambda _ctx, _values: {member.value: member.label for member in OrganizationKind},
    "year": lambda _ctx, values: {value: f"{value} 年" for value in values},
    "demo": lambda _ctx, _values: {"0": "正式数据", "1": "示例数据"},
}
