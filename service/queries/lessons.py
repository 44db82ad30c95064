"""Judged pairs with every signal's score, ready to be learned from and measured on; kept until something changes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from matching import Profile, Ranker, RankIndex
from matching.feedback import JudgedList, Judgement, Scored, judged_lists, lent_lists
from matching.signals import SIGNALS
from matching.signals.dense import DenseModelMissing, DenseSignal
from models import Achievement, Match, Need
from service.context import Context
from service.errors import Invalid
from service.kinds import KINDS
from service.profiles import profile_of
from service.queries.active_weights import active_weights
from service.queries.judgements import Judged, judged_pairs
from service.ranking import Catalogue, catalogue

MOST_NEEDS = 500
"""Only the needs judged last are learned from and measured on: older ones tell less, and a page must not be slow."""

SIGNAL_NAMES = tuple(signal.name for signal in SIGNALS)
_BATCH = 500

Values = NDArray[np.float64]
Lists = dict[int, list[int]]


@dataclass(frozen=True)
class Lessons:
    """Everything that judgements teach. Columns of the lists' scores follow ``SIGNAL_NAMES``."""

    judged: Judged
    lists: Sequence[JudgedList] = field(default_factory=tuple)


class _Shelf:
    """The latest lessons of each database: a page that is opened again does not score everything anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[str, tuple[object, Sequence[JudgedList]]] = {}

    def take(self, ctx: Context, judged: Judged, signals: frozenset[str]) -> Sequence[JudgedList]:
        room = catalogue(ctx)
        place = str(ctx.session.get_bind().engine.url)
        state = (room.state, signals, tuple(judged.pairs), judged.is_demo)
        with self._lock:
            latest = self._latest.get(place)
        if latest is not None and latest[0] == state:
            return latest[1]
        lists = _judged_lists(ctx, room, judged, signals)
        with self._lock:
            self._latest[place] = (state, lists)
        return lists


_SHELF = _Shelf()


def lessons(ctx: Context, judged: Judged | None = None, also: Mapping[str, float] | None = None) -> Lessons:
    """The judged lists of the needs judged last, oldest first; signals with a weight in ``also`` are computed too."""
    judged = judged_pairs(ctx) if judged is None else judged
    return Lessons(judged, _SHELF.take(ctx, judged, _computed(ctx, also or {})) if judged.pairs else ())


def check_usable(ctx: Context, weights: Mapping[str, float]) -> None:
    """Raises Invalid at the signal that has a weight but needs a part that is not installed."""
    try:
        Ranker(weights, catalogue(ctx).statistics.dictionary).index(catalogue(ctx).statistics, ())
    except DenseModelMissing as error:
        raise Invalid({DenseSignal.name: str(error)}) from error


def as_row(weights: Mapping[str, float]) -> Values:
    """Weights in the order of ``SIGNAL_NAMES``."""
    return np.array([float(weights.get(name, 0.0)) for name in SIGNAL_NAMES])


def as_weights(row: Values) -> dict[str, float]:
    """A row in the order of ``SIGNAL_NAMES`` by name, to four decimals."""
    return {name: round(float(share), 4) for name, share in zip(SIGNAL_NAMES, row, strict=True)}


def _computed(ctx: Context, also: Mapping[str, float]) -> frozenset[str]:
    """Signals that are computed for judged pairs: those with a weight as shipped, in force, or in ``also``.

    A signal shipped with weight 0 may need parts that are not installed; it is learned only after somebody gave it a
    weight by hand.
    """
    chosen = (dict.fromkeys((one.name for one in SIGNALS if one.weight > 0.0), 1.0), active_weights(ctx), also)
    return frozenset(name for weights in chosen for name, weight in weights.items() if weight > 0.0)


def lent(ctx: Context, judged: Judged) -> list[JudgedList]:
    """Lists of needs nobody judged that were shown an offer which a similar need's people judged."""
    room = catalogue(ctx)
    heard = [one for one in judged.judgements() if one.fit is not None]
    teachers = _newest_needs(heard)
    own = {int(one.need) for one in judged.judgements()}
    offers = sorted({int(one.offer) for one in heard})
    asking: set[int] = set()
    for some in _batches(offers):
        asking |= set(ctx.session.scalars(select(Match.need_id).where(Match.achievement_id.in_(some)).distinct()))
    still_open = (need for need in asking - own if str(need) in room.profiles["needs"])
    borrowers = sorted(still_open, reverse=True)[:MOST_NEEDS]
    if not borrowers or not teachers:
        return []
    taught = _Builder(ctx, room).of_needs(teachers)
    profiles = [room.profiles["needs"][str(need)] for need in borrowers]
    similarity = {
        profile.id: dict(zip(taught.ids, (points / 10_000.0).tolist(), strict=True))
        for profile, points in zip(profiles, taught.totals(profiles), strict=True)
    }
    return lent_lists(heard, similarity, _scored(ctx, room, _shown(ctx, borrowers), _computed(ctx, {})))


class _Builder:
    """Small indexes of judged postings, open or not, under the catalogue's own word statistics."""

    def __init__(self, ctx: Context, room: Catalogue) -> None:
        self._ctx, self._room = ctx, room

    def of_needs(self, ids: Iterable[int]) -> RankIndex:
        """Needs under the weights in force."""
        return self._room.ranker.index(self._room.statistics, [self.need(one) for one in ids])

    def of_offers(self, ids: Iterable[int], signals: frozenset[str]) -> RankIndex:
        """Achievements under all ``signals``, so that each of them is computed."""
        ranker = Ranker({name: float(name in signals) for name in SIGNAL_NAMES}, self._room.statistics.dictionary)
        return ranker.index(self._room.statistics, [self.offer(one) for one in ids])

    def need(self, need_id: int) -> Profile:
        """A need as the ranking sees it."""
        kind = KINDS["needs"]
        return self._room.profile(kind, need_id) or profile_of(self._ctx, kind, self._ctx.find(Need, need_id))

    def offer(self, achievement_id: int) -> Profile:
        """An achievement as the ranking sees it."""
        kind = KINDS["achievements"]
        found = self._room.profile(kind, achievement_id)
        return found or profile_of(self._ctx, kind, self._ctx.find(Achievement, achievement_id))


def _judged_lists(ctx: Context, room: Catalogue, judged: Judged, signals: frozenset[str]) -> Sequence[JudgedList]:
    judgements = judged.judgements()
    scored = _scored(ctx, room, _shown(ctx, _newest_needs(judgements)), signals)
    return judged_lists(judgements, scored)


def _newest_needs(judgements: Sequence[Judgement]) -> list[int]:
    """The MOST_NEEDS needs judged last, in order of id; ``judgements`` come newest first."""
    return sorted(list(dict.fromkeys(int(one.need) for one in judgements))[:MOST_NEEDS])


def _shown(ctx: Context, needs: Sequence[int]) -> Lists:
    """The achievements each need is or was paired with, which includes all that were judged."""
    found: Lists = {need: [] for need in needs}
    for some in _batches(needs):
        rows = ctx.session.execute(
            select(Match.need_id, Match.achievement_id)
            .where(Match.need_id.in_(some))
            .order_by(Match.need_id, Match.achievement_id)
        )
        for need, achievement in rows:
            found[need].append(achievement)
    return found


def _scored(ctx: Context, room: Catalogue, shown: Lists, signals: frozenset[str]) -> dict[str, Scored]:
    """The signals' scores of every shown pair."""
    build = _Builder(ctx, room)
    offers = sorted({offer for side in shown.values() for offer in side})
    if not offers:
        return {}
    index = build.of_offers(offers, signals)
    place = {offer: at for at, offer in enumerate(index.ids)}
    needs = [need for need, side in shown.items() if side]
    scored: dict[str, Scored] = {}
    for need, raw in zip(needs, index.signal_scores([build.need(one) for one in needs]), strict=True):
        at = [place[str(offer)] for offer in shown[need]]
        unknown = np.full(len(at), np.nan)
        columns = [raw[name][at] if name in raw else unknown for name in SIGNAL_NAMES]
        scored[str(need)] = ([str(offer) for offer in shown[need]], np.column_stack(columns))
    return scored


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
