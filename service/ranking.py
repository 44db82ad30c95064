"""Wires the records to the ranking library: one catalogue for each state of the open postings, derived step by step."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from matching import Profile, Ranker, RankIndex
from matching.duplicates import DuplicateFinder
from matching.statistics import Statistics
from models import CatalogueChange, CatalogueState, RankingStatistics, RankingWeights, WeightsState
from service.context import Context
from service.following import Shelf, changes_since, place_of
from service.index_files import IndexFiles
from service.kinds import KINDS, Kind
from service.profiles import Entry, entries
from service.queries.active_weights import active_weights
from service.queries.conflicts import Ties
from service.seeding.reader import seed_terms

log = logging.getLogger(__name__)

STEPS_AT_MOST = 500
"""Changes that are applied one by one; after more of them everything is read anew."""


@dataclass(frozen=True)
class State:
    """Which catalogue a transaction sees: the latest change, the statistics and the weights in force.

    ``stamp`` tells apart two changes of the same number, one of which was taken back.
    """

    seq: int
    stamp: str
    statistics: int | None
    weights: int | None

    @property
    def version(self) -> str:
        """The one version number, the same in every process that sees this state."""
        return f"{self.statistics or 0}.{self.weights or 0}.{self.seq}"


@dataclass(frozen=True)
class Catalogue:
    """All open postings as the ranking sees them, indexed from both sides. Profile ids are record ids as text."""

    state: State
    ranker: Ranker
    statistics: Statistics
    entries: Mapping[str, Mapping[str, Entry]]
    indexes: Mapping[str, RankIndex]
    finders: Mapping[str, DuplicateFinder]

    @property
    def version(self) -> str:
        """The version that runs and pages name."""
        return self.state.version

    @property
    def due_for_compaction(self) -> bool:
        """Whether so much was added lately that it should be frozen."""
        return any(index.due_for_compaction for index in self.indexes.values())

    @cached_property
    def profiles(self) -> Mapping[str, Mapping[str, Profile]]:
        """The profiles of each kind by id."""
        return {name: {key: one.profile for key, one in side.items()} for name, side in self.entries.items()}

    @cached_property
    def demo(self) -> Mapping[str, frozenset[str]]:
        """The ids of 示例 postings of each kind."""
        return {name: frozenset(key for key, one in side.items() if one.is_demo) for name, side in self.entries.items()}

    @cached_property
    def _owned(self) -> Mapping[str, Mapping[int, frozenset[str]]]:
        found: dict[str, dict[int, frozenset[str]]] = {}
        for name, side in self.entries.items():
            owned: dict[int, set[str]] = {}
            for key, one in side.items():
                if one.owner is not None:
                    owned.setdefault(one.owner, set()).add(key)
            found[name] = {owner: frozenset(keys) for owner, keys in owned.items()}
        return found

    @cached_property
    def _named(self) -> Mapping[str, Mapping[int, frozenset[str]]]:
        found: dict[str, dict[int, frozenset[str]]] = {}
        for name, side in self.entries.items():
            named: dict[int, set[str]] = {}
            for key, one in side.items():
                named.setdefault(one.organization, set()).add(key)
            found[name] = {organization: frozenset(keys) for organization, keys in named.items()}
        return found

    def profile(self, kind: Kind, posting_id: int) -> Profile | None:
        """The profile of one open posting; None when it is not open."""
        entry = self.entries[kind.plural].get(str(posting_id))
        return None if entry is None else entry.profile

    def rivals(self, kind: Kind, entry: Entry, ties: Ties) -> frozenset[str]:
        """Counterparts that may not be paired with a posting: those in conflict with it, and 示例 with real.

        A posting made on behalf of an official document has no owner (None) and so no counterpart of its own; every
        other conflict holds for the organization it names.
        """
        other = kind.counterpart
        own = ties.twins(entry.owner) if entry.owner is not None else frozenset()
        mine = (self._owned[other].get(twin, frozenset()) for twin in own)
        theirs = (self._named[other].get(one, frozenset()) for one in ties.barred(entry.organization))
        strangers = self.entries[other].keys() - self.demo[other] if entry.is_demo else self.demo[other]
        return frozenset().union(*mine, *theirs, strangers)

    def rarity(self, term: str) -> float:
        """How telling a term is in this catalogue, ≥ 0."""
        return self.indexes["achievements"].rarity(term)


def catalogue(ctx: Context) -> Catalogue:
    """The catalogue as this transaction sees it, its own uncommitted changes included."""
    found = _SHELF.take(ctx)
    if found.due_for_compaction:
        _compact_beside(place_of(ctx), found)
    return found


def _compact_beside(place: str, due: Catalogue) -> None:
    """Freeze what was added lately, in a thread of its own; nobody waits, scores stay the same."""
    name = f"woshou-compaction-{place}"
    if all(thread.name != name for thread in threading.enumerate()):
        threading.Thread(target=_compact, name=name, args=(place, due), daemon=True).start()


def _compact(place: str, due: Catalogue) -> None:
    frozen = replace(due, indexes={name: index.compacted() for name, index in due.indexes.items()})
    _SHELF.replace(place, frozen)
    log.info("index of %s compacted at version %s", place, frozen.version)


def state_of(ctx: Context) -> State:
    """Which catalogue this transaction sees."""
    return State(*ctx.session.execute(_STATE).one())


_NEWEST = select(RankingStatistics.id).order_by(RankingStatistics.id.desc()).limit(1).scalar_subquery()
_IN_FORCE = select(RankingWeights.id).where(RankingWeights.state == WeightsState.ACTIVE).scalar_subquery()
_STATE = select(CatalogueState.seq, CatalogueState.stamp, _NEWEST, _IN_FORCE)


def _next(ctx: Context, state: State, kept: Sequence[Catalogue]) -> Catalogue:
    """The catalogue of ``state``: derived from the latest kept one that came before it, else read anew."""
    if state.statistics is not None:
        alike = [one for one in kept if (one.state.statistics, one.state.weights) == (state.statistics, state.weights)]
        for ancestor in sorted(alike, key=lambda one: (one.due_for_compaction, -one.state.seq)):
            changed = _changes_since(ctx, ancestor.state.seq, ancestor.state.stamp)
            if changed is not None:
                return _derived(ctx, state, ancestor, changed)
    return _read(ctx, state)


_SHELF = Shelf(state_of, _next)


def _changes_since(ctx: Context, seq: int, stamp: str) -> dict[str, set[int]] | None:
    return changes_since(ctx, CatalogueChange, CatalogueChange.posting_id, seq, stamp, at_most=STEPS_AT_MOST)


def _derived(ctx: Context, state: State, ancestor: Catalogue, changed: Mapping[str, set[int]]) -> Catalogue:
    sides, indexes, finders = dict(ancestor.entries), dict(ancestor.indexes), dict(ancestor.finders)
    for name, ids in changed.items():
        there = entries(ctx, KINDS[name], ids)
        put = [entry.profile for entry in there.values()]
        gone = sorted({str(posting_id) for posting_id in ids} - there.keys(), key=int)
        gone = [key for key in gone if key in sides[name]]
        side = {key: one for key, one in sides[name].items() if key not in there and key not in gone}
        sides[name] = {**side, **there}
        indexes[name] = indexes[name].changed(put, gone)
        finders[name] = finders[name].changed(put, gone)
    return replace(ancestor, state=state, entries=sides, indexes=indexes, finders=finders)


def _read(ctx: Context, state: State) -> Catalogue:
    ranker = Ranker(active_weights(ctx), dictionary=seed_terms())
    sides = {name: entries(ctx, kind) for name, kind in KINDS.items()}
    profiles = {name: [one.profile for one in side.values()] for name, side in sides.items()}
    statistics = _statistics(ctx, state, ranker, profiles)
    indexes: dict[str, RankIndex] = {}
    for name, side in profiles.items():
        frozen = _from_file(ctx, state, ranker, statistics, name, sides[name])
        indexes[name] = frozen if frozen is not None else ranker.index(statistics, side)
    finders = {name: DuplicateFinder(side) for name, side in profiles.items()}
    return Catalogue(state, ranker, statistics, sides, indexes, finders)


def _statistics(ctx: Context, state: State, ranker: Ranker, profiles: Mapping[str, list[Profile]]) -> Statistics:
    """The saved statistics; before any were saved, those of the catalogue as it is."""
    if state.statistics is None:
        return ranker.statistics([profile for side in profiles.values() for profile in side])
    row = ctx.find(RankingStatistics, state.statistics)
    return Statistics.from_bytes(row.data)


def _from_file(
    ctx: Context, state: State, ranker: Ranker, statistics: Statistics, name: str, side: Mapping[str, Entry]
) -> RankIndex | None:
    """The index a process saved earlier, brought up to ``state``; None when there is none that fits."""
    if state.statistics is None:
        return None
    for saved in IndexFiles(ctx.settings).of(name, statistics.version):
        changed: Any = _changes_since(ctx, saved.seq, saved.stamp) if saved.seq <= state.seq else None
        if changed is None:
            continue
        index = saved.open(ranker, statistics)
        if index is not None:
            keys = {str(posting_id) for posting_id in changed.get(name, ())}
            put = [side[key].profile for key in sorted(keys & side.keys(), key=int)]
            return index.changed(put, sorted(keys - side.keys() & set(index.ids), key=int))
    return None


def save_indexes(ctx: Context, room: Catalogue) -> None:
    """Keep the frozen indexes of a catalogue as files, so that the next process starts with them at once."""
    if room.state.statistics is None:
        return
    files = IndexFiles(ctx.settings)
    for name, index in room.indexes.items():
        files.save(name, room.statistics.version, room.state.seq, room.state.stamp, index)


def keep_statistics(ctx: Context) -> RankingStatistics:
    """Count the catalogue's words anew and keep the result: from now on every process scores with it."""
    state = state_of(ctx)
    ranker = Ranker(active_weights(ctx), dictionary=seed_terms())
    texts = [one.profile for kind in KINDS.values() for one in entries(ctx, kind).values()]
    statistics = ranker.statistics(texts)
    row = RankingStatistics(
        seq=state.seq,
        texts=len(texts),
        digest=statistics.version,
        data=statistics.to_bytes(),
        created_at=ctx.now,
    )
    return ctx.add(row)
