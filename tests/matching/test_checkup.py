"""The check-up of a draft: what it finds, where it points, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Profile, Segmenter
from matching.checkup import ORDER, Draft, Finding, Part, check, suggested_keywords
from tests.matching.strategies import texts

WORDS = Segmenter(["电解水制氢", "碱性电解槽"])
CLEAR = {
    "title": "碱性电解槽隔膜的寿命提升",
    "problem": "风电直供的碱性电解槽在 30%–110% 负荷间波动，隔膜 8000 小时后穿孔，氢中氧升到 1.8 %。",
    "present_state": "现用进口隔膜，试过降低负荷运行，产氢量不够。",
    "target_indicators": "隔膜寿命 ≥ 40000 小时，氢中氧 ≤0.5 %",
}
LABELS = {"title": "名称", "problem": "卡点", "present_state": "现状", "target_indicators": "目标指标"}
ROLES = {"title": "title", "problem": "problem", "present_state": "present", "target_indicators": "targets"}


def _need(**changed: str) -> Draft:
    said = CLEAR | changed
    parts = tuple(Part(name, ROLES[name], LABELS[name], said[name]) for name in ROLES)  # type: ignore[arg-type] # the four roles
    return Draft(asks=True, parts=parts, keywords=("电解水制氢",), filed=True)


def _kinds(draft: Draft, comparables: tuple[Profile, ...] = ()) -> list[str]:
    return [finding.kind for finding in check(draft, comparables, WORDS)]


def _only(draft: Draft, kind: str, comparables: tuple[Profile, ...] = ()) -> Finding:
    (found,) = [finding for finding in check(draft, comparables, WORDS) if finding.kind == kind]
    return found


def test_check_finds_nothing_in_a_need_that_says_it_all() -> None:
    assert check(_need(), [], WORDS) == []


def test_check_is_silent_while_nothing_is_written() -> None:
    empty = _need(title="", problem="", present_state="", target_indicators="")

    assert check(empty, [Profile("1", "电解槽", "寿命 ≥ 40000 小时")] * 3, WORDS) == []


@pytest.mark.parametrize(
    ("field", "text", "kind", "excerpt", "told"),
    [
        (
            "problem",
            "电解槽运行时需提高制氢效率，负荷波动大。目前靠人工调节，试过无效。",
            "change",
            "提高制氢效率",
            "制氢效率由",
        ),
        ("problem", "现有装置要优化性能，目前靠人工调节，试过多种办法都不行。", "change", "优化性能", "没说是哪个环节"),
        ("problem", "本装置希望达到国际先进水平，目前靠人工调节，试过多种办法。", "level", "国际先进", "与谁比"),
        (
            "problem",
            "本装置隔膜易坏，要解决相关技术问题，目前靠人工调节，试过多种办法。",
            "unnamed",
            "相关技术",
            "指哪一项",
        ),
        (
            "problem",
            "本装置主要是隔膜等问题，目前靠人工调节，试过多种办法都不行。",
            "unfinished",
            "等问题",
            "还包括哪些",
        ),
        ("problem", "本装置以科技赋能生产，目前靠人工调节，试过多种办法都不行的。", "slogan", "赋能", "口号"),
        ("problem", "本装置目前能耗较高，靠人工调节负荷，试过多种办法都不行的。", "state", "能耗较高", "到什么程度"),
        ("problem", "本装置要进一步提升隔膜的耐碱本领，目前靠人工，试过多种办法。", "degree", "进一步提升", "多少算够"),
    ],
)
def test_check_points_at_vague_words_and_says_how_to_put_them(
    field: str, text: str, kind: str, excerpt: str, told: str
) -> None:
    finding = _only(_need(**{field: text}), kind)

    assert (finding.field, finding.excerpt, text[finding.start : finding.end]) == (field, excerpt, excerpt)
    assert told in finding.advice


@pytest.mark.parametrize(
    "sentence",
    [
        "把制氢效率由 62 % 提高到 70 %，降低能耗",
        "公司在国内处于领先水平",
        "这对提高我国制氢能力意义重大",
        "隔膜、密封垫和端板等问题",
        "碱性电解槽具有效率高的优点",
        "药剂成本较大，每年 50 万元",
        "需要低能耗大风量的风机",
    ],
)
def test_check_leaves_alone_what_is_said_with_a_number_or_is_no_demand(sentence: str) -> None:
    assert _kinds(_need(problem=f"目前隔膜容易穿孔，试过换厂家也不行。{sentence}。")) == []


def test_check_names_a_sort_of_vagueness_once_a_field_and_counts_the_rest() -> None:
    text = "电解槽目前要提高制氢效率，提升气体质量，改善隔膜寿命，试过多种办法。"

    finding = _only(_need(problem=text), "change")

    assert finding.excerpt == "提高制氢效率"
    assert "还有 2 处" in finding.advice


def test_check_asks_for_text_before_anything_finer() -> None:
    bare = _need(problem="", present_state="", target_indicators="")

    assert _kinds(bare) == ["text", "numbers"]
    assert _only(bare, "text").severity == "must"


def test_check_misses_numbers_only_where_the_whole_need_has_none() -> None:
    none = _need(problem="碱性电解槽的隔膜目前总是穿孔，换过厂家也没有用，急需解决。", target_indicators="隔膜耐用")

    assert _only(none, "numbers").field == "target_indicators"
    assert "numbers" not in _kinds(_need(target_indicators="隔膜耐用"))


def test_check_names_the_numbers_that_comparable_postings_give() -> None:
    comparables = (
        Profile("1", "电解槽", "氢气纯度 ≥99.9 %，直流电耗 ≤4.3 kWh/Nm³"),
        Profile("2", "电解槽", "氢气纯度不低于 99.5 %，寿命 60000 小时"),
        Profile("3", "电解槽", "没有数"),
    )

    finding = _only(_need(), "indicators", comparables)

    assert "2 条写了纯度（单位如 %）" in finding.advice
    assert "能耗" not in finding.advice
    assert "indicators" not in _kinds(_need(target_indicators="氢气纯度 ≥99.9 %"), comparables)
    assert "indicators" not in _kinds(_need(), comparables[:1])


def test_check_asks_for_the_scene_the_present_state_and_what_was_tried() -> None:
    story = _need(
        title="报税软件的升级办法",
        problem="用爬虫技术对注入技术升级，把任务由前台迁到后台，要能同时运行 200 h 以上。",
        present_state="",
        target_indicators="",
    )

    assert _kinds(story) == ["present", "scene"]
    assert _kinds(
        _need(present_state="目前用国产隔膜", problem=CLEAR["problem"].split("，")[0] + "时穿孔，很快就坏掉")
    ) == ["tried"]


@pytest.mark.parametrize(
    ("title", "items"),
    [
        ("液态储氢、固态储氢、有机液体储氢技术研发", ["液态储氢", "固态储氢", "有机液体储氢技术研发"]),
        ("可降解塑料（PGA、PBS）、煤基特种蜡和碳纤维等新材料", ["可降解塑料（PGA、PBS）", "煤基特种蜡", "碳纤维"]),
    ],
)
def test_check_proposes_to_split_a_title_with_several_technologies(title: str, items: list[str]) -> None:
    finding = _only(_need(title=title), "several")

    assert all(f"“{item}”" in finding.advice for item in items)
    assert title[finding.start : finding.end].startswith(items[0])


@pytest.mark.parametrize(
    "title",
    ["“空、天、地”一体化示范农场", "蔬菜优质、高效、安全、生态栽培", "铸件增碳，造成成分不合格、影响强度、影响外观"],
)
def test_check_takes_no_adjectives_quotes_or_stories_for_technologies(title: str) -> None:
    assert "several" not in _kinds(_need(title=title))


def test_check_finds_a_title_of_general_words_too_broad() -> None:
    assert _only(_need(title="园区企业智能化升级改造"), "general").field == "title"


def test_check_asks_an_achievement_in_its_own_words() -> None:
    parts = (
        Part("title", "title", "名称", "碱性电解槽用复合隔膜、端板、极板"),
        Part(
            "abstract",
            "problem",
            "成果简介",
            "复合隔膜采用溶胶凝胶涂覆，面电阻低，气密性好，用于碱性电解槽的制氢装置。",
        ),
        Part("advantages", "targets", "技术优势", ""),
        Part("application", "present", "已应用情况", ""),
    )

    found = check(Draft(asks=False, parts=parts, keywords=("隔膜",), filed=True), [], WORDS)

    assert [finding.kind for finding in found] == ["numbers", "present"]
    assert found[0].field == "advantages"
    assert "小试、中试" in found[1].advice


def test_check_asks_for_keywords_and_categories_last() -> None:
    draft = _need(problem="电解槽目前要提高制氢效率，试过多种办法都不行，急需解决。")
    bare = Draft(draft.asks, draft.parts, (), filed=False)

    assert _kinds(bare)[-2:] == ["keywords", "categories"]


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, min_size=4, max_size=4))
def test_check_takes_any_text_and_points_into_it(said: list[str]) -> None:
    draft = _need(**dict(zip(ROLES, said, strict=True)))
    by_field = dict(zip(ROLES, said, strict=True))

    found = check(draft, [], WORDS)

    assert all(by_field[one.field][one.start : one.end] == one.excerpt for one in found)
    assert [ORDER.index(one.kind) for one in found] == sorted(ORDER.index(one.kind) for one in found)
    assert found == check(draft, [], WORDS)


def test_keywords_are_terms_of_the_text_that_are_not_given_yet() -> None:
    found = suggested_keywords(
        "PEM电解水制氢关键技术研究及应用", "电解水制氢用于鄂尔多斯市的园区，提高效率", ["PEM"], WORDS, lambda _: 1.0
    )

    assert found == ["电解水制氢"]


def test_keywords_keep_the_letters_of_the_text_and_the_limit() -> None:
    found = suggested_keywords("MEMS 麦克风封装与 ASIC 芯片测试", "", [], WORDS, len, limit=2)

    assert len(found) == 2
    assert "MEMS" in suggested_keywords("MEMS 麦克风封装", "", [], WORDS, lambda _: 1.0)


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_keywords_stand_in_the_text(title: str, body: str) -> None:
    for word in suggested_keywords(title, body, [], WORDS, lambda _: 1.0):
        assert word in f"{title}\n{body}"
