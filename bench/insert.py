"""How soon a written document is found, and what the fresh segment costs a query."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from bench.corpus import Corpus, rarity, unit_rows
from bench.engine import K, part
from bench.timing import milliseconds, seconds
from matching.engine import Segmented
from matching.engine.segmented import FRESH_LIMIT

_DOCUMENTS, _QUERIES, _ROUNDS = 100_000, 300, 5


def main() -> None:
    """Insert 1,000 documents one by one into 100,000, find each at once; queries with and without the fresh segment."""
    corpus = Corpus()
    terms = len(corpus.words)
    counts = corpus.documents(_DOCUMENTS + FRESH_LIMIT).counts(terms)
    rows = unit_rows(counts, rarity(counts))
    queries = unit_rows(corpus.needs(_QUERIES).counts(terms), rarity(counts))
    base = Segmented.build([f"A{at}" for at in range(_DOCUMENTS)], part(rows, 0, _DOCUMENTS), terms)
    base.put(["warm"], part(rows, 0, 1)).drop(["A1"]).top(*queries.row(0), K)

    index, inserting, until_found = base, [], []
    for at in range(_DOCUMENTS, _DOCUMENTS + FRESH_LIMIT):
        document, name = part(rows, at, at + 1), f"N{at}"
        started = time.perf_counter()
        index = index.put([name], document)
        inserting.append(time.perf_counter() - started)
        found = index.top(*document.row(0), K)
        until_found.append(time.perf_counter() - started)
        if name not in [one for one, _ in found]:
            raise AssertionError(f"{name} is not found by its own text")
    changed, replacing = base, []
    for at in range(300):
        document = part(rows, _DOCUMENTS + at, _DOCUMENTS + at + 1)
        started = time.perf_counter()
        changed = changed.put([f"A{at}"], document)
        replacing.append(time.perf_counter() - started)

    alone: list[float] = []
    beside: list[float] = []
    for _ in range(_ROUNDS):
        for at in range(_QUERIES):
            alone.append(seconds(partial(base.top, *queries.row(at), K)))
            beside.append(seconds(partial(index.top, *queries.row(at), K)))
    print(f"{_DOCUMENTS:,} documents by words, {FRESH_LIMIT:,} inserted one by one")
    print(f"  insert → searchable: {milliseconds(inserting)}; with its search: {milliseconds(until_found)}")
    print(f"  replacing a document of the base: {milliseconds(replacing)}")
    print(f"  query without fresh segment: {milliseconds(alone)}")
    more = np.median(beside) / np.median(alone) - 1.0
    print(f"  query with {FRESH_LIMIT:,} fresh documents: {milliseconds(beside)}, {more:+.1%} (medians)")
    print(f"  compaction: {seconds(index.compacted):.2f} s")
