"""Postings in compressed columns and the exact best k documents of a query.

A score is the dot product of whole numbers: a document's weight is stored as an *impact*, the nearest of 65,535 even
steps up to ``limit`` (at least 1), and a query's weights are taken in steps of its largest divided by 2**26. These
impacts are the definition of the score, so that sums are exact, do not depend on the order of addition or on which
segment a document lies in, and equal scores are equal to the last bit.

Postings lie in columns, block by block of 65,536 documents: 16-bit document numbers and 16-bit impacts, 4 bytes each
posting. The most frequent terms (at most 256, those in at least ``FREQUENT`` of the documents) are written once more,
document by document, as *tails*, and as bytes (``dense``). A query adds up the columns of its other terms and the bytes
of its frequent ones; a document's tail is looked up only where both sums together, an upper bound of its score, would
enter the best k. Nothing that belongs there is left out. Where too many documents would have to be looked up, the
columns are added up after all.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine import kernels
from matching.engine.dense import bytes_of
from matching.engine.kernels import BLOCK
from matching.engine.rows import SparseRows

FREQUENT = 0.12
"""A term in this share of the documents or more has its place in the tails."""
STEPS = 65_535
_TAIL_TERMS = 256
_QUERY_STEPS = 2.0**26
_EXACT = 2.0**53
_CHUNK = 32
_ARRAYS = ("starts", "docs", "values", "slots", "tails", "tail_slots", "tail_values")
_ALL: NDArray[np.bool_] = np.zeros(0, np.bool_)

Found = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Postings:
    """The columns of ``documents`` rows; immutable, safe to share between threads. Made by ``build``."""

    documents: int
    step: float
    starts: NDArray[np.uint32]
    """Where the column of (term, block) begins: entry ``term · blocks + block``; one more at the end."""
    docs: NDArray[np.uint16]
    values: NDArray[np.uint16]
    slots: NDArray[np.int16]
    """Each term's number in the tails, -1 for a term that has none."""
    tails: NDArray[np.uint32]
    """Where each document's tail begins; one more at the end."""
    tail_slots: NDArray[np.uint8]
    tail_values: NDArray[np.uint16]
    rows: NDArray[np.uint8]
    scale: NDArray[np.float64]
    """The tails' terms once more as bytes, see ``dense.bytes_of``; made of the tails, not stored."""

    @classmethod
    def build(cls, rows: SparseRows, terms: int, limit: float | None = None) -> Postings:
        """Index ``rows`` whose term numbers are below ``terms``.

        ``limit``: the largest weight there can be, which sets the step of the impacts; without it the largest of these
        rows. Segments that are searched together need the same limit. Raises ValueError for a term number or a weight
        beyond them.
        """
        largest = float(rows.weights.max(initial=0.0))
        top = (largest or 1.0) if limit is None else limit
        if largest > top or not 0.0 < top < float("inf"):
            raise ValueError(f"weight {largest} is above the limit {top}")
        return cls.from_impacts(rows.indptr, rows.indices, impacts_of(rows.weights, top), terms, top / STEPS)

    @classmethod
    def from_impacts(
        cls,
        indptr: NDArray[np.int64],
        indices: NDArray[np.int32],
        impacts: NDArray[np.uint16],
        terms: int,
        step: float,
    ) -> Postings:
        """As ``build`` for rows whose weights are whole steps already; impact 0 means "not there"."""
        if indices.size and int(indices.max()) >= terms:
            raise ValueError(f"term number {int(indices.max())} is not below {terms}")
        documents = int(indptr.size) - 1
        blocks = -(-documents // BLOCK)
        counts = np.zeros(terms * blocks, np.int64)
        kernels.count_columns(indptr, indices, impacts, blocks, counts)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        if starts[-1] >= 2**32:
            raise ValueError("more than 2**32 postings in one segment")
        size = int(starts[-1])
        docs, values = np.empty(size, np.uint16), np.empty(size, np.uint16)
        kernels.fill_columns(indptr, indices, impacts, blocks, starts[:-1].copy(), docs, values)
        slots, postings = _tail_terms(counts.reshape(terms, blocks).sum(axis=1), documents)
        tails = np.zeros(documents + 1, np.uint32)
        tail_slots, tail_values = np.empty(postings, np.uint8), np.empty(postings, np.uint16)
        kernels.fill_tails(indptr, indices, impacts, slots, tails, tail_slots, tail_values)
        arrays = starts.astype(np.uint32), docs, values, slots, tails, tail_slots, tail_values
        return cls.from_arrays(documents, step, dict(zip(_ARRAYS, arrays, strict=True)))

    def __post_init__(self) -> None:
        for array in self._columns:
            array.setflags(write=False)

    def __len__(self) -> int:
        return self.documents

    @property
    def terms(self) -> int:
        """How many term numbers this segment knows; a query's higher ones find nothing here."""
        return int(self.slots.size)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(int(array.nbytes) for array in self._columns)

    def top(
        self,
        terms: NDArray[np.int32],
        weights: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> Found:
        """Positions and scores of the best ``k`` documents with a score above 0, best first, ties by position.

        ``terms`` each once, ``weights`` finite and ≥ 0 (0 is left out). ``allowed``: a flag per document, None for all.
        """
        size = max(0, min(k, self.documents))
        best, where = np.zeros(size), np.full(size, -1, np.int64)
        if not size:
            return where, best
        numbers, scale = query_numbers(weights)
        starts = np.array([0, numbers.size], np.int64)
        one, at = best.reshape(1, -1), where.reshape(1, -1)
        mask = self._mask(allowed)
        kernels.top_range(self._columns, self.documents, starts, _int32(terms), numbers, 0, 1, mask, one, at)
        found = int(np.count_nonzero(best))
        return where[:found], best[:found] * (scale * self.step)

    def top_many(
        self, queries: SparseRows, k: int, allowed: NDArray[np.bool_] | None = None, threads: int = 2
    ) -> Found:
        """As ``top`` for many queries: arrays of shape (queries, k), unused places -1 and 0.

        The result is the same for any number of ``threads``.
        """
        size = max(0, min(k, self.documents))
        best, where = np.zeros((len(queries), size)), np.full((len(queries), size), -1, np.int64)
        if not size:
            return where, best
        numbers, scales = np.empty(queries.weights.size), np.empty(len(queries))
        kernels.number_queries(queries.indptr, queries.weights, _steps(queries.lengths), numbers, scales)
        mask = self._mask(allowed)

        def work(first: int) -> None:
            last = min(first + _CHUNK, len(queries))
            kernels.top_range(
                self._columns, self.documents, queries.indptr, queries.indices, numbers, first, last, mask, best, where
            )

        chunks = range(0, len(queries), _CHUNK)
        if threads <= 1 or len(chunks) <= 1:
            for first in chunks:
                work(first)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, chunks))
        return where, best * (scales * self.step)[:, None]

    def scores(self, terms: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """The score of every document, shape (documents,); 0 where no term is shared."""
        numbers, scale = query_numbers(weights)
        scores = np.zeros(self.documents)
        kernels.all_scores(self._columns, self.documents, _int32(terms), numbers, scores)
        return scores * (scale * self.step)

    def impact_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]:
        """The rows again, as ``from_impacts`` takes them."""
        indptr = np.zeros(self.documents + 1, np.int64)
        kernels.count_rows(self._columns, self.documents, indptr)
        indptr = np.cumsum(indptr)
        indices, impacts = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.uint16)
        kernels.fill_rows(self._columns, self.documents, indptr[:-1].copy(), indices, impacts)
        return indptr, indices, impacts

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What ``store.save`` keeps; ``from_arrays`` takes it back (memory-mapped arrays too)."""
        return dict(zip(_ARRAYS, self._columns[: len(_ARRAYS)], strict=True))

    @classmethod
    def from_arrays(cls, documents: int, step: float, arrays: Mapping[str, NDArray[Any]]) -> Postings:
        """The postings that ``arrays`` gave."""
        slots = int(arrays["slots"].max(initial=-1)) + 1
        rows, scale = bytes_of(arrays["tails"], arrays["tail_slots"], arrays["tail_values"], slots)
        kept = {name: arrays[name] for name in _ARRAYS}
        return cls(documents, step, rows=rows, scale=scale, **kept)

    @property
    def _columns(self) -> kernels.Columns:
        tail = self.tails, self.tail_slots, self.tail_values
        return self.starts, self.docs, self.values, self.slots, *tail, self.rows, self.scale

    def _mask(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        if allowed is None:
            return _ALL
        if allowed.shape != (self.documents,):
            raise ValueError(f"allowed has shape {allowed.shape}, there are {self.documents} documents")
        return np.ascontiguousarray(allowed, np.bool_)


def impacts_of(weights: NDArray[np.float32], limit: float) -> NDArray[np.uint16]:
    """Weights in whole steps of ``limit / 65535``: the nearest, at least 1 for a weight above 0."""
    steps = np.rint(weights.astype(np.float64) * (STEPS / limit))
    return np.where(weights > 0.0, np.clip(steps, 1.0, STEPS), 0.0).astype(np.uint16)


def query_numbers(weights: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """Query weights as whole numbers (at least 1 for a weight above 0), and what one of them is worth."""
    values = np.asarray(weights, np.float64)
    largest = float(values.max(initial=0.0))
    if largest <= 0.0:
        return np.zeros(values.size), 1.0
    steps = float(_steps(np.array([values.size]))[0])
    numbers = np.rint(values * (steps / largest))
    return np.where(values > 0.0, np.maximum(numbers, 1.0), 0.0), largest / steps


def _steps(lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """In how many steps the largest weight of a query of so many terms is taken: sums must stay below 2**53."""
    room: NDArray[np.float64] = np.exp2(np.floor(np.log2(_EXACT / STEPS / np.maximum(lengths, 1))))
    return np.minimum(_QUERY_STEPS, room)


def _tail_terms(present: NDArray[np.int64], documents: int) -> tuple[NDArray[np.int16], int]:
    """Which terms have a place in the tails, by how many documents each is present in; how many postings they have."""
    slots = np.full(present.size, -1, np.int16)
    order = np.argsort(-present, kind="stable")[:_TAIL_TERMS]
    chosen = order[present[order] >= max(FREQUENT * documents, 2)]
    slots[chosen] = np.arange(chosen.size, dtype=np.int16)
    return slots, int(present[chosen].sum())


def _int32(terms: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.ascontiguousarray(terms, np.int32)
