"""Features of need–offer pairs for learning: signal scores, places in the ranking, levels of similar needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from matching.evaluation import RELEVANT
from matching.points import SCALE
from matching.profile import Profile
from matching.ranker import Ranker
from matching.signals import SIGNALS

Values = NDArray[np.float64]

UNKNOWN = -1.0
"""Stands for "cannot tell" in feature rows; trees can split it off, and a column of it alone is harmless."""

_SHARPNESS = 3.0


class Catalogue:
    """What is known of needs and offers without any judged pair; computed once, whatever is learned from afterwards."""

    def __init__(self, needs: Sequence[Profile], offers: Sequence[Profile], ranker: Ranker) -> None:
        self.index = ranker.fit(offers, background=needs)
        self.position = {offer: at for at, offer in enumerate(self.index.ids)}
        self.row = {need.id: at for at, need in enumerate(needs)}
        self.signals = [_stacked(scores, len(self.index)) for scores in self.index.signal_scores(needs)]
        self.totals: Values = _rows(self.index.totals(needs), len(self.index))
        self.need_places = _shares_below(self.totals, axis=0)
        self.kinship = self._similar_needs(needs, ranker)
        self._offers = {offer.id: offer for offer in offers}
        self.lengths = np.array([_length(self._offers[offer]) for offer in self.index.ids])
        self.need_lengths = np.array([_length(need) for need in needs])
        self._liked: dict[tuple[str, tuple[str, ...]], Values] = {}

    def liked(self, need: str, levels: Mapping[str, int]) -> Values:
        """How close every offer is to what a need's relevant offers say together, shape (offers,)."""
        relevant = tuple(sorted(offer for offer, level in levels.items() if level >= RELEVANT))
        if (need, relevant) not in self._liked:
            texts = [" \n".join((self._offers[offer].title, self._offers[offer].body)) for offer in relevant]
            query = Profile(need, title="\n".join(texts))
            self._liked[need, relevant] = _rows(self.index.totals([query]), len(self.index))[0]
        return self._liked[need, relevant]

    def _similar_needs(self, needs: Sequence[Profile], ranker: Ranker) -> Values:
        """Sharpened similarity of needs to each other, shape (needs, needs), 0 on the diagonal."""
        index = ranker.fit(needs)
        columns = [index.ids.index(need.id) for need in needs]
        similar = _rows(index.totals(needs), len(index))[:, columns]
        np.fill_diagonal(similar, 0.0)
        sharpened: Values = similar**_SHARPNESS
        return sharpened


class PairFeatures:
    """Feature rows for every need and every offer. What is known of a need's own levels never enters its own rows."""

    def __init__(self, catalogue: Catalogue, taught: Mapping[str, Mapping[str, int]]) -> None:
        self.catalogue = catalogue
        self.offer_ids = catalogue.index.ids
        self.version = catalogue.index.version
        self.position = catalogue.position
        teachers = [need for need in catalogue.row if need in taught]
        self._teacher_rows = np.array([catalogue.row[need] for need in teachers], dtype=np.intp)
        self._levels, self._judged = self._level_table([taught[need] for need in teachers])
        liked = [catalogue.liked(need, taught[need]) for need in teachers]
        self._liked: Values = np.array(liked).reshape(len(teachers), len(self.offer_ids))

    def rows(self, need: str) -> Values:
        """Features of a need with all offers, shape (offers, features); the first column is the hand-set score."""
        catalogue = self.catalogue
        at = catalogue.row[need]
        total = catalogue.totals[at]
        spread = float(total.std()) or 1.0
        weights = catalogue.kinship[at][self._teacher_rows]
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
            catalogue.need_places[at],
            transferred,
            judged,
            nearest,
            praised,
            weights @ self._liked / mass,
            catalogue.lengths,
            np.full_like(total, catalogue.need_lengths[at]),
            np.full_like(total, float(total.max())),
        ]
        table: Values = np.nan_to_num(np.column_stack([*columns, catalogue.signals[at]]), nan=UNKNOWN)
        return table

    def _level_table(self, taught: Sequence[Mapping[str, int]]) -> tuple[Values, Values]:
        """Levels (0: not judged) and whether judged, each of shape (teachers, offers)."""
        levels = np.zeros((len(taught), len(self.offer_ids)))
        for row, judged in enumerate(taught):
            for offer, level in judged.items():
                levels[row, self.position[offer]] = level
        return levels, (levels > 0.0).astype(np.float64)


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


def _length(profile: Profile) -> float:
    return float(len(profile.title) + len(profile.body))
