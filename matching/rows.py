"""Counted terms of many postings in compressed rows, and the loops over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled

Keys = NDArray[np.uint32]
Values = NDArray[np.float64]
Positions = NDArray[np.int64]

MOST = 255
"""Counts are kept in one byte; a term that stands more often in one field counts this often."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What an occurrence in each field counts, whole numbers ≥ 0 (so that sums are exact); 0 leaves the field out."""

    title: int = 1
    body: int = 1
    keywords: int = 1

    def as_array(self) -> NDArray[np.int64]:
        """(title, body, keywords)."""
        return np.array((self.title, self.body, self.keywords), dtype=np.int64)


TITLE = Fields(title=1, body=0, keywords=0)
WHOLE = Fields()


@dataclass(frozen=True, slots=True)
class Rows:
    """Terms of postings: row ``r`` holds ``keys[indptr[r]:indptr[r + 1]]``, ascending, each once.

    ``counts`` has shape (entries, 3): how often the term stands in title, body and keywords, at most ``MOST``.
    """

    indptr: Positions
    keys: Keys
    counts: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def taken(self, rows: Positions) -> Rows:
        """Some of the rows, in that order."""
        indptr, entries = spans(self.indptr, rows)
        return Rows(indptr, self.keys[entries], self.counts[entries])


@compiled
def spans(indptr: Positions, rows: Positions) -> tuple[Positions, Positions]:
    """For ragged rows: the pointers of ``rows`` put one after the other, and the positions of their entries."""
    out = np.zeros(rows.size + 1, np.int64)
    for place in range(rows.size):
        out[place + 1] = out[place] + indptr[rows[place] + 1] - indptr[rows[place]]
    entries = np.empty(out[rows.size], np.int64)
    filled = 0
    for place in range(rows.size):
        for entry in range(indptr[rows[place]], indptr[rows[place] + 1]):
            entries[filled] = entry
            filled += 1
    return out, entries


def counted(marked: Keys, rows: int, mark: int) -> Rows:
    """Count terms: ``marked`` holds the keys of ``rows`` postings' titles, bodies and keywords in turn, each field
    ended by ``mark``."""
    places = _places(marked, mark)
    places.sort()
    return Rows(*_run_lengths(places, rows))


@compiled
def _places(marked: Keys, mark: int) -> NDArray[np.uint64]:
    out = np.empty(marked.size, np.uint64)
    filled, row, field = 0, 0, 0
    for at in range(marked.size):
        key = marked[at]
        if key == mark:
            field += 1
            if field == 3:
                field = 0
                row += 1
        else:
            out[filled] = (np.uint64(row) << np.uint64(34)) | (np.uint64(key) << np.uint64(2)) | np.uint64(field)
            filled += 1
    return out[:filled].copy()


@compiled
def _run_lengths(places: NDArray[np.uint64], rows: int) -> tuple[Positions, Keys, NDArray[np.uint8]]:
    entries = 0
    for at in range(places.size):
        if at == 0 or (places[at] >> np.uint64(2)) != (places[at - 1] >> np.uint64(2)):
            entries += 1
    indptr = np.zeros(rows + 1, np.int64)
    keys = np.empty(entries, np.uint32)
    counts = np.zeros((entries, 3), np.uint8)
    entry = -1
    for at in range(places.size):
        term = places[at] >> np.uint64(2)
        if at == 0 or term != (places[at - 1] >> np.uint64(2)):
            entry += 1
            keys[entry] = np.uint32(term & np.uint64(0xFFFFFFFF))
            indptr[np.int64(term >> np.uint64(32)) + 1] += 1
        field = np.int64(places[at] & np.uint64(3))
        if counts[entry, field] < 255:
            counts[entry, field] += np.uint8(1)
    for row in range(rows):
        indptr[row + 1] += indptr[row]
    return indptr, keys, counts


@dataclass(frozen=True, slots=True)
class Shared:
    """The terms that one posting shares with each of some others.

    Pair ``p`` shares the entries ``indptr[p]:indptr[p + 1]``, in the order of the keys: ``terms`` are positions in the
    posting's own row, ``counts`` what the other posting has of them (shape (entries, 3)).
    """

    indptr: Positions
    terms: NDArray[np.int32]
    counts: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.indptr) - 1


def shared(ours: Keys, rows: Rows, at: Positions) -> Shared:
    """What a posting with the ascending keys ``ours`` shares with the rows ``at``."""
    return Shared(*_shared(ours, rows.indptr, rows.keys, rows.counts, at))


@compiled
def _shared(
    ours: Keys, indptr: Positions, keys: Keys, counts: NDArray[np.uint8], at: Positions
) -> tuple[Positions, NDArray[np.int32], NDArray[np.uint8]]:
    """Nine entries in ten are shared by nobody, so each row is first sifted without a branch by a filter of 32,768
    flags; what is left is looked up in an open-addressing table at most a quarter full. No term has the number 0, so 0
    is an empty slot.
    """
    bits = 4
    while (1 << bits) < 4 * ours.size:
        bits += 1
    last = (1 << bits) - 1
    down = np.uint64(64 - bits)
    spread = np.uint64(0x9E3779B97F4A7C15)
    flags = np.zeros(1 << 15, np.uint8)
    held = np.zeros(1 << bits, np.uint32)
    term_of = np.empty(1 << bits, np.int32)
    for term in range(ours.size):
        mixed = np.uint64(ours[term]) * spread
        flags[mixed >> np.uint64(49)] = 1
        slot = np.int64(mixed >> down)
        while held[slot] != 0:
            slot = (slot + 1) & last
        held[slot] = ours[term]
        term_of[slot] = term
    most, widest = 0, 0
    for place in range(at.size):
        width = indptr[at[place] + 1] - indptr[at[place]]
        most += min(ours.size, width)
        widest = max(widest, width)
    out = np.zeros(at.size + 1, np.int64)
    terms = np.empty(most, np.int32)
    theirs = np.empty((most, 3), np.uint8)
    likely = np.empty(widest + 1, np.int32)
    found = 0
    for place in range(at.size):
        start = indptr[at[place]]
        row = keys[start : indptr[at[place] + 1]]
        sifted = 0
        for entry in range(row.size):
            likely[sifted] = entry
            sifted += flags[(np.uint64(row[entry]) * spread) >> np.uint64(49)]
        for step in range(sifted):
            key = row[likely[step]]
            entry = start + likely[step]
            slot = np.int64((np.uint64(key) * spread) >> down)
            while held[slot] != 0:
                if held[slot] == key:
                    terms[found] = term_of[slot]
                    theirs[found, 0] = counts[entry, 0]
                    theirs[found, 1] = counts[entry, 1]
                    theirs[found, 2] = counts[entry, 2]
                    found += 1
                    break
                slot = (slot + 1) & last
        out[place + 1] = found
    return out, terms[:found], theirs[:found]


_TALLEST = 8 * 3 * MOST
DAMPED: Values = np.log2(1.0 + np.arange(_TALLEST + 1))
"""``log2(1 + tf)`` by tf."""


def damped(counts: NDArray[np.uint8], fields: Fields) -> Values:
    """``log2(1 + tf)`` of each entry, tf weighted over fields."""
    return _table_values(counts, fields.as_array(), DAMPED)


def weighted(counts: NDArray[np.uint8], fields: Fields) -> NDArray[np.int64]:
    """Weighted counts over fields of each entry."""
    return _weighted(counts, fields.as_array())


@compiled
def _weighted(counts: NDArray[np.uint8], fields: NDArray[np.int64]) -> NDArray[np.int64]:
    out = np.empty(counts.shape[0], np.int64)
    for entry in range(counts.shape[0]):
        out[entry] = fields[0] * counts[entry, 0] + fields[1] * counts[entry, 1] + fields[2] * counts[entry, 2]
    return out


@compiled
def _table_values(counts: NDArray[np.uint8], fields: NDArray[np.int64], table: Values) -> Values:
    out = np.empty(counts.shape[0])
    for entry in range(counts.shape[0]):
        out[entry] = table[fields[0] * counts[entry, 0] + fields[1] * counts[entry, 1] + fields[2] * counts[entry, 2]]
    return out


@compiled
def row_sums(indptr: Positions, values: Values) -> Values:
    """The sum of each row's values, added in the order of the row (so it does not depend on where the row stands)."""
    out = np.zeros(indptr.size - 1)
    for row in range(indptr.size - 1):
        total = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            total += values[entry]
        out[row] = total
    return out


def stacked(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts in turn; none of no parts."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.keys) for part in parts)])
    pointers = [part.indptr[:-1] + start for part, start in zip(parts, starts[:-1], strict=True)]
    return Rows(
        np.concatenate([*pointers, starts[-1:]]).astype(np.int64),
        np.concatenate([part.keys for part in parts]) if parts else np.zeros(0, np.uint32),
        np.concatenate([part.counts for part in parts]) if parts else np.zeros((0, 3), np.uint8),
    )
