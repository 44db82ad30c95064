"""Ranks offers for a query: weighted signals, exact top-k, contributions that add up."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.points import SCALE, split_points
from matching.profile import Profile
from matching.signals import SIGNALS
from matching.signals.base import Corpus, FittedSignal, Scores
from matching.text import normalise
from matching.words import Segmenter

ALGORITHM = "woshou-ranker-1"
_BLOCK = 64


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


class Ranker:
    """The settings of a ranking.

    ``weights`` maps signal names to weights ≥ 0 and replaces the signals' own (a name left out keeps its own); a signal
    with weight 0 is not computed. ``dictionary`` holds the field's words for the segmenter.
    """

    def __init__(self, weights: Mapping[str, float] | None = None, dictionary: Iterable[str] = ()) -> None:
        known = {signal.name: signal.weight for signal in SIGNALS}
        given = dict(weights or {})
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"未知的匹配因子：{'、'.join(unknown)}；可用：{'、'.join(known)}")
        self.weights: dict[str, float] = {name: float(given.get(name, weight)) for name, weight in known.items()}
        if any(not 0.0 <= weight < float("inf") for weight in self.weights.values()) or not any(self.weights.values()):
            raise ValueError("匹配因子的权重须为非负数，且至少一个大于 0")
        self.segmenter = Segmenter(dictionary)

    def fit(self, offers: Sequence[Profile], background: Sequence[Profile] = ()) -> RankIndex:
        """Index ``offers`` (ids unique). ``background`` are further texts that word frequencies are counted on.

        With the other side as background a pair gets the same score whichever side asks: fit on achievements with needs
        as background equals fit on needs with achievements as background. Raises ValueError for a repeated id.
        """
        ordered = tuple(sorted(offers, key=lambda offer: offer.sort_key))
        ids = [offer.id for offer in ordered]
        if len(set(ids)) != len(ids):
            repeated = sorted({one for one, other in pairwise(ids) if one == other})
            raise ValueError(f"编号重复：{'、'.join(repeated[:5])}")
        texts = tuple(sorted({*ordered, *background}, key=lambda profile: profile.sort_key))
        corpus = Corpus(ordered, texts, self.segmenter)
        fitted = {signal.name: signal.fit(corpus) for signal in SIGNALS if self.weights[signal.name] > 0.0}
        return RankIndex(corpus, fitted, self.weights, self._version(corpus))

    def _version(self, corpus: Corpus) -> str:
        digest = hashlib.sha256(ALGORITHM.encode())
        settings = (sorted(self.weights.items()), self.segmenter.dictionary)
        digest.update(repr(settings).encode())
        for part in (corpus.offers, corpus.texts):
            digest.update(b"\0part\0")
            for profile in part:
                digest.update(repr(profile.sort_key).encode())
        return digest.hexdigest()[:16]


class RankIndex:
    """Offers ready to be ranked; immutable, safe to share between threads."""

    def __init__(
        self,
        corpus: Corpus,
        signals: Mapping[str, FittedSignal],
        weights: Mapping[str, float],
        version: str,
    ) -> None:
        self.version = version
        self._signals = dict(signals)
        self._weights = dict(weights)
        self._characters = corpus.characters
        self._ids = [offer.id for offer in corpus.offers]
        self._position = {offer_id: position for position, offer_id in enumerate(self._ids)}

    def __len__(self) -> int:
        return len(self._ids)

    def top(self, query: Profile, k: int = 50, exclude: Collection[str] = ()) -> list[Ranked]:
        """The best ``k`` offers with a score above 0, best first, ties by id, without the ids in ``exclude``."""
        return next(self.top_many([query], k, exclude))

    def top_many(
        self, queries: Sequence[Profile], k: int = 50, exclude: Collection[str] = ()
    ) -> Iterator[list[Ranked]]:
        """As ``top`` for many queries, in their order, computed in blocks."""
        excluded = [self._position[offer_id] for offer_id in exclude if offer_id in self._position]
        for parts, totals in self._blocks(queries):
            for row in range(len(totals)):
                scores = totals[row].copy()
                scores[excluded] = 0
                best = enumerate(_best(scores, k), start=1)
                yield [self._ranked(parts, row, at, int(scores[at]), rank) for rank, at in best]

    def score(self, query: Profile, offer_ids: Sequence[str]) -> list[Ranked]:
        """The named offers, best first, ranked among themselves, zeros included. Raises KeyError for an unknown id."""
        at = np.array(sorted({self._position[offer_id] for offer_id in offer_ids}), dtype=np.intp)
        for parts, totals in self._blocks([query]):
            order = at[np.argsort(-totals[0][at], kind="stable")]
            points = [int(totals[0][position]) for position in order]
            return [
                self._ranked(parts, 0, int(position), total, rank)
                for rank, (position, total) in enumerate(zip(order, points, strict=True), start=1)
            ]
        return []

    def totals(self, queries: Sequence[Profile]) -> Iterator[NDArray[np.int64]]:
        """Scores in ten-thousandths of all offers in the order of ``ids``, one array per query."""
        for _, totals in self._blocks(queries):
            yield from totals

    def signal_scores(self, queries: Sequence[Profile]) -> Iterator[dict[str, Scores]]:
        """Each signal's raw scores of all offers in the order of ``ids`` (NaN: cannot tell), one mapping per query."""
        for start in range(0, len(queries), _BLOCK):
            block = queries[start : start + _BLOCK]
            raw = {name: signal.score(block) for name, signal in self._signals.items()}
            for row in range(len(block)):
                yield {name: scores[row] for name, scores in raw.items()}

    @property
    def ids(self) -> tuple[str, ...]:
        """Offer ids in index order (sorted)."""
        return tuple(self._ids)

    def rarity(self, term: str) -> float:
        """How telling a term is in this corpus: the mean inverse document frequency of its character n-grams, ≥ 0."""
        return self._characters.rarity(normalise(term))

    def _blocks(self, queries: Sequence[Profile]) -> Iterator[tuple[dict[str, Scores], NDArray[np.int64]]]:
        """Weighted parts (NaN: cannot tell) and total points of blocks of queries, each of shape (queries, offers)."""
        for start in range(0, len(queries), _BLOCK):
            block = queries[start : start + _BLOCK]
            shape = (len(block), len(self._ids))
            parts: dict[str, Scores] = {}
            known, weighted = np.zeros(shape), np.zeros(shape)
            for name, signal in self._signals.items():
                scores = signal.score(block)
                tells = ~np.isnan(scores)
                known += self._weights[name] * tells
                parts[name] = self._weights[name] * scores
                weighted += np.where(tells, parts[name], 0.0)
            safe = np.where(known > 0.0, known, 1.0)
            for part in parts.values():
                part /= safe
            yield parts, np.rint(weighted / safe * SCALE).astype(np.int64)

    def _ranked(self, parts: Mapping[str, Scores], row: int, position: int, total: int, rank: int) -> Ranked:
        told = {name: float(scores[row, position]) for name, scores in parts.items()}
        points = split_points({name: value for name, value in told.items() if value == value}, total)
        shown = {name: point / SCALE for name, point in points.items()}
        return Ranked(self._ids[position], rank, total / SCALE, shown)


def _best(points: NDArray[np.int64], k: int) -> list[int]:
    """Positions of the ``k`` highest points above 0, equal ones in order of position (which is order of id)."""
    positive = np.flatnonzero(points > 0)
    if k <= 0 or not positive.size:
        return []
    if positive.size > k:
        bar = np.partition(points[positive], positive.size - k)[positive.size - k]
        positive = positive[points[positive] >= bar]
    order = np.argsort(-points[positive], kind="stable")[:k]
    return [int(position) for position in positive[order]]
