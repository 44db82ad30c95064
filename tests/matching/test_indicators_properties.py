"""What holds for every text and every expression: no crash, true offsets, round trips, monotone verdicts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.indicators import Quantity, compare, quantities
from matching.indicators.concepts import concepts
from matching.indicators.numerals import chinese
from matching.profile import Profile

_TEXT = """
纯度 ≥ ≤ 不低于 由 提高到 降低 99.5 1,000 10^5 ×10⁵ % ％ ℃ kWh/Nm³ 万吨/年 MPa 两年 三千小时 百分之
± ~ - — 到 分别为 、 ， 。 ； ( ) / · 目前 要求 年产 日处理 元/吨 HRC pH 2025年
第 零下 每秒 氢气 温度 寿命 1. ² 萬 ９ mg·L-1 d 個 度
"""
_PIECES = st.sampled_from([*_TEXT.split(), " ", "\n", "\t"])
texts = st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=60))

LEAST = ("≥", "不低于", "不小于", "大于", "至少", "超过 ", "≧", ">=")
MOST = ("≤", "不高于", "不超过", "小于", "低于", "至多", "≦", "<=")
UNITS = {
    "寿命": (("h", 1), ("小时", 1), ("天", 24), ("万小时", 10000)),
    "单耗": (("kWh/Nm³", 1), ("kW·h/Nm3", 1), ("千瓦时/标方", 1)),
    "纯度": (("%", 1), ("％", 1), ("‰", Fraction(1, 10))),
    "压力": (("MPa", 1), ("kPa", Fraction(1, 1000)), ("bar", Fraction(1, 10)), ("兆帕", 1)),
    "产能": (("t/a", 1), ("万吨/年", 10000), ("吨／年", 1)),
}
numbers = st.integers(1, 9999).flatmap(lambda whole: st.integers(0, 99).map(lambda part: (whole, part)))


def written(whole: int, part: int, form: str) -> str:
    decimals = f".{part:02d}"
    match form:
        case "commas":
            return f"{whole:,}{decimals}"
        case "wide":
            return f"{whole}{decimals}".translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."})
        case "power":
            return f"{whole}{decimals}×10⁰"
        case _:
            return f"{whole}{decimals}"


@given(texts)
def test_any_text_is_read_without_trouble_and_offsets_are_true(text: str) -> None:
    found = quantities(text)

    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.lower is None or one.upper is None or one.lower <= one.upper for one in found)
    assert found == quantities(text)


measures = st.sampled_from([(label, unit) for label, units in UNITS.items() for unit in units])
comparators = st.sampled_from(
    [(word, 1) for word in LEAST] + [(word, -1) for word in MOST] + [(word, 0) for word in ("", "为", "：")]
)


@given(measures, comparators, numbers, st.sampled_from(["plain", "commas", "wide", "power"]))
def test_an_expression_comes_back_as_it_was_written(
    measured: tuple[str, tuple[str, Fraction]], compared: tuple[str, int], number: tuple[int, int], form: str
) -> None:
    (label, (unit, factor)), (word, bound), (whole, part) = measured, compared, number
    value = float((whole + Fraction(part, 100)) * factor)

    found = quantities(f"系统{label}{word}{written(whole, part, form)} {unit}。")

    assert [(one.concept, one.lower, one.upper) for one in found] == [
        (concepts()[label][0].name, None if bound < 0 else value, None if bound > 0 else value)
    ]


@given(st.integers(1, 99_999))
def test_a_number_in_chinese_characters_means_the_same(value: int) -> None:
    digits, places = "零一二三四五六七八九", ("", "十", "百", "千")

    def below_myriad(number: int) -> str:
        said, pending = "", False
        for place in (3, 2, 1, 0):
            digit = number // 10**place % 10
            if digit:
                said += ("零" if pending and said else "") + digits[digit] + places[place]
                pending = False
            else:
                pending = True
        return said

    myriads, rest = divmod(value, 10_000)
    gap = "零" if myriads and 0 < rest < 1000 else ""
    said = (below_myriad(myriads) + "万" if myriads else "") + gap + below_myriad(rest)

    assert chinese(said) == value


@given(st.decimals(1, 99, places=2), st.decimals(1, 99, places=2), st.decimals(0, 50, places=2), st.booleans())
def test_a_better_value_never_turns_satisfied_into_violated(
    wanted: Decimal, given_value: Decimal, more: Decimal, higher: bool
) -> None:
    need = Profile("n", body=f"氢气纯度≥{wanted}%" if higher else f"单位能耗≤{wanted}kWh/t")
    better = given_value + more if higher else max(given_value - more, Decimal("0.01"))

    def verdict(value: object) -> str:
        body = f"氢气纯度达到{value}%" if higher else f"单位能耗降至{value}kWh/t"
        (fit,) = compare(need, Profile("o", body=body))
        return fit.verdict

    order = {"violated": 0, "unknown": 1, "satisfied": 2}
    assert order[verdict(better)] >= order[verdict(given_value)]


@given(texts, texts)
def test_comparing_gives_one_fit_for_each_target_in_order(ours: str, theirs: str) -> None:
    fits = compare(Profile("n", body=ours), Profile("o", body=theirs))

    assert [fit.need for fit in fits] == [one for one in quantities(ours) if one.target]
    assert all(fit.offer is not None or fit.verdict == "unknown" for fit in fits)


@pytest.mark.parametrize("word", sorted(concepts()))
def test_every_word_for_a_measure_names_itself(word: str) -> None:
    assert all(meant.name in concepts() and meant.vectors for meant in concepts()[word])


def test_a_quantity_is_a_value() -> None:
    assert quantities("纯度≥99%") == quantities("纯度≥99%")
    assert isinstance(hash(quantities("纯度≥99%")[0]), int)
    assert isinstance(quantities("纯度≥99%")[0], Quantity)
