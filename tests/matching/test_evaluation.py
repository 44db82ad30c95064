"""Metrics against numbers worked out by hand, protocols, intervals."""

import math

import numpy as np
import pytest

from matching.evaluation import bootstrap, choose_protocol, evaluate, ndcg

IDS = ("a", "b", "c", "d")


def test_ndcg_agrees_with_the_formula() -> None:
    got = ndcg(np.array([2, 4, 1]), 10)

    ideal = 7 / math.log2(2) + 1 / math.log2(3)
    assert got == pytest.approx((1 / math.log2(2) + 7 / math.log2(3)) / ideal)


@pytest.mark.parametrize(("levels", "expected"), [([4, 3, 2, 1], 1.0), ([1, 1], 0.0), ([], 0.0), ([0, 0, 4], 0.5)])
def test_ndcg_of_simple_orders(levels: list[int], expected: float) -> None:
    assert ndcg(np.array(levels, dtype=np.int64), 10) == pytest.approx(expected)


def test_evaluate_ranks_the_judged_only_but_recall_in_the_catalogue() -> None:
    judgments = {"n": {"b": 4, "d": 1, "c": 3}}

    report = evaluate(IDS, [("n", np.array([9, 1, 5, 7]))], judgments)

    assert report.protocol == "judged"
    assert report.metrics["map"].value == pytest.approx((1 / 2 + 2 / 3) / 2, abs=1e-4)
    assert report.metrics["mrr@10"].value == 0.5
    assert report.metrics["p@5"].value == 0.4
    assert report.metrics["recall@50"].value == 1.0


def test_evaluate_ranks_the_catalogue_where_judgments_are_thin() -> None:
    judgments = {"n": {"c": 4}, "m": {"a": 4}}

    report = evaluate(IDS, [("n", np.array([9, 8, 7, 6])), ("m", np.array([9, 8, 7, 6]))], judgments)

    assert choose_protocol(judgments) == report.protocol == "catalogue"
    assert report.metrics["mrr@10"].value == pytest.approx((1 / 3 + 1) / 2, abs=1e-4)


def test_evaluate_orders_equal_scores_by_id_whatever_the_order_of_ids() -> None:
    judgments = {"n": {"a": 1, "b": 4}}

    one = evaluate(("a", "b"), [("n", np.zeros(2))], judgments)
    other = evaluate(("b", "a"), [("n", np.zeros(2))], judgments)

    assert one.metrics["mrr@10"].value == other.metrics["mrr@10"].value == 0.5


def test_evaluate_counts_only_needs_that_have_something_to_find() -> None:
    judgments = {"n": {"a": 1, "b": 1}, "m": {"a": 2, "b": 1}}

    report = evaluate(IDS, [(need, np.arange(4)) for need in judgments], judgments)

    assert report.metrics["ndcg@10"].needs == 1
    assert report.metrics["map"].value is None
    assert "没有可计算的需求" in report.as_text()


def test_bootstrap_is_repeatable_and_holds_the_mean() -> None:
    values = [0.0, 1.0, 0.5, 0.25] * 10

    interval = bootstrap(values)

    assert interval == bootstrap(values)
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < 0.4375 < interval.high
