"""Postings ready to be ranked: a frozen base, a small fresh segment, and what has been dropped from the base."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.analysis import character_keys
from matching.blocks import Block, single
from matching.candidates import Candidates, Question
from matching.engine import store
from matching.points import SCALE, split_points
from matching.profile import Profile
from matching.segments import Scorer, Segment, joined_segments, segment_arrays, segment_from, segment_of
from matching.signals.base import Scores
from matching.statistics import DamagedStatistics, Statistics
from matching.text import normalise

ALGORITHM = "woshou-ranker-2"
FRESH_AT_MOST = 1_000
"""From this many postings in the fresh segment (or dropped from the base) on, compaction is due."""

_BLOCK = 64
_CANDIDATES_FOR_EACH = 10
"""Candidates for each place asked for, if that is more than the ranker's number."""

_LANES = (1 << 64) - 1

Flags = NDArray[np.bool_]
"""One for each posting of a segment."""


@dataclass(frozen=True)
class Ranked:
    """One offer's place for one query.

    ``contributions`` (signal name → points) add up to ``score`` exactly at 4 decimals; a signal that could not tell is
    left out. ``score`` is in [0, 1].
    """

    id: str
    rank: int
    score: float
    contributions: dict[str, float]


@dataclass(frozen=True)
class _Place:
    """Scored postings of one segment."""

    segment: Segment
    at: NDArray[np.int64]
    parts: Mapping[str, Scores]
    totals: NDArray[np.int64]


class RankIndex:
    """Offers ready to be ranked; an immutable snapshot, safe to share between threads.

    ``base`` is in order of id and never changes; ``fresh`` holds what came since; ``gone`` says which postings of the
    base count no more. ``RankIndex`` is made by ``Ranker``.
    """

    def __init__(
        self,
        scorer: Scorer,
        base: Segment,
        fresh: Segment,
        gone: Flags,
        candidates: Candidates | None,
    ) -> None:
        self._scorer = scorer
        self._base = base
        self._fresh = fresh
        self._gone = gone
        self._candidates = candidates
        self._live = np.flatnonzero(~gone)

    def __len__(self) -> int:
        return len(self._live) + len(self._fresh)

    @property
    def statistics(self) -> Statistics:
        """The statistics that all scores go by."""
        return self._scorer.statistics

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits of the settings, the statistics and the content, however it came together."""
        marks = np.concatenate([self._base.marks[self._live], self._fresh.marks])
        sums = [int(lane) & _LANES for lane in np.add.reduce(marks, axis=0, dtype=np.uint64)]
        settings = (ALGORITHM, self.statistics.version, sorted(self._scorer.weights.items()), len(self), sums)
        return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Offer ids in index order (sorted)."""
        return tuple(sorted(self._unsorted))

    @cached_property
    def _unsorted(self) -> list[str]:
        base = self._base.ids
        kept = base if len(self._live) == len(base) else tuple(base[position] for position in self._live.tolist())
        return [*kept, *self._fresh.ids]

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Where each id of ``ids`` stands among the live postings of the base and then the fresh ones."""
        unsorted = self._unsorted
        return np.array(sorted(range(len(unsorted)), key=unsorted.__getitem__), dtype=np.int64)

    @property
    def due_for_compaction(self) -> bool:
        """Whether so much has changed that ``compacted()`` pays."""
        return max(len(self._fresh), len(self._base) - len(self._live)) >= FRESH_AT_MOST

    def changed(self, put: Sequence[Profile], dropped: Collection[str] = ()) -> RankIndex:
        """A new snapshot with ``put`` added (replacing the same ids) and ``dropped`` left out; unknown ids are ignored.

        The base is shared. Raises ValueError for an id put twice.
        """
        leaving = {profile.id for profile in put}
        if len(leaving) != len(put):
            raise ValueError("编号重复")
        leaving.update(dropped)
        stays = [row for row, posting in enumerate(self._fresh.ids) if posting not in leaving]
        fresh = self._fresh
        if len(stays) < len(fresh):
            fresh = fresh.taken(np.array(stays, dtype=np.int64))
        if put:
            fresh = joined_segments([fresh, segment_of(self._scorer, put)])
        gone = self._gone
        hidden = [position for one in leaving if (position := self._base.positions.get(one)) is not None]
        if hidden:
            gone = gone.copy()
            gone[hidden] = True
        return RankIndex(self._scorer, self._base, fresh, gone, self._candidates)

    def compacted(self) -> RankIndex:
        """The same postings in a base of their own."""
        whole = joined_segments([self._base.taken(self._live), self._fresh])
        order = np.array(sorted(range(len(whole)), key=whole.ids.__getitem__), dtype=np.int64)
        return fresh_index(self._scorer, whole.taken(order))

    def save(self, path: Path) -> None:
        """Write the live postings and the statistics to one file that ``Ranker.load`` maps into memory."""
        untouched = not len(self._fresh) and len(self._live) == len(self._base)
        whole = self if untouched else self.compacted()
        arrays = segment_arrays(whole._base)
        arrays["statistics"] = np.frombuffer(self.statistics.to_bytes(), dtype=np.uint8)
        if whole._candidates is not None:
            arrays |= {f"candidates/{name}": array for name, array in whole._candidates.arrays().items()}
        header = {
            "algorithm": ALGORITHM,
            "statistics": self.statistics.version,
            "signals": sorted(self._scorer.signals),
            "version": self.version,
        }
        store.save(path, header, arrays)

    def top(self, query: Profile, k: int = 50, exclude: Collection[str] = ()) -> list[Ranked]:
        """The best ``k`` offers with a score above 0, best first, ties by id, without the ids in ``exclude``."""
        return next(self.top_many([query], k, exclude))

    def top_many(
        self, queries: Sequence[Profile], k: int = 50, exclude: Collection[str] = ()
    ) -> Iterator[list[Ranked]]:
        """As ``top`` for many queries, in their order."""
        allowed = self._allowed(exclude)
        for query in self._encoded(queries):
            chosen = self._chosen(query, k, allowed)
            places = [self._scored(segment, query, at) for segment, at in chosen]
            yield self._ranking(places, k, at_least=1)

    def score(self, query: Profile, offer_ids: Sequence[str]) -> list[Ranked]:
        """The named offers, best first, ranked among themselves, zeros included. Raises KeyError for an unknown id."""
        base: list[int] = []
        fresh: list[int] = []
        for offer in set(offer_ids):
            position = self._base.positions.get(offer)
            if position is not None and not self._gone[position]:
                base.append(position)
            else:
                fresh.append(self._fresh.positions[offer])
        chosen = [(self._base, base), (self._fresh, fresh)]
        for encoded in self._encoded([query]):
            places = [self._scored(segment, encoded, np.array(sorted(at), np.int64)) for segment, at in chosen]
            return self._ranking(places, len(base) + len(fresh), at_least=0)
        return []

    def totals(self, queries: Sequence[Profile]) -> Iterator[NDArray[np.int64]]:
        """Scores in ten-thousandths of all offers in the order of ``ids``, one array per query."""
        for query in self._encoded(queries):
            places = [self._scored(segment, query, at) for segment, at in self._segments(self._allowed())]
            yield np.concatenate([place.totals for place in places])[self._order]

    def signal_scores(self, queries: Sequence[Profile]) -> Iterator[dict[str, Scores]]:
        """Each signal's raw scores of all offers in the order of ``ids`` (NaN: cannot tell), one mapping per query."""
        for query in self._encoded(queries):
            raws = [self._scorer.raw(query, segment.block, at) for segment, at in self._segments(self._allowed())]
            yield {name: np.concatenate([raw[name] for raw in raws])[self._order] for name in self._scorer.signals}

    def rarity(self, term: str) -> float:
        """How telling a term is: the mean inverse document frequency of its characters and pairs, ≥ 0."""
        keys = character_keys(normalise(term))
        return float(self.statistics.characters.factors(keys).mean()) if keys.size else 0.0

    def _encoded(self, queries: Sequence[Profile]) -> Iterator[Block]:
        for start in range(0, len(queries), _BLOCK):
            texts = self._scorer.analyser.read(queries[start : start + _BLOCK])
            block = self._scorer.encoded(texts)
            yield from (single(block, row) for row in range(len(texts))) if len(texts) > 1 else (block,)

    def _allowed(self, exclude: Collection[str] = ()) -> tuple[Flags, Flags]:
        """Which postings of the base and of the fresh segment may be ranked."""
        base, fresh = ~self._gone, np.ones(len(self._fresh), dtype=np.bool_)
        for segment, flags in ((self._base, base), (self._fresh, fresh)):
            flags[[at for one in exclude if (at := segment.positions.get(one)) is not None]] = False
        return base, fresh

    def _segments(self, allowed: tuple[Flags, Flags]) -> list[tuple[Segment, NDArray[np.int64]]]:
        """Both segments with the positions that may be ranked."""
        base, fresh = allowed
        return _without_empty([(self._base, np.flatnonzero(base)), (self._fresh, np.flatnonzero(fresh))])

    def _chosen(self, query: Block, k: int, allowed: tuple[Flags, Flags]) -> list[tuple[Segment, NDArray[np.int64]]]:
        """All postings that may be ranked, or of a large catalogue the closest ones."""
        most = max(self._scorer.candidates, _CANDIDATES_FOR_EACH * k)
        if len(self) <= max(self._scorer.exact_up_to, most):
            return self._segments(allowed)
        question = self._scorer.closeness.question(query)
        base, close = self._close(question, most, allowed[0])
        near = np.zeros(0)
        if len(self._fresh):
            near = np.where(allowed[1], self._scorer.closeness.scores(question, self._fresh.block), 0.0)
        fresh = np.flatnonzero(near > 0.0)
        if base.size + fresh.size > most:
            base, fresh = self._closest(base, close, fresh, near[fresh], most)
        return _without_empty([(self._base, np.sort(base)), (self._fresh, fresh)])

    def _close(self, question: Question, most: int, allowed: Flags) -> tuple[NDArray[np.int64], Scores]:
        """The closest postings of the base, ``most`` or more where there are so many."""
        if self._candidates is not None:
            return self._candidates.top(question, most, allowed)
        close = np.where(allowed, self._scorer.closeness.scores(question, self._base.block), 0.0)
        return np.flatnonzero(close > 0.0), close[close > 0.0]

    def _closest(
        self, base: NDArray[np.int64], close: Scores, fresh: NDArray[np.int64], near: Scores, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ``most`` closest of both segments, equally close ones by id: as if all were in one segment."""
        every = np.concatenate([close, near])
        bar = np.partition(every, every.size - most)[every.size - most]
        equal = [(self._base.ids[at], True, at) for at in base[close == bar].tolist()]
        equal += [(self._fresh.ids[at], False, at) for at in fresh[near == bar].tolist()]
        room = most - int((every > bar).sum())
        kept = sorted(equal)[:room]
        return (
            np.array([*base[close > bar].tolist(), *(at for _, ours, at in kept if ours)], dtype=np.int64),
            np.sort(np.array([*fresh[near > bar].tolist(), *(at for _, ours, at in kept if not ours)], dtype=np.int64)),
        )

    def _scored(self, segment: Segment, query: Block, at: NDArray[np.int64]) -> _Place:
        parts, totals = self._scorer.weighed(self._scorer.raw(query, segment.block, at))
        return _Place(segment, at, parts, totals)

    def _ranking(self, places: Sequence[_Place], k: int, at_least: int) -> list[Ranked]:
        totals = np.concatenate([place.totals for place in places])
        found: list[tuple[int, str, _Place, int]] = []
        for place, row in _best(totals, k, at_least, places):
            found.append((-int(place.totals[row]), place.segment.ids[int(place.at[row])], place, row))
        found.sort(key=lambda one: one[:2])
        return [
            self._ranked(posting, rank, -total, place, row)
            for rank, (total, posting, place, row) in enumerate(found[: max(k, 0)], start=1)
        ]

    def _ranked(self, posting: str, rank: int, total: int, place: _Place, row: int) -> Ranked:
        told = {name: float(scores[row]) for name, scores in place.parts.items()}
        points = split_points({name: value for name, value in told.items() if value == value}, total)
        return Ranked(posting, rank, total / SCALE, {name: point / SCALE for name, point in points.items()})


def fresh_index(scorer: Scorer, base: Segment) -> RankIndex:
    """An index with nothing fresh and nothing gone; ``base`` in order of id."""
    candidates = scorer.closeness.index(base.block) if len(base) > scorer.exact_up_to // 2 else None
    return RankIndex(scorer, base, base.taken(np.zeros(0, np.int64)), np.zeros(len(base), dtype=np.bool_), candidates)


def index_from(
    scorer_of: Callable[[Statistics], Scorer], path: Path, statistics: Statistics | None = None
) -> RankIndex:
    """The index that ``RankIndex.save`` wrote; its own statistics where none are given.

    Raises DamagedFile for a damaged or foreign file, one of another version of the program, of other signals or other
    statistics than given; FileNotFoundError for none.
    """
    header, arrays = store.load(path)
    if header.get("algorithm") != ALGORITHM:
        raise store.DamagedFile(f"{path.name} 不是这一版本的匹配索引，请重新生成。")
    if statistics is None:
        try:
            statistics = Statistics.from_bytes(arrays["statistics"].tobytes())
        except DamagedStatistics as error:
            raise store.DamagedFile(f"{path.name}：{error}") from error
    scorer = scorer_of(statistics)
    if header["statistics"] != statistics.version or header["signals"] != sorted(scorer.signals):
        raise store.DamagedFile(f"{path.name} 是按另一份匹配统计或另一组匹配因子生成的，请重新生成。")
    base = segment_from(arrays)
    posted = {name.removeprefix("candidates/"): a for name, a in arrays.items() if name.startswith("candidates/")}
    candidates = Candidates.from_arrays(len(base), posted) if posted else None
    nothing = np.zeros(len(base), dtype=np.bool_)
    return RankIndex(scorer, base, base.taken(np.zeros(0, np.int64)), nothing, candidates)


def _without_empty(parts: Sequence[tuple[Segment, NDArray[np.int64]]]) -> list[tuple[Segment, NDArray[np.int64]]]:
    """The parts in which something is to be scored, or the first."""
    return [part for part in parts if part[1].size] or [parts[0]]


def _best(totals: NDArray[np.int64], k: int, at_least: int, places: Sequence[_Place]) -> Iterator[tuple[_Place, int]]:
    """Rows with the ``k`` highest totals, and all that equal the last of them."""
    bar = at_least
    if 0 < k < totals.size:
        bar = max(bar, int(np.partition(totals, totals.size - k)[totals.size - k]))
    if k <= 0:
        return
    for place in places:
        for row in np.flatnonzero(place.totals >= bar).tolist():
            yield place, row
