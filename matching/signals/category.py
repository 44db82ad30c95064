"""Signal: how deep the two postings sit together in a taxonomy; unknown where they share no taxonomy."""

from __future__ import annotations

import zlib
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.compiled import compiled
from matching.profile import Profile
from matching.signals.base import Block, Scores
from matching.statistics import Statistics
from matching.taxonomy import parse_category

_LEVELS = 8
"""Paths are compared down to this level; no official taxonomy goes deeper than 5."""


class CategorySignal:
    """Deepest shared depth over tree depth, the best over taxonomies (``taxonomy.shared_depth``)."""

    name: ClassVar[str] = "category"
    label: ClassVar[str] = "领域匹配"
    weight: ClassVar[float] = 0.10

    def fit(self, statistics: Statistics) -> FittedCategory:
        """Take the depth of each taxonomy from the statistics."""
        return FittedCategory(statistics)


class FittedCategory:
    """Keeps each category as the numbers of its scheme and of the nodes from the root."""

    def __init__(self, statistics: Statistics) -> None:
        self._depths = statistics.depths

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """One ragged row of paths: nodes, number of levels, levels of the whole tree."""
        every = [self._paths(text.profile) for text in texts]
        paths = [path for row in every for path in row]
        return {
            "category.indptr": np.cumsum([0, *map(len, every)]).astype(np.int64),
            "category.nodes": np.array([nodes for nodes, _, _ in paths], dtype=np.uint32).reshape(-1, _LEVELS + 1),
            "category.levels": np.array([levels for _, levels, _ in paths], dtype=np.uint8),
            "category.trees": np.array([tree for _, _, tree in paths], dtype=np.uint8),
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Shared depths; NaN where no taxonomy holds both."""
        if not query["category.levels"].size:
            return np.full(at.size, np.nan)
        ours = (query["category.nodes"], query["category.levels"], query["category.trees"])
        theirs = (offers["category.indptr"], offers["category.nodes"], offers["category.levels"])
        return _depths(*ours, *theirs, at)

    def _paths(self, profile: Profile) -> list[tuple[list[int], int, int]]:
        found = []
        for category in profile.categories:
            scheme, path = parse_category(category)
            if path:
                # a node's number holds its scheme and all nodes above it; the first is the scheme's own
                prefixes = ["\0".join((scheme, *path[:level])) for level in range(min(len(path), _LEVELS) + 1)]
                nodes = [zlib.crc32(prefix.encode("utf-8", "replace")) for prefix in prefixes]
                padded = nodes + [0] * (_LEVELS + 1 - len(nodes))
                found.append((padded, len(nodes) - 1, min(self._depths.get(scheme, 255), 255)))
        return found


@compiled
def _depths(
    our_nodes: NDArray[np.uint32],
    our_levels: NDArray[np.uint8],
    our_trees: NDArray[np.uint8],
    indptr: NDArray[np.int64],
    nodes: NDArray[np.uint32],
    levels: NDArray[np.uint8],
    at: NDArray[np.int64],
) -> Scores:
    out = np.full(at.size, np.nan)
    for place in range(at.size):
        best = -1.0
        for theirs in range(indptr[at[place]], indptr[at[place] + 1]):
            for ours in range(our_levels.size):
                if our_nodes[ours, 0] != nodes[theirs, 0]:
                    continue
                short = min(our_levels[ours], levels[theirs])
                long = max(our_levels[ours], levels[theirs])
                depth = 0
                while depth < short and our_nodes[ours, depth + 1] == nodes[theirs, depth + 1]:
                    depth += 1
                best = max(best, min(1.0, depth / min(long, our_trees[ours])))
        if best >= 0.0:
            out[place] = best
    return out
