"""What a ranking signal is: a name, a weight, a fit step and scores that may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.profile import Profile
from matching.words import Segmenter

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What signals are fitted on: the offers to rank, and all texts (offers and background) for frequencies."""

    offers: tuple[Profile, ...]
    texts: tuple[Profile, ...]
    segmenter: Segmenter


class FittedSignal(Protocol):
    """A signal that knows its offers."""

    def score(self, queries: Sequence[Profile]) -> Scores:
        """Scores in [0, 1], shape (queries, offers); NaN where the signal cannot tell.

        A pair's score must not depend on which side asks.
        """


class Signal(Protocol):
    """One reason to rank a pair."""

    name: ClassVar[str]
    label: ClassVar[str]
    weight: ClassVar[float]

    def fit(self, corpus: Corpus) -> FittedSignal:
        """Learn what the signal needs of ``corpus``."""


def cosines(queries: Any, offers: Any) -> Scores:
    """Cosines of unit rows, shape (queries, offers), NaN where either row is empty (nothing to compare)."""
    products: Scores = np.asarray((queries @ offers.T).toarray(), dtype=np.float64)
    np.clip(products, 0.0, 1.0, out=products)
    products[np.diff(queries.indptr) == 0, :] = np.nan
    products[:, np.diff(offers.indptr) == 0] = np.nan
    return products
