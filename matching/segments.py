"""Encoded postings with their ids, and how they are read, encoded and weighed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analyser, Texts
from matching.blocks import Block, joined, taken
from matching.candidates import Closeness
from matching.points import SCALE
from matching.profile import Profile
from matching.signals import CONDITIONS, TOPICS
from matching.signals.base import FittedSignal, Scores
from matching.signals.views import Met
from matching.statistics import Statistics

_TOPICS = {signal.name: signal.weight for signal in TOPICS}
_CONDITIONS = frozenset(signal.name for signal in CONDITIONS)
_LIFT = 1.5
"""A condition that is fully met counts half as much again as the topics agree.

So a met condition lifts a pair a little, an unmet one lowers it, and where the topics share nothing no condition, be it
met ever so well, makes a pair of it.
"""


@dataclass(frozen=True)
class Scorer:
    """How postings are read, encoded and weighed: the same for all segments and snapshots of an index."""

    statistics: Statistics
    analyser: Analyser
    signals: Mapping[str, FittedSignal]
    weights: Mapping[str, float]
    closeness: Closeness
    exact_up_to: int
    candidates: int

    def encoded(self, texts: Texts) -> Block:
        """What all signals and the candidate stage keep of these postings."""
        block = self.closeness.encode(texts)
        for signal in self.signals.values():
            block.update(signal.encode(texts))
        return block

    def raw(self, query: Block, offers: Block, at: NDArray[np.int64]) -> dict[str, Scores]:
        """Each signal's scores of one encoded posting with the postings ``at``; conditions as far as topics agree."""
        met = Met(offers, query, at)
        scores = {name: signal.score(query, met, at) for name, signal in self.signals.items()}
        conditions = [name for name in scores if name in _CONDITIONS]
        if conditions:
            agreed = np.minimum(1.0, _LIFT * _agreement(scores, at.size))
            scores.update({name: scores[name] * agreed for name in conditions})
        return scores

    def weighed(self, raw: Mapping[str, Scores]) -> tuple[dict[str, Scores], NDArray[np.int64]]:
        """Weighted parts (NaN: cannot tell), and totals in ten-thousandths."""
        size = len(next(iter(raw.values())))
        known, total = np.zeros(size), np.zeros(size)
        parts: dict[str, Scores] = {}
        for name, scores in raw.items():
            tells = ~np.isnan(scores)
            known += self.weights[name] * tells
            parts[name] = self.weights[name] * scores
            total += np.where(tells, parts[name], 0.0)
        safe = np.where(known > 0.0, known, 1.0)
        shares = {name: part / safe for name, part in parts.items()}
        return shares, np.rint(total / safe * SCALE).astype(np.int64)


def _agreement(scores: Mapping[str, Scores], size: int) -> Scores:
    """How far the topics agree: their mean under the shipped weights, 0 where none can tell, 1 where none is used."""
    topics = [(name, weight) for name, weight in _TOPICS.items() if weight > 0.0 and name in scores]
    if not topics:
        return np.ones(size)
    known, total = np.zeros(size), np.zeros(size)
    for name, weight in topics:
        tells = ~np.isnan(scores[name])
        known += weight * tells
        total += np.where(tells, weight * scores[name], 0.0)
    agreement: Scores = total / np.where(known > 0.0, known, 1.0)
    return agreement


@dataclass(frozen=True)
class Segment:
    """Encoded postings with their ids; ``marks`` (shape (postings, 2)) are digests of their content."""

    ids: tuple[str, ...]
    marks: NDArray[np.uint64]
    block: Block

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Id → position."""
        return {posting: position for position, posting in enumerate(self.ids)}

    def taken(self, rows: NDArray[np.int64]) -> Segment:
        """Some of the postings, in that order."""
        return Segment(tuple(self.ids[int(row)] for row in rows), self.marks[rows], taken(self.block, rows))


def joined_segments(parts: Sequence[Segment]) -> Segment:
    """The postings of all parts in turn."""
    ids = tuple(posting for part in parts for posting in part.ids)
    return Segment(ids, np.concatenate([part.marks for part in parts]), joined([part.block for part in parts]))


def segment_of(scorer: Scorer, profiles: Sequence[Profile]) -> Segment:
    """Read and encode postings, in the order given."""
    blocks = list(scorer.analyser.blocks(profiles)) or [scorer.analyser.read(())]
    return segment_of_texts(scorer, blocks)


def segment_of_texts(scorer: Scorer, blocks: Sequence[Texts]) -> Segment:
    """Encode postings that have been read, in the order given; at least one block."""
    profiles = [text.profile for block in blocks for text in block]
    return Segment(
        tuple(profile.id for profile in profiles),
        np.array([_mark(profile) for profile in profiles], dtype=np.uint64).reshape(len(profiles), 2),
        joined([scorer.encoded(block) for block in blocks]),
    )


def _mark(profile: Profile) -> tuple[int, int]:
    digest = hashlib.sha256(repr(profile.sort_key).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


def segment_arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """What is saved of a segment."""
    encoded = [posting.encode("utf-8", "surrogatepass") for posting in segment.ids]
    return {
        "ids": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "id_ends": np.cumsum([len(one) for one in encoded], dtype=np.int64),
        "marks": segment.marks,
        **{f"block/{name}": array for name, array in segment.block.items()},
    }


def segment_from(arrays: Mapping[str, NDArray[Any]]) -> Segment:
    """The segment that ``segment_arrays`` gave."""
    text, ends = arrays["ids"].tobytes(), [0, *arrays["id_ends"].tolist()]
    ids = tuple(text[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(ends))
    block = {name.removeprefix("block/"): array for name, array in arrays.items() if name.startswith("block/")}
    return Segment(ids, arrays["marks"], block)
