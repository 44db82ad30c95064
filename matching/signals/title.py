"""Signal: the title of one side against the whole text of the other, both ways (TF-IDF over characters)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from matching.profile import Profile
from matching.signals.base import Corpus, Scores, mean_of_known, products
from matching.weighting import TITLE, WHOLE


class TitleSignal:
    """Mean of the two cosines title↔whole; one of them where only one side has a title."""

    name: ClassVar[str] = "title"
    label: ClassVar[str] = "标题切题"
    weight: ClassVar[float] = 0.45

    def fit(self, corpus: Corpus) -> FittedTitle:
        """Keep the offers' title vectors and whole vectors."""
        return FittedTitle(corpus)


class FittedTitle:
    """The offers' title vectors and whole vectors, ready to be compared."""

    def __init__(self, corpus: Corpus) -> None:
        self._weighting = corpus.characters
        counts = corpus.offer_counts(self._weighting)
        self._titles = self._weighting.vectors(counts, TITLE)
        self._wholes = self._weighting.vectors(counts, WHOLE)

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Mean cosines, shape (queries, offers)."""
        counts = self._weighting.count(queries)
        ours = products(self._weighting.vectors(counts, TITLE), self._wholes)
        theirs = products(self._weighting.vectors(counts, WHOLE), self._titles)
        return mean_of_known(ours, theirs)
