"""Learning levels from judged pairs of other needs: what it predicts, what it must not see, what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from matching import InputError, Profile
from matching.evaluation import ndcg
from matching.features import Catalogue, PairFeatures
from matching.learning import learn, learn_in_folds, median_levels, spread
from matching.ranker import Ranker

SUBJECTS = ("电解水制氢", "矿井水处理", "绒山羊育种", "合成气制芳烃", "光伏组件回收", "煤层气抽采")
NEEDS = [
    Profile(f"N{row}{copy}", f"{subject}关键技术攻关{copy}", "公司拟寻求合作。", asks=True)
    for row, subject in enumerate(SUBJECTS)
    for copy in "甲乙"
]
OFFERS = [
    Profile(f"A{row}{copy}", f"{subject}装置{copy}", asks=False)
    for row, subject in enumerate(SUBJECTS)
    for copy in "子丑寅"
]
SOURCE = Path("judgments.csv")


def judged_by_subject() -> dict[str, dict[str, int]]:
    """Offers of the need's subject are very strong (4), all others unrelated (1)."""
    return {need.id: {offer.id: 4 if offer.id[1] == need.id[1] else 1 for offer in OFFERS} for need in NEEDS}


def test_folds_predict_the_levels_of_needs_they_did_not_see() -> None:
    judged = judged_by_subject()

    learned = learn_in_folds(NEEDS, OFFERS, judged, 4, SOURCE)

    assert learned.summary.pairs == len(NEEDS) * len(OFFERS)
    assert learned.summary.score > 0.9
    low, high = learned.summary.interval
    assert low <= learned.summary.score <= high
    scores = dict(learned.scores())
    assert set(scores) == set(judged)
    for need, row in scores.items():
        order = np.argsort(-row, kind="stable")
        assert ndcg(np.array([judged[need][learned.offer_ids[at]] for at in order]), 10) == 1.0


def test_features_of_a_need_do_not_change_with_its_own_levels() -> None:
    judged = judged_by_subject()
    catalogue = Catalogue(NEEDS, OFFERS, Ranker())
    turned = {**judged, "N0甲": {offer: 5 - level for offer, level in judged["N0甲"].items()}}

    ours, theirs = PairFeatures(catalogue, judged), PairFeatures(catalogue, turned)

    assert np.array_equal(ours.rows("N0甲"), theirs.rows("N0甲"))
    assert not np.array_equal(ours.rows("N0乙"), theirs.rows("N0乙"))


def test_learning_drops_pairs_of_the_judged_needs() -> None:
    judged = judged_by_subject()
    tested = {need: judged[need] for need in ("N0甲", "N1甲")}

    learned = learn(NEEDS, OFFERS, judged, tested, SOURCE)
    alone = learn(NEEDS, OFFERS, {n: levels for n, levels in judged.items() if n not in tested}, tested, SOURCE)

    assert (learned.summary.dropped, alone.summary.dropped) == (2 * len(OFFERS), 0)
    for (need, row), (other, same) in zip(learned.scores(), alone.scores(), strict=True):
        assert need == other
        assert np.array_equal(row, same)


@pytest.mark.parametrize("folds", [1, 13])
def test_folds_must_fit_the_number_of_needs(folds: int) -> None:
    with pytest.raises(InputError, match="分不成"):
        learn_in_folds(NEEDS, OFFERS, judged_by_subject(), folds, SOURCE)


def test_folds_refuse_a_single_level() -> None:
    judged = {need.id: {"A0子": 2} for need in NEEDS}

    with pytest.raises(InputError, match="分不成"):
        learn_in_folds(NEEDS, OFFERS, judged, 3, SOURCE)


def test_median_level_is_where_half_of_the_chance_lies() -> None:
    chances = np.array([[0.5, 0.5, 0.0, 0.0], [0.4, 0.2, 0.2, 0.2], [0.1, 0.1, 0.2, 0.6]])

    assert median_levels(chances).tolist() == [1.0, 2.0, 4.0]


def test_spread_redraws_whole_needs() -> None:
    same = spread([np.array([1.0, 0.0]), np.array([1.0, 0.0])])
    apart = spread([np.array([0.0] * 4), np.array([1.0] * 4)])

    assert same == (round(1 / 1.5, 4), round(1 / 1.5, 4))
    assert apart == (0.5, 1.0)
