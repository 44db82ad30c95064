"""The conditions of a pair as signals: what each says, that either side gives the same number, and what is unknown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.indicators import compare
from matching.profile import Profile
from matching.ranker import Ranker
from matching.signals.base import Signal
from matching.signals.indicators import IndicatorsSignal
from matching.signals.maturity import MaturitySignal
from matching.signals.mode import ModeSignal
from matching.signals.money import MoneySignal
from matching.signals.region import RegionSignal
from tests.matching.strategies import texts

NEED = Profile("n", title="需求", asks=True)
OFFER = Profile("o", title="成果", asks=False)
RANKER = Ranker()
STATISTICS = RANKER.statistics([NEED, OFFER])
SIGNALS: tuple[Signal, ...] = (IndicatorsSignal(), MaturitySignal(), ModeSignal(), MoneySignal(), RegionSignal())


def score(signal: Signal, query: Profile, *others: Profile) -> list[float]:
    fitted = signal.fit(STATISTICS)
    block = fitted.encode(RANKER.analyser.read(others))
    return [
        float(one) for one in fitted.score(fitted.encode(RANKER.analyser.read([query])), block, np.arange(len(others)))
    ]


def both_ways(signal: Signal, need: Profile, offer: Profile) -> float | None:
    there, back = score(signal, need, offer), score(signal, offer, need)
    assert np.array_equal(there, back, equal_nan=True)
    return None if math.isnan(there[0]) else there[0]


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [(6, 9, 1.0), (6, 6, 1.0), (6, 5, 0.75), (9, 6, 0.25), (9, 1, 0.0), (None, 9, None), (6, None, None)],
)
def test_maturity_is_full_where_the_level_is_reached(asked: int | None, given: int | None, expected: float) -> None:
    assert both_ways(MaturitySignal(), replace(NEED, trl=asked), replace(OFFER, trl=given)) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (("JOINT", "TRANSFER"), ("TRANSFER",), 1.0),
        (("LICENSE",), ("TRANSFER",), 0.5),
        (("CONSULTING",), ("TRANSFER",), 0.0),
        ((), ("TRANSFER",), None),
        (("某种方式",), ("TRANSFER",), None),
    ],
)
def test_mode_asks_for_a_common_way(ours: tuple[str, ...], theirs: tuple[str, ...], expected: float | None) -> None:
    assert both_ways(ModeSignal(), replace(NEED, modes=ours), replace(OFFER, modes=theirs)) == expected


@pytest.mark.parametrize(
    ("budget", "price", "expected"),
    [(100, 80, 1.0), (100, 100, 1.0), (50, 100, 0.5), (0, 100, 0.0), (0, 0, 1.0), (100, None, None), (None, 5, None)],
)
def test_money_asks_whether_the_budget_covers_the_price(budget: int, price: int, expected: float | None) -> None:
    assert both_ways(MoneySignal(), replace(NEED, money=budget), replace(OFFER, money=price)) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("150602", "150602", 1.0),
        ("150602", "150621", 0.8),
        ("150600", "150621", 0.8),
        ("150600", "150600", 0.8),
        ("150602", "150100", 0.5),
        ("150000", "150602", 0.5),
        ("150602", "110105", 0.0),
        ("", "150602", None),
        ("鄂尔多斯", "150602", None),
    ],
)
def test_region_counts_how_far_apart_two_places_are(ours: str, theirs: str, expected: float | None) -> None:
    assert both_ways(RegionSignal(), replace(NEED, region=ours), replace(OFFER, region=theirs)) == expected


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("氢气纯度≥99.5%；能耗≤4.3kWh/Nm³", "氢气纯度99.9%，能耗4.2kWh/Nm³", 1.0),
        ("氢气纯度≥99.5%；能耗≤4.3kWh/Nm³", "氢气纯度99.9%，能耗4.6kWh/Nm³", 0.5),
        ("氢气纯度≥99.5%；能耗≤4.3kWh/Nm³", "氢气纯度99.9%", 1.0),
        ("氢气纯度≥99.5%", "氢气纯度98%", 0.0),
        ("氢气纯度≥99.5%", "氢气纯度高", None),
        ("氢气要纯", "氢气纯度99.9%", None),
        ("目前氢气纯度98%", "氢气纯度99.9%", None),
    ],
)
def test_indicators_are_the_share_of_decided_targets_that_are_met(
    wanted: str, given: str, expected: float | None
) -> None:
    assert both_ways(IndicatorsSignal(), replace(NEED, body=wanted), replace(OFFER, body=given)) == expected


FULL = {"body": "氢气纯度≥99.5%", "trl": 6, "modes": ("JOINT",), "money": 100, "region": "150602"}


@pytest.mark.parametrize("signal", SIGNALS[:2] + SIGNALS[3:4], ids=lambda signal: signal.name)
@pytest.mark.parametrize(("ours", "theirs"), [(None, None), (True, True), (False, False), (True, None), (None, False)])
def test_what_depends_on_the_side_is_unknown_unless_one_asks_and_the_other_offers(
    signal: Signal, ours: bool | None, theirs: bool | None
) -> None:
    one, other = replace(NEED, **FULL, asks=ours), replace(OFFER, **FULL, asks=theirs)

    assert both_ways(signal, one, other) is None
    assert both_ways(signal, replace(one, asks=True), replace(other, asks=False)) == 1.0


numbers = st.lists(
    st.sampled_from(
        [
            "氢气纯度≥99%",
            "纯度98%",
            "能耗≤5kWh/t",
            "单耗4kWh/t",
            "工作温度-20~50℃",
            "要求工作温度0~40℃",
            "成本降低30%",
            "。",
            "，",
        ]
    ),
    max_size=8,
).map("".join)
profiles = st.builds(
    Profile,
    st.just("p"),
    body=st.one_of(numbers, texts),
    trl=st.none() | st.integers(1, 9),
    modes=st.lists(st.sampled_from(["JOINT", "LICENSE", "SERVICE", "别的"]), max_size=3).map(tuple),
    money=st.none() | st.integers(0, 10**12),
    region=st.sampled_from(["", "150602", "150600", "150000", "110105", "x"]),
    asks=st.sampled_from([True, False, None]),
)


@given(profiles, profiles)
def test_either_side_may_ask_and_scores_stay_between_nought_and_one(ours: Profile, theirs: Profile) -> None:
    for signal in SIGNALS:
        value = both_ways(signal, ours, theirs)
        assert value is None or 0.0 <= value <= 1.0


@given(profiles, profiles)
def test_the_signal_says_what_the_comparison_shows(ours: Profile, theirs: Profile) -> None:
    need, offer = replace(ours, asks=True), replace(theirs, asks=False)
    decided = [fit.verdict == "satisfied" for fit in compare(need, offer) if fit.verdict != "unknown"]

    assert both_ways(IndicatorsSignal(), need, offer) == (sum(decided) / len(decided) if decided else None)


def test_each_candidate_is_judged_by_itself() -> None:
    offers = [replace(OFFER, id=str(at), body=f"氢气纯度{value}%") for at, value in enumerate((98, 99.9, 99.4, 99.6))]

    assert score(IndicatorsSignal(), replace(NEED, body="氢气纯度≥99.5%"), *offers, OFFER)[:4] == [0.0, 1.0, 0.0, 1.0]
