"""Signal: characters and character pairs that both texts use (TF-IDF, whole postings)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from matching.profile import Profile
from matching.signals.base import Corpus, Scores, products
from matching.weighting import Fields

_FIELDS = Fields(title=2.0, body=1.0, keywords=1.0)


class CharactersSignal:
    """Cosine of the character vectors of the whole postings; finds new words that no segmenter knows."""

    name: ClassVar[str] = "characters"
    label: ClassVar[str] = "用字相近"
    weight: ClassVar[float] = 0.10

    def fit(self, corpus: Corpus) -> FittedCharacters:
        """Keep the offers' character vectors."""
        return FittedCharacters(corpus)


class FittedCharacters:
    """The offers' character vectors, ready to be compared."""

    def __init__(self, corpus: Corpus) -> None:
        self._weighting = corpus.characters
        self._offers = self._weighting.vectors(corpus.offer_counts(self._weighting), _FIELDS)

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Cosines, shape (queries, offers)."""
        return products(self._weighting.vectors(self._weighting.count(queries), _FIELDS), self._offers)
