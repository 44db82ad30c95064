"""The search index as a transaction sees it: kept in memory, brought up to date by the numbered changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import select

from matching.search import Document, SearchIndex, Synonyms
from matching.words import Segmenter
from models import SearchChange, SearchState, Synonym
from service.context import Context
from service.queries.search_kinds import SEARCH_KINDS, hanging_on
from service.seeding.reader import seed_terms

STEPS_AT_MOST = 2000
"""Changes that are applied one by one; after more of them everything is read anew."""
KEPT_STATES = 3
"""States of one database's index kept in memory: the latest, and those that others still read."""
SYNONYMS = "synonyms"
CHUNK = 500


@dataclass(frozen=True)
class SearchRoom:
    """The index and the synonyms of one state: the number of the latest change, and the stamp that tells it apart."""

    seq: int
    stamp: str
    index: SearchIndex
    synonyms: Synonyms


class _Shelf:
    """Holds the latest states of each database's index. One thread derives, the others wait for it.

    A transaction may see changes that it never commits; such a state has a stamp of its own, so nobody else is ever
    handed it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, list[SearchRoom]] = {}

    def take(self, ctx: Context) -> SearchRoom:
        place = str(ctx.session.get_bind().engine.url)
        state_of(ctx)  # begins the transaction first: nobody may wait for the database while others wait for the shelf
        with self._lock:
            kept = self._kept.setdefault(place, [])
            found = _matching_state(ctx, kept)
            others = [one for one in kept if (one.seq, one.stamp) != (found.seq, found.stamp)]
            self._kept[place] = [found, *others][:KEPT_STATES]
            return found


_SHELF = _Shelf()


def search_room(ctx: Context) -> SearchRoom:
    """The index as this transaction sees it, its own uncommitted changes included."""
    ctx.flush()
    return _SHELF.take(ctx)


def state_of(ctx: Context) -> tuple[int, str]:
    """Number and stamp of the latest change that this transaction sees."""
    row = ctx.session.execute(select(SearchState.seq, SearchState.stamp)).one()
    return row.seq, row.stamp


@cache
def _segmenter() -> Segmenter:
    return Segmenter(seed_terms())


def _matching_state(ctx: Context, kept: Sequence[SearchRoom]) -> SearchRoom:
    """The state this transaction sees; read again when somebody commits a change meanwhile."""
    while True:
        state = state_of(ctx)
        same = next((one for one in kept if (one.seq, one.stamp) == state), None)
        found = same or _derived(ctx, state, kept) or _read(ctx, state)
        if state_of(ctx) == state:
            return found
        kept = [found, *kept]


def _read(ctx: Context, state: tuple[int, str]) -> SearchRoom:
    documents = (document for kind in SEARCH_KINDS.values() for document in kind.documents(ctx, None))
    return SearchRoom(*state, SearchIndex(documents, _segmenter()), _synonyms(ctx))


def _derived(ctx: Context, state: tuple[int, str], kept: Sequence[SearchRoom]) -> SearchRoom | None:
    """The state made of the latest kept one that came before it; None when there is none, or too much has changed."""
    for ancestor in sorted(kept, key=lambda one: -one.seq):
        changed = _changes_since(ctx, ancestor)
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
        return replace(ancestor, seq=state[0], stamp=state[1], index=index)
    return None


def _hanging_on_changed(ctx: Context, changed: dict[str, set[int]]) -> dict[str, set[int]]:
    organizations = changed.get("organizations")
    return hanging_on(ctx, organizations) if organizations else {}


def _documents(ctx: Context, kind: str, ids: Sequence[int]) -> list[Document]:
    chunks = (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
    return [document for chunk in chunks for document in SEARCH_KINDS[kind].documents(ctx, chunk)]


def _changes_since(ctx: Context, ancestor: SearchRoom) -> dict[str, set[int]] | None:
    """The records changed since, by kind; None when this history does not pass through that state, or is too long."""
    if ctx.session.scalar(select(SearchChange.stamp).where(SearchChange.seq == ancestor.seq)) != ancestor.stamp:
        return None
    rows = ctx.session.execute(
        select(SearchChange.kind, SearchChange.record_id)
        .where(SearchChange.seq > ancestor.seq)
        .order_by(SearchChange.seq)
        .limit(STEPS_AT_MOST + 1)
    ).all()
    if len(rows) > STEPS_AT_MOST:
        return None
    changed: dict[str, set[int]] = {}
    for kind, record_id in rows:
        changed.setdefault(kind, set()).add(record_id)
    return changed


def _synonyms(ctx: Context) -> Synonyms:
    """The groups in force, in their order."""
    return Synonyms(ctx.session.scalars(select(Synonym.words).where(Synonym.is_active).order_by(Synonym.id)))
