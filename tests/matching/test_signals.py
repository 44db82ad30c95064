"""Each signal: range, None for "cannot tell", the same number from either side, category depth."""

import math

import numpy as np
import pytest

from matching.blocks import single
from matching.profile import Profile
from matching.ranker import Ranker
from matching.signals import SIGNALS
from matching.signals.base import Block, FittedSignal, Scores, Signal
from matching.signals.category import CategorySignal
from matching.statistics import Statistics
from matching.taxonomy import shared_depth
from tests.matching.samples import NEEDS, OFFERS

DEPTHS = {"hightech": 3, "point": 1}
RANKER = Ranker()
STATISTICS = RANKER.statistics((*OFFERS, *NEEDS))
COMPUTED = [signal for signal in SIGNALS if signal.weight > 0.0]


def block_of(fitted: FittedSignal, *profiles: Profile) -> Block:
    return fitted.encode(RANKER.analyser.read(profiles))


def scores_of(signal: Signal, query: Profile, *offers: Profile, statistics: Statistics = STATISTICS) -> Scores:
    fitted = signal.fit(statistics)
    return fitted.score(block_of(fitted, query), block_of(fitted, *offers), np.arange(len(offers)))


def test_signals_have_distinct_names_labels_and_shares() -> None:
    assert len({signal.name for signal in SIGNALS}) == len({signal.label for signal in SIGNALS}) == len(SIGNALS)
    assert all(0.0 <= signal.weight < 1.0 for signal in SIGNALS)


@pytest.mark.parametrize("signal", COMPUTED, ids=lambda signal: signal.name)
def test_signal_scores_lie_between_nought_and_one_or_cannot_tell(signal: Signal) -> None:
    for need in NEEDS:
        scores = scores_of(signal, need, *OFFERS)

        assert scores.shape == (len(OFFERS),)
        assert all(math.isnan(value) or 0.0 <= value <= 1.0 for value in scores)


@pytest.mark.parametrize("signal", COMPUTED, ids=lambda signal: signal.name)
def test_signal_cannot_tell_about_an_empty_posting(signal: Signal) -> None:
    assert all(math.isnan(value) for value in scores_of(signal, Profile("empty"), *OFFERS))
    assert math.isnan(scores_of(signal, NEEDS[0], Profile("empty"))[0])


@pytest.mark.parametrize("signal", COMPUTED, ids=lambda signal: signal.name)
def test_signal_gives_the_same_number_from_either_side_and_from_any_place(signal: Signal) -> None:
    fitted = signal.fit(STATISTICS)
    needs, offers = block_of(fitted, *NEEDS), block_of(fitted, *OFFERS)

    for row in range(len(NEEDS)):
        there = fitted.score(single(needs, row), offers, np.arange(len(OFFERS)))
        back = [fitted.score(single(offers, at), needs, np.array([row])) for at in range(len(OFFERS))]

        np.testing.assert_array_equal(there, np.concatenate(back))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (("hightech:10/101/10101",), ("hightech:10/101/10101",), 1.0),
        (("hightech:10/101/10101",), ("hightech:10/101/10102",), 2 / 3),
        (("hightech:10/101",), ("hightech:10/102",), 0.5),
        (("hightech:10",), ("hightech:20",), 0.0),
        (("hightech:10", "point:氢能"), ("hightech:20", "point:氢能"), 1.0),
        (("hightech:10",), ("point:氢能",), None),
        ((), ("point:氢能",), None),
        (("氢能",), ("氢能",), 1.0),
        ((":", "hightech:"), ("hightech:",), None),
        (("new:1/2",), ("new:1/3",), 0.5),
    ],
)
def test_shared_depth(ours: tuple[str, ...], theirs: tuple[str, ...], expected: float | None) -> None:
    statistics = RANKER.statistics([Profile("deep", categories=("hightech:1/2/3", "point:1"))])

    assert shared_depth(ours, theirs, DEPTHS) == pytest.approx(expected)
    assert shared_depth(theirs, ours, DEPTHS) == pytest.approx(expected)
    [score] = scores_of(
        CategorySignal(), Profile("a", categories=ours), Profile("b", categories=theirs), statistics=statistics
    )
    assert math.isnan(score) if expected is None else score == pytest.approx(expected)


def test_category_signal_tells_only_pairs_in_one_taxonomy() -> None:
    scores = scores_of(CategorySignal(), NEEDS[0], *OFFERS)

    assert scores[0] == 1.0
    assert scores[2] == 0.0
    assert math.isnan(scores[1])
