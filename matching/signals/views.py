"""The two views of a text that lexical signals share: characters with their pairs, and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.compiled import compiled
from matching.rows import DAMPED, Fields, Keys, Positions, Rows, Shared, Values, damped, row_sums, shared
from matching.signals.base import Block
from matching.statistics import Statistics, Vocabulary

Name = Literal["characters", "words"]

SINGLE = 1.5
"""What a single Chinese character counts in cosines beside a pair of the same rarity."""

_PAIRS_FROM = 0x200000


@dataclass(frozen=True, slots=True)
class Meeting:
    """What one posting (ours) shares with each of some others (theirs).

    ``pairs`` says what each pair shares; ``rarities`` (and ``stressed``, with single characters stressed) and ``own``
    (counts, shape (terms, 3)) are of our own terms. All sums are taken in the order of the terms.
    """

    pairs: Shared
    rarities: Values
    stressed: Values
    own: NDArray[np.uint8]

    def products(self, ours: Fields, theirs: Fields) -> Values:
        """For each pair the sum of ``log2(1 + tf) · log2(1 + tf') · stressed rarity²``."""
        return _products(
            self.pairs.indptr,
            self.pairs.terms,
            self.pairs.counts,
            damped(self.own, ours),
            self.stressed * self.stressed,
            theirs.as_array(),
            DAMPED,
        )

    def covered(self, weights: Values, own_half: float, halves: Values) -> tuple[Values, Values]:
        """For each pair the weights of our title's terms as far as their whole text holds them, and the reverse.

        ``weights`` are of our own terms. A text holds a term by ``tf / (tf + half)``, in [0, 1): BM25's saturation
        (Robertson & Zaragoza 2009).
        """
        return _covered(
            self.pairs.indptr, self.pairs.terms, self.pairs.counts, self.own, weights, float(own_half), halves
        )


class Met(dict[str, NDArray[Any]]):
    """A segment's block while one posting is compared with some of its rows: what they share is found once."""

    def __init__(self, block: Block, query: Block, at: Positions) -> None:
        super().__init__(block)
        self.query = query
        self.at = at
        self.meetings: dict[str, Meeting] = {}


class View:
    """One view under given statistics: encodes, and finds what two sides share."""

    def __init__(self, name: Name, statistics: Statistics) -> None:
        self.name = name
        self._group = f"terms.{name}"
        self.vocabulary: Vocabulary = getattr(statistics, name)

    def rows(self, texts: Texts) -> Rows:
        """The counted terms of analysed texts."""
        rows: Rows = getattr(texts, self.name)
        return rows

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """The arrays that every signal on this view keeps; the same for all of them."""
        rows = self.rows(texts)
        return {
            f"{self._group}.indptr": rows.indptr,
            f"{self._group}.keys": rows.keys,
            f"{self._group}.counts": rows.counts,
        }

    def rarities(self, texts: Texts) -> Values:
        """The rarity of each entry's term, looked up once for all signals."""
        known = (self.name, id(self.vocabulary))
        if known not in texts.memo:
            texts.memo[known] = self.vocabulary.factors(self.rows(texts).keys)
        return texts.memo[known]

    def lengths(self, texts: Texts, fields: Fields) -> Values:
        """Euclidean lengths of the TF-IDF rows, 0 where a posting has no term in these fields."""
        rows = self.rows(texts)
        values = damped(rows.counts, fields) * stressed(rows.keys, self.rarities(texts))
        return np.sqrt(row_sums(rows.indptr, values * values))

    def stressed(self, keys: Keys) -> Values:
        """Rarities of terms, single characters stressed."""
        return stressed(keys, self.vocabulary.factors(keys))

    def meet(self, query: Block, offers: Block, at: Positions) -> Meeting:
        """What the one posting of ``query`` shares with the postings ``at``."""
        known = offers if isinstance(offers, Met) and offers.at is at and offers.query is query else None
        if known is not None and self.name in known.meetings:
            return known.meetings[self.name]
        ours, theirs = self.encoded(query), self.encoded(offers)
        pairs = shared(ours.keys, theirs, at)
        rarities = self.vocabulary.factors(ours.keys)
        meeting = Meeting(pairs, rarities, stressed(ours.keys, rarities), ours.counts)
        if known is not None:
            known.meetings[self.name] = meeting
        return meeting

    def encoded(self, block: Mapping[str, NDArray[Any]]) -> Rows:
        """The counted terms in a block."""
        return Rows(block[f"{self._group}.indptr"], block[f"{self._group}.keys"], block[f"{self._group}.counts"])


def stressed(keys: Keys, factors: Values) -> Values:
    """Factors with those of single Chinese characters (numbered by code point) times ``SINGLE``.

    They carry the meaning where two texts use different words for it (电机, 电动机).
    """
    return np.where(keys < _PAIRS_FROM, factors * SINGLE, factors)


def cosines(meeting: Meeting, ours: Fields, theirs: Fields, lengths: Values) -> Values:
    """Cosines of TF-IDF rows ``log2(1 + tf) · stressed rarity``; ``lengths``: products of both sides' lengths."""
    return meeting.products(ours, theirs) / np.where(lengths > 0.0, lengths, 1.0)


@compiled
def _products(
    indptr: Positions,
    terms: NDArray[np.int32],
    counts: NDArray[np.uint8],
    ours: Values,
    weights: Values,
    fields: NDArray[np.int64],
    table: Values,
) -> Values:
    out = np.zeros(indptr.size - 1)
    for pair in range(indptr.size - 1):
        total = 0.0
        for entry in range(indptr[pair], indptr[pair + 1]):
            times = fields[0] * counts[entry, 0] + fields[1] * counts[entry, 1] + fields[2] * counts[entry, 2]
            total += (ours[terms[entry]] * table[times]) * weights[terms[entry]]
        out[pair] = total
    return out


@compiled
def _covered(
    indptr: Positions,
    terms: NDArray[np.int32],
    counts: NDArray[np.uint8],
    own: NDArray[np.uint8],
    weights: Values,
    own_half: float,
    halves: Values,
) -> tuple[Values, Values]:
    ours, theirs = np.zeros(halves.size), np.zeros(halves.size)
    held = np.empty(weights.size)
    for term in range(weights.size):
        times = np.int64(own[term, 0]) + np.int64(own[term, 1]) + np.int64(own[term, 2])
        held[term] = times / (times + own_half)
    for pair in range(halves.size):
        first, second = 0.0, 0.0
        for entry in range(indptr[pair], indptr[pair + 1]):
            term = terms[entry]
            if own[term, 0] > 0:
                times = np.int64(counts[entry, 0]) + np.int64(counts[entry, 1]) + np.int64(counts[entry, 2])
                first += weights[term] * (times / (times + halves[pair]))
            if counts[entry, 0] > 0:
                second += weights[term] * held[term]
        ours[pair], theirs[pair] = first, second
    return ours, theirs
