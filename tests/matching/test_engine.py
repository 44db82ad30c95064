"""The exact best k against integer arithmetic by scipy, on random rows of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from matching.engine import Postings, SparseRows, dense, kernels
from matching.engine.postings import STEPS, query_numbers

TERMS = 24
_weights = st.sampled_from([0.0, 1e-9, 0.125, 0.25, 0.5, 0.75, 1.0])
_row = st.dictionaries(st.integers(0, TERMS - 1), _weights, max_size=TERMS)
_rows = st.lists(_row, max_size=60)


def rows_of(rows: list[dict[int, float]]) -> SparseRows:
    return SparseRows.of([(list(row), list(row.values())) for row in rows])


def brute_force(rows: SparseRows, query: dict[int, float], limit: float = 1.0) -> NDArray[np.float64]:
    """Scores by scipy's integer product of impacts and query numbers: nothing is rounded after the definition."""
    steps = np.maximum(np.rint(rows.weights.astype(np.float64) * (STEPS / limit)), 1.0) * (rows.weights > 0.0)
    impacts = sparse.csr_matrix((steps.astype(np.int64), rows.indices, rows.indptr), shape=(len(rows), TERMS))
    numbers, scale = query_numbers(np.array(list(query.values()), np.float32))
    vector = np.zeros(TERMS, np.int64)
    vector[list(query)] = numbers.astype(np.int64)
    return np.asarray(impacts @ vector, np.float64) * (scale * (limit / STEPS))


def best(scores: NDArray[np.float64], k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
    order = np.lexsort((np.arange(scores.size), -scores))
    kept = order[(scores[order] > 0.0) & (True if allowed is None else allowed[order])][:k]
    return list(zip(kept.tolist(), scores[kept].tolist(), strict=True))


def top(postings: Postings, query: dict[int, float], k: int, allowed: NDArray[np.bool_] | None = None) -> object:
    where, scores = postings.top(
        np.array(list(query), np.int32), np.array(list(query.values()), np.float32), k, allowed
    )
    return list(zip(where.tolist(), scores.tolist(), strict=True))


@given(_rows, _row, st.integers(0, 80), st.data())
@settings(max_examples=200, deadline=None)
def test_top_is_what_brute_force_finds(
    rows: list[dict[int, float]], query: dict[int, float], k: int, data: st.DataObject
) -> None:
    sparse_rows = rows_of(rows)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), np.bool_)
    postings = Postings.build(sparse_rows, TERMS, 1.0)

    expected = brute_force(sparse_rows, query)

    assert top(postings, query, k) == best(expected, k)
    assert top(postings, query, k, allowed) == best(expected, k, allowed)
    terms, weights = np.array(list(query), np.int32), np.array(list(query.values()), np.float32)
    assert postings.scores(terms, weights).tolist() == expected.tolist()


@pytest.mark.parametrize("documents", [kernels.BLOCK, 2 * kernels.BLOCK + 5])
@pytest.mark.parametrize("common", [0.0, 0.3])
def test_top_over_several_blocks_with_frequent_terms(documents: int, common: float) -> None:
    generator = np.random.default_rng(documents)
    chance = np.concatenate([np.full(TERMS // 2, 0.01), np.full(TERMS // 2, 0.01 + common)])
    present = generator.random((documents, TERMS)) < chance
    values = np.rint(generator.random((documents, TERMS)) * 16) / 16 * present
    matrix = sparse.csr_matrix(values.astype(np.float32))
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
    postings = Postings.build(rows, TERMS, 1.0)
    queries = [dict(zip(range(start, TERMS, 2), [1.0, 0.5, 0.25] * 4, strict=False)) for start in range(3)]
    allowed = generator.random(documents) < 0.1

    for query in queries:
        expected = brute_force(rows, query)
        for k in (1, 200):
            assert top(postings, query, k) == best(expected, k)
            assert top(postings, query, k, allowed) == best(expected, k, allowed)


@pytest.mark.parametrize("smallest", [1.0, 0.5, 1e-5])
def test_bounds_of_frequent_terms_hold_however_many_and_heavy_they_are(smallest: float) -> None:
    generator = np.random.default_rng(5)
    documents, slots = 300, 256
    present = generator.random((documents, slots)) < np.linspace(0.1, 1.0, documents)[:, None]
    impacts = np.maximum(generator.uniform(smallest, 1.0, present.shape) * STEPS, 1.0).astype(np.uint16)
    tails = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.uint32)
    weights = np.ceil(generator.uniform(smallest, 1.0, slots) * 2.0**26)

    rows, scale = dense.bytes_of(tails, np.nonzero(present)[1].astype(np.uint8), impacts[present], slots)
    chosen, steps = np.arange(slots), np.empty(slots, np.uint16)
    worth = dense.whole_weights(weights, chosen, slots, scale, steps)
    bounds = np.empty(documents, np.uint16)
    dense.add_bytes(rows, documents, chosen, steps, 0, bounds)

    exact = (present * impacts.astype(np.float64)) @ weights
    assert np.all(bounds * worth >= exact)
    assert np.all(bounds[exact > exact.max() / 2] * worth < 1.5 * exact[exact > exact.max() / 2])


@given(_rows, st.lists(_row, max_size=70))
@settings(max_examples=50, deadline=None)
def test_top_many_is_top_of_each_with_one_thread_or_two(
    rows: list[dict[int, float]], queries: list[dict[int, float]]
) -> None:
    postings = Postings.build(rows_of(rows), TERMS, 1.0)
    asked = rows_of(queries)

    where, scores = postings.top_many(asked, 5, threads=2)
    alone, alone_scores = postings.top_many(asked, 5, threads=1)

    assert where.tolist() == alone.tolist()
    assert scores.tolist() == alone_scores.tolist()
    for at in range(len(asked)):
        one, score = postings.top(*asked.row(at), 5)
        assert where[at, : one.size].tolist() == one.tolist()
        assert scores[at, : one.size].tolist() == score.tolist()
        assert set(where[at, one.size :].tolist()) <= {-1}


@given(_rows, _row, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_documents_and_of_query_terms_changes_no_score(
    rows: list[dict[int, float]], query: dict[int, float], random: object
) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = dict(reversed(query.items()))

    scores = brute_force(rows_of(rows), query)
    shuffled = Postings.build(rows_of([rows[at] for at in order]), TERMS, 1.0)

    terms, weights = np.array(list(turned), np.int32), np.array(list(turned.values()), np.float32)
    assert shuffled.scores(terms, weights).tolist() == [scores[at] for at in order]
    assert {score for _, score in top(shuffled, turned, 5)} == {score for _, score in best(scores, 5)}  # type: ignore[attr-defined]


@given(_rows)
@settings(max_examples=50, deadline=None)
def test_columns_turn_back_into_the_rows_they_were_made_of(rows: list[dict[int, float]]) -> None:
    postings = Postings.build(rows_of(rows), TERMS, 1.0)

    indptr, indices, impacts = postings.impact_rows()

    for at, row in enumerate(rows):
        expected = {term: max(1, round(weight * STEPS)) for term, weight in row.items() if weight > 0.0}
        part = slice(indptr[at], indptr[at + 1])
        assert dict(zip(indices[part].tolist(), impacts[part].tolist(), strict=True)) == expected
        assert indices[part].tolist() == sorted(expected)


def test_a_query_with_unknown_terms_finds_by_the_known_ones() -> None:
    postings = Postings.build(rows_of([{1: 0.5}, {2: 1.0}]), TERMS, 1.0)

    assert [at for at, _ in top(postings, {1: 1.0, TERMS + 5: 1.0}, 5)] == [0]  # type: ignore[attr-defined]


def test_a_weight_above_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        Postings.build(rows_of([{1: 2.0}]), TERMS, 1.0)


def test_a_term_number_beyond_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="not below"):
        Postings.build(rows_of([{TERMS: 1.0}]), TERMS, 1.0)


@pytest.mark.parametrize(
    ("indices", "weights"),
    [([2, 1], [1.0, 1.0]), ([1, 1], [1.0, 1.0]), ([-1, 1], [1.0, 1.0]), ([1, 2], [1.0, float("nan")])],
)
def test_rows_that_are_not_rows_are_refused(indices: list[int], weights: list[float]) -> None:
    with pytest.raises(ValueError, match=r"rise|finite"):
        SparseRows(np.array([0, 2]), np.array(indices, np.int32), np.array(weights, np.float32))
