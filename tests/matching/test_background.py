"""The background: what it says of common and rare terms, and that a small catalogue is not fooled by its few texts."""

import numpy as np
import pytest

from matching import Profile, Ranker
from matching.analysis import character_keys, word_key
from matching.background import WEIGHT, frequencies
from matching.background.make import counted, shares


@pytest.mark.parametrize("view", ["characters", "words"])
def test_tables_are_ascending_shares(view: str) -> None:
    keys, told = frequencies(view)  # type: ignore[arg-type]  # the parameter is one of the two names

    assert keys.size == told.size > 10_000
    assert (np.diff(keys.astype(np.int64)) > 0).all()
    assert told.min() >= 0.001
    assert told.max() <= 1.0


def test_numbers_are_those_of_the_analysis() -> None:
    known = dict(zip(*(array.tolist() for array in frequencies("characters")), strict=True))

    one, other, pair = sorted(character_keys("经济").tolist())

    assert {one, other, pair} <= set(known)
    assert known[pair] < min(known[one], known[other])
    assert word_key("经济") in frequencies("words")[0]


def test_common_characters_count_less_than_rare_ones_in_a_catalogue_that_has_neither() -> None:
    statistics = Ranker().statistics([Profile("A1", "水处理装置")])
    common, rare = character_keys("国")[:1], character_keys("镧")[:1]

    weights = statistics.characters.factors(np.array([common[0], rare[0]], dtype=np.uint32))

    assert weights[0] < weights[1] / 3


def test_a_small_catalogue_prefers_the_telling_term() -> None:
    """“人员” and “膜” both stand in one offer each; only general Chinese knows which of them tells something."""
    offers = [Profile("A1", "人员培训"), Profile("A2", "膜分离"), Profile("A3", "种植")]
    need = Profile("N1", "膜人员")

    ranked = Ranker().fit(offers, background=[need]).top(need, 3)

    assert [each.id for each in ranked][:2] == ["A2", "A1"]


def test_the_background_fades_in_a_large_catalogue() -> None:
    many = [Profile(f"A{number}", f"国产第{number}号") for number in range(10 * WEIGHT)]
    key = character_keys("国")[:1]

    few = Ranker().statistics(many[:1]).characters
    large = Ranker().statistics(many).characters

    assert large.factors(key)[0] < few.factors(key)[0] < few.factors(character_keys("镧")[:1])[0]


def test_shares_follow_a_poisson_count() -> None:
    characters, words, signs = counted(["水泵 10 n", "水 80 n", "pump 50 eng"])

    assert (characters["水"], characters["泵"], characters["水泵"], words["水"], signs) == (90, 10, 10, 80, 100)
    told = dict(shares(characters, 100_000))
    assert told["水"] == round((1 - np.exp(-200 * 90 / 100_000)) * 100_000)
    assert shares(characters, 10_000_000_000) == []


def test_project_language_alone_is_no_reason_to_rank() -> None:
    offers = [Profile("A1", "关键技术研究及开发"), Profile("A2", "电解水制氢设备")]

    ranked = Ranker().fit(offers).top(Profile("N1", "制氢技术开发"), 2)

    assert [each.id for each in ranked] == ["A2"]
