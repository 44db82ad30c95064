"""Signal: characters and character pairs that both texts use (TF-IDF, whole postings)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from matching.ngrams import ngram_weight, ngrams
from matching.profile import Profile
from matching.signals.base import Corpus, Scores, cosines
from matching.weighting import Fields, Weighting

_FIELDS = Fields(title=2.0, body=1.0, keywords=1.0)


class CharactersSignal:
    """Cosine of the character vectors of the whole postings; finds new words that no segmenter knows."""

    name: ClassVar[str] = "characters"
    label: ClassVar[str] = "用字相近"
    weight: ClassVar[float] = 0.35

    def fit(self, corpus: Corpus) -> FittedCharacters:
        """Learn n-grams and their rarity, and keep the offers' vectors."""
        weighting = Weighting(ngrams, ngram_weight).fit(corpus.texts)
        return FittedCharacters(weighting, weighting.vectors(corpus.offers, _FIELDS))


class FittedCharacters:
    """The offers' character vectors, ready to be compared."""

    def __init__(self, weighting: Weighting, offers: Any) -> None:
        self._weighting = weighting
        self._offers = offers

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Cosines, shape (queries, offers)."""
        return cosines(self._weighting.vectors(queries, _FIELDS), self._offers)
