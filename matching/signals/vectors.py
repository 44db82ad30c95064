"""Dense vectors in whole numbers: small to keep, and their cosines are the same to the last bit everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled

Small = NDArray[np.int8]


def quantised(vectors: NDArray[np.float64]) -> Small:
    """Each row scaled so that its largest component is ±127, and rounded; rows of zeros stay."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    scaled: Small = np.rint(vectors / np.where(largest > 0.0, largest, 1.0) * 127.0).astype(np.int8)
    return scaled


def cosines(ours: Small, theirs: Small, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cosines of one vector with the rows ``at`` of others, shape (len(at),); NaN where either is zero."""
    return _cosines(ours, theirs, at)


@compiled
def _cosines(ours: Small, theirs: Small, at: NDArray[np.int64]) -> NDArray[np.float64]:
    out = np.full(at.size, np.nan)
    own = np.int64(0)
    for dimension in range(ours.size):
        own += np.int64(ours[dimension]) * np.int64(ours[dimension])
    if own == 0:
        return out
    for place in range(at.size):
        product, length = np.int64(0), np.int64(0)
        row = theirs[at[place]]
        for dimension in range(ours.size):
            product += np.int64(ours[dimension]) * np.int64(row[dimension])
            length += np.int64(row[dimension]) * np.int64(row[dimension])
        if length > 0:
            out[place] = product / np.sqrt(float(own) * float(length))
    return out
