"""The fresh segment: a few hundred documents that were just written, searchable at once.

A term's postings lie in runs that double in length, the newest run pointing to the one before. A document is added by
writing its postings first and then making them count, so that a reader who knows only the first ``count`` documents
passes over later ones and needs no lock. All snapshots of a segment share the same arrays; only the newest of them may
grow in place.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled

_F64 = NDArray[np.float64]
_I64 = NDArray[np.int64]
_I32 = NDArray[np.int32]
_U16 = NDArray[np.uint16]
_Runs = tuple[_I32, _I32, _I32, _I32, _I32, _I32, _U16]
"""newest run of each term; start, size, room and the run before, of each run; documents and impacts of each place."""
_LONGEST_RUN = 256


class Fresh:
    """Documents in the order they came, as impacts. ``size`` counts all that were ever added to these arrays."""

    def __init__(self, terms: int, documents: int = 64, postings: int = 8_192) -> None:
        self.size = 0
        self._ends = np.zeros(documents + 1, np.int64)
        self._terms, self._values = np.empty(postings, np.int32), np.empty(postings, np.uint16)
        self._newest = np.full(terms, -1, np.int32)
        self._starts, self._sizes, self._rooms, self._before = (np.empty(postings, np.int32) for _ in range(4))
        self._documents, self._impacts = np.empty(2 * postings, np.int32), np.empty(2 * postings, np.uint16)
        self._used = np.zeros(2, np.int64)  # runs and places
        self._lock = threading.Lock()

    def added(self, count: int, terms: _I32, impacts: _U16) -> Fresh:
        """With one document after the first ``count``: these arrays where that is all and there is room, else a copy.

        ``terms`` each once; impacts above 0.
        """
        with self._lock:
            start = int(self._ends[count])
            end, highest = start + terms.size, int(terms.max(initial=-1)) + 1
            fits = end <= self._terms.size and count + 1 < self._ends.size and highest <= self._newest.size
            if self.size != count or not fits or not _fits(terms, self._runs, self._used):
                other = self._copy(count, highest, terms.size)
            else:
                self._terms[start:end], self._values[start:end] = terms, impacts
                self._ends[count + 1] = end
                _publish(terms, _write(count, terms, impacts, self._runs, self._used), self._runs)
                self.size = count + 1
                return self
        return other.added(count, terms, impacts)

    def add_scores(self, count: int, terms: _I32, weights: _F64, scores: _F64) -> None:
        """Add the scores of the first ``count`` documents to ``scores``, shape (count,)."""
        _add(count, terms, weights, self._runs, scores)

    def rows(self, count: int) -> tuple[_I64, _I32, _U16]:
        """The first ``count`` documents as rows: starts, terms, impacts."""
        end = int(self._ends[count])
        return self._ends[: count + 1].copy(), self._terms[:end].copy(), self._values[:end].copy()

    @property
    def _runs(self) -> _Runs:
        runs = self._starts, self._sizes, self._rooms, self._before
        return self._newest, *runs, self._documents, self._impacts

    def _copy(self, count: int, terms: int, postings: int) -> Fresh:
        """The first ``count`` documents in new arrays with room for as many again."""
        indptr, indices, impacts = self.rows(count)
        known = self._newest.size
        places = 4 * (indices.size + postings) + 8_192
        other = Fresh(known if terms <= known else terms + terms // 8, 2 * count + 64, places)
        _write_rows(indptr, indices, impacts, other._runs, other._used)
        other._ends[: count + 1] = indptr
        other._terms[: indices.size], other._values[: indices.size] = indices, impacts
        other.size = count
        return other


@compiled
def _fits(terms: _I32, runs: _Runs, used: _I64) -> bool:
    """Whether one more posting of each term has room."""
    newest, starts, sizes, rooms, _, documents, _ = runs
    run, place = used[0], used[1]
    for term in terms:
        last = newest[term]
        if last < 0 or sizes[last] == rooms[last]:
            run += 1
            place += 2 if last < 0 else min(2 * rooms[last], _LONGEST_RUN)
    return bool(run <= starts.size and place <= documents.size)


@compiled
def _write(document: int, terms: _I32, impacts: _U16, runs: _Runs, used: _I64) -> _I32:
    """Write one posting of each term where no reader looks yet; the runs they are in."""
    newest, starts, sizes, rooms, before, documents, values = runs
    into = np.empty(terms.size, np.int32)
    for at in range(terms.size):
        run = newest[terms[at]]
        if run < 0 or sizes[run] == rooms[run]:
            last, run = run, np.int32(used[0])
            rooms[run] = 2 if last < 0 else min(2 * rooms[last], _LONGEST_RUN)
            starts[run], sizes[run], before[run] = used[1], 0, last
            used[0] += 1
            used[1] += rooms[run]
        documents[starts[run] + sizes[run]], values[starts[run] + sizes[run]] = document, impacts[at]
        into[at] = run
    return into


@compiled
def _publish(terms: _I32, into: _I32, runs: _Runs) -> None:
    """Make the written postings count."""
    newest, sizes = runs[0], runs[2]
    for at in range(terms.size):
        sizes[into[at]] += 1
        newest[terms[at]] = into[at]


@compiled
def _write_rows(indptr: _I64, indices: _I32, impacts: _U16, runs: _Runs, used: _I64) -> None:
    for row in range(indptr.size - 1):
        terms = indices[indptr[row] : indptr[row + 1]]
        _publish(terms, _write(row, terms, impacts[indptr[row] : indptr[row + 1]], runs, used), runs)


@compiled
def _add(count: int, terms: _I32, weights: _F64, runs: _Runs, scores: _F64) -> None:
    newest, starts, sizes, _, before, documents, values = runs
    for at in range(terms.size):
        if terms[at] >= newest.size:
            continue
        run = newest[terms[at]]
        while run >= 0:
            for place in range(np.uint64(starts[run]), np.uint64(starts[run] + sizes[run])):
                if documents[place] < count:
                    scores[documents[place]] += weights[at] * values[place]
            run = before[run]
