"""An index that changes: a frozen base, a small fresh segment and tombstones, read as one.

Every snapshot is immutable; ``put`` and ``drop`` give the next one, which shares all that did not change. A search
finds exactly what it would find in an index built anew from the survivors, equal scores in order of id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled
from matching.engine import store
from matching.engine.fresh import Fresh
from matching.engine.postings import STEPS, Postings, impacts_of, query_numbers
from matching.engine.rows import SparseRows
from matching.engine.store import DamagedFile

FRESH_LIMIT = 1_000
"""From so many fresh documents and tombstones on, compaction is due."""
_KIND = "segmented"


@dataclass(frozen=True, slots=True)
class Segmented:
    """One snapshot. ``limit``: the largest weight a document's term can have (see ``Postings.build``)."""

    limit: float
    base: Postings
    base_ids: tuple[str, ...]
    base_places: Mapping[str, int]
    base_live: NDArray[np.bool_]
    fresh: Fresh
    fresh_ids: tuple[str, ...]
    fresh_places: Mapping[str, int]
    """Where the living fresh documents are; a dead one is left out."""
    dead: int

    @classmethod
    def build(cls, ids: Sequence[str], rows: SparseRows, terms: int, limit: float = 1.0) -> Segmented:
        """Index ``rows`` under ``ids`` (each once). Raises ValueError for a repeated id or a weight above ``limit``."""
        if len(ids) != len(rows) or len(set(ids)) != len(ids):
            raise ValueError("every row needs an id of its own")
        impacts = _impacts(rows, limit)
        return cls._of(limit, list(ids), rows.indptr, rows.indices, impacts, terms)

    @classmethod
    def _of(
        cls,
        limit: float,
        ids: list[str],
        indptr: NDArray[np.int64],
        indices: NDArray[np.int32],
        impacts: NDArray[np.uint16],
        terms: int,
    ) -> Segmented:
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        base = Postings.from_impacts(*_taken(indptr, indices, impacts, order), terms, limit / STEPS)
        return cls._around(limit, base, tuple(ids[at] for at in order), np.ones(len(ids), np.bool_))

    @classmethod
    def _around(cls, limit: float, base: Postings, ids: tuple[str, ...], live: NDArray[np.bool_]) -> Segmented:
        places = {one: at for at, one in enumerate(ids)}
        dead = int(live.size - np.count_nonzero(live))
        return cls(limit, base, ids, places, live, Fresh(base.terms), (), {}, dead)

    def __len__(self) -> int:
        return len(self.base_ids) + len(self.fresh_ids) - self.dead

    def __contains__(self, one: object) -> bool:
        return one in self.fresh_places or (
            one in self.base_places and bool(self.base_live[self.base_places[str(one)]])
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The living documents' ids, sorted."""
        base = (one for one, live in zip(self.base_ids, self.base_live.tolist(), strict=True) if live)
        return tuple(sorted([*base, *self.fresh_places]))

    @property
    def due_for_compaction(self) -> bool:
        """Whether fresh documents and tombstones have become so many that searching suffers."""
        return len(self.fresh_ids) >= FRESH_LIMIT or self.dead >= max(FRESH_LIMIT, len(self.base_ids) // 10)

    def put(self, ids: Sequence[str], rows: SparseRows) -> Segmented:
        """With these documents added, each in place of the one that had its id before; of a repeated id the last stays.

        Raises ValueError for a weight above the limit.
        """
        impacts = _impacts(rows, self.limit)
        after = self.drop(ids)
        fresh, names, places, dead = after.fresh, list(after.fresh_ids), dict(after.fresh_places), after.dead
        for at, one in enumerate(ids):
            part = slice(rows.indptr[at], rows.indptr[at + 1])
            present = impacts[part] > 0
            fresh = fresh.added(len(names), rows.indices[part][present], impacts[part][present])
            dead += one in places
            places[one] = len(names)
            names.append(one)
        return replace(after, fresh=fresh, fresh_ids=tuple(names), fresh_places=places, dead=dead)

    def drop(self, ids: Iterable[str]) -> Segmented:
        """Without these documents; an unknown id is passed over."""
        gone = set(ids)
        base = [self.base_places[one] for one in gone if one in self.base_places]
        base = [at for at in base if self.base_live[at]]
        fresh = gone & self.fresh_places.keys()
        if not base and not fresh:
            return self
        live, places = self.base_live, self.fresh_places
        if base:
            live = live.copy()
            live[base] = False
        if fresh:
            places = {one: at for one, at in places.items() if one not in fresh}
        return replace(self, base_live=live, fresh_places=places, dead=self.dead + len(base) + len(fresh))

    def compacted(self) -> Segmented:
        """The same documents in one base. Takes a while for a large index; this snapshot goes on serving meanwhile."""
        indptr, indices, impacts = self.base.impact_rows()
        start, more, values = self.fresh.rows(len(self.fresh_ids))
        indptr = np.concatenate([indptr, start[1:] + indptr[-1]])
        indices, impacts = np.concatenate([indices, more]), np.concatenate([impacts, values])
        fresh = sorted(self.fresh_places.values())
        kept = np.concatenate([np.flatnonzero(self.base_live), np.array(fresh, np.int64) + len(self.base_ids)])
        names = self.base_ids + self.fresh_ids
        terms = max(self.base.terms, int(more.max(initial=-1)) + 1)
        return self._of(self.limit, [names[at] for at in kept], *_taken(indptr, indices, impacts, kept), terms)

    def top(
        self,
        terms: NDArray[np.int32],
        weights: NDArray[np.float32],
        k: int,
        exclude: Collection[str] = (),
        within: Collection[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The best ``k`` documents with a score above 0 as (id, score), best first, equal scores in order of id.

        ``exclude``: ids left out; ``within``: no others than these.
        """
        if k <= 0:
            return []
        live = self._allowed(exclude, within)
        where, best = self.base.top(terms, weights, k, live)
        found = [(self.base_ids[at], score) for at, score in zip(where.tolist(), best.tolist(), strict=True)]
        if not self.fresh_places:
            return found
        scores = self._fresh_scores(terms, weights)
        bar = best[-1] if best.size == k else 0.0
        more = []
        for at in np.flatnonzero((scores > 0.0) & (scores >= bar)).tolist():
            one = self.fresh_ids[at]
            if self.fresh_places.get(one) == at and one not in exclude and (within is None or one in within):
                more.append((one, float(scores[at])))
        return sorted(found + more, key=lambda pair: (-pair[1], pair[0]))[:k] if more else found

    def scores(self, terms: NDArray[np.int32], weights: NDArray[np.float32]) -> dict[str, float]:
        """Every living document's score, those of 0 left out."""
        base, fresh = self.base.scores(terms, weights), self._fresh_scores(terms, weights)
        found = {self.base_ids[at]: float(base[at]) for at in np.flatnonzero((base > 0.0) & self.base_live)}
        return found | {one: float(fresh[at]) for one, at in self.fresh_places.items() if fresh[at] > 0.0}

    def parts(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Header and arrays for ``store.save``; a caller may add his own to both."""
        fresh = sorted((at, one) for one, at in self.fresh_places.items())
        indptr, indices, impacts = _taken(
            *self.fresh.rows(len(self.fresh_ids)), np.array([at for at, _ in fresh], np.int64)
        )
        header = {"kind": _KIND, "limit": self.limit, "documents": len(self.base), "step": self.base.step}
        arrays = {f"base.{name}": array for name, array in self.base.arrays().items()}
        arrays |= {"live": self.base_live, "fresh.indptr": indptr, "fresh.indices": indices, "fresh.impacts": impacts}
        arrays |= _packed("base.ids", self.base_ids) | _packed("fresh.ids", [one for _, one in fresh])
        return header, arrays

    @classmethod
    def from_parts(cls, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Segmented:
        """The snapshot that ``parts`` gave. Raises DamagedFile where they are of something else."""
        if header.get("kind") != _KIND:
            raise DamagedFile("这不是检索索引文件，请重新生成。")
        base = Postings.from_arrays(
            header["documents"],
            header["step"],
            {name.removeprefix("base."): array for name, array in arrays.items() if name.startswith("base.")},
        )
        found = cls._around(header["limit"], base, _unpacked("base.ids", arrays), arrays["live"])
        indptr, fresh, places = arrays["fresh.indptr"], found.fresh, {}
        names = _unpacked("fresh.ids", arrays)
        for at, one in enumerate(names):
            part = slice(indptr[at], indptr[at + 1])
            fresh = fresh.added(at, arrays["fresh.indices"][part].copy(), arrays["fresh.impacts"][part].copy())
            places[one] = at
        return replace(found, fresh=fresh, fresh_ids=names, fresh_places=places)

    def save(self, path: Path) -> None:
        """Write this snapshot; see ``store.save``."""
        store.save(path, *self.parts())

    @classmethod
    def load(cls, path: Path) -> Segmented:
        """Read a snapshot, its base memory-mapped. Raises DamagedFile as ``store.load``, FileNotFoundError for none."""
        return cls.from_parts(*store.load(path))

    def _fresh_scores(self, terms: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.float64]:
        numbers, scale = query_numbers(weights)
        scores = np.zeros(len(self.fresh_ids))
        self.fresh.add_scores(scores.size, np.ascontiguousarray(terms, np.int32), numbers, scores)
        return scores * (scale * self.base.step)

    def _allowed(self, exclude: Collection[str], within: Collection[str] | None) -> NDArray[np.bool_] | None:
        live = self.base_live
        if within is not None:
            chosen = np.zeros(live.size, np.bool_)
            chosen[[self.base_places[one] for one in within if one in self.base_places]] = True
            live = live & chosen
        left_out = [self.base_places[one] for one in exclude if one in self.base_places]
        if left_out:
            live = live.copy()
            live[left_out] = False
        return None if live is self.base_live and not self.dead else live


def _impacts(rows: SparseRows, limit: float) -> NDArray[np.uint16]:
    largest = float(rows.weights.max(initial=0.0))
    if largest > limit:
        raise ValueError(f"weight {largest} is above the limit {limit}")
    return impacts_of(rows.weights, limit)


def _packed(name: str, ids: Sequence[str]) -> dict[str, NDArray[Any]]:
    texts = [one.encode() for one in ids]
    lengths = np.array([len(text) for text in texts], np.uint32)
    return {f"{name}.lengths": lengths, f"{name}.text": np.frombuffer(b"".join(texts), np.uint8)}


def _unpacked(name: str, arrays: Mapping[str, NDArray[Any]]) -> tuple[str, ...]:
    text, ends = arrays[f"{name}.text"].tobytes(), np.cumsum(arrays[f"{name}.lengths"], dtype=np.int64).tolist()
    return tuple(text[start:end].decode() for start, end in zip([0, *ends], ends, strict=False))


_Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]


def _taken(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], impacts: NDArray[np.uint16], order: NDArray[np.int64]
) -> _Rows:
    """The rows ``order`` names, in its order."""
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum((indptr[1:] - indptr[:-1])[order])])
    terms, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint16)
    _take(indptr, indices, impacts, order, starts, terms, values)
    return starts, terms, values


@compiled
def _take(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    impacts: NDArray[np.uint16],
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    terms: NDArray[np.int32],
    values: NDArray[np.uint16],
) -> None:
    for to in range(order.size):
        start = indptr[order[to]]
        for at in range(starts[to + 1] - starts[to]):
            terms[starts[to] + at], values[starts[to] + at] = indices[start + at], impacts[start + at]
