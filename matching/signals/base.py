"""What a ranking signal is: a name, a weight, a fit step and scores that may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.boilerplate import word_weight
from matching.ngrams import ngram_weight, ngrams
from matching.profile import Profile
from matching.weighting import Counts, Weighting
from matching.words import Segmenter

Scores = NDArray[np.float64]


class Corpus:
    """What signals are fitted on: the offers to rank, and all texts (offers and background) for frequencies.

    Every text is analysed once, whatever the number of signals. ``texts`` contains ``offers``.
    """

    def __init__(self, offers: tuple[Profile, ...], texts: tuple[Profile, ...], segmenter: Segmenter) -> None:
        self.offers = offers
        self.texts = texts
        self._segmenter = segmenter
        places = {profile: at for at, profile in enumerate(texts)}
        self._offer_rows = [places[offer] for offer in offers]

    @cached_property
    def characters(self) -> Weighting:
        """Character n-grams and their rarity."""
        return Weighting(ngrams, ngram_weight, self.texts)

    @cached_property
    def words(self) -> Weighting:
        """Words and their rarity."""
        return Weighting(self._segmenter.folded_words, word_weight, self.texts)

    def offer_counts(self, weighting: Weighting) -> Counts:
        """The offers' counts, in their order, of a weighting of this corpus."""
        return weighting.counts.rows(self._offer_rows)


class FittedSignal(Protocol):
    """A signal that knows its offers."""

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Scores in [0, 1], shape (queries, offers); NaN where the signal cannot tell.

        A pair's score must not depend on which side asks.
        """


class Signal(Protocol):
    """One reason to rank a pair."""

    name: ClassVar[str]
    label: ClassVar[str]
    weight: ClassVar[float]

    def fit(self, corpus: Corpus) -> FittedSignal:
        """Learn what the signal needs of ``corpus``."""


def products(queries: Any, offers: Any) -> Scores:
    """Dot products of rows, shape (queries, offers), cut to [0, 1]; NaN where either row is empty (cannot tell)."""
    values: Scores = np.asarray((queries @ offers.T).toarray(), dtype=np.float64)
    np.clip(values, 0.0, 1.0, out=values)
    values[np.diff(queries.indptr) == 0, :] = np.nan
    values[:, np.diff(offers.indptr) == 0] = np.nan
    return values


def mean_of_known(one: Scores, other: Scores) -> Scores:
    """The mean of two score matrices, and the one that can tell where the other cannot."""
    mean: Scores = (one + other) / 2.0
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, mean))
