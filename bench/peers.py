"""What Woshou's engine is measured against, on the same tokens: bm25s, sparse_dot_topn, scikit-learn, tantivy."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import tantivy
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics.pairwise import linear_kernel
from sparse_dot_topn import sp_matmul_topn

from bench.corpus import Tokens
from matching.engine import SparseRows


def matrix(rows: SparseRows, terms: int) -> Any:
    """The same rows for scipy, shape (rows, terms), float32."""
    return sparse.csr_matrix((rows.weights, rows.indices, rows.indptr), shape=(len(rows), terms))


class Bm25s:
    """bm25s with its numba backend and its own BM25 weights; a query's repeated words are given once."""

    def __init__(self, documents: Tokens, vocabulary: int) -> None:
        self._index: Any = bm25s.BM25(backend="numba")
        ids = [documents.words[start:end].tolist() for start, end in _spans(documents.indptr)]
        known = {str(number): number for number in range(vocabulary)}
        self._index.index((ids, known), show_progress=False)

    def top(self, queries: SparseRows, k: int, threads: int) -> Any:
        """Document numbers of shape (queries, k)."""
        ids = [queries.indices[start:end].tolist() for start, end in _spans(queries.indptr)]
        found = self._index.retrieve(ids, k=k, show_progress=False, n_threads=threads, backend_selection="numba")
        return found.documents


def sparse_dot_topn(queries: Any, documents: Any, k: int, threads: int) -> Any:
    """The k largest products of each query; ``documents`` transposed, as the package wants it."""
    return sp_matmul_topn(queries, documents, top_n=k, sort=True, n_threads=threads)


def scikit_chunks(queries: Any, documents: Any, k: int, chunk: int = 200) -> list[Any]:
    """scikit-learn's linear_kernel for ``chunk`` queries at a time, then numpy's partition."""
    found = []
    for start in range(0, queries.shape[0], chunk):
        scores = linear_kernel(queries[start : start + chunk], documents)
        best = np.argpartition(-scores, k, axis=1)[:, :k]
        found.append(np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1))
    return found


def scikit_each(queries: Any, documents: Any, k: int) -> list[Any]:
    """scikit-learn's linear_kernel need by need with a full sort, as it is written when nobody thinks of speed."""
    return [
        np.argsort(-linear_kernel(queries[at], documents).ravel(), kind="stable")[:k] for at in range(queries.shape[0])
    ]


class Tantivy:
    """tantivy with words as it is given them (white space between), in a directory of its own."""

    def __init__(self, documents: Tokens) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", stored=True)
        self._schema = builder.build()
        self._folder = tempfile.TemporaryDirectory()
        index = tantivy.Index(self._schema, path=self._folder.name)
        writer = index.writer(heap_size=300_000_000, num_threads=1)
        for number, (start, end) in enumerate(_spans(documents.indptr)):
            body = " ".join(map(str, documents.words[start:end].tolist()))
            writer.add_document(tantivy.Document(body=body, number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def query(self, terms: NDArray[np.int32]) -> Any:
        """A query for any of the words, made ready beforehand."""
        words = [tantivy.Query.term_query(self._schema, "body", str(term), "freq") for term in terms.tolist()]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])

    def top(self, query: Any, k: int) -> Any:
        """The best k addresses of one query; documents are not fetched."""
        return self._searcher.search(query, k, count=False).hits

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in Path(self._folder.name).iterdir())


def _spans(indptr: NDArray[np.int64]) -> Any:
    return zip(indptr[:-1].tolist(), indptr[1:].tolist(), strict=True)
