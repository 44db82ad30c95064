"""The search index as a transaction sees it: kept in memory, brought up to date by the numbered changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import select

from matching.search import Document, SearchIndex, Synonyms
from matching.words import Segmenter
from models import SearchChange, SearchState, Synonym
from service.context import Context
from service.following import Shelf, changes_since
from service.queries.search_kinds import SEARCH_KINDS, hanging_on
from service.seeding.reader import seed_terms

STEPS_AT_MOST = 2000
"""Changes that are applied one by one; after more of them everything is read anew."""
SYNONYMS = "synonyms"
CHUNK = 500


@dataclass(frozen=True)
class SearchRoom:
    """The index and the synonyms of one state: the number of the latest change, and the stamp that tells it apart."""

    state: tuple[int, str]
    index: SearchIndex
    synonyms: Synonyms


def search_room(ctx: Context) -> SearchRoom:
    """The index as this transaction sees it, its own uncommitted changes included."""
    return _SHELF.take(ctx)


def state_of(ctx: Context) -> tuple[int, str]:
    """Number and stamp of the latest change that this transaction sees."""
    row = ctx.session.execute(select(SearchState.seq, SearchState.stamp)).one()
    return row.seq, row.stamp


@cache
def _segmenter() -> Segmenter:
    return Segmenter(seed_terms())


def _read(ctx: Context, state: tuple[int, str]) -> SearchRoom:
    documents = (document for kind in SEARCH_KINDS.values() for document in kind.documents(ctx, None))
    return SearchRoom(state, SearchIndex(documents, _segmenter()), _synonyms(ctx))


def _derived(ctx: Context, state: tuple[int, str], kept: Sequence[SearchRoom]) -> SearchRoom | None:
    """The state made of the latest kept one that came before it; None when there is none, or too much has changed."""
    for ancestor in sorted(kept, key=lambda one: -one.state[0]):
        changed = changes_since(ctx, SearchChange, SearchChange.record_id, *ancestor.state, at_most=STEPS_AT_MOST)
        if changed is None:
            continue
        if changed.pop(SYNONYMS, None):
            ancestor = replace(ancestor, synonyms=_synonyms(ctx))
        for kind, ids in _hanging_on_changed(ctx, changed).items():
            changed.setdefault(kind, set()).update(ids)
        put = [document for kind, ids in changed.items() for document in _documents(ctx, kind, sorted(ids))]
        there = {document.key for document in put}
        touched = {f"{kind}:{one}" for kind, ids in changed.items() for one in ids}
        if "sources" in changed:
            touched |= {key for key in ancestor.index.keys if key.startswith("sources:")}
        index = ancestor.index.changed(put, touched - there) if touched or put else ancestor.index
        return replace(ancestor, state=state, index=index)
    return None


def _next(ctx: Context, state: tuple[int, str], kept: Sequence[SearchRoom]) -> SearchRoom:
    return _derived(ctx, state, kept) or _read(ctx, state)


_SHELF = Shelf(state_of, _next)


def _hanging_on_changed(ctx: Context, changed: dict[str, set[int]]) -> dict[str, set[int]]:
    organizations = changed.get("organizations")
    return hanging_on(ctx, organizations) if organizations else {}


def _documents(ctx: Context, kind: str, ids: Sequence[int]) -> list[Document]:
    chunks = (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
    return [document for chunk in chunks for document in SEARCH_KINDS[kind].documents(ctx, chunk)]


def _synonyms(ctx: Context) -> Synonyms:
    """The groups in force, in their order."""
    return Synonyms(ctx.session.scalars(select(Synonym.words).where(Synonym.is_active).order_by(Synonym.id)))
