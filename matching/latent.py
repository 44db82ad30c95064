"""Latent semantics: the main directions in which a catalogue's texts differ, and where one text lies among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from matching.compiled import compiled
from matching.rows import Fields, Keys, Positions, Rows, Values, damped, row_sums

DIMENSIONS = 64
TEXTS_PER_DIMENSION = 10
"""Fewer texts than this for each direction do not tell directions from chance; ten directions are the fewest."""

MOST_TEXTS = 20_000
MOST_TERMS = 20_000
_FEWEST = 10
_FIELDS = Fields(title=2, body=1, keywords=1)
_ROUNDS = 4


class Rarities(Protocol):
    """Says what terms count."""

    def factors(self, keys: Keys) -> Values:
        """Rarity × weight of terms."""


@dataclass(frozen=True)
class Latent:
    """A projection of counted characters: term ``keys[i]`` (ascending) points along ``projection[i]`` (dimensions,).

    Empty where there were too few texts to find directions in.
    """

    keys: Keys
    projection: NDArray[np.float16]

    @property
    def dimensions(self) -> int:
        """Number of directions, 0 where none were found."""
        return int(self.projection.shape[1])

    @cached_property
    def _projection(self) -> Values:
        return self.projection.astype(np.float64)

    def places(self, rows: Rows, vocabulary: Rarities) -> Values:
        """Where texts lie, shape (texts, dimensions); zeros where a text has no known term.

        A row depends on its own text alone, to the last bit.
        """
        values = damped(rows.counts, _FIELDS) * vocabulary.factors(rows.keys)
        at = np.searchsorted(self.keys, rows.keys)
        at[at == self.keys.size] = 0
        known = (self.keys[at] == rows.keys) if self.keys.size else np.zeros(rows.keys.size, dtype=np.bool_)
        return _projected(rows.indptr, np.where(known, at, -1), values, self._projection)


def no_latent() -> Latent:
    """A projection that knows nothing."""
    return Latent(np.zeros(0, dtype=np.uint32), np.zeros((0, 0), dtype=np.float16))


def fit_latent(rows: Rows, vocabulary: Rarities) -> Latent:
    """Find the main directions of counted characters: truncated SVD of unit TF-IDF rows (Deerwester et al. 1990).

    Of more than ``MOST_TEXTS`` texts an even sample is used, of more than ``MOST_TERMS`` terms those in most texts;
    terms of a single text are left out. The decomposition is randomised with a fixed seed (Halko et al. 2011).
    """
    sampled = _sample(rows)
    keys, columns, frequency = np.unique(sampled.keys, return_inverse=True, return_counts=True)
    order = np.lexsort((keys, -frequency))[:MOST_TERMS]
    kept = np.sort(order[frequency[order] >= 2])
    dimensions = min(DIMENSIONS, len(sampled) // TEXTS_PER_DIMENSION, kept.size - 1)
    if dimensions < _FEWEST:
        return no_latent()
    place = np.full(keys.size, -1, dtype=np.int64)
    place[kept] = np.arange(kept.size)
    values = np.where(place[columns] >= 0, damped(sampled.counts, _FIELDS) * vocabulary.factors(sampled.keys), 0.0)
    cells = (values, np.maximum(place[columns], 0), sampled.indptr)
    matrix = sparse.csr_matrix(cells, shape=(len(sampled), kept.size))
    matrix.eliminate_zeros()
    lengths = np.sqrt(row_sums(sampled.indptr, values * values))
    unit = sparse.diags(1.0 / np.where(lengths > 0.0, lengths, 1.0)) @ matrix
    _, _, directions = randomized_svd(unit, dimensions, n_iter=_ROUNDS, random_state=0)
    return Latent(keys[kept], directions.T.astype(np.float16))


def _sample(rows: Rows) -> Rows:
    """Every so many-th row, so that at most ``MOST_TEXTS`` are left."""
    step = -(-len(rows) // MOST_TEXTS)
    if step <= 1:
        return rows
    picked = np.arange(0, len(rows), step)
    spans = [np.arange(rows.indptr[row], rows.indptr[row + 1]) for row in picked]
    indptr = np.cumsum([0, *(span.size for span in spans)]).astype(np.int64)
    entries = np.concatenate(spans)
    return Rows(indptr, rows.keys[entries], rows.counts[entries])


@compiled
def _projected(indptr: Positions, at: Positions, values: Values, projection: Values) -> Values:
    out = np.zeros((indptr.size - 1, projection.shape[1]))
    for row in range(indptr.size - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            if at[entry] >= 0:
                for dimension in range(projection.shape[1]):
                    out[row, dimension] += values[entry] * projection[at[entry], dimension]
    return out
