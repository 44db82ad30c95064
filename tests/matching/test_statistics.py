"""Statistics: frozen, independent of order, savable, refused when damaged."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.analysis import character_keys, pair_key, word_key
from matching.boilerplate import FUNCTION_WORDS, OFFICE_WEIGHT
from matching.ngrams import ngrams
from matching.profile import Profile
from matching.ranker import Ranker
from matching.rows import counted
from matching.statistics import DamagedStatistics, Statistics
from matching.text import normalise
from tests.matching.samples import NEEDS, OFFERS
from tests.matching.strategies import catalogues

RANKER = Ranker()
STATISTICS = RANKER.statistics([*NEEDS, *OFFERS])


def rarity(statistics: Statistics, word: str) -> float:
    return float(statistics.words.factors(np.array([word_key(word)], dtype=np.uint32))[0])


@settings(max_examples=25, deadline=None)
@given(catalogues, st.randoms(use_true_random=False))
def test_statistics_do_not_depend_on_order_or_repetition(texts: list[Profile], shuffler: random.Random) -> None:
    shuffled = [*texts, *texts]
    shuffler.shuffle(shuffled)

    assert RANKER.statistics(texts).version == RANKER.statistics(shuffled).version


def test_statistics_survive_being_written() -> None:
    read = Statistics.from_bytes(STATISTICS.to_bytes())

    assert read.version == STATISTICS.version
    assert read.to_bytes() == STATISTICS.to_bytes()
    assert RANKER.index(read, OFFERS).version == RANKER.index(STATISTICS, OFFERS).version
    assert RANKER.index(read, OFFERS).top(NEEDS[0]) == RANKER.index(STATISTICS, OFFERS).top(NEEDS[0])


@pytest.mark.parametrize("place", [0, 10, 200, 0.3, 0.5, 0.9, -1])
def test_statistics_refuse_a_changed_byte(place: float) -> None:
    data = bytearray(STATISTICS.to_bytes())
    at = int(place * len(data)) if isinstance(place, float) else place
    data[at] ^= 0x55

    with pytest.raises(DamagedStatistics, match="重新统计"):
        Statistics.from_bytes(bytes(data))


@pytest.mark.parametrize("data", [b"", b"woshou", STATISTICS.to_bytes()[:-100]])
def test_statistics_refuse_what_is_no_statistics(data: bytes) -> None:
    with pytest.raises(DamagedStatistics, match="重新统计"):
        Statistics.from_bytes(data)


def test_a_frequent_term_counts_less_and_one_seen_once_like_one_never_seen() -> None:
    texts = [Profile(f"t{at}", f"光伏组件第{at}种材料", "蒸汽发生器" if at == 3 else "") for at in range(50)]
    statistics = RANKER.statistics(texts)

    assert rarity(statistics, "光伏") < rarity(RANKER.statistics([]), "光伏")
    assert rarity(statistics, "蒸汽发生器") == rarity(RANKER.statistics(texts[:3]), "蒸汽发生器") * (
        rarity(statistics, "没有见过") / rarity(RANKER.statistics(texts[:3]), "没有见过")
    )


def test_project_language_counts_less_than_a_technical_word_of_its_rarity() -> None:
    assert rarity(STATISTICS, "产业化") < OFFICE_WEIGHT * rarity(STATISTICS, "没有见过") + 1e-9


def test_a_ranker_refuses_statistics_of_another_dictionary() -> None:
    with pytest.raises(ValueError, match="另一份领域词典"):
        Ranker(dictionary=["氢舟"]).index(STATISTICS, OFFERS)


def test_statistics_know_the_depth_of_each_taxonomy() -> None:
    statistics = RANKER.statistics([Profile("a", categories=("area:1", "area:1/11", "氢能")), Profile("b")])

    assert statistics.depths == {"area": 2, "": 1}


def test_character_terms_have_numbers_of_their_own() -> None:
    keys = character_keys("电解 槽，pem的co2")

    assert [ord("电"), ord("解"), ord("槽")] == [key for key in keys.tolist() if key < 0x110000]
    assert len(set(keys.tolist())) == 7  # 电 解 电解 槽 解槽 pem co2: 的 says nothing by itself, no pair crosses a sign


@given(st.text(alphabet="电解水的和研究关键技术㐀〇𠀀豈 ab1.+α|，。\u3000", max_size=40))
def test_the_compiled_cutter_gives_the_same_terms_as_the_plain_one(text: str) -> None:
    folded = normalise(text)

    keys = character_keys(folded).tolist()

    expected = [number(gram) for gram in ngrams(folded) if gram not in FUNCTION_WORDS or len(gram) > 1]
    assert sorted(keys) == sorted(expected)


def number(gram: str) -> int:
    """A gram's number, taken by itself."""
    if gram[0] < "\u3007":
        return int(character_keys(gram)[0])
    return ord(gram) if len(gram) == 1 else pair_key(gram)


def test_counting_keeps_fields_apart_and_stops_at_255() -> None:
    mark = 0xFFFF_FFFF
    marked = np.array([5, 5, mark, *[5] * 300, 7, mark, mark, mark, 9, mark, 9, mark], dtype=np.uint32)

    rows = counted(marked, 2, mark)

    assert rows.indptr.tolist() == [0, 2, 3]
    assert rows.keys.tolist() == [5, 7, 9]
    assert rows.counts.tolist() == [[2, 255, 0], [0, 1, 0], [0, 1, 1]]
