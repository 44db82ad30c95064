"""Search finds what was meant: words, pinyin, initials, slips, synonyms, quotes and exclusions."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.search import Document, Found, SearchIndex, Synonyms, highlighted, parse, snippet
from matching.search.pinyin import RUNS, initials, spelled
from matching.words import Segmenter
from tests.matching.strategies import texts

SEGMENTER = Segmenter(["电解水", "制氢", "煤矸石", "钠离子电池"])
TITLES = {
    "1": "宽功率波动的电解水制氢机组",
    "2": "煤矸石充填开采与利用",
    "3": "钠离子电池储能系统",
    "4": "PEM电解槽膜电极寿命提升",
    "5": "二氧化碳加氢制甲醇",
    "6": "奶牛布鲁氏菌病快速检测",
    "7": "电解铝余热利用",
}
DOCUMENTS = [Document("needs", key, title) for key, title in TITLES.items()]
INDEX = SearchIndex(DOCUMENTS, SEGMENTER)
SAME = Synonyms([["质子交换膜", "PEM"], ["二氧化碳", "CO2"], ["布鲁氏菌病", "布病"]])


def _ids(found: Found) -> list[str]:
    return [hit.document.id for hit in found.hits]


def _search(text: str) -> Found:
    return INDEX.search(text, synonyms=SAME)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("电解水", "1"),
        ("電解水", "1"),
        ("ＰＥＭ", "4"),
        ("dianjieshui", "1"),
        ("dian jie shui", "1"),
        ("DianJieShui", "1"),
        ("djs", "1"),
        ("mgs", "2"),
        ("PEM dianjie", "4"),
        ("pem电解", "4"),
        ("CO2", "5"),
        ("质子交换膜", "4"),
        ("布病", "6"),
        ("电结水", "1"),
        ("煤石矸", "2"),
        ("钠离子电迟", "3"),
        ("dianjeshui", "1"),
        ("meigansi", "2"),
        ("利用 煤矸石", "2"),
        ("meigan", "2"),
    ],
)
def test_each_way_of_asking_finds_what_was_meant(query: str, first: str) -> None:
    assert _ids(_search(query))[:1] == [first]


def test_a_slip_is_named_and_may_be_insisted_on() -> None:
    found = _search("电结水")

    assert [(one.typed, one.taken) for one in found.corrections] == [("电结水", "电解水")]
    assert INDEX.search("电结水", literal=True).corrections == ()
    assert INDEX.search("电结水", literal=True).hits == []


def test_a_word_of_the_language_is_no_slip() -> None:
    index = SearchIndex([one for one in DOCUMENTS if one.id != "7"], SEGMENTER)

    assert index.search("电解铝").corrections == ()


def test_all_words_come_before_some_of_them() -> None:
    found = _search("煤矸石 利用")

    assert _ids(found)[0] == "2"
    assert [hit.complete for hit in found.hits] == [True, False]
    assert _ids(found)[1] == "7"


def test_a_word_nobody_has_is_named() -> None:
    found = _search("煤矸石 火星探测")

    assert found.unknown == ("火星探测",) or set("".join(found.unknown)) <= set("火星探测")
    assert not any(hit.complete for hit in found.hits)


def test_quotes_hold_a_phrase_together_and_minus_leaves_out() -> None:
    assert _ids(_search('"电解水制氢"')) == ["1"]
    assert _ids(_search("“电解水制氢”")) == ["1"]
    assert _ids(_search('"制氢电解水"')) == []
    assert _ids(_search("电解 -铝")) == ["1", "4"]
    assert _ids(_search('电解 -"余热"')) == ["1", "4"]


def test_a_negative_number_is_not_an_exclusion() -> None:
    assert parse("电池 -40℃").excluded == ()
    assert parse("电池 -低温").excluded == ("低温",)


def test_what_may_not_be_seen_changes_nothing() -> None:
    """Hidden documents lend no hits, no corrections, no words to go on with."""

    def visible(keys: Collection[str]) -> set[str]:
        return set(keys) - {"needs:1"}

    found = INDEX.search("电结水", visible=visible)
    without = SearchIndex([one for one in DOCUMENTS if one.id != "1"], SEGMENTER).search("电结水")

    assert found.corrections == without.corrections == ()
    assert _ids(INDEX.search("djs", visible=visible)) == []
    assert "电解水" in INDEX.suggest("电解")
    assert "电解水" not in INDEX.suggest("电解", visible=visible)
    assert "电解水" not in "".join(text for text in INDEX.search("dianjie", visible=visible).lit)


def test_words_go_on_from_what_was_typed() -> None:
    assert "电解水" in INDEX.suggest("dianj")
    assert "煤矸石" in INDEX.suggest("mgs")
    assert INDEX.suggest("") == []


def test_highlights_are_spans_of_the_original() -> None:
    pieces = highlighted("PEM電解槽，ＰＥＭ", ["pem", "电解"])

    assert [piece.text for piece in pieces if piece.lit] == ["PEM", "電解", "ＰＥＭ"]


def test_a_snippet_shows_the_passage_that_has_the_words() -> None:
    text = "公司成立于十年前。" * 20 + "现有煤矸石年产三百万吨，急需利用。" + "欢迎各方来谈。" * 20

    shown = snippet(text, ["煤矸石", "利用"])

    assert [piece.text for piece in shown if piece.lit] == ["煤矸石", "利用"]
    assert shown[0].text == shown[-1].text == "…"
    assert sum(len(piece.text) for piece in shown) < 130


def test_initials_and_spelling_keep_letters_whole() -> None:
    assert (spelled("pem电解"), initials("pem电解")) == ("pemdianjie", "pemdj")
    assert spelled("绿氢") == "lvqing"


queries = st.one_of(texts, st.text(max_size=60), st.text('"-“”《》 abcxyz电解水氢\n', max_size=40))


@given(queries)
@example('-"')
@example("-" * 250)
@example("ü ā ǹ")
@example("\ud800")
def test_no_query_fails(query: str) -> None:
    found = _search(query)

    assert len(_ids(found)) == len(set(_ids(found)))
    assert all(0.0 <= hit.score <= 1.0 for hit in found.hits)
    assert INDEX.suggest(query) is not None


WORDS = [
    "电解水",
    "制氢",
    "煤矸石",
    "利用",
    "储能",
    "电池",
    "稀土",
    "永磁",
    "羊绒",
    "分梳",
    "甲醇",
    "催化剂",
    "井下",
    "通风",
]
titles = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5, unique=True).map("".join)


@given(st.lists(titles, min_size=1, max_size=6, unique=True), st.data())
def test_a_document_is_found_by_its_title_its_pinyin_and_its_title_with_a_slip(
    many: list[str], data: st.DataObject
) -> None:
    index = SearchIndex([Document("needs", str(at), title) for at, title in enumerate(many)], SEGMENTER)
    at = data.draw(st.integers(0, len(many) - 1))
    place = data.draw(st.integers(0, len(many[at]) - 1))
    slipped = many[at][:place] + "曦" + many[at][place + 1 :]

    assert index.search(many[at]).hits[0].complete
    assert str(at) in _ids(index.search(many[at]))
    assert str(at) in _ids(index.search(spelled(many[at])))
    assert str(at) in _ids(index.search(slipped))


@given(st.text("电解水氢能煤化工稀土绒羊池储", min_size=2, max_size=12))
def test_a_title_of_any_characters_is_found_by_its_pinyin(title: str) -> None:
    index = SearchIndex([Document("needs", "1", title), *DOCUMENTS[1:]], SEGMENTER)

    assert RUNS.findall(title) == [title]
    assert "1" in _ids(index.search(spelled(title)))


documents = st.lists(
    st.builds(
        lambda key, title, body: Document("needs", str(key), title, body),
        st.integers(0, 6),
        titles,
        st.lists(st.sampled_from(WORDS), max_size=4).map("。".join),
    ),
    max_size=8,
    unique_by=lambda document: document.key,
)


@given(
    documents,
    documents,
    st.sets(st.integers(0, 6)),
    st.sampled_from(["电解水", "djs", "chunengdianchi", "稀土 永磁", "羊容"]),
)
def test_changes_give_the_same_answers_as_building_anew(
    before: list[Document], put: list[Document], gone: set[int], query: str
) -> None:
    dropped = {f"needs:{key}" for key in gone} - {one.key for one in put}
    latest = {one.key: one for one in [*before, *put] if one.key not in dropped}

    changed = SearchIndex(before, SEGMENTER).changed(before[:2]).changed(put, dropped)
    anew = SearchIndex(latest.values(), SEGMENTER)

    assert changed.keys == anew.keys
    assert len(changed) == len(anew)
    ours, theirs = changed.search(query), anew.search(query)
    assert [(hit.document, hit.complete) for hit in ours.hits] == [(hit.document, hit.complete) for hit in theirs.hits]
    assert [hit.score for hit in ours.hits] == [hit.score for hit in theirs.hits]
    assert (ours.corrections, ours.lit) == (theirs.corrections, theirs.lit)


def test_a_snapshot_is_not_changed_by_the_next_one() -> None:
    following = INDEX.changed([Document("needs", "8", "稀土永磁电机")], ["needs:1"])

    assert _ids(following.search("稀土")) == ["8"]
    assert _ids(following.search("电解水")) != ["1"]
    assert _ids(INDEX.search("稀土")) == []
    assert _ids(INDEX.search("电解水"))[0] == "1"


def test_many_changes_are_folded_into_the_base() -> None:
    index = INDEX
    for at in range(300):
        index = index.changed([Document("needs", str(1000 + at), f"井下通风{at}号")])

    assert len(index) == len(TITLES) + 300
    assert len(index.search("通风").hits) == 300
    assert _ids(index.search("djs"))[0] == "1"
