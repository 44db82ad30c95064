"""Search over everything the actor may know of: results, their counts by facet, suggestions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.search import Correction, Found, Hit, Piece, highlighted, snippet
from service.context import Context
from service.queries.listing import PAGE_SIZE, Option, Params, whole_number
from service.queries.search_facets import FACETS, Facet, facets_of, filters_in, narrowed_hits, region_names, search_href
from service.queries.search_index import search_room
from service.queries.search_kinds import SearchKind
from service.queries.search_records import Lookup, Record

SORTS = (("", "按相关度"), ("date", "按日期"))


@dataclass(frozen=True)
class Result:
    """One result as the page shows it; ``fresh`` when a kept search has not shown it yet."""

    key: str
    href: str
    kind: SearchKind
    record: Record
    title: Sequence[Piece]
    text: Sequence[Piece]
    note: str
    region: str
    score: float
    complete: bool
    fresh: bool = False


@dataclass(frozen=True)
class SearchPage:
    """One page of results with everything its template needs. ``complete``: results that have every word."""

    params: Params
    results: Sequence[Result]
    facets: Sequence[Facet]
    total: int
    complete: int
    number: int
    pages: int
    asks: bool = True
    corrections: Sequence[Correction] = ()
    unknown: Sequence[str] = ()
    excluded: Sequence[str] = ()

    @property
    def query(self) -> str:
        """What was searched for."""
        return self.params.get("q", "")

    @property
    def sort(self) -> str:
        """The order chosen."""
        return self.params.get("sort", "")

    @property
    def filters(self) -> dict[str, str]:
        """The filters at work, by parameter."""
        return filters_in(self.params)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is at work."""
        return bool(self.filters)

    def href(self, **changes: str) -> str:
        """The address of this search with some parameters changed; "" takes one away."""
        return search_href({**self.params, "page": "", **changes})

    def href_for(self, number: int) -> str:
        """The address of page ``number``."""
        return self.href(page=str(number))


def known_params(given: Params) -> dict[str, str]:
    """The parameters of a search among ``given``, trimmed; empty ones are left out."""
    keys = ("q", *(key for key, _ in FACETS), "sort", "exact", "page")
    return {key: given[key].strip() for key in keys if given.get(key, "").strip()}


def found_by(ctx: Context, params: Params, lookup: Lookup) -> Found:
    """All that the query finds among what the actor may know of, before any filter."""
    room = search_room(ctx)
    return room.index.search(
        params.get("q", ""), synonyms=room.synonyms, visible=lookup.visible, literal=params.get("exact") == "1"
    )


def search_page(
    ctx: Context, given: Params, *, size: int = PAGE_SIZE, seen: Collection[str] | None = None
) -> SearchPage:
    """The page that the parameters ask for; odd values fall back. ``seen``: results that are no news to the asker."""
    params = known_params(given)
    lookup = Lookup(ctx)
    found = found_by(ctx, params, lookup)
    hits = narrowed_hits(found, lookup, filters_in(params))
    if params.get("sort") == "date":
        hits.sort(key=lambda hit: lookup.records[hit.document.key].day or date.min, reverse=True)
    pages = max(-(-len(hits) // size), 1)
    number = min(max(whole_number(params.get("page")) or 1, 1), pages)
    shown = hits[(number - 1) * size : number * size]
    page = SearchPage(
        params=params,
        results=_results(ctx, shown, found, lookup, seen),
        facets=(),
        total=len(hits),
        complete=sum(hit.complete for hit in hits),
        number=number,
        pages=pages,
        asks=found.query.asks,
        corrections=found.corrections,
        unknown=found.unknown,
        excluded=found.query.excluded,
    )
    return replace(page, facets=facets_of(ctx, params, found, lookup))


def _results(
    ctx: Context, hits: Sequence[Hit], found: Found, lookup: Lookup, seen: Collection[str] | None
) -> list[Result]:
    lit = found.lit
    names = region_names(ctx, {code for hit in hits for code in lookup.records[hit.document.key].values["region"]})
    results = []
    for hit in hits:
        document, record = hit.document, lookup.records[hit.document.key]
        also = [name for name in (*document.names, *document.keywords) if any(p.lit for p in highlighted(name, lit))]
        text = snippet(document.body, lit) or (highlighted("、".join(also), lit) if also else [])
        results.append(
            Result(
                key=document.key,
                href=record.kind.href(record.row),
                kind=record.kind,
                record=record,
                title=highlighted(document.title, lit),
                text=text if any(p.lit for p in text) or not also else highlighted("、".join(also), lit),
                note=record.row.note or "",
                region="".join(names.get(code, "") for code in record.values["region"]),
                score=hit.score,
                complete=hit.complete,
                fresh=seen is not None and document.key not in seen,
            )
        )
    return results


@dataclass(frozen=True)
class Suggestions:
    """What to offer while somebody types: words to go on with, and the first records found."""

    words: Sequence[Option]
    results: Sequence[Result]


def search_suggestions(ctx: Context, text: str, limit: int = 5) -> Suggestions:
    """Words as (address, word), and records, that what was typed so far may mean."""
    lookup = Lookup(ctx)
    found = found_by(ctx, {"q": text}, lookup)
    words = search_room(ctx).index.suggest(text, visible=lookup.visible, limit=limit)
    head = text.rstrip()[: len(text.rstrip()) - len(text.split()[-1])] if text.split() else ""
    return Suggestions(
        [(search_href({"q": f"{head}{word}"}), f"{head}{word}") for word in words],
        _results(ctx, found.hits[:limit], found, lookup, None),
    )
