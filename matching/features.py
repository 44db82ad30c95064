"""Features of need–offer pairs for learning: signal scores, places in the ranking, levels of similar needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from matching.points import SCALE
from matching.profile import Profile
from matching.ranker import Ranker
from matching.signals import SIGNALS

Values = NDArray[np.float64]

UNKNOWN = -1.0
"""Stands for "cannot tell" in feature rows; trees can split it off, and a column of it alone is harmless."""

_SHARPNESS = 3.0
_RELEVANT = 3


class PairFeatures:
    """Feature rows for every need and every offer. What is known of a need's own levels never enters its own rows."""

    def __init__(
        self, needs: Sequence[Profile], offers: Sequence[Profile], taught: Mapping[str, Mapping[str, int]]
    ) -> None:
        index = Ranker().fit(offers, background=needs)
        self.offer_ids = index.ids
        self.version = index.version
        self.position = {offer: at for at, offer in enumerate(index.ids)}
        by_id = {offer.id: offer for offer in offers}
        self._row = {need.id: at for at, need in enumerate(needs)}
        self._lengths = np.array([_length(by_id[offer]) for offer in index.ids])
        self._need_lengths = {need.id: _length(need) for need in needs}
        self._signals = {
            need.id: _stacked(scores, len(index))
            for need, scores in zip(needs, index.signal_scores(needs), strict=True)
        }
        self._totals: Values = _rows(index.totals(needs), len(index))
        self._need_places = _shares_below(self._totals, axis=0)
        self._teachers = [need for need in needs if need.id in taught]
        self._levels, self._judged = self._level_table(taught)
        self._kinship = self._similar_needs(needs)
        self._liked: Values = _rows(
            index.totals([_liked(by_id, taught[teacher.id], teacher.id) for teacher in self._teachers]), len(index)
        )

    def rows(self, need: str) -> Values:
        """Features of a need with all offers, shape (offers, features); the first column is the hand-set score."""
        at = self._row[need]
        total = self._totals[at]
        spread = float(total.std()) or 1.0
        weights = self._kinship[at]
        judged = weights @ self._judged
        with np.errstate(invalid="ignore", divide="ignore"):
            transferred = np.where(judged > 0.0, weights @ self._levels / judged, np.nan)
        nearest = (weights[:, None] * self._judged).max(axis=0) if weights.size else np.zeros_like(total)
        praised = weights @ np.maximum(self._levels - self._judged, 0.0)
        mass = float(weights.sum()) or 1.0
        columns = [
            total,
            (total - float(total.mean())) / spread,
            _shares_below(total, axis=0),
            self._need_places[at],
            transferred,
            judged,
            nearest,
            praised,
            weights @ self._liked / mass,
            self._lengths,
            np.full_like(total, self._need_lengths[need]),
            np.full_like(total, float(total.max())),
        ]
        table: Values = np.nan_to_num(np.column_stack([*columns, self._signals[need]]), nan=UNKNOWN)
        return table

    def _level_table(self, taught: Mapping[str, Mapping[str, int]]) -> tuple[Values, Values]:
        """Levels (0: not judged) and whether judged, each of shape (teachers, offers)."""
        levels = np.zeros((len(self._teachers), len(self.offer_ids)))
        for row, teacher in enumerate(self._teachers):
            for offer, level in taught[teacher.id].items():
                levels[row, self.position[offer]] = level
        return levels, (levels > 0.0).astype(np.float64)

    def _similar_needs(self, needs: Sequence[Profile]) -> Values:
        """Sharpened similarity of needs to teachers, shape (needs, teachers), 0 for the need itself."""
        index = Ranker().fit(self._teachers, background=needs)
        columns = [index.ids.index(teacher.id) for teacher in self._teachers]
        similar = _rows(index.totals(needs), len(index))[:, columns]
        for column, teacher in enumerate(self._teachers):
            similar[self._row[teacher.id], column] = 0.0
        sharpened: Values = similar**_SHARPNESS
        return sharpened


def _rows(arrays: Iterator[NDArray[np.int64]], width: int) -> Values:
    """Points as scores, one row per query."""
    collected = [np.asarray(row, dtype=np.float64) / SCALE for row in arrays]
    return np.array(collected).reshape(len(collected), width)


def _stacked(scores: Mapping[str, Values], width: int) -> Values:
    missing = np.full(width, np.nan)
    return np.column_stack([scores.get(signal.name, missing) for signal in SIGNALS])


def _shares_below(values: Values, axis: int) -> Values:
    """What part of the values along ``axis`` is no higher, in (0, 1]."""
    ranks: Values = np.asarray(rankdata(values, method="max", axis=axis), dtype=np.float64)
    shares: Values = ranks / values.shape[axis]
    return shares


def _liked(offers: Mapping[str, Profile], levels: Mapping[str, int], teacher: str) -> Profile:
    """What a need's relevant offers say, as one text."""
    relevant = sorted(offer for offer, level in levels.items() if level >= _RELEVANT)
    texts = [" \n".join((offers[offer].title, offers[offer].body)) for offer in relevant]
    return Profile(teacher, title="\n".join(texts))


def _length(profile: Profile) -> float:
    return float(len(profile.title) + len(profile.body))
