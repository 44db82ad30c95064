"""Learning from outcomes in made-up worlds where it is known what people go by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Profile, Ranker
from matching.feedback import (
    Grade,
    JudgedList,
    Judgement,
    Verdict,
    compared,
    fit_weights,
    hold_trial,
    improvement,
    in_hundredths,
    judged_lists,
    lent_lists,
    measured,
    moves,
    transfer,
)
from matching.feedback.comparison import chance
from matching.feedback.lists import blended
from matching.feedback.propensity import FLOOR, propensity
from matching.points import SCALE
from tests.matching.judged_worlds import judged_world

NAN = float("nan")


def _list(need: str, grades: list[float], scores: list[list[float]], at: float = 0.0) -> JudgedList:
    names = tuple(f"a{row}" for row in range(len(grades)))
    return JudgedList(need, names, np.array(scores), np.array(grades), np.full(len(grades), NAN), at)


def test_a_dismissal_counts_only_when_its_reason_speaks_of_the_fit() -> None:
    said = {
        reason: Judgement("n", "a", Grade.DISMISSED, 0.0, reason=reason).fit
        for reason in ("FIELD", "INDICATORS", "MATURITY", "PRICE", "KNOWN", "TIMING", "CONFLICT", "OTHER", "")
    }

    assert [reason for reason, fit in said.items() if fit is Grade.DISMISSED] == [
        "FIELD",
        "INDICATORS",
        "MATURITY",
        "PRICE",
    ]
    assert {fit for fit in said.values() if fit is not Grade.DISMISSED} == {None}
    assert Judgement("n", "a", Grade.MET, 0.0).fit is Grade.MET


def test_judged_lists_keep_the_last_word_and_drop_pairs_that_say_nothing() -> None:
    judgements = [
        Judgement("n1", "a", Grade.SHORTLISTED, 1.0, rank=3),
        Judgement("n1", "a", Grade.CONTRACT, 5.0, rank=3),
        Judgement("n1", "b", Grade.DISMISSED, 2.0, rank=1, reason="KNOWN"),
        Judgement("n1", "elsewhere", Grade.MET, 2.0),
        Judgement("n2", "a", Grade.DISMISSED, 2.0, reason="TIMING"),
    ]
    scored = {need: (("c", "b", "a"), np.array([[0.3], [0.2], [0.1]])) for need in ("n1", "n2", "n3")}

    lists = judged_lists(judgements, scored)

    assert [(one.need, one.offers, one.at) for one in lists] == [("n1", ("a", "c"), 5.0)]
    assert lists[0].grades[0] == Grade.CONTRACT
    assert np.isnan(lists[0].grades[1])
    assert lists[0].ranks[0] == 3.0
    assert lists[0].scores[:, 0].tolist() == [0.1, 0.3]


def test_the_blend_is_the_rankers_own_unknown_signals_included() -> None:
    offers = [
        Profile("1", title="大功率电解槽", body="隔膜寿命", categories=("s:1/2",)),
        Profile("2", title="奶牛繁育", body="冷冻精液"),
        Profile("3", body="电解槽隔膜", categories=("s:1",)),
    ]
    need = Profile("n", title="电解槽隔膜寿命", categories=("s:1/2",))
    ranker = Ranker()
    index = ranker.fit(offers, background=[need])
    raw = next(iter(index.signal_scores([need])))
    names = list(raw)
    scores = np.column_stack([raw[name] for name in names])
    assert np.isnan(scores).any()

    points = np.rint(blended(scores, np.array([ranker.weights[name] for name in names])) * SCALE)

    assert points.tolist() == next(iter(index.totals([need]))).tolist()


def test_a_signal_that_people_go_by_gets_the_weight_and_is_promoted() -> None:
    verdicts = []
    for seed in range(10):
        lists, present = judged_world(seed, needs=300)
        trial = hold_trial(lists, present)
        verdicts.append(trial.verdict)
        assert trial.weights is not None
        assert int(np.argmax(trial.weights)) == 1
        assert trial.weights[1] > present[1] + 0.2

    assert verdicts == [Verdict.BETTER] * 10


@pytest.mark.parametrize("truth", [(0.6, 0.2, 0.2), (0.0, 0.0, 0.0)])
def test_noise_is_not_promoted(truth: tuple[float, ...]) -> None:
    verdicts = [hold_trial(*judged_world(seed, needs=120, truth=truth)).verdict for seed in range(100)]

    assert verdicts.count(Verdict.BETTER) <= 5
    assert verdicts.count(Verdict.NOT_BETTER) > 50


def test_clicks_at_the_top_do_not_fool_it_where_they_fool_plain_counting() -> None:
    upright, fooled = 0, 0
    for seed in range(10):
        lists, present = judged_world(seed, needs=200, present=(0.8, 0.1, 0.1), catalogue=20, dismissing=0.0, noise=0.1)
        weighted, plain = fit_weights(lists, present), fit_weights(lists, present, corrected=False)
        upright += weighted[1] > weighted[0]
        fooled += plain[1] < plain[0]

    assert upright == 10
    assert fooled >= 9


def test_attention_falls_with_the_place_and_weights_are_clipped() -> None:
    chances = propensity(np.array([1.0, 2.0, 4.0, 500.0, NAN]))

    assert chances.tolist() == [1.0, 0.5, 0.25, FLOOR, 1.0]


def test_few_judgements_move_little_and_are_no_trial() -> None:
    lists, present = judged_world(3, needs=12)

    trial = hold_trial(lists, present)
    few, many = fit_weights(lists[:3], present), fit_weights(judged_world(3, needs=300)[0], present)

    assert trial.verdict is Verdict.TOO_FEW
    assert trial.weights is None
    assert not trial.enough.is_enough
    assert np.abs(few - present).sum() < np.abs(many - present).sum() / 2


def test_the_newer_needs_are_measured_on_and_never_learned_from() -> None:
    lists, present = judged_world(0, needs=300)
    border = round(len(lists) * 0.7)
    spoilt = [*lists[:border], *(_reversed(one) for one in lists[border:])]

    honest, cheated = hold_trial(lists, present), hold_trial(spoilt, present)

    assert honest.weights is not None
    assert cheated.weights is not None
    assert honest.weights.tolist() == cheated.weights.tolist()
    assert (honest.verdict, cheated.verdict) == (Verdict.BETTER, Verdict.NOT_BETTER)


def _reversed(one: JudgedList) -> JudgedList:
    turned = np.where(one.judged, 5.0 - one.grades, NAN)
    return JudgedList(one.need, one.offers, one.scores, turned, one.ranks, one.at)


def test_weights_that_order_judged_pairs_better_but_let_rubbish_in_are_refused() -> None:
    lists = []
    for number in range(60):
        wanted, dismissed = [0.6, 0.5], [0.7, 0.2]
        rubbish = [[0.1, 0.9 + 0.001 * row] for row in range(20)]
        lists.append(_list(f"n{number:02d}", [3.0, 0.0] + [NAN] * 20, [wanted, dismissed, *rubbish], float(number)))
    present, learned = np.array([0.9, 0.1]), np.array([0.1, 0.9])

    on_judged = improvement(compared(lists, present, learned))
    on_whole = improvement(compared(lists, present, learned, whole=True))

    assert on_judged.is_better
    assert on_whole.is_worse


def test_gains_of_a_few_needs_among_many_are_taken_for_chance() -> None:
    same = [_list(f"s{number:02d}", [1.0, 0.0], [[0.9, 0.9], [0.1, 0.1]], float(number)) for number in range(56)]
    gains = [_list(f"t{number}", [1.0, 0.0], [[0.1, 0.9], [0.9, 0.1]], 100.0 + number) for number in range(4)]
    before, after = np.array([1.0, 0.0]), np.array([0.0, 1.0])

    found = improvement(compared([*same[-11:], *gains], before, after))

    assert found.is_better
    assert 0.05 < chance([*same[-11:], *gains], before, after) < 0.08
    assert (
        chance(
            [*same[-11:], *gains, *(_list(f"u{n}", [1.0, 0.0], [[0.1, 0.9], [0.9, 0.1]]) for n in range(4))],
            before,
            after,
        )
        < 0.01
    )


def test_a_signal_that_never_tells_keeps_its_weight() -> None:
    lists, _ = judged_world(5, needs=100)
    present = np.array([0.5, 0.2, 0.2, 0.1])
    blind = [
        JudgedList(
            one.need,
            one.offers,
            np.column_stack([one.scores, np.full(len(one.offers), NAN)]),
            one.grades,
            one.ranks,
            one.at,
        )
        for one in lists
    ]

    weights = fit_weights(blind, present)

    assert weights[3] == pytest.approx(0.1)
    assert weights.sum() == pytest.approx(1.0)


@given(st.lists(st.floats(0.0, 50.0), min_size=2, max_size=12).filter(lambda shares: sum(shares) > 0.01))
def test_rounded_weights_are_whole_hundredths_that_sum_to_one(shares: list[float]) -> None:
    rounded = in_hundredths(np.array(shares))

    assert rounded.sum() == pytest.approx(1.0)
    assert np.abs(rounded * 100 - np.rint(rounded * 100)).max() < 1e-9
    assert np.abs(rounded - np.array(shares) / sum(shares)).max() < 0.011


def test_metrics_rank_only_what_was_judged_and_say_on_how_many_needs() -> None:
    telling = _list("n1", [0.0, NAN, 2.0], [[0.9], [0.8], [0.1]])
    silent = _list("n2", [1.0, 1.0, NAN], [[0.9], [0.8], [0.1]])

    found = measured([telling, silent], np.array([1.0]))

    assert {name: each.needs for name, each in found.items()} == {"ndcg@10": 1, "map": 1, "mrr@10": 1}
    assert found["mrr@10"].value == 0.5
    assert found["map"].value == 0.5
    assert found["ndcg@10"].value == pytest.approx(1.0 / np.log2(3.0), abs=1e-4)


def test_moves_name_the_judged_pairs_that_move_most() -> None:
    one = _list("n1", [0.0, NAN, 2.0, 1.0], [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.5, 0.5]])

    moved = moves([one], np.array([1.0, 0.0]), np.array([0.0, 1.0]), limit=2)

    assert [(move.offer, move.before, move.after) for move in moved] == [("a0", 1, 4), ("a2", 4, 1)]


def test_grades_are_lent_in_proportion_to_likeness_and_never_to_oneself() -> None:
    similar = np.array([[0.0, 0.9, 0.45], [0.1, 0.2, 0.0]])
    grades = np.array([[5.0, 5.0], [4.0, NAN], [1.0, NAN]])

    expected, sure = transfer(similar, grades)

    assert expected[0, 0] == pytest.approx((0.9**3 * 4.0 + 0.45**3 * 1.0) / (0.9**3 + 0.45**3))
    assert np.isnan(expected[0, 1])
    assert np.isnan(expected[1]).all()
    assert sure.tolist() == [[0.9, 0.0], [0.0, 0.0]]


def test_a_need_without_judgements_borrows_them_and_one_with_its_own_does_not() -> None:
    judgements = [
        Judgement("old", "a", Grade.MET, 7.0, rank=1),
        Judgement("old", "b", Grade.DISMISSED, 6.0, reason="FIELD"),
        Judgement("own", "a", Grade.DISMISSED, 6.0, reason="KNOWN"),
    ]
    scored = {need: (("a", "b", "c"), np.zeros((3, 2))) for need in ("new", "own", "far")}
    similarity = {"new": {"old": 0.8}, "own": {"old": 0.9}, "far": {"old": 0.1}}

    lent = lent_lists(judgements, similarity, scored)

    assert [one.need for one in lent] == ["new"]
    assert lent[0].grades[:2].tolist() == [3.0, 0.0]
    assert np.isnan(lent[0].grades[2])
    assert lent[0].weight == pytest.approx(0.8**3)
    assert lent[0].at == 7.0


def test_borrowed_lists_teach_but_are_not_measured_on() -> None:
    lists, present = judged_world(2, needs=90)
    more, _ = judged_world(77, needs=90)
    borrowed = [
        JudgedList(f"借{one.need}", one.offers, one.scores, one.grades, one.ranks, 0.0, weight=0.5) for one in more
    ]

    alone, helped = hold_trial(lists, present), hold_trial(lists, present, borrowed)

    assert alone.weights is not None
    assert helped.weights is not None
    assert helped.learned_from == alone.learned_from + len(borrowed)
    assert helped.weights[1] > alone.weights[1]
    assert helped.comparison["ndcg@10"].before == alone.comparison["ndcg@10"].before
