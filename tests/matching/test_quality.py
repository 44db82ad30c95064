"""The measured quality does not fall below its floor; runs where the measuring data lies beside the repository."""

import pytest

from matching import evaluate_files
from tests.matching.samples import EVAL

pytestmark = pytest.mark.skipif(not EVAL.is_dir(), reason="measuring data is not beside the repository")


@pytest.mark.parametrize(
    ("folder", "needs", "floors"),
    [
        ("need359_dev", "needs.jsonl", {"ndcg@10": 0.71, "map": 0.51, "recall@50": 0.56}),
        ("csl_dev", "needs_title.jsonl", {"ndcg@10": 0.97, "recall@50": 0.99}),
        ("csl_dev", "needs_two_keywords.jsonl", {"ndcg@10": 0.89, "recall@50": 0.97}),
    ],
)
def test_ranking_stays_above_its_floors(folder: str, needs: str, floors: dict[str, float]) -> None:
    data = EVAL / folder

    report = evaluate_files(data / needs, data / "achievements.jsonl", data / "judgments.csv")

    measured = {name: report.metrics[name].value or 0.0 for name in floors}
    assert {name: value for name, value in measured.items() if value < floors[name]} == {}


def test_levels_learned_from_other_needs_stay_above_their_floor() -> None:
    data = EVAL / "need359_dev"

    report = evaluate_files(data / "needs.jsonl", data / "achievements.jsonl", data / "judgments.csv", folds=5)

    assert report.learned is not None
    assert report.learned.score >= 0.72
    assert (report.metrics["ndcg@10"].value or 0.0) >= 0.71
