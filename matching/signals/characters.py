"""Signal: characters and character pairs that both texts use (TF-IDF, whole postings)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.rows import Fields
from matching.signals.base import Block, Scores, unknown_where
from matching.signals.views import View, cosines
from matching.statistics import Statistics

_FIELDS = Fields(title=2, body=1, keywords=1)


class CharactersSignal:
    """Cosine of the character vectors of the whole postings; finds new words that no segmenter knows."""

    name: ClassVar[str] = "characters"
    label: ClassVar[str] = "用字相近"
    weight: ClassVar[float] = 0.05

    def fit(self, statistics: Statistics) -> FittedCharacters:
        """Take the rarity of characters from the statistics."""
        return FittedCharacters(View("characters", statistics))


class FittedCharacters:
    """Keeps the lengths of the vectors."""

    def __init__(self, view: View) -> None:
        self._view = view

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Counted characters, and the length of their vector."""
        return {**self._view.encode(texts), "characters.lengths": self._view.lengths(texts, _FIELDS)}

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Cosines."""
        lengths = query["characters.lengths"][0] * offers["characters.lengths"][at]
        met = self._view.meet(query, offers, at)
        return unknown_where(cosines(met, _FIELDS, _FIELDS, lengths), lengths == 0.0)
