"""Amounts are read and shown without losing a 分."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import LARGEST_FEN, WAN, YI, NotMoney, parse_yuan, shown, yuan

AMOUNTS = st.integers(min_value=0, max_value=LARGEST_FEN)
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(AMOUNTS)
def test_an_amount_comes_back_as_it_was(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(str(yuan(fen))) == fen
    assert parse_yuan(f"{yuan(fen):,}") == fen
    assert parse_yuan(f" ¥{yuan(fen):,} 元 ") == fen
    assert parse_yuan(f"￥{yuan(fen):,}".translate(FULL_WIDTH)) == fen


@given(AMOUNTS, st.sampled_from([("万", WAN), ("亿", YI)]), st.booleans())
def test_units_are_read(fen: int, unit: tuple[str, Decimal], with_yuan: bool) -> None:
    name, size = unit

    assert parse_yuan(f"{yuan(fen) / size:f}{name}{'元' if with_yuan else ''}") == fen


@given(AMOUNTS)
def test_what_is_shown_is_right_to_half_its_last_digit(fen: int) -> None:
    text = shown(fen)
    unit = YI if text.endswith("亿元") else WAN

    assert (fen >= YI * 100) is (unit == YI)
    assert abs(parse_yuan(text) - fen) <= unit / 2
    assert shown(-fen).removeprefix("-") == text


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=999))
def test_a_part_of_a_fen_is_refused(whole: int, thousandths: int) -> None:
    text = f"{whole}.{thousandths:03d}"

    if thousandths % 10:
        with pytest.raises(NotMoney, match="精确到分"):
            parse_yuan(text)
    else:
        assert parse_yuan(text) == whole * 100 + thousandths // 10


@given(st.integers(min_value=1, max_value=LARGEST_FEN))
def test_a_negative_amount_is_refused(fen: int) -> None:
    with pytest.raises(NotMoney, match="负数"):
        parse_yuan(f"-{yuan(fen)}")


@given(st.integers(min_value=LARGEST_FEN + 1, max_value=10**30))
def test_an_absurd_amount_is_refused(fen: int) -> None:
    with pytest.raises(NotMoney):
        parse_yuan(f"{fen // 100 + 1}")


@given(st.floats())
def test_a_float_is_refused(amount: float) -> None:
    with pytest.raises(NotMoney, match="浮点数"):
        parse_yuan(amount)  # type: ignore[arg-type] # what a careless caller might do


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "元",
        "万元",
        "面议",
        "1 000",
        "1.2.3",
        "1e5",
        "--1",
        "1-",
        "12,34",
        "1,28万",
        "NaN",
        "1元2角",
        "٣",
    ],
)
def test_what_is_no_amount_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(NotMoney) as refusal:
        parse_yuan(text)

    assert "金额" in str(refusal.value)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (None, "—"),
        (0, "0.00 万元"),
        (128_000_000, "128.00 万元"),
        (9_999_999_999, "10,000.00 万元"),
        (10_000_000_000, "1.00 亿元"),
        (90_000_000_000, "9.00 亿元"),
        (-128_000_000, "-128.00 万元"),
    ],
)
def test_amounts_are_shown_in_wan_and_yi(fen: int | None, text: str) -> None:
    assert shown(fen) == text
