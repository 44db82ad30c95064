"""Kept searches: what they find now, which of it is new, and what of it waits on one's workbench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from models import SavedSearch, SearchState
from service.context import Context
from service.queries.search import found_by
from service.queries.search_facets import filters_in, filters_in_words, narrowed_hits, search_href
from service.queries.search_records import Lookup
from service.queries.waiting import SHOWN, Item, Waiting


@dataclass(frozen=True)
class Kept:
    """One kept search: its filters in words, how many new results the owner may still know of, where it opens."""

    search: SavedSearch
    conditions: Sequence[str]
    fresh: int

    @property
    def href(self) -> str:
        """The search page with this search, new results marked."""
        return search_href({"q": self.search.query, **self.search.filters, "kept": str(self.search.id)})


def complete_keys(ctx: Context, query: str, filters: Mapping[str, str]) -> list[str]:
    """The keys of the results that have every word and pass the filters, as the actor may know of them."""
    lookup = Lookup(ctx)
    found = found_by(ctx, {"q": query}, lookup)
    return [hit.document.key for hit in narrowed_hits(found, lookup, filters_in(filters)) if hit.complete]


def kept_searches(ctx: Context) -> list[Kept]:
    """The actor's own, those with news first, then the latest. Raises NotSignedIn."""
    ctx.demand("keep_search")
    found = ctx.session.scalars(
        select(SavedSearch).where(SavedSearch.account_id == ctx.actor.account_id).order_by(SavedSearch.id.desc())
    )
    kept = [_kept(ctx, search) for search in found]
    return sorted(kept, key=lambda one: not one.fresh)


def kept_search(ctx: Context, search_id: int | None) -> SavedSearch | None:
    """One of the actor's own kept searches; None when it is not."""
    search = ctx.session.get(SavedSearch, search_id) if search_id is not None else None
    own = search is not None and ctx.actor.account_id is not None and search.account_id == ctx.actor.account_id
    return search if own else None


def seen_before(search: SavedSearch | None) -> set[str] | None:
    """What a kept search has shown already; None without one, when nothing is news."""
    return set(search.seen) if search is not None else None


def _kept(ctx: Context, search: SavedSearch) -> Kept:
    return Kept(search, filters_in_words(ctx, search.filters), _still_fresh(ctx, search))


def _still_fresh(ctx: Context, search: SavedSearch) -> int:
    """New results found by the job that the actor may know of at this moment."""
    if not search.alerts or not search.fresh:
        return 0
    fresh = set(search.fresh)
    return len(fresh & set(Lookup(ctx).visible(fresh)))


def new_results(ctx: Context) -> Waiting:
    """Kept searches that have found something new."""
    news = [one for one in kept_searches(ctx) if one.fresh]
    items = [
        Item(one.href, one.search.name, "、".join(one.conditions), f"{one.fresh} 条新结果", "info")
        for one in news[:SHOWN]
    ]
    return Waiting("保存的搜索有新结果", items, len(news), "/searches")


def searches_due(ctx: Context) -> bool:
    """Whether something was changed since a search that tells of news was last looked through."""
    latest = select(SearchState.seq).scalar_subquery()
    return bool(ctx.session.scalar(select(exists().where(SavedSearch.alerts, SavedSearch.checked_seq < latest))))
