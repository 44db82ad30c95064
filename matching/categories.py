"""Suggests categories for a new posting: from the categories' names and from postings that already have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.boilerplate import word_weight
from matching.ngrams import ngram_weight, ngrams
from matching.profile import Profile
from matching.signals.base import Scores
from matching.weighting import Fields, Weighting
from matching.words import Segmenter

_FIELDS = Fields(title=2.0, body=1.0, keywords=1.0)
_NEIGHBOURS = 15
_NAME_SHARE = 0.4
_WORD_SHARE = 0.5
_PRIOR = 0.15


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category (path string), how sure in [0, 1] among its taxonomy's categories, and why, in Chinese."""

    category: str
    confidence: float
    because: str


class CategorySuggester:
    """Labelled postings and category names, indexed once.

    ``names`` maps category paths to the text that names them (name, aliases, blanks between). Categories are suggested
    from ``names`` and from the labels of ``labelled``.
    """

    def __init__(
        self, labelled: Sequence[Profile], names: Mapping[str, str], segmenter: Segmenter | None = None
    ) -> None:
        self._labelled = [p for p in sorted(labelled, key=lambda p: p.sort_key) if p.categories]
        self._names = dict(sorted(names.items()))
        named = [Profile(id=path, title=text) for path, text in self._names.items()]
        texts = [*self._labelled, *named]
        self._views = [
            (1.0 - _WORD_SHARE, Weighting(ngrams, ngram_weight, texts)),
            (_WORD_SHARE, Weighting((segmenter or Segmenter()).folded_words, word_weight, texts)),
        ]
        self._labelled_vectors = [view.vectors(view.count(self._labelled), _FIELDS) for _, view in self._views]
        self._name_vectors = [view.vectors(view.count(named), _FIELDS) for _, view in self._views]
        every = {category for profile in self._labelled for category in profile.categories} | set(self._names)
        self._categories = sorted(every)

    def suggest(self, query: Profile, k: int = 5) -> list[Suggestion]:
        """The best ``k`` categories over all taxonomies, surest first, ties by path; none without any common term."""
        near = self._similarities(query, self._labelled_vectors)
        near[[at for at, profile in enumerate(self._labelled) if profile.id == query.id]] = 0.0
        named = self._similarities(query, self._name_vectors)
        neighbours = [int(at) for at in np.argsort(-near, kind="stable")[:_NEIGHBOURS] if near[at] > 0.0]
        votes: dict[str, float] = {}
        best: dict[str, int] = {}
        for at in neighbours:
            for category in self._labelled[at].categories:
                votes[category] = votes.get(category, 0.0) + float(near[at]) ** 2
                best.setdefault(category, at)
        by_name = {path: float(named[at]) for at, path in enumerate(self._names)}
        evidence = {
            category: (1.0 - _NAME_SHARE) * votes.get(category, 0.0) ** 0.5 + _NAME_SHARE * by_name.get(category, 0.0)
            for category in self._categories
        }
        return self._surest(evidence, best, by_name, k)

    def _surest(
        self, evidence: Mapping[str, float], best: Mapping[str, int], by_name: Mapping[str, float], k: int
    ) -> list[Suggestion]:
        masses: dict[str, float] = {}
        for category, value in evidence.items():
            masses[_scheme(category)] = masses.get(_scheme(category), 0.0) + value
        suggestions = [
            Suggestion(
                category, round(value / (masses[_scheme(category)] + _PRIOR), 4), self._because(category, best, by_name)
            )
            for category, value in evidence.items()
            if value > 0.0
        ]
        return sorted(suggestions, key=lambda suggestion: (-suggestion.confidence, suggestion.category))[:k]

    def _because(self, category: str, best: Mapping[str, int], by_name: Mapping[str, float]) -> str:
        parts: list[str] = []
        if by_name.get(category, 0.0) > 0.0:
            parts.append(f"文字与“{self._names[category].split()[0]}”相近")
        if category in best:
            neighbour = self._labelled[best[category]]
            parts.append(f"与已归入此类的“{neighbour.title or neighbour.id}”相近")
        return "；".join(parts)

    def _similarities(self, query: Profile, vectors: Sequence[Any]) -> Scores:
        total: Scores = np.zeros(vectors[0].shape[0])
        for (share, view), rows in zip(self._views, vectors, strict=True):
            total += (
                share
                * np.asarray((rows @ view.vectors(view.count([query]), _FIELDS).T).toarray(), dtype=np.float64).ravel()
            )
        return total


def suggest_categories(
    query: Profile, labelled: Sequence[Profile], names: Mapping[str, str], k: int = 5
) -> list[Suggestion]:
    """As ``CategorySuggester(labelled, names).suggest(query, k)``, for a single question."""
    return CategorySuggester(labelled, names).suggest(query, k)


def _scheme(category: str) -> str:
    return category.partition(":")[0] if ":" in category else ""
