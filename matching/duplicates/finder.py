"""Near-duplicates of a posting while it is being written: exact over all candidates, current after each change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from matching.duplicates.kernels import Array, scan_all, scan_counts, scan_lists
from matching.duplicates.rows import Rows, body_counts, query_arrays
from matching.duplicates.wording import Wording
from matching.profile import Profile

THRESHOLD = 0.80
"""Similarity from which two postings are shown as duplicates."""

LOWEST_THRESHOLD = 0.5
_FRESH_ROWS = 1_000
_FRESH_SHARE = 50

Living = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A posting that says nearly the same: ``similarity`` in [0, 1], ``shared`` the titles' longest common pieces."""

    id: str
    similarity: float
    shared: tuple[str, ...]


class DuplicateFinder:
    """Candidates indexed once, asked as often as the user types; a changed catalogue gives a new finder.

    Never changed itself, so threads may share one. Of several candidates with one id the last in ``Profile.sort_key``
    order counts. A large indexed part is shared between a finder and those made from it by ``changed``; what came later
    is a small part read through, and what was dropped is marked.
    """

    def __init__(self, candidates: Iterable[Profile]) -> None:
        by_id = {profile.id: profile for profile in sorted(candidates, key=lambda profile: profile.sort_key)}
        self._base = Rows.of(by_id, map(Wording.of, by_id.values()))
        self._fresh = Rows.of((), ())
        self._alive: tuple[Living, Living] = (np.ones(len(by_id), np.bool_), np.ones(0, np.bool_))

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(alive)) for alive in self._alive)

    def changed(self, put: Sequence[Profile], dropped: Collection[str] = ()) -> DuplicateFinder:
        """A finder over the candidates with ``put`` added (or replacing those of the same id) and ``dropped`` gone.

        Answers as one built anew. Costs well under a millisecond for one posting, except that once in a thousand
        changes (or a fiftieth of the candidates) everything is indexed again.
        """
        added = {profile.id: profile for profile in sorted(put, key=lambda profile: profile.sort_key)}
        more = Rows.of(added, map(Wording.of, added.values()))
        gone = {*dropped, *added}
        made = object.__new__(DuplicateFinder)
        made._base, made._fresh = self._base, self._fresh.joined(more)
        made._alive = (
            _without(self._base, self._alive[0], gone),
            np.append(_without(self._fresh, self._alive[1], gone), np.ones(len(added), np.bool_)),
        )
        return made._indexed() if len(made._fresh.ids) > self._room else made

    def find(self, query: Profile, limit: int = 5, threshold: float = THRESHOLD) -> list[Duplicate]:
        """Postings at least ``threshold`` similar, most similar first, ties by id; the query's own id is left out.

        Similarity is the best of
        - the titles' normalised indel similarity, in which project language (“关键技术研究”) counts less than what the
          posting is about;
        - 1 − edits ÷ length, for titles of which at most one character in eight was substituted, inserted or deleted;
        - the bodies' normalised indel similarity over their first 400 letters and digits, where both have 30 or more.

        Exact: no candidate is passed over. Raises ValueError for a threshold outside [0.5, 1].
        """
        if not LOWEST_THRESHOLD <= threshold <= 1.0:
            raise ValueError(f"threshold {threshold} is not within [{LOWEST_THRESHOLD}, 1]")
        wording = Wording.of(query)
        arrays = query_arrays(wording)
        found: dict[str, tuple[float, Wording]] = {}
        for part, alive in zip((self._base, self._fresh), self._alive, strict=True):
            for row, similarity in _alike(part, alive, wording, arrays, threshold, limit + 1):
                found[part.ids[row]] = (similarity, part.wordings[row])
        found.pop(query.id, None)
        best = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))[:limit]
        return [
            Duplicate(identifier, similarity, common_pieces(wording.title, other.title))
            for identifier, (similarity, other) in best
        ]

    @property
    def _room(self) -> int:
        return max(_FRESH_ROWS, len(self._base.ids) // _FRESH_SHARE)

    def _indexed(self) -> DuplicateFinder:
        """The same candidates, all in the indexed part."""
        kept = {
            part.ids[row]: part.wordings[row]
            for part, alive in zip((self._base, self._fresh), self._alive, strict=True)
            for row in np.flatnonzero(alive).tolist()
        }
        made = object.__new__(DuplicateFinder)
        made._base, made._fresh = Rows.of(kept, kept.values()), Rows.of((), ())
        made._alive = (np.ones(len(kept), np.bool_), np.ones(0, np.bool_))
        return made


def near_duplicates(
    query: Profile, candidates: Sequence[Profile], limit: int = 5, threshold: float = THRESHOLD
) -> list[Duplicate]:
    """As ``DuplicateFinder(candidates).find(query, limit, threshold)``, for a single question."""
    return DuplicateFinder(candidates).find(query, limit, threshold)


def _without(part: Rows, alive: Living, gone: Collection[str]) -> Living:
    rows = [part.where[identifier] for identifier in gone if identifier in part.where]
    if rows:
        alive = alive.copy()
        alive[rows] = False
    return alive


def _alike(
    part: Rows, alive: Living, wording: Wording, arrays: tuple[tuple[object, ...], Array], threshold: float, limit: int
) -> list[tuple[int, float]]:
    """The rows of ``part`` that are alike with their similarity, at least all that can be among the best ``limit``."""
    if not alive.size:
        return []
    found: Any
    values: Any
    if alive.size > _FRESH_ROWS:
        found, values = scan_lists(*arrays, part.arrays, *part.lists, alive, threshold)
    else:
        found, values = scan_all(*arrays, part.arrays, part.marks, alive, threshold)
    similar = dict(zip(found.tolist(), values.tolist(), strict=True))
    if wording.body and part.body_rows.size:
        for row, value in _similar_bodies(part, alive, wording.body, threshold):
            similar[row] = max(value, similar.get(row, 0.0))
    rounded = [(row, round(value, 4)) for row, value in similar.items()]
    if len(rounded) > limit:
        bar = sorted((value for _, value in rounded), reverse=True)[limit - 1]
        return [one for one in rounded if one[1] >= bar]
    return rounded


def _similar_bodies(part: Rows, alive: Living, body: str, threshold: float) -> list[tuple[int, float]]:
    counts = body_counts([body])[0]
    likely: Any = scan_counts(part.body_counts, part.body_lengths, counts, len(body), threshold)
    found = []
    for row in part.body_rows[likely].tolist():
        if alive[row]:
            value = fuzz.ratio(body, part.wordings[row].body, score_cutoff=100.0 * threshold) / 100.0
            if value >= threshold:
                found.append((row, value))
    return found


def common_pieces(one: str, other: str) -> tuple[str, ...]:
    """Up to three longest common pieces of two or more characters, longest first."""
    pieces: set[str] = set()
    reached = 0
    for start in range(len(one) - 1):
        end = max(start + 1, reached)
        while end < len(one) and one[start : end + 1] in other:
            end += 1
        if end > reached and end - start >= 2:
            pieces.add(one[start:end])
        reached = max(end, reached)
    longest = [piece for piece in pieces if not any(piece != longer and piece in longer for longer in pieces)]
    return tuple(sorted(longest, key=lambda piece: (-len(piece), one.find(piece)))[:3])
