"""Folding, sentences and the way back to the original text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import match_form, normalise, original_span, sentences


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("CO₂", "co2"),
        ("H₂O", "h2o"),
        ("５０㎡", "50m2"),
        ("５㎏", "5kg"),
        ("１０µｍ", "10μm"),
        ("８００℃", "800°c"),
        ("氫能與電解槽", "氢能与电解槽"),
        ("ＰＥＭ　電堆", "pem 电堆"),
        ("电—氢—电", "电-氢-电"),
        ("  a\t\nb  ", "a b"),
        ("\ud800制氢", "制氢"),
    ],
)
def test_normalise_writes_variants_alike(written: str, folded: str) -> None:
    assert normalise(written) == folded


@given(st.text())
def test_normalise_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(st.text())
def test_match_form_offsets_lead_back_to_the_original(text: str) -> None:
    folded, offsets = match_form(text)

    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    for at in range(len(folded)):
        start, end = original_span(offsets, at, at + 1)
        assert folded[at] in match_form(text[start:end])[0]


@given(st.text(max_size=500))
def test_sentences_are_slices_in_order_that_lose_only_blanks(text: str) -> None:
    found = sentences(text)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())


def test_sentences_ends_at_full_stops_and_keeps_decimal_points() -> None:
    found = [sentence.text for sentence in sentences("纯度达到99.9%。能耗低于4.5kWh！\n寿命8万小时")]

    assert found == ["纯度达到99.9%。", "能耗低于4.5kWh！", "寿命8万小时"]


def test_sentences_cuts_a_very_long_one() -> None:
    found = sentences("电解槽，" * 500)

    assert max(len(sentence.text) for sentence in found) <= 160
