"""Signal: the title of one side against the whole text of the other, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from matching.ngrams import ngram_weight, ngrams
from matching.profile import Profile
from matching.signals.base import Corpus, Scores, cosines
from matching.weighting import Fields, Weighting

_TITLE = Fields(title=1.0, body=0.0, keywords=0.0)
_WHOLE = Fields(title=1.0, body=1.0, keywords=1.0)


class TitleSignal:
    """Mean of the two cosines title↔whole; one of them where only one side has a title."""

    name: ClassVar[str] = "title"
    label: ClassVar[str] = "标题切题"
    weight: ClassVar[float] = 0.40

    def fit(self, corpus: Corpus) -> FittedTitle:
        """Learn n-grams and their rarity, and keep the offers' title and whole vectors."""
        weighting = Weighting(ngrams, ngram_weight).fit(corpus.texts)
        return FittedTitle(
            weighting, weighting.vectors(corpus.offers, _TITLE), weighting.vectors(corpus.offers, _WHOLE)
        )


class FittedTitle:
    """The offers' title vectors and whole vectors."""

    def __init__(self, weighting: Weighting, titles: Any, wholes: Any) -> None:
        self._weighting = weighting
        self._titles = titles
        self._wholes = wholes

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Mean cosines, shape (queries, offers)."""
        ours = cosines(self._weighting.vectors(queries, _TITLE), self._wholes)
        theirs = cosines(self._weighting.vectors(queries, _WHOLE), self._titles)
        both: Scores = (ours + theirs) / 2.0
        return np.where(np.isnan(ours), theirs, np.where(np.isnan(theirs), ours, both))
