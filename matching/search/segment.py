"""Some documents of the index, frozen: their postings, their words, and how strongly each holds a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine import Postings, SparseRows
from matching.search.document import Analysed, needed_grams
from matching.search.lexicon import Lexicon

Scores = NDArray[np.float64]


class Segment:
    """Documents in the order of their keys, with what is needed to search them."""

    def __init__(self, documents: Sequence[Analysed]) -> None:
        self.documents: tuple[Analysed, ...] = tuple(sorted(documents, key=lambda one: one.document.key))
        self.places: Mapping[str, int] = {one.document.key: at for at, one in enumerate(self.documents)}
        self.lexicon = Lexicon(self.documents)
        self._numbers: dict[str, int] = {}
        rows = SparseRows.of((self._numbered(one.impacts), list(one.impacts.values())) for one in self.documents)
        self._postings = Postings.build(rows, len(self._numbers), limit=1.0)

    def _numbered(self, impacts: Mapping[str, float]) -> list[int]:
        return [self._numbers.setdefault(gram, len(self._numbers)) for gram in impacts]

    def strengths(self, text: str) -> Scores:
        """How strongly each document holds the folded ``text``, in [0, 1): as its weakest gram; 0 where one lacks."""
        held: Scores | None = None
        for gram in needed_grams(text):
            number = self._numbers.get(gram)
            if number is None:
                return np.zeros(len(self.documents))
            scores = self._postings.scores(np.array([number], np.int32), np.ones(1, np.float32))
            held = scores if held is None else np.minimum(held, scores)
        return np.zeros(len(self.documents)) if held is None else held
