"""Suggests categories for a new posting: from the categories' names and from postings that already have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.analysis import Analyser, Texts
from matching.blocks import Block
from matching.profile import Profile
from matching.rows import Fields, Values
from matching.signals.base import Scores
from matching.signals.views import View, cosines
from matching.statistics import count
from matching.words import Segmenter

_FIELDS = Fields(title=2, body=1, keywords=1)
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
        self._analyser = Analyser(segmenter or Segmenter())
        statistics = count([*self._labelled, *named], self._analyser, directions=False)
        self._views = [
            (1.0 - _WORD_SHARE, View("characters", statistics)),
            (_WORD_SHARE, View("words", statistics)),
        ]
        self._near = self._encoded(self._analyser.read(self._labelled))
        self._by_name = self._encoded(self._analyser.read(named))
        every = {category for profile in self._labelled for category in profile.categories} | set(self._names)
        self._categories = sorted(every)

    def suggest(self, query: Profile, k: int = 5) -> list[Suggestion]:
        """The best ``k`` categories over all taxonomies, surest first, ties by path; none without any common term."""
        asked = self._encoded(self._analyser.read([query]))
        near = self._similarities(asked, self._near)
        near[[at for at, profile in enumerate(self._labelled) if profile.id == query.id]] = 0.0
        named = self._similarities(asked, self._by_name)
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

    def _encoded(self, texts: Texts) -> list[tuple[Block, Values]]:
        """Of each view the encoded postings and the lengths of their rows."""
        return [(view.encode(texts), view.lengths(texts, _FIELDS)) for _, view in self._views]

    def _similarities(self, query: list[tuple[Block, Values]], others: list[tuple[Block, Values]]) -> Scores:
        """Cosines with all the others, the views taken together."""
        total: Scores = np.zeros(len(others[0][1]))
        for (share, view), (ours, own), (theirs, lengths) in zip(self._views, query, others, strict=True):
            meeting = view.meet(ours, theirs, np.arange(lengths.size))
            total += share * cosines(meeting, _FIELDS, _FIELDS, own[0] * lengths)
        return total


def suggest_categories(
    query: Profile, labelled: Sequence[Profile], names: Mapping[str, str], k: int = 5
) -> list[Suggestion]:
    """As ``CategorySuggester(labelled, names).suggest(query, k)``, for a single question."""
    return CategorySuggester(labelled, names).suggest(query, k)


def _scheme(category: str) -> str:
    return category.partition(":")[0] if ":" in category else ""
