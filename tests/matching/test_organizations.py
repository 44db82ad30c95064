"""Organizations told to be one across spellings, and never one that is another."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matching.organizations import Named, same

REGIONS = ("内蒙古自治区", "鄂尔多斯市", "达拉特旗")
WIDE = (*REGIONS, "包头市", "北京市")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中国矿业大学（北京）内蒙古研究院", "矿大北京内蒙古院"),
        ("中国矿业大学（北京）内蒙古研究院", "中國礦業大學(北京)內蒙古研究院"),
        ("甲能源有限公司", "甲能源有限责任公司"),
        ("甲能源有限公司", "甲 能源 有限公司"),
        ("鄂尔多斯市甲能源有限公司", "鄂尔多斯甲能源有限公司"),
        ("内蒙古鄂尔多斯市甲能源有限公司", "鄂尔多斯市甲能源有限公司"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("内蒙古工业大学", "内工大"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert same(Named(one), Named(other), REGIONS) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲能源有限公司", "甲能源有限公司达拉特旗分公司"),
        ("甲能源集团有限公司", "甲能源有限公司"),
        ("建亨奥能科技有限公司", "建亨能源科技有限公司"),
        ("中国矿业大学（北京）", "中国矿业大学（北京）内蒙古研究院"),
        ("内蒙古大学", "内蒙古工业大学"),
        ("鄂尔多斯市甲能源有限公司", "达拉特旗甲能源有限公司"),
        ("第一研究院", "第二研究院"),
    ],
)
def test_a_branch_a_parent_and_a_near_name_are_another(one: str, other: str) -> None:
    assert same(Named(one), Named(other), REGIONS) is None


def test_two_codes_are_two_whatever_the_names_and_one_code_is_one() -> None:
    assert same(Named("甲", uscc="A"), Named("甲", uscc="B")) is None
    assert same(Named("甲", uscc="A"), Named("乙", uscc="A")) is not None


def test_a_set_of_named_pairs_is_told_right() -> None:
    """Precision comes first: two organizations taken for one would be kept from meeting for no reason."""
    with (Path(__file__).parent / "organization_names.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    told = [(pair, same(Named(pair["one"]), Named(pair["other"]), WIDE) is not None) for pair in pairs]
    one = [pair for pair, found in told if pair["same"] == "1"]
    missed = [(pair["one"], pair["other"], pair["why"]) for pair, found in told if pair["same"] == "1" and not found]
    mistaken = [(pair["one"], pair["other"], pair["why"]) for pair, found in told if pair["same"] == "0" and found]

    print(f"pairs: {len(pairs)}, one and the same: {len(one)}, missed: {missed}, mistaken: {mistaken}")
    assert len(pairs) >= 80
    assert mistaken == []
    assert missed == []
