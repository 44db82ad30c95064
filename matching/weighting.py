"""Texts as sparse vectors: weighted fields, damped counts, inverse document frequency, unit length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
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

    def of(self, profile: Profile) -> list[tuple[float, str]]:
        """The weighted, folded texts of a profile, without the empty ones."""
        texts = (
            (self.title, profile.title),
            (self.body, profile.body),
            (self.keywords, "\n".join(profile.keywords)),
        )
        folded = [(weight, normalise(text)) for weight, text in texts if weight > 0.0]
        return [(weight, text) for weight, text in folded if text]


class Weighting:
    """TF-IDF with weighted fields: ``(1 + ln tf) · idf · term weight``, rows of length 1.

    The idf is scikit-learn's smoothed one, ``ln((1 + n) / (1 + df)) + 1``, over the corpus given to ``fit``.
    """

    def __init__(self, analyzer: Analyzer, term_weight: Callable[[str], float]) -> None:
        self._counter = CountVectorizer(analyzer=analyzer)
        self._term_weight = term_weight
        self._factors: np.ndarray[Any, np.dtype[np.float64]] = np.zeros(0)

    def fit(self, corpus: Sequence[Profile]) -> Weighting:
        """Learn vocabulary and idf of ``corpus``. A corpus without a single term is fine: all vectors are empty."""
        texts = [" \n ".join(text for _, text in Fields().of(profile)) for profile in corpus]
        try:
            counts = self._counter.fit_transform(texts)
        except ValueError:  # scikit-learn's way to say "empty vocabulary"
            return self
        idf = TfidfTransformer(norm=None).fit(counts).idf_
        weights = [self._term_weight(term) for term in self._counter.get_feature_names_out()]
        self._factors = np.asarray(idf, dtype=np.float64) * np.asarray(weights, dtype=np.float64)
        return self

    def vectors(self, profiles: Sequence[Profile], fields: Fields) -> Vectors:
        """Unit rows, shape (profiles, terms); a row is empty where a profile has no known term in these fields."""
        if not self._factors.size or not profiles:
            return sparse.csr_matrix((len(profiles), max(1, self._factors.size)))
        rows: list[int] = []
        weights: list[float] = []
        texts: list[str] = []
        for row, profile in enumerate(profiles):
            for weight, text in fields.of(profile):
                rows.append(row)
                weights.append(weight)
                texts.append(text)
        if not texts:
            return sparse.csr_matrix((len(profiles), self._factors.size))
        gather = sparse.csr_matrix((weights, (rows, range(len(rows)))), shape=(len(profiles), len(rows)))
        counts = (gather @ self._counter.transform(texts)).tocsr()
        counts.data = np.log1p(counts.data) / np.log(2.0)
        weighted = (counts @ sparse.diags(self._factors)).tocsr()
        weighted.sort_indices()
        return normalize(weighted)
