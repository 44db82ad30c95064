"""Evidence: what both texts share, aligned and lit in the originals, and what one of them leaves out; any input."""

import pytest
from hypothesis import given, settings

from matching import Passage, Profile, Segmenter, explain, normalise
from matching.evidence import Evidence
from matching.term_kinds import kind_of
from tests.matching.samples import NEEDS, OFFERS
from tests.matching.strategies import profiles

SEGMENTER = Segmenter()
FIELD = Segmenter(["电解水制氢", "宽功率波动", "热储能", "跨季节储能", "储能"])


def lit(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text[start:end] for passage in passages for start, end, _ in passage.spans]


def test_explain_lights_the_shared_terms_in_both_originals() -> None:
    evidence = explain(NEEDS[0], OFFERS[0], SEGMENTER)

    assert evidence.shared_terms == ("制氢",)
    assert evidence.scales == ("千标方级",)
    assert lit(evidence.need) == ["千标方级", "制氢"]
    assert lit(evidence.offer) == ["千标方级", "制氢"]
    assert evidence.shared_categories == ("point:氢能",)


def test_explain_gives_a_term_the_same_number_on_both_sides() -> None:
    [pair] = explain(NEEDS[0], OFFERS[0], SEGMENTER).aligned

    for passage in (pair.need, pair.offer):
        assert {passage.text[start:end]: number for start, end, number in passage.spans} == {"制氢": 0, "千标方级": 1}
    assert pair.terms == (0, 1)


def test_explain_puts_the_sentences_that_met_beside_each_other() -> None:
    need = Profile("n", "废水处理", "氯化钠纯度要高。母液中硝酸盐难去除。")
    offer = Profile("a", "盐分离", "团队二十人。硝酸盐由电解还原去除。所得氯化钠纯度稳定。")

    pairs = [(pair.need.text, pair.offer.text) for pair in explain(need, offer, SEGMENTER).aligned]

    assert pairs == [
        ("母液中硝酸盐难去除。", "硝酸盐由电解还原去除。"),
        ("氯化钠纯度要高。", "所得氯化钠纯度稳定。"),
    ]


def test_explain_maps_highlights_back_through_folding() -> None:
    evidence = explain(NEEDS[3], OFFERS[4], SEGMENTER)

    assert "CO₂" in lit(evidence.need)
    assert "CO2" in lit(evidence.offer)
    assert "CO₂" in evidence.shared_terms


def test_light_finds_the_shared_words_in_any_text_under_their_numbers() -> None:
    evidence = explain(NEEDS[0], OFFERS[0], SEGMENTER)

    assert evidence.light("电解水制氢与千标方级机组") == ((3, 5, 0), (6, 10, 1))
    assert evidence.light("青贮玉米") == ()


def test_explain_does_not_light_project_language() -> None:
    evidence = explain(
        Profile("n", "大功率燃料电池关键技术研究及应用示范"), Profile("a", "羊绒分梳关键技术研究及应用示范"), SEGMENTER
    )

    assert (evidence.shared_terms, evidence.scales, evidence.aligned) == ((), (), ())


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("百千瓦级电解槽", "百兆瓦级热储能"),
        ("兆瓦级荒漠光伏", "百兆瓦级热储能"),
        ("采购成本 30 kWh", "消耗 50 kWh 与 20kWh"),
        ("煤炭脱硫", "神东煤炭集团的栽植示范"),
        ("鄂尔多斯市碳金融", "装备在鄂尔多斯市下线"),
        ("臭氧催化氧化", "二氧化碳封存"),
    ],
)
def test_units_scales_and_names_are_no_shared_technology(need: str, offer: str) -> None:
    evidence = explain(Profile("n", need), Profile("a", offer), SEGMENTER)

    assert evidence.numbered == ()


def test_a_scale_counts_only_where_both_write_the_same() -> None:
    same = explain(Profile("n", "兆瓦级储能"), Profile("a", "兆瓦级热储能"), FIELD)
    other = explain(Profile("n", "兆瓦级储能"), Profile("a", "百兆瓦级热储能"), FIELD)

    assert (same.shared_terms, same.scales) == (("储能",), ("兆瓦级",))
    assert (other.shared_terms, other.scales, other.other_scale) == (("储能",), (), ("兆瓦级", "百兆瓦级"))


def test_scales_of_different_measures_are_not_held_against_each_other() -> None:
    assert explain(Profile("n", "兆瓦级储能"), Profile("a", "万吨级储能"), FIELD).other_scale is None


def test_explain_says_which_keywords_the_achievement_does_not_use() -> None:
    need = Profile("n", "宽功率波动的电解水制氢机组", keywords=("电解水制氢", "宽功率波动", "制氢机组"))

    evidence = explain(need, Profile("a", "带压制氢系统"), FIELD)

    assert evidence.missing == ("宽功率波动", "电解水制氢")


def test_a_compound_is_not_missing_when_only_project_language_sets_it_apart() -> None:
    need = Profile("n", "热储能", keywords=("热储能示范",))

    assert explain(need, Profile("a", "工业热储能装置"), FIELD).missing == ()


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("绒山羊", "thing"),
        ("制氢机组", "thing"),
        ("合成气一步法", "method"),
        ("合成气制芳烃", "action"),
        ("杂盐减量", "action"),
        ("宽功率波动", "quality"),
        ("硫酸钠纯度", "quality"),
        ("治理", "broad"),
        ("百千瓦级", "broad"),
    ],
)
def test_kind_of_tells_what_a_term_names(term: str, kind: str) -> None:
    assert kind_of(term) == kind


@settings(max_examples=60, deadline=None)
@given(profiles("n"), profiles("a"))
def test_explain_spans_lie_inside_texts_in_order_without_overlap(need: Profile, offer: Profile) -> None:
    evidence = explain(need, offer, SEGMENTER)

    for profile, passages in ((need, evidence.need), (offer, evidence.offer)):
        for passage in passages:
            assert passage.spans
            edges = [0, *(edge for start, end, _ in passage.spans for edge in (start, end)), len(passage.text)]
            assert edges == sorted(edges)
            assert all(start < end for start, end, _ in passage.spans)
            assert all(0 <= number < len(evidence.numbered) for _, _, number in passage.spans)
            if passage.where != "keywords":
                assert passage.text in getattr(profile, passage.where)
    for pair in evidence.aligned:
        ours, theirs = ({number for _, _, number in passage.spans} for passage in (pair.need, pair.offer))
        assert set(pair.terms) == ours & theirs
    for side in (need, offer):
        whole = normalise("\n".join((side.title, side.body, *side.keywords))).replace(" ", "")
        assert all(normalise(term).replace(" ", "") in whole for term in evidence.shared_terms)


@pytest.mark.parametrize(
    "text", ["", "🚀🚀", "电解水制氢" * 4_000, "\ud800\udc00", "\x00", "a" * 20_000, "。" * 20_000]
)
def test_explain_takes_any_text(text: str) -> None:
    odd = Profile("a", text[:200], text, (text[:50],), (text[:10],))

    assert isinstance(explain(NEEDS[0], odd, SEGMENTER), Evidence)
    assert isinstance(explain(odd, odd, SEGMENTER), Evidence)
