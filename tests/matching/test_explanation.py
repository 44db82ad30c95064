"""The sentence that says why a pair was ranked, its conditions, and why another pair stands above it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Profile, Ranked, Ranker, Segmenter, explain, reason
from matching.comparison import because, contrast
from matching.conditions import conditions
from matching.evidence import Evidence
from matching.points import SCALE
from matching.signals import LABELS, SIGNALS
from tests.matching.samples import NEEDS, OFFERS

WORDS = "电解水制氢 带压制氢 宽功率波动 碱性电解槽 保活栽植 沉陷区 粉煤灰 煤矸石 绒山羊"
SEGMENTER = Segmenter(WORDS.split())


def said(need: Profile, offer: Profile, **contributions: float) -> str:
    ranked = Ranked(offer.id, 1, sum(contributions.values()), contributions)
    return reason(ranked, explain(need, offer, SEGMENTER), {"point:1": "氢能"})


def pair(need: str, offer: str, **contributions: float) -> str:
    return said(Profile("n", need), Profile("a", offer), **contributions)


@pytest.mark.parametrize(
    ("need", "offer", "sentence"),
    [
        ("碱性电解槽的宽功率波动适应", "碱性电解槽宽功率波动控制", "两者都围绕碱性电解槽的宽功率波动。"),
        ("沉陷区保活栽植推广", "保活栽植构建沉陷区的示范", "两者都针对沉陷区开展保活栽植。"),
        ("粉煤灰、煤矸石利用", "从粉煤灰与煤矸石中提取", "两者都围绕煤矸石和粉煤灰。"),
        ("电解水制氢装备", "电解水制氢示范", "两者做的都是电解水制氢。"),
        ("绒山羊选育", "绒山羊饲养", "两者都围绕绒山羊。"),
    ],
)
def test_reason_says_what_both_are_about(need: str, offer: str, sentence: str) -> None:
    assert pair(need, offer) == sentence


def test_reason_names_scale_field_and_what_the_achievement_leaves_out() -> None:
    need = replace(NEEDS[0], keywords=("宽功率波动",), categories=("point:1",))
    offer = replace(OFFERS[0], categories=("point:1",))

    assert said(need, offer) == (
        "两者做的都是制氢，规模同为千标方级，领域同为氢能；成果没有提到需求所说的“宽功率波动”“电解水制氢”。"
    )


def test_reason_says_where_the_scales_differ() -> None:
    assert (
        pair("兆瓦级电解水制氢", "百兆瓦级电解水制氢")
        == "两者做的都是电解水制氢，规模不同（需求兆瓦级，成果百兆瓦级）。"
    )


def test_reason_says_in_which_place_a_term_stands_when_titles_differ() -> None:
    need, offer = Profile("n", "沙地种草", "以煤矸石覆盖。"), Profile("a", "煤矸石制砖")
    bodies = said(need, replace(offer, title="制砖", body="原料为煤矸石。"))

    assert said(need, offer) == "一方名称里的“煤矸石”，另一方正文也写到。"
    assert bodies == "两份材料的正文都写到“煤矸石”。"


def test_reason_is_plain_about_words_too_broad_to_tell() -> None:
    sentence = pair("天然药物的分离", "净化灰分离氧化镁")

    assert sentence.startswith("共同的用词只有“分离”这类宽泛的说法；")
    assert sentence.endswith("是否对口请人工判断。")


def test_reason_says_so_where_nothing_is_shared() -> None:
    same_field = Profile("n", "电网终端", categories=("point:1",)), Profile("a", "储热", categories=("point:1",))

    assert pair("青贮玉米", "叶片成型", title=0.1, category=0.05) == (
        f"没有共同的技术词，也没有共同的领域，得分主要来自“{LABELS['title']}”，请人工判断。"
    )
    assert said(*same_field, title=0.01, category=0.1) == "没有共同的技术词，只因领域同为氢能而列在这里，请人工判断。"
    assert pair("青贮玉米", "叶片成型") == "两份材料没有共同的技术词和领域。"


def test_reason_counts_targets_met_missed_and_not_said() -> None:
    need = Profile("n", "粉煤灰提取", "目标：氧化铝纯度≥99%；硅回收率≥90%；能耗≤800 kWh/t。")
    offer = Profile("a", "粉煤灰提取", "氧化铝纯度99.5%，硅回收率80%。")
    none = replace(offer, body="已经中试。")

    assert "需求的 3 项指标中成果写明达到 1 项，1 项达不到（硅回收率），1 项没有写明" in said(need, offer)
    assert "需求的 3 项指标成果都没有写明" in said(need, none)


def test_reason_names_conditions_that_are_met_and_not_met() -> None:
    need = Profile("n", "粉煤灰提取", trl=8, modes=("JOINT",), money=100)
    offer = Profile("a", "粉煤灰提取", trl=6, modes=("JOINT",), money=200)

    assert said(need, offer).endswith("；合作方式相合，但成熟度低于所求、意向价格高于预算。")


@pytest.mark.parametrize(
    ("need", "offer", "verdicts"),
    [
        (Profile("n"), Profile("a", trl=6, modes=("JOINT",), money=1), ("unknown", "unknown", "unknown")),
        (Profile("n", trl=6, money=5), Profile("a", trl=6, money=5), ("satisfied", "unknown", "satisfied")),
        (Profile("n", trl=7, money=5), Profile("a", trl=6, money=6), ("violated", "unknown", "violated")),
        (
            Profile("n", modes=("JOINT", "LICENSE")),
            Profile("a", modes=("LICENSE",)),
            ("unknown", "satisfied", "unknown"),
        ),
        (Profile("n", modes=("TRANSFER",)), Profile("a", modes=("LICENSE",)), ("unknown", "unknown", "unknown")),
        (Profile("n", modes=("CONSULTING",)), Profile("a", modes=("EQUITY",)), ("unknown", "violated", "unknown")),
    ],
)
def test_conditions_are_judged_only_where_both_sides_say(
    need: Profile, offer: Profile, verdicts: tuple[str, str, str]
) -> None:
    assert tuple(one.verdict for one in conditions(need, offer)) == verdicts


POINTS = st.dictionaries(st.sampled_from([signal.name for signal in SIGNALS]), st.integers(0, SCALE))


@settings(max_examples=80, deadline=None)
@given(POINTS, POINTS)
def test_the_gaps_of_all_signals_add_up_to_the_difference(ours: dict[str, int], theirs: dict[str, int]) -> None:
    found = contrast(ours, theirs, Evidence(), Evidence())

    assert sum(signal.gap for signal in found.signals) == found.difference == sum(theirs.values()) - sum(ours.values())
    assert [signal.gap for signal in found.signals] == sorted((one.gap for one in found.signals), reverse=True)
    assert because(found).endswith("。")


def test_why_not_first_names_what_the_other_pair_has_more() -> None:
    need = Profile("n", "宽功率波动的碱性电解槽", "目标：氢气纯度≥99.9%。", ("电解水制氢",))
    ours = Profile("a", "碱性电解槽隔膜", "氢气纯度99%。")
    theirs = Profile("b", "宽功率波动碱性电解槽电解水制氢", "氢气纯度99.99%。")
    index = Ranker().fit([ours, theirs], [need])
    points = {
        one.id: {name: round(share * SCALE) for name, share in one.contributions.items()} for one in index.top(need)
    }

    found = contrast(points["a"], points["b"], explain(need, ours, SEGMENTER), explain(need, theirs, SEGMENTER))

    assert found.difference > 0
    assert set(found.theirs_only) >= {"宽功率波动", "电解水制氢"}
    assert found.ours_only == ()
    assert [(mine.verdict, other.verdict) for mine, other in found.indicators] == [("violated", "satisfied")]
    assert because(found).startswith("对照的一对高 ")
    assert "宽功率波动" in because(found)


def test_targets_of_two_different_needs_are_not_compared() -> None:
    offer = Profile("a", "粉煤灰提取", "氧化铝纯度99.5%。")
    needs = [Profile(key, "粉煤灰", f"目标：氧化铝纯度≥{value}%。") for key, value in (("m", 99), ("n", 99.9))]

    found = contrast({}, {}, *(explain(need, offer, SEGMENTER) for need in needs))

    assert found.indicators == ()
