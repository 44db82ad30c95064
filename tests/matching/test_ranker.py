"""The ranker: order, exact sums, symmetry, unknown signals, odd input."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Profile, Ranker
from matching.points import SCALE, split_points
from matching.ranker import Ranked
from tests.matching.samples import NEEDS, OFFERS
from tests.matching.strategies import catalogues, profiles

RANKER = Ranker()


def in_points(value: float) -> int:
    points = round(value * SCALE)
    assert points / SCALE == value, f"{value} has more than 4 decimals"
    return points


def assert_adds_up(ranked: Ranked) -> None:
    assert sum(map(in_points, ranked.contributions.values())) == in_points(ranked.score)
    assert 0.0 <= ranked.score <= 1.0
    assert all(points >= 0.0 for points in ranked.contributions.values())


@pytest.mark.parametrize(("need", "offer"), [("N1", "A1"), ("N2", "A2"), ("N3", "A3"), ("N4", "A5")])
def test_top_puts_the_fitting_offer_first(need: str, offer: str) -> None:
    index = RANKER.fit(OFFERS, NEEDS)
    query = next(profile for profile in NEEDS if profile.id == need)

    assert index.top(query)[0].id == offer


@settings(max_examples=40, deadline=None)
@given(profiles("Q"), catalogues)
def test_top_gives_exact_sums_and_a_strict_order(query: Profile, offers: list[Profile]) -> None:
    ranking = RANKER.fit(offers, [query]).top(query)

    for ranked in ranking:
        assert_adds_up(ranked)
    assert [ranked.rank for ranked in ranking] == list(range(1, len(ranking) + 1))
    keys = [(-ranked.score, ranked.id) for ranked in ranking]
    assert keys == sorted(keys)


@settings(max_examples=40, deadline=None)
@given(catalogues, st.randoms(use_true_random=False))
def test_fit_does_not_depend_on_input_order(offers: list[Profile], shuffler: random.Random) -> None:
    shuffled = list(offers)
    shuffler.shuffle(shuffled)

    one, other = RANKER.fit(offers, NEEDS), RANKER.fit(shuffled, tuple(reversed(NEEDS)))

    assert one.version == other.version
    assert one.top(NEEDS[0]) == other.top(NEEDS[0])


@settings(max_examples=40, deadline=None)
@given(profiles("X"), profiles("Y"), catalogues)
def test_a_pair_scores_the_same_from_either_side(need: Profile, offer: Profile, others: list[Profile]) -> None:
    from_need = RANKER.fit([offer, *others], [need]).score(need, ["Y"])[0]
    from_offer = RANKER.fit([need, *others], [offer]).score(offer, ["X"])[0]

    assert from_need.score == from_offer.score
    assert from_need.contributions == from_offer.contributions


def test_score_agrees_with_top_and_includes_zeros() -> None:
    index = RANKER.fit(OFFERS, NEEDS)
    top = {ranked.id: ranked for ranked in index.top(NEEDS[0])}

    scored = index.score(NEEDS[0], [offer.id for offer in OFFERS])

    assert len(scored) == len(OFFERS)
    assert all(top[ranked.id] == ranked for ranked in scored if ranked.score > 0.0)


def test_score_refuses_an_unknown_offer() -> None:
    with pytest.raises(KeyError):
        RANKER.fit(OFFERS).score(NEEDS[0], ["nobody"])


def test_contributions_leave_out_a_signal_that_cannot_tell_and_the_rest_is_renormalised() -> None:
    plain = Profile("A", "电解水制氢机组")
    query = Profile("Q", "电解水制氢机组")

    unknown = RANKER.fit([plain], [query]).top(query)[0]
    strange = Profile("A", plain.title, categories=("point:氢能",))
    apart = Profile("Q", query.title, categories=("point:人工智能",))
    differing = RANKER.fit([strange], [apart]).top(apart)[0]

    assert "category" not in unknown.contributions
    assert differing.contributions["category"] == 0.0
    telling = sum(RANKER.weights[name] for name in unknown.contributions)
    share = telling / (telling + RANKER.weights["category"])
    assert differing.score == pytest.approx(unknown.score * share, abs=1e-4)


def test_exclude_is_a_filter() -> None:
    index = RANKER.fit(OFFERS, NEEDS)

    ranking = index.top(NEEDS[0], exclude={"A1", "not there"})

    assert "A1" not in [ranked.id for ranked in ranking]
    assert [ranked.rank for ranked in ranking] == list(range(1, len(ranking) + 1))


def test_top_many_equals_top() -> None:
    index = RANKER.fit(OFFERS, NEEDS)

    assert list(index.top_many(NEEDS, 3)) == [index.top(need, 3) for need in NEEDS]


def test_equal_offers_are_ordered_by_id() -> None:
    twins = [Profile(identifier, "电解水制氢") for identifier in ("b", "c", "a")]

    assert [ranked.id for ranked in RANKER.fit(twins).top(Profile("q", "制氢"), 2)] == ["a", "b"]


@pytest.mark.parametrize(
    "query",
    [
        Profile("q"),
        Profile("q", "！？"),
        Profile("q", "zzzz"),
        Profile("q", "的和"),
        Profile("q", "🚀"),
        Profile("q", "\ud800"),
    ],
)
def test_top_of_a_query_without_known_terms_is_empty(query: Profile) -> None:
    index = RANKER.fit(OFFERS)

    assert index.top(query) == []
    assert {ranked.score for ranked in index.score(query, ["A1", "A2"])} == {0.0}


@pytest.mark.parametrize("offers", [[], [Profile("a")], [Profile("a", "。")]])
def test_top_of_an_empty_catalogue_is_empty(offers: list[Profile]) -> None:
    assert RANKER.fit(offers).top(NEEDS[0]) == []


@pytest.mark.parametrize("k", [0, -1])
def test_top_of_no_places_is_empty(k: int) -> None:
    assert RANKER.fit(OFFERS).top(NEEDS[0], k) == []


def test_keywords_alone_are_enough() -> None:
    index = RANKER.fit([Profile("a", keywords=("绒山羊", "饲养")), Profile("b", keywords=("光伏",))])

    assert [ranked.id for ranked in index.top(Profile("q", keywords=("绒山羊",)))] == ["a"]


def test_version_changes_with_texts_weights_and_dictionary() -> None:
    versions = {
        Ranker().fit(OFFERS).version,
        Ranker().fit(OFFERS, NEEDS).version,
        Ranker({"category": 0.3}).fit(OFFERS).version,
        Ranker(dictionary=["氢舟"]).fit(OFFERS).version,
    }

    assert len(versions) == 4


def test_fit_refuses_a_repeated_id() -> None:
    with pytest.raises(ValueError, match="编号重复：A"):
        RANKER.fit([Profile("A", "一"), Profile("A", "二")])


@pytest.mark.parametrize("weights", [{"title": -1.0}, {"luck": 1.0}, {"title": float("nan")}])
def test_ranker_refuses_bad_weights(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="匹配因子"):
        Ranker(weights)


def test_a_signal_of_weight_nought_is_left_out() -> None:
    ranked = Ranker({"words": 0.0}).fit(OFFERS, NEEDS).top(NEEDS[0])[0]

    assert "words" not in ranked.contributions


@given(st.lists(st.floats(0.0, 0.25), min_size=1, max_size=4))
def test_split_points_adds_up_and_moves_no_part_by_a_whole_point(values: list[float]) -> None:
    parts = {str(at): value for at, value in enumerate(values)}
    total = round(sum(values) * SCALE)

    points = split_points(parts, total)

    assert sum(points.values()) == total
    assert all(abs(points[name] - value * SCALE) < 1.0 + 1e-9 for name, value in parts.items())
