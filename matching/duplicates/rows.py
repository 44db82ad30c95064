"""The texts of many postings as arrays: titles and cores, the lists of where each sign occurs, the bodies' counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.duplicates.kernels import Array, marks, pattern
from matching.duplicates.wording import Wording

_BUCKETS = 256
_LENGTH_BITS, _ROW_BITS = 10, 30


@dataclass(frozen=True)
class Rows:
    """Some postings' wordings side by side; never changed."""

    ids: tuple[str, ...]
    wordings: tuple[Wording, ...]
    whole: tuple[Array, Array]
    core: tuple[Array, Array]
    marks: tuple[Array, Array]
    spans: NDArray[np.int64]
    body_rows: NDArray[np.int64]
    body_counts: NDArray[np.uint8]
    body_lengths: NDArray[np.int64]

    @classmethod
    def of(cls, ids: Iterable[str], wordings: Iterable[Wording]) -> Rows:
        """The rows of these postings, in the order given."""
        texts = tuple(wordings)
        whole, core = _codes([text.title for text in texts]), _codes([text.core for text in texts])
        spans = np.array([text.span for text in texts], np.int64)
        with_body = [row for row, text in enumerate(texts) if text.body]
        bodies = [texts[row].body for row in with_body]
        lengths = np.array([len(body) for body in bodies], np.int64)
        return cls(
            tuple(ids),
            texts,
            whole,
            core,
            (marks(*whole), marks(*core)),
            spans,
            np.array(with_body, np.int64),
            body_counts(bodies),
            lengths,
        )

    def joined(self, more: Rows) -> Rows:
        """These rows, then the others."""
        return Rows(
            self.ids + more.ids,
            self.wordings + more.wordings,
            _joined(self.whole, more.whole),
            _joined(self.core, more.core),
            (np.append(self.marks[0], more.marks[0]), np.append(self.marks[1], more.marks[1])),
            np.concatenate((self.spans, more.spans)),
            np.concatenate((self.body_rows, more.body_rows + len(self.ids))),
            np.concatenate((self.body_counts, more.body_counts)),
            np.concatenate((self.body_lengths, more.body_lengths)),
        )

    @cached_property
    def arrays(self) -> tuple[Array, ...]:
        """What the compiled loops read of the titles."""
        return (*self.whole, *self.core, self.spans)

    @cached_property
    def lists(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """For whole titles and for cores, by sign: (signs, list starts, rows sorted by length, their marks)."""
        return _lists(*self.whole, self.marks[0]), _lists(*self.core, self.marks[1])

    @cached_property
    def where(self) -> dict[str, int]:
        """The row of each id; of an id written twice the later row, the only one that can be alive."""
        return {identifier: row for row, identifier in enumerate(self.ids)}


def query_arrays(wording: Wording) -> tuple[tuple[object, ...], Array]:
    """One wording as the compiled loops read a query, and the marks of its title and core."""
    (whole, starts), (core, core_starts) = _codes([wording.title]), _codes([wording.core])
    state = np.zeros(len(wording.title) // 64 + 1, np.uint64)
    query = (whole, core, wording.span, *pattern(whole), *pattern(core), state)
    return query, np.append(marks(whole, starts), marks(core, core_starts))


def body_counts(bodies: Sequence[str]) -> NDArray[np.uint8]:
    """How often each bucket of signs occurs in each text, shape (texts, 256), at most 255."""
    counts = np.zeros((len(bodies), _BUCKETS), np.uint8)
    for row, body in enumerate(bodies):
        codes = np.frombuffer(body.encode("utf-32-le", "surrogatepass"), np.uint32)
        counts[row] = np.minimum(np.bincount(codes % 251, minlength=_BUCKETS), 255)
    return counts


def _codes(texts: Sequence[str]) -> tuple[Array, Array]:
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, np.uint32).copy(), starts


def _joined(one: tuple[Array, Array], other: tuple[Array, Array]) -> tuple[Array, Array]:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1][1:] + one[1][-1]))


def _lists(codes: Array, starts: Array, row_marks: Array) -> tuple[Array, ...]:
    lengths = np.diff(starts)
    rows = np.repeat(np.arange(lengths.size), lengths)
    packed = (codes.astype(np.int64) << _LENGTH_BITS | lengths[rows]) << _ROW_BITS | rows
    packed = np.unique(packed)
    signs, first = np.unique(packed >> (_LENGTH_BITS + _ROW_BITS), return_index=True)
    members = (packed & ((1 << _ROW_BITS) - 1)).astype(np.int32)
    return signs, np.append(first, packed.size).astype(np.int64), members, row_marks[members]
