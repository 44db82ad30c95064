"""Each signal: range, None for "cannot tell", category depth."""

import math

import pytest

from matching import SIGNALS, Profile, Segmenter
from matching.signals.base import Corpus, Signal
from matching.signals.category import CategorySignal, shared_depth
from tests.matching.samples import NEEDS, OFFERS

DEPTHS = {"hightech": 3, "point": 1}


def corpus() -> Corpus:
    return Corpus(OFFERS, (*OFFERS, *NEEDS), Segmenter())


def test_signals_have_distinct_names_labels_and_weights_that_sum_to_one() -> None:
    assert len({signal.name for signal in SIGNALS}) == len({signal.label for signal in SIGNALS}) == len(SIGNALS)
    assert math.isclose(sum(signal.weight for signal in SIGNALS), 1.0)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_signal_scores_lie_between_nought_and_one_or_cannot_tell(signal: Signal) -> None:
    fitted = signal.fit(corpus())

    scores = fitted.score(NEEDS)

    assert scores.shape == (len(NEEDS), len(OFFERS))
    assert all(math.isnan(value) or 0.0 <= value <= 1.0 for value in scores.ravel())


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_signal_cannot_tell_about_an_empty_posting(signal: Signal) -> None:
    fitted = signal.fit(corpus())

    assert all(math.isnan(value) for value in fitted.score([Profile("empty")]).ravel())


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
    ],
)
def test_shared_depth(ours: tuple[str, ...], theirs: tuple[str, ...], expected: float | None) -> None:
    assert shared_depth(ours, theirs, DEPTHS) == pytest.approx(expected)
    assert shared_depth(theirs, ours, DEPTHS) == pytest.approx(expected)


def test_category_signal_tells_only_pairs_in_one_taxonomy() -> None:
    scores = CategorySignal().fit(corpus()).score([NEEDS[0]])[0]

    assert scores[0] == 1.0
    assert scores[2] == 0.0
    assert math.isnan(scores[1])
