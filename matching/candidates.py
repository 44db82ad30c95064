"""The candidate stage: of a large catalogue only the postings closest in characters are scored by all signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.blocks import Block
from matching.compiled import compiled
from matching.engine.postings import STEPS, Postings, impacts_of, query_numbers
from matching.rows import TITLE, WHOLE, Keys, Positions, Values, damped, row_sums, shared
from matching.signals.views import View

_TERMS = 512
"""A query is searched by its weightiest terms, at most so many."""

_TITLES, _WHOLES = "candidates.titles", "candidates.wholes"


@dataclass(frozen=True)
class Question:
    """A query's weightiest terms, ascending, and their weights as whole numbers worth ``scale`` each."""

    keys: Keys
    weights: NDArray[np.float32]
    numbers: Values
    scale: float


class Closeness:
    """How close two postings are for this stage, by characters: half a posting's weight is its title, half all of it.

    A term's weight is half its share in the unit TF-IDF row of the title plus half its share in that of the whole
    posting, in whole steps of 1/65,535; closeness is the sum of products. The sums are whole numbers, so a posting is
    as close from the base as from the fresh segment, to the last bit.
    """

    def __init__(self, view: View) -> None:
        self._view = view

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Counted characters and the lengths of both rows."""
        return {
            **self._view.encode(texts),
            _TITLES: self._view.lengths(texts, TITLE),
            _WHOLES: self._view.lengths(texts, WHOLE),
        }

    def question(self, query: Block) -> Question:
        """The weightiest terms of ONE encoded posting."""
        rows = self._view.encoded(query)
        weights = self._weights(query, rows.indptr, rows.counts, self._view.stressed(rows.keys))
        keys = rows.keys
        if weights.size > _TERMS:
            chosen = np.sort(np.lexsort((keys, -weights))[:_TERMS])
            keys, weights = keys[chosen], weights[chosen]
        return Question(keys, weights, *query_numbers(weights))

    def scores(self, question: Question, block: Block) -> Values:
        """Closeness to every posting of a small block, as ``Postings.top`` gives it."""
        rows = self._view.encoded(block)
        pairs = shared(question.keys, rows, np.arange(len(rows)))
        rarities = self._view.stressed(question.keys)[pairs.terms]
        impacts = impacts_of(self._weights(block, pairs.indptr, pairs.counts, rarities), 1.0)
        return row_sums(pairs.indptr, question.numbers[pairs.terms] * impacts) * (question.scale * (1.0 / STEPS))

    def index(self, block: Block) -> Candidates:
        """Index a large block."""
        rows = self._view.encoded(block)
        keys = np.unique(rows.keys)
        indices = np.searchsorted(keys, rows.keys).astype(np.int32)
        rarities = self._view.stressed(keys)[indices]
        impacts = impacts_of(self._weights(block, rows.indptr, rows.counts, rarities), 1.0)
        return Candidates(keys, Postings.from_impacts(rows.indptr, indices, impacts, keys.size, 1.0 / STEPS))

    def _weights(
        self, block: Block, indptr: Positions, counts: NDArray[np.uint8], rarities: Values
    ) -> NDArray[np.float32]:
        return _halves(indptr, damped(counts, TITLE), damped(counts, WHOLE), rarities, block[_TITLES], block[_WHOLES])


@compiled
def _halves(
    indptr: Positions, in_title: Values, in_all: Values, rarities: Values, titles: Values, wholes: Values
) -> NDArray[np.float32]:
    out = np.zeros(rarities.size, np.float32)
    for row in range(indptr.size - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            share = 0.0
            if titles[row] > 0.0:
                share += in_title[entry] * rarities[entry] / titles[row]
            if wholes[row] > 0.0:
                share += in_all[entry] * rarities[entry] / wholes[row]
            out[entry] = min(share / 2.0, 1.0)
    return out


@dataclass(frozen=True)
class Candidates:
    """The postings of a large segment by their terms; ``keys`` (ascending) are the terms' numbers in order."""

    keys: Keys
    postings: Postings

    def top(self, question: Question, k: int, allowed: NDArray[np.bool_] | None) -> tuple[Positions, Values]:
        """Positions and closeness of the ``k`` closest, closest first, ties by position."""
        at = np.searchsorted(self.keys, question.keys)
        at[at == self.keys.size] = 0
        known = self.keys[at] == question.keys if self.keys.size else np.zeros(at.size, dtype=np.bool_)
        terms = np.where(known, at, self.keys.size).astype(np.int32)
        return self.postings.top(terms, question.weights, k, allowed)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {"keys": self.keys, **self.postings.arrays()}

    @classmethod
    def from_arrays(cls, documents: int, arrays: Mapping[str, NDArray[Any]]) -> Candidates:
        """What ``arrays`` gave."""
        return cls(arrays["keys"], Postings.from_arrays(documents, 1.0 / STEPS, arrays))
