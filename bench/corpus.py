"""Chinese technical text made up at any size: words and frequencies of a general dictionary, mixed by topics.

What a real catalogue looks like is imitated in three ways: how common the words are (frequencies of the jieba package's
dictionary, damped until document frequencies fall with rank as they do in real abstracts), that words of a topic come
together, and how long texts are (log-normal). No text of anybody is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.compiled import compiled
from matching.engine import SparseRows

_CONTENT = {"n", "v", "vn", "a", "an", "nz", "l", "j", "b", "ns", "nt", "vd", "ad", "z"}
_GLUE = {"u", "p", "c", "d", "r", "uj", "ul", "uz", "f"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,8}")
_TOPICS, _TOPIC_WORDS = 400, 700
_DAMPING, _TOPICAL = 1.15, 0.45
_TOPIC_POWER, _RANK_POWER = 0.8, 1.0
DOCUMENT_TOKENS, NEED_TOKENS = 109, 86
"""Median numbers of words, repeated ones counted: give about 106 distinct words a document and 83 a need."""


@dataclass(frozen=True)
class Tokens:
    """Texts as word numbers: text ``i`` is ``words[indptr[i]:indptr[i + 1]]``, in reading order."""

    indptr: NDArray[np.int64]
    words: NDArray[np.int32]

    def __len__(self) -> int:
        return self.indptr.size - 1

    def counts(self, vocabulary: int) -> sparse.csr_matrix:
        """How often each word stands in each text, shape (texts, vocabulary), float32."""
        ones = np.ones(self.words.size, np.float32)
        counted = sparse.csr_matrix((ones, self.words, self.indptr), shape=(len(self), vocabulary))
        counted.sum_duplicates()
        return counted


class Corpus:
    """A world of topics; draws documents and needs from it. The same seed draws the same."""

    def __init__(self, seed: int = 7) -> None:
        generator = np.random.default_rng(seed)
        content: list[tuple[str, int]] = []
        glue: list[tuple[str, int]] = []
        for line in (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines():
            word, frequency, tag = line.split(" ")
            if tag in _CONTENT and _CHINESE.fullmatch(word):
                content.append((word, int(frequency)))
            elif tag in _GLUE and len(word) <= 2:
                glue.append((word, int(frequency)))
        content.sort(key=lambda pair: (-pair[1], pair[0]))
        glue.sort(key=lambda pair: (-pair[1], pair[0]))
        self.words = [word for word, _ in content]
        self.glue = [word for word, _ in glue[:60]]
        common = np.array([frequency for _, frequency in content], np.float64) ** _DAMPING
        self._general = np.cumsum(common / common.sum())
        # Topic words are drawn flatter than general ones: a topic is made of rare words.
        chance = common**_TOPIC_POWER / (common**_TOPIC_POWER).sum()
        self._topics = np.stack(
            [generator.choice(common.size, _TOPIC_WORDS, replace=False, p=chance) for _ in range(_TOPICS)]
        ).astype(np.int32)
        ranks = 1.0 / np.arange(2, _TOPIC_WORDS + 2) ** _RANK_POWER
        self._ranks = np.cumsum(ranks / ranks.sum())

    def draw(self, count: int, seed: int, tokens: int) -> Tokens:
        """``count`` texts of about ``tokens`` words (log-normal), each of two topics."""
        generator = np.random.default_rng(seed)
        lengths = np.clip(generator.lognormal(np.log(tokens), 0.45, count), 8, 12 * tokens).astype(np.int64)
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        words = np.empty(indptr[-1], np.int32)
        popular = generator.zipf(1.3, size=(count, 2)) % _TOPICS
        for first in range(0, count, 10_000):
            last = min(first + 10_000, count)
            size = int(indptr[last] - indptr[first])
            text = np.repeat(np.arange(first, last), lengths[first:last])
            topic = popular[text, (generator.random(size) < 0.3).astype(np.int64)]
            rank = np.searchsorted(self._ranks, generator.random(size))
            general = np.searchsorted(self._general, generator.random(size))
            topical = generator.random(size) < _TOPICAL
            words[indptr[first] : indptr[last]] = np.where(
                topical,
                self._topics[topic, np.minimum(rank, _TOPIC_WORDS - 1)],
                np.minimum(general, len(self.words) - 1),
            )
        return Tokens(indptr, words)

    def documents(self, count: int, seed: int = 1) -> Tokens:
        """Texts as long as an achievement's abstract."""
        return self.draw(count, seed, DOCUMENT_TOKENS)

    def needs(self, count: int, seed: int = 2) -> Tokens:
        """Texts as long as a need."""
        return self.draw(count, seed, NEED_TOKENS)

    def texts(self, tokens: Tokens, seed: int = 3) -> Iterator[str]:
        """The words written out, with function words, figures and punctuation between them."""
        generator = np.random.default_rng(seed)
        spelled = np.array(self.words, dtype=object)
        between = np.array([*self.glue, "，", "。", "、", "99.5%", "PEM", "2.5MW", "CO2"], dtype=object)
        chance = np.concatenate([np.full(len(self.glue), 0.3 / len(self.glue)), [0.06, 0.03, 0.03, *[0.005] * 4]])
        fillers = np.concatenate([between, [""]])
        chance = np.append(chance, 1.0 - chance.sum())
        for at in range(len(tokens)):
            chosen = spelled[tokens.words[tokens.indptr[at] : tokens.indptr[at + 1]]]
            drawn = generator.random(chosen.size)
            filler = fillers[np.minimum(np.searchsorted(np.cumsum(chance), drawn), fillers.size - 1)]
            yield "".join((chosen + filler).tolist())


def unit_rows(counts: sparse.csr_matrix, idf: NDArray[np.float64]) -> SparseRows:
    """Rows ``(1 + ln tf) · idf`` of length 1, as scikit-learn's TfidfVectorizer with sublinear counts makes them."""
    indptr, indices = counts.indptr.astype(np.int64), counts.indices.astype(np.int32)
    weights = np.empty(indices.size, np.float32)
    _weigh(indptr, indices, counts.data.astype(np.int64), idf, 1.0 + np.log(np.arange(1, 1_001)), weights)
    return SparseRows(indptr, indices, weights)


@compiled
def _weigh(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    counts: NDArray[np.int64],
    idf: NDArray[np.float64],
    damped: NDArray[np.float64],
    weights: NDArray[np.float32],
) -> None:
    for row in range(indptr.size - 1):
        squares = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            squares += (damped[min(counts[at], 1_000) - 1] * idf[indices[at]]) ** 2
        for at in range(indptr[row], indptr[row + 1]):
            weight = damped[min(counts[at], 1_000) - 1] * idf[indices[at]] / np.sqrt(squares)
            weights[at] = min(weight, 1.0)


def rarity(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """scikit-learn's smoothed inverse document frequency of each term, shape (terms,)."""
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1.0 + counts.shape[0]) / (1.0 + present)) + 1.0)
