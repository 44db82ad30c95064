"""Signal: how deep the two postings sit together in a taxonomy; unknown where they share no taxonomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from matching.profile import Profile
from matching.signals.base import Corpus, Scores

Path = tuple[str, ...]


class CategorySignal:
    """Deepest shared depth over tree depth, the best over taxonomies."""

    name: ClassVar[str] = "category"
    label: ClassVar[str] = "领域匹配"
    weight: ClassVar[float] = 0.10

    def fit(self, corpus: Corpus) -> FittedCategory:
        """Measure how deep each taxonomy is used and keep the offers' paths."""
        depths: dict[str, int] = {}
        for profile in corpus.texts:
            for category in profile.categories:
                scheme, path = parse_category(category)
                depths[scheme] = max(depths.get(scheme, 1), len(path))
        return FittedCategory(corpus.offers, depths)


class FittedCategory:
    """The offers, grouped by equal sets of categories."""

    def __init__(self, offers: Sequence[Profile], depths: Mapping[str, int]) -> None:
        self._depths = depths
        kinds: dict[tuple[str, ...], int] = {}
        self._kind_of = np.array([kinds.setdefault(offer.categories, len(kinds)) for offer in offers], dtype=np.intp)
        self._kinds = tuple(kinds)

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Shape (queries, offers), NaN where no taxonomy holds both."""
        scores = np.full((len(queries), len(self._kind_of)), np.nan)
        for row, query in enumerate(queries):
            if query.categories and self._kinds:
                values = [shared_depth(query.categories, kind, self._depths) for kind in self._kinds]
                by_kind = np.array([np.nan if value is None else value for value in values])
                scores[row] = by_kind[self._kind_of]
        return scores


def parse_category(category: str) -> tuple[str, Path]:
    """Split "scheme:10/101" into ("scheme", ("10", "101")); without ":" the scheme is "" and the path has one node."""
    scheme, colon, codes = category.partition(":")
    if not colon:
        return "", (category.strip(),) if category.strip() else ()
    return scheme.strip(), tuple(code.strip() for code in codes.split("/") if code.strip())


def common_depth(ours: Path, theirs: Path) -> int:
    """How many nodes two paths share from the root."""
    differing = (at for at, (left, right) in enumerate(zip(ours, theirs, strict=False)) if left != right)
    return next(differing, min(len(ours), len(theirs)))


def shared_depth(ours: Sequence[str], theirs: Sequence[str], depths: Mapping[str, int]) -> float | None:
    """Deepest shared depth / tree depth, the best over pairs in one scheme; None if no scheme holds both.

    The tree depth is the deepest path of the scheme in the corpus, but no deeper than the deeper of the two paths: two
    postings that name the same node agree fully, however deep others go.
    """
    best: float | None = None
    their_paths = [parse_category(category) for category in theirs]
    for category in ours:
        scheme, path = parse_category(category)
        for their_scheme, their_path in their_paths:
            if scheme != their_scheme or not path or not their_path:
                continue
            depth = min(max(len(path), len(their_path)), max(depths.get(scheme, 1), 1))
            value = min(1.0, common_depth(path, their_path) / depth)
            best = value if best is None else max(best, value)
    return best
