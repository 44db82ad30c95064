"""Sparse rows: documents (or queries) as term numbers with weights, in three plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SparseRows:
    """``len(rows)`` rows: row ``i`` has ``indices[indptr[i]:indptr[i + 1]]`` (sorted, each once) with ``weights``.

    ``indptr`` int64, ``indices`` int32 term numbers ≥ 0, ``weights`` float32, finite and ≥ 0; 0 means "not there".
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: NDArray[np.float32]

    def __post_init__(self) -> None:
        indptr, indices, weights = self.indptr, self.indices, self.weights
        if indptr.dtype != np.int64 or indices.dtype != np.int32 or weights.dtype != np.float32:
            raise ValueError("sparse rows are int64, int32 and float32 arrays")
        if not indptr.size or indptr[0] != 0 or indptr[-1] != indices.size or indices.size != weights.size:
            raise ValueError("sparse rows do not fit together")
        if np.any(np.diff(indptr) < 0):
            raise ValueError("row starts must not fall")
        if indices.size:
            rises = np.diff(indices.astype(np.int64)) > 0
            starts = indptr[1:-1]
            rises[starts[(starts > 0) & (starts < indices.size)] - 1] = True
            if indices.min() < 0 or not rises.all():
                raise ValueError("term numbers of a row must be ≥ 0 and rise")
            if not np.isfinite(weights).all() or weights.min() < 0.0:
                raise ValueError("weights must be finite and ≥ 0")

    def __len__(self) -> int:
        return int(self.indptr.size) - 1

    def row(self, at: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Terms and weights of one row."""
        start, end = self.indptr[at], self.indptr[at + 1]
        return self.indices[start:end], self.weights[start:end]

    @property
    def lengths(self) -> Numbers:
        """Terms of each row."""
        return np.diff(self.indptr)

    @classmethod
    def of(
        cls, rows: Iterable[tuple[Sequence[int] | NDArray[np.int32], Sequence[float] | NDArray[np.float32]]]
    ) -> SparseRows:
        """Rows from pairs of (terms, weights) in any order of terms; a term named twice adds up."""
        indptr, indices, weights = [0], [np.empty(0, np.int32)], [np.empty(0, np.float32)]
        for terms, values in rows:
            unique, inverse = np.unique(np.asarray(terms, dtype=np.int32), return_inverse=True)
            indices.append(unique)
            weights.append(np.bincount(inverse, np.asarray(values, np.float64), unique.size).astype(np.float32))
            indptr.append(indptr[-1] + unique.size)
        return cls(np.array(indptr, np.int64), np.concatenate(indices), np.concatenate(weights))

    @classmethod
    def stacked(cls, parts: Sequence[SparseRows]) -> SparseRows:
        """All rows of ``parts`` one after the other."""
        ends = np.cumsum([0, *(part.indices.size for part in parts)])
        indptr = [part.indptr[1:] + end for part, end in zip(parts, ends, strict=False)]
        return cls(
            np.concatenate([np.zeros(1, np.int64), *indptr]),
            np.concatenate([np.empty(0, np.int32), *(part.indices for part in parts)]),
            np.concatenate([np.empty(0, np.float32), *(part.weights for part in parts)]),
        )
