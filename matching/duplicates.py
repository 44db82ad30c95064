"""Near-duplicates of a posting while it is being written: shared pairs of characters, then edit similarity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.boilerplate import without_office_phrases
from matching.profile import Profile
from matching.text import normalise

THRESHOLD = 0.80
"""Similarity from which two postings are shown as duplicates."""

_PREFILTER = 60
_BODY_CHARACTERS = 400
_SHORTEST_BODY = 30
_OFFICE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A posting that says nearly the same: ``similarity`` in [0, 1], ``shared`` the titles' longest common pieces."""

    id: str
    similarity: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    core: str
    body: str


class DuplicateFinder:
    """Candidates indexed once, asked as often as the user types."""

    def __init__(self, candidates: Iterable[Profile]) -> None:
        self._candidates = sorted(candidates, key=lambda profile: profile.sort_key)
        self._texts = [_text(profile) for profile in self._candidates]
        self._vectorizer = TfidfVectorizer(analyzer=_pairs, sublinear_tf=True, dtype=np.float32)
        try:
            vectors: Any = self._vectorizer.fit_transform([_indexed(text) for text in self._texts])
        except ValueError:  # scikit-learn's way to say "no candidate has a pair of characters"
            vectors = None
        self._by_pair: Any = None if vectors is None else vectors.T.tocsr()

    def find(self, query: Profile, limit: int = 5, threshold: float = THRESHOLD) -> list[Duplicate]:
        """Postings at least ``threshold`` similar, most similar first, ties by id; the query's own id is left out.

        Similarity is the better of the titles' and (where both have 30 characters or more) the bodies' normalised indel
        similarity; in titles project language (“关键技术研究”) counts less than what the posting is about.
        """
        text = _text(query)
        found: list[tuple[float, str, tuple[str, ...]]] = []
        for position in self._likely(text):
            candidate = self._candidates[position]
            if candidate.id == query.id:
                continue
            similarity = _similarity(text, self._texts[position])
            if similarity >= threshold:
                found.append((-similarity, candidate.id, _common_pieces(text.title, self._texts[position].title)))
        return [Duplicate(other, round(-negative, 4), shared) for negative, other, shared in sorted(found)[:limit]]

    def _likely(self, text: _Text) -> list[int]:
        """Positions of the candidates that share most pairs of characters with ``text``."""
        if self._by_pair is None:
            return []
        query = self._vectorizer.transform([_indexed(text)])
        scores = np.asarray((query @ self._by_pair).toarray()).ravel()
        positive = np.flatnonzero(scores > 0.0)
        if positive.size > _PREFILTER:
            bar = np.partition(scores[positive], positive.size - _PREFILTER)[positive.size - _PREFILTER]
            positive = positive[scores[positive] >= bar]
        return [int(position) for position in positive[: _PREFILTER * 4]]


def near_duplicates(
    query: Profile, candidates: Sequence[Profile], limit: int = 5, threshold: float = THRESHOLD
) -> list[Duplicate]:
    """As ``DuplicateFinder(candidates).find(query, limit, threshold)``, for a single question."""
    return DuplicateFinder(candidates).find(query, limit, threshold)


def _text(profile: Profile) -> _Text:
    title = _signs_only(normalise(profile.title))
    core = _signs_only(without_office_phrases(normalise(profile.title)))
    return _Text(title, core or title, _signs_only(normalise(profile.body))[:_BODY_CHARACTERS])


def _signs_only(folded: str) -> str:
    return "".join(sign for sign in folded if sign.isalnum())


def _indexed(text: _Text) -> str:
    return text.core + "\n" + text.body


def _pairs(text: str) -> list[str]:
    return [line[at : at + 2] for line in text.split("\n") for at in range(len(line) - 1)]


def _similarity(one: _Text, other: _Text) -> float:
    similarity = 0.0
    if one.title and other.title:
        whole = fuzz.ratio(one.title, other.title)
        similarity = (_OFFICE_SHARE * whole + (1.0 - _OFFICE_SHARE) * fuzz.ratio(one.core, other.core)) / 100.0
    if min(len(one.body), len(other.body)) >= _SHORTEST_BODY:
        similarity = max(similarity, fuzz.ratio(one.body, other.body) / 100.0)
    return similarity


def _common_pieces(one: str, other: str) -> tuple[str, ...]:
    """Up to three longest common pieces of two or more characters, longest first."""
    pieces: set[str] = set()
    for start in range(len(one) - 1):
        end = start + 2
        while end <= len(one) and one[start:end] in other:
            end += 1
        if end - 1 - start >= 2:
            pieces.add(one[start : end - 1])
    longest = [piece for piece in pieces if not any(piece != longer and piece in longer for longer in pieces)]
    return tuple(sorted(longest, key=lambda piece: (-len(piece), one.find(piece)))[:3])
