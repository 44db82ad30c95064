"""Signal: technical words that both texts use (TF-IDF over segmented words)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from matching.profile import Profile
from matching.signals.base import Corpus, Scores, products
from matching.weighting import Fields

_FIELDS = Fields(title=4.0, body=1.0, keywords=2.0)


class WordsSignal:
    """Cosine of the word vectors of the whole postings."""

    name: ClassVar[str] = "words"
    label: ClassVar[str] = "技术词重合"
    weight: ClassVar[float] = 0.10

    def fit(self, corpus: Corpus) -> FittedWords:
        """Keep the offers' word vectors."""
        return FittedWords(corpus)


class FittedWords:
    """The offers' word vectors, ready to be compared."""

    def __init__(self, corpus: Corpus) -> None:
        self._weighting = corpus.words
        self._offers = self._weighting.vectors(corpus.offer_counts(self._weighting), _FIELDS)

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Cosines, shape (queries, offers)."""
        return products(self._weighting.vectors(self._weighting.count(queries), _FIELDS), self._offers)
