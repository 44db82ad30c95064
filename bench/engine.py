"""The exact best ten beside bm25s, sparse_dot_topn, scikit-learn and tantivy: all pairs, one query, memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench import peers
from bench.corpus import Corpus, Tokens, rarity, unit_rows
from bench.timing import bandwidth, each, in_turn, milliseconds
from matching.engine import Postings, SparseRows
from matching.engine.counting import count_texts
from matching.engine.postings import STEPS, query_numbers
from matching.ngrams import ngrams

K, THREADS, NEEDS, ROUNDS = 10, 2, 10_000, 3
_BYTES = 4  # of one posting in a column


def main() -> None:
    """All pairs and single queries over 10,000 and 100,000 made-up documents, by words and by characters and pairs."""
    corpus = Corpus()
    for count in (10_000, 100_000):
        _words(corpus, count)
    _ngrams(corpus, 20_000)


def million() -> None:
    """Single queries over 1,000,000 made-up documents (about 6 GB of memory, some minutes)."""
    corpus = Corpus()
    documents, needs = corpus.documents(1_000_000), corpus.needs(1_000)
    rows, queries = _rows(documents, needs, len(corpus.words))
    postings = Postings.build(rows, len(corpus.words), 1.0)
    _describe("1,000,000 documents by words", rows, queries, postings)
    _single(postings, queries)


def _words(corpus: Corpus, count: int) -> None:
    documents, needs = corpus.documents(count), corpus.needs(NEEDS)
    terms = len(corpus.words)
    rows, queries = _rows(documents, needs, terms)
    postings = Postings.build(rows, terms, 1.0)
    _describe(f"{count:,} documents by words", rows, queries, postings)
    _check(rows, queries, terms, postings)
    _all_pairs(rows, queries, terms, postings, peers.Bm25s(documents, terms))
    _single(postings, queries)
    _beside_tantivy(postings, queries, documents)


def _ngrams(corpus: Corpus, count: int) -> None:
    """The characters and pairs that Woshou ranks by; the peers but tantivy take the same rows."""
    texts = list(corpus.texts(corpus.documents(count)))
    asked = list(corpus.texts(corpus.needs(2_000), seed=4))
    counted = count_texts(texts + asked, ngrams, bool)
    terms = len(counted.vocabulary)
    both = sparse.csr_matrix((counted.counts, counted.terms, counted.indptr), shape=(len(texts) + len(asked), terms))
    known, wanted = both[: len(texts)], both[len(texts) :]
    rows, queries = unit_rows(known, rarity(known)), unit_rows(wanted, rarity(known))
    postings = Postings.build(rows, terms, 1.0)
    _describe(f"{count:,} documents by characters and pairs", rows, queries, postings)
    _check(rows, queries, terms, postings)
    tokens = Tokens(rows.indptr, rows.indices)
    _all_pairs(rows, queries, terms, postings, peers.Bm25s(tokens, terms))
    _single(postings, queries)


def _rows(documents: Tokens, needs: Tokens, terms: int) -> tuple[SparseRows, SparseRows]:
    counts = documents.counts(terms)
    idf = rarity(counts)
    return unit_rows(counts, idf), unit_rows(needs.counts(terms), idf)


def _describe(name: str, rows: SparseRows, queries: SparseRows, postings: Postings) -> None:
    lengths = np.percentile(queries.lengths, [5, 50, 95])
    touched = _touched(rows, queries, postings.terms)
    print(f"\n{name}: {rows.lengths.mean():.0f} postings a document, {queries.lengths.mean():.0f} a need ", end="")
    print(f"(5 %, 50 %, 95 %: {', '.join(f'{length:.0f}' for length in lengths)}), {touched:,.0f} postings a query")
    each = ", ".join(f"{key} {array.nbytes / 1e6:.1f}" for key, array in postings.arrays().items())
    each += f", bytes of frequent terms {postings.rows.nbytes / 1e6:.1f}"
    print(f"  memory {postings.nbytes / 1e6:.1f} MB, {postings.nbytes / len(rows) / 10:.1f} MB per 100,000 ({each})")


def _touched(rows: SparseRows, queries: SparseRows, terms: int) -> float:
    """Postings that a query's terms have, on average."""
    present = np.bincount(rows.indices, minlength=terms)
    known = queries.indices[queries.indices < terms]
    return float(present[known].sum() / len(queries))


def _check(rows: SparseRows, queries: SparseRows, terms: int, postings: Postings, some: int = 100) -> None:
    """Compare with scipy's product of the same whole numbers, ties included; stop the run where one differs."""
    steps = np.maximum(np.rint(rows.weights.astype(np.float64) * STEPS), 1.0).astype(np.int64)
    impacts = sparse.csr_matrix((steps, rows.indices, rows.indptr), shape=(len(rows), terms))
    where, _ = postings.top_many(part(queries, 0, some), K, threads=THREADS)
    for at in range(some):
        wanted, weights = queries.row(at)
        vector = np.zeros(terms, np.int64)
        vector[wanted] = query_numbers(weights)[0].astype(np.int64)
        scores = impacts @ vector
        expected = np.lexsort((np.arange(scores.size), -scores))[:K]
        if where[at].tolist() != expected[scores[expected] > 0].tolist():
            raise AssertionError(f"query {at}: {where[at]} instead of {expected}")
    print(f"  the best {K} of {some} queries are those of scipy's whole-number product, ties by position")


def _all_pairs(rows: SparseRows, queries: SparseRows, terms: int, postings: Postings, bm25s: peers.Bm25s) -> None:
    """Slow peers get the first part of the queries only; their time is scaled up and marked so."""
    documents, wanted = peers.matrix(rows, terms), peers.matrix(queries, terms)
    turned = documents.T.tocsr()
    shares = {"sparse_dot_topn": 0.1, "scikit-learn, chunks of 200": 0.06, "scikit-learn, need by need": 0.002}
    sizes = {name: max(20, int(len(queries) * share)) for name, share in shares.items()}
    works: dict[str, Callable[[], Any]] = {
        "woshou": lambda: postings.top_many(queries, K, threads=THREADS),
        "bm25s (numba)": lambda: bm25s.top(queries, K, THREADS),
        "sparse_dot_topn": lambda: peers.sparse_dot_topn(wanted[: sizes["sparse_dot_topn"]], turned, K, THREADS),
        "scikit-learn, chunks of 200": lambda: peers.scikit_chunks(
            wanted[: sizes["scikit-learn, chunks of 200"]], documents, K
        ),
        "scikit-learn, need by need": lambda: peers.scikit_each(
            wanted[: sizes["scikit-learn, need by need"]], documents, K
        ),
    }
    reading = bandwidth(THREADS)
    taken = in_turn(works, ROUNDS)
    ours = float(np.median(taken["woshou"]))
    print(f"  all pairs: best {K} of {len(rows):,} for {len(queries):,} needs, {THREADS} threads, median of {ROUNDS}")
    for name, times in taken.items():
        whole = float(np.median(times)) * len(queries) / sizes.get(name, len(queries))
        note = f" (from {sizes[name]:,} needs)" if name in sizes else ""
        print(f"    {name:<28} {whole:9.2f} s {whole / ours:8.1f} ×{note}")
    bound = _touched(rows, queries, terms) * len(queries) * _BYTES / reading
    print(f"    every posting of the needs' terms read once, {_BYTES} bytes each at {reading / 1e9:.1f} GB/s: ", end="")
    print(f"{bound:.2f} s; woshou takes {ours / bound:.2f} × that")


def _single(postings: Postings, queries: SparseRows, some: int = 1_000) -> None:
    taken = each(lambda at: postings.top(*queries.row(at), K), min(some, len(queries)))
    print(f"  one query, one thread: {milliseconds(taken)}")


def _beside_tantivy(postings: Postings, queries: SparseRows, documents: Tokens, some: int = 200) -> None:
    tantivy = peers.Tantivy(documents)
    ready = [tantivy.query(queries.row(at)[0]) for at in range(some)]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours += each(lambda at: postings.top(*queries.row(at), K), some)
        theirs += each(lambda at: tantivy.top(ready[at], K), some)
    print(
        f"  {some} queries in turn with tantivy: woshou {milliseconds(ours)}; tantivy {milliseconds(theirs)}; ", end=""
    )
    print(f"{np.median(theirs) / np.median(ours):.1f} ×; tantivy on disk {tantivy.size() / 1e6:.1f} MB")


def part(rows: SparseRows, first: int, last: int) -> SparseRows:
    """Rows ``first`` to ``last``."""
    start, end = rows.indptr[first], rows.indptr[min(last, len(rows))]
    indptr: NDArray[np.int64] = rows.indptr[first : last + 1] - start
    return SparseRows(indptr, rows.indices[start:end], rows.weights[start:end])
