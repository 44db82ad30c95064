"""Signal: how much of what one title asks for the other text holds, both ways (BM25-like saturation)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from matching.profile import Profile
from matching.signals.base import Corpus, Scores, mean_of_known, products
from matching.weighting import TITLE, WHOLE

_RARITY_POWER = 1.5
_K, _B = 1.2, 0.75


class CoverageSignal:
    """Share of a title's weight (rare characters and pairs weigh more) that is found in the other text."""

    name: ClassVar[str] = "coverage"
    label: ClassVar[str] = "要点覆盖"
    weight: ClassVar[float] = 0.25

    def fit(self, corpus: Corpus) -> FittedCoverage:
        """Keep the offers' title shares and saturated texts."""
        return FittedCoverage(corpus)


class FittedCoverage:
    """The offers as askers (shares of their titles) and as answers (saturated whole texts)."""

    def __init__(self, corpus: Corpus) -> None:
        self._weighting = corpus.characters
        counts = corpus.offer_counts(self._weighting)
        self._asked = self._weighting.shares(counts, TITLE, _RARITY_POWER)
        self._held = self._weighting.saturations(counts, WHOLE, _K, _B)

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Mean coverage, shape (queries, offers)."""
        counts = self._weighting.count(queries)
        ours = products(self._weighting.shares(counts, TITLE, _RARITY_POWER), self._held)
        theirs = products(self._weighting.saturations(counts, WHOLE, _K, _B), self._asked)
        return mean_of_known(ours, theirs)
