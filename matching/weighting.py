"""Texts as sparse vectors: weighted fields, damped counts, inverse document frequency, unit length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from matching.profile import Profile
from matching.text import normalise

Analyzer = Callable[[str], list[str]]
Vectors = Any  # a scipy CSR matrix (profiles × terms); scipy publishes no types


@dataclass(frozen=True, slots=True)
class Fields:
    """What an occurrence in each field counts; 0 leaves the field out."""

    title: float = 1.0
    body: float = 1.0
    keywords: float = 1.0


TITLE = Fields(title=1.0, body=0.0, keywords=0.0)
WHOLE = Fields()


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands in each field, three CSR matrices of shape (profiles, terms)."""

    title: Vectors
    body: Vectors
    keywords: Vectors

    def rows(self, at: Sequence[int]) -> Counts:
        """The counts of some of the profiles."""
        return Counts(self.title[at], self.body[at], self.keywords[at])

    def of(self, fields: Fields) -> Vectors:
        """Weighted counts over fields, float CSR with sorted indices, without stored zeros."""
        counts = (fields.title * self.title + fields.body * self.body + fields.keywords * self.keywords).tocsr()
        counts.eliminate_zeros()
        counts.sort_indices()
        return counts


class Weighting:
    """Vocabulary and rarity of a corpus; turns profiles into counts, unit TF-IDF rows and saturated rows.

    A term's factor is idf · term weight with scikit-learn's smoothed idf, ``ln((1 + n) / (1 + df)) + 1``. A corpus
    without a single term is fine: all rows are empty.
    """

    def __init__(self, analyzer: Analyzer, term_weight: Callable[[str], float], corpus: Sequence[Profile]) -> None:
        self._analyzer = analyzer
        self._counter = CountVectorizer(analyzer=analyzer)
        self.factors: NDArray[np.float64] = np.zeros(1)
        self._known = False
        texts = _texts(corpus)
        try:
            stacked = self._counter.fit_transform(texts).astype(np.float64)
        except ValueError:  # scikit-learn's way to say "empty vocabulary"
            self.counts = self.count(corpus)
        else:
            self._known = True
            self.counts = _by_field(stacked, len(corpus))
            present = np.bincount(self.counts.of(WHOLE).indices, minlength=stacked.shape[1])
            idf = np.log((1.0 + len(corpus)) / (1.0 + present)) + 1.0
            self.factors = idf * np.array([term_weight(term) for term in self._counter.get_feature_names_out()])
        lengths = np.asarray(self.counts.of(WHOLE).sum(axis=1)).ravel()
        self._mean_length = float(lengths.mean()) if lengths.size and lengths.sum() > 0.0 else 1.0

    def count(self, profiles: Sequence[Profile]) -> Counts:
        """Count the known terms of each field of ``profiles``."""
        if not self._known or not profiles:
            empty = sparse.csr_matrix((len(profiles), self.factors.size))
            return Counts(empty, empty, empty)
        return _by_field(self._counter.transform(_texts(profiles)).astype(np.float64), len(profiles))

    def vectors(self, counts: Counts, fields: Fields) -> Vectors:
        """Unit rows of ``log2(1 + tf) · factor``; a row is empty where a profile has no known term in these fields."""
        rows = counts.of(fields)
        rows.data = np.log2(1.0 + rows.data) * self.factors[rows.indices]
        rows.eliminate_zeros()
        return _unit(rows, "l2")

    def shares(self, counts: Counts, fields: Fields, power: float) -> Vectors:
        """Rows that say what part of a text's weight each of its terms carries: ``factor ** power``, summing to 1."""
        rows = counts.of(fields)
        rows.data = self.factors[rows.indices] ** power
        rows.eliminate_zeros()
        return _unit(rows, "l1")

    def saturations(self, counts: Counts, fields: Fields, k: float, b: float) -> Vectors:
        """Rows of ``tf / (tf + k·(1 − b + b·length/mean length))``, in [0, 1).

        BM25's saturation (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework").
        """
        rows = counts.of(fields)
        lengths = np.asarray(rows.sum(axis=1)).ravel()
        halves = k * (1.0 - b + b * lengths / self._mean_length)
        rows.data = rows.data / (rows.data + np.repeat(halves, np.diff(rows.indptr)))
        return rows

    def rarity(self, text: str) -> float:
        """The mean factor of the known terms of a folded text, 0 where none is known."""
        known = [self._counter.vocabulary_.get(term) for term in self._analyzer(text)] if self._known else []
        factors = [float(self.factors[at]) for at in known if at is not None]
        return sum(factors) / len(factors) if factors else 0.0


def _texts(profiles: Sequence[Profile]) -> list[str]:
    """Folded titles, then bodies, then keywords."""
    titles = [normalise(profile.title) for profile in profiles]
    bodies = [normalise(profile.body) for profile in profiles]
    return titles + bodies + ["\n".join(map(normalise, profile.keywords)) for profile in profiles]


def _unit(rows: Vectors, norm: str) -> Vectors:
    return normalize(rows, norm=norm) if rows.shape[0] else rows  # scikit-learn refuses a matrix without rows


def _by_field(stacked: Any, profiles: int) -> Counts:
    return Counts(stacked[:profiles], stacked[profiles : 2 * profiles], stacked[2 * profiles :])
