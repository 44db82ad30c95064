"""The measured quality does not fall below its floor; runs where the measuring data lies beside the repository."""

import pytest

from matching import evaluate_files
from tests.matching.samples import EVAL

pytestmark = pytest.mark.skipif(not EVAL.is_dir(), reason="measuring data is not beside the repository")


@pytest.mark.parametrize(
    ("folder", "needs", "ndcg", "recall"),
    [
        ("need359_dev", "needs.jsonl", 0.70, 0.55),
        ("csl_dev", "needs_two_keywords.jsonl", 0.875, 0.97),
    ],
)
def test_ranking_stays_above_its_floor(folder: str, needs: str, ndcg: float, recall: float) -> None:
    data = EVAL / folder

    report = evaluate_files(data / needs, data / "achievements.jsonl", data / "judgments.csv")

    measured = {name: interval.value or 0.0 for name, interval in report.metrics.items()}
    assert measured["ndcg@10"] >= ndcg
    assert measured["recall@50"] >= recall
