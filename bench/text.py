"""From text to a searchable index, beside jieba with scikit-learn's TfidfVectorizer."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import jieba
import numpy as np
import rjieba
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.corpus import Corpus, rarity, unit_rows
from bench.timing import seconds
from matching.engine import Postings
from matching.engine.counting import count_texts

_DOCUMENTS, _PEER_DOCUMENTS, _ROUNDS, _PROCESSES = 100_000, 2_000, 3, 2


def main() -> None:
    """100,000 made-up documents cut, counted, weighted and indexed; the peer gets a part, its time is scaled up."""
    jieba.setLogLevel(logging.ERROR)
    corpus = Corpus()
    texts = list(corpus.texts(corpus.documents(_DOCUMENTS)))
    cut = rjieba.Jieba().cut
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    some = texts[:_PEER_DOCUMENTS]
    same = np.mean([set(cut(text)) == set(jieba.lcut(text)) for text in some[:500]])
    print(f"{_DOCUMENTS:,} documents, {megabytes:.0f} MB; jieba and rjieba cut {same:.1%} of 500 texts alike")
    index(some)
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(seconds(lambda: index(texts)))
        theirs.append(seconds(lambda: TfidfVectorizer(analyzer=jieba.lcut, sublinear_tf=True).fit_transform(some)))
    mine, peer = float(np.median(ours)), float(np.median(theirs)) * _DOCUMENTS / _PEER_DOCUMENTS
    print(f"  woshou, {_PROCESSES} processes: {mine:8.2f} s, {megabytes / mine:.1f} MB/s (median of {_ROUNDS})")
    print(f"  jieba + TfidfVectorizer: {peer:8.2f} s (from {_PEER_DOCUMENTS:,} documents), {peer / mine:.1f} ×")


def index(texts: Sequence[str]) -> Postings:
    """Cut, count, weight as TF-IDF of length 1 and write the postings."""
    counted = count_texts(texts, rjieba.Jieba().cut, bool, _PROCESSES)
    shape = len(texts), len(counted.vocabulary)
    counts = sparse.csr_matrix((counted.counts, counted.terms, counted.indptr), shape=shape)
    return Postings.build(unit_rows(counts, rarity(counts)), len(counted.vocabulary), 1.0)
