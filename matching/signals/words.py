"""Signal: technical words that both texts use (TF-IDF over segmented words)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from matching.boilerplate import word_weight
from matching.profile import Profile
from matching.signals.base import Corpus, Scores, cosines
from matching.weighting import Fields, Weighting

_FIELDS = Fields(title=4.0, body=1.0, keywords=2.0)


class WordsSignal:
    """Cosine of the word vectors of the whole postings."""

    name: ClassVar[str] = "words"
    label: ClassVar[str] = "技术词重合"
    weight: ClassVar[float] = 0.25

    def fit(self, corpus: Corpus) -> FittedWords:
        """Learn words and their rarity, and keep the offers' vectors."""
        weighting = Weighting(corpus.segmenter.folded_words, word_weight).fit(corpus.texts)
        return FittedWords(weighting, weighting.vectors(corpus.offers, _FIELDS))


class FittedWords:
    """The offers' word vectors, ready to be compared."""

    def __init__(self, weighting: Weighting, offers: Any) -> None:
        self._weighting = weighting
        self._offers = offers

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Cosines, shape (queries, offers)."""
        return cosines(self._weighting.vectors(queries, _FIELDS), self._offers)
