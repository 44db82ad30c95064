"""Near-duplicates: the same thing said twice, not two things of one kind; exact, and current after each change."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from matching import Duplicate, DuplicateFinder, Profile, near_duplicates
from matching.duplicates import finder as room
from matching.duplicates.kernels import scan_counts
from matching.duplicates.rows import body_counts
from matching.duplicates.wording import Wording
from tests.matching.strategies import catalogues, profiles

CANDIDATES = [
    Profile("N1", "电解水制氢关键技术研究及设备开发"),
    Profile("N3", "宽功率波动的千标方级电解水制氢机组关键技术及样机研制"),
    Profile("N5", "宽功率波动适应性百千瓦级PEM电解水制氢装备的开发及工程化示范应用"),
    Profile("N9", "氢能高效制取及氢能应用技术研发"),
    Profile("A1", "煤制油成果落地转化"),
]


@pytest.mark.parametrize(
    ("title", "twin"),
    [
        ("电解水制氢关键技术研究及设备开发", "N1"),
        ("電解水制氫關鍵技術研發與設備開發", "N1"),
        ("氢能的高效制取及氢能应用技术研究", "N9"),
    ],
)
def test_find_shows_a_reworded_title(title: str, twin: str) -> None:
    found = DuplicateFinder(CANDIDATES).find(Profile("new", title))

    assert found[0].id == twin
    assert found[0].shared


@pytest.mark.parametrize("title", ["煤制气项目", "千标方级电解水制氢", "光伏薄膜电池产业化"])
def test_find_shows_no_posting_that_is_merely_related(title: str) -> None:
    assert DuplicateFinder(CANDIDATES).find(Profile("new", title)) == []


def test_find_does_not_take_related_needs_for_duplicates_nor_a_posting_for_its_own() -> None:
    assert DuplicateFinder(CANDIDATES).find(CANDIDATES[1]) == []


def test_find_recognises_a_pasted_body_under_another_title() -> None:
    body = "现有碱性电解槽在功率快速波动时氢氧互串，需研制宽负荷运行的隔膜与控制策略，直流电耗不高于4.3kWh。"

    found = near_duplicates(Profile("new", "电解槽隔膜", body), [Profile("old", "制氢系统改进", body + "另见附件。")])

    assert [duplicate.id for duplicate in found] == ["old"]


@settings(max_examples=40, deadline=None)
@given(profiles("new"), catalogues)
def test_find_takes_anything_and_stays_within_limits(query: Profile, candidates: list[Profile]) -> None:
    found = near_duplicates(query, candidates, limit=3, threshold=0.7)

    assert len(found) <= 3
    assert all(0.7 <= duplicate.similarity <= 1.0 for duplicate in found)
    assert found == near_duplicates(query, list(reversed(candidates)), limit=3, threshold=0.7)


def test_find_keeps_the_likeliest_of_very_many_equal_candidates() -> None:
    crowd = [Profile(f"c{at:04}", f"制氢装置{at}号的安装调试与验收办法说明") for at in range(400)]

    found = DuplicateFinder([*crowd, Profile("z", "制氢装置安全监测平台")]).find(Profile("new", "制氢装置安全监测平台"))

    assert [duplicate.id for duplicate in found][:1] == ["z"]


_TEXT = "煤炭 清洁 高效 利用 电解水 制氢 隔膜 矿井水 处理 风电 叶片 关键技术研究 装备 的 与 PEM 固态电池 系统 羊绒"
_PIECES = _TEXT.split()
_GENERATOR = random.Random(7)
TITLES = ["".join(_GENERATOR.choices(_PIECES, k=_GENERATOR.randint(2, 7))) for _ in range(1_500)]
TITLES += ["".join(_GENERATOR.choices(_PIECES, k=40)) for _ in range(20)]
CROWD = [Profile(f"T{at:04}", title) for at, title in enumerate(TITLES)]
INDEXED = DuplicateFinder(CROWD)
_WORDINGS = {profile.id: Wording.of(profile) for profile in CROWD}

edits = st.lists(
    st.tuples(
        st.sampled_from(["change", "insert", "delete"]), st.integers(0, 200), st.sampled_from("研制氢煤水甲乙xz9")
    ),
    max_size=30,
)


def _edited(title: str, steps: list[tuple[str, int, str]]) -> str:
    signs = list(title)
    for kind, at, sign in steps[: len(title) // 8]:
        place = at % len(signs)
        signs[place : place + (kind != "insert")] = [] if kind == "delete" else [sign]
    return "".join(signs)


def _by_brute_force(title: str, threshold: float) -> dict[str, float]:
    """Every candidate's similarity by rapidfuzz, as ``find`` describes it."""
    query, found = Wording.of(Profile("", title)), {}
    for identifier, other in _WORDINGS.items():
        value = (0.3 * fuzz.ratio(query.title, other.title) + 0.7 * fuzz.ratio(query.core, other.core)) / 100.0
        longer = max(query.span, other.span)
        distance = Levenshtein.distance(query.title, other.title)
        if distance <= longer // 8:
            value = max(value, 1.0 - distance / longer)
        if value >= threshold - 1e-9:
            found[identifier] = round(value, 4)
    return found


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(TITLES) - 1), edits)
def test_find_passes_over_no_title_with_at_most_one_character_in_eight_edited(
    at: int, steps: list[tuple[str, int, str]]
) -> None:
    found = INDEXED.find(Profile("new", _edited(TITLES[at], steps)), limit=len(TITLES))

    assert f"T{at:04}" in {duplicate.id for duplicate in found}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map("".join),
    edits,
    st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
)
def test_find_is_the_same_as_comparing_with_every_candidate(
    title: str, steps: list[tuple[str, int, str]], threshold: float
) -> None:
    query = _edited(title, steps) or title

    found = INDEXED.find(Profile("new", query), limit=len(TITLES), threshold=threshold)

    assert {duplicate.id: duplicate.similarity for duplicate in found} == _by_brute_force(query, threshold)
    assert found == sorted(found, key=lambda duplicate: (-duplicate.similarity, duplicate.id))


@settings(max_examples=60, deadline=None)
@given(st.text("氢煤水风电ab", min_size=30, max_size=450), st.text("氢煤水风电ab", max_size=60), st.integers(0, 400))
def test_find_compares_bodies_with_every_candidate(body: str, other: str, cut: int) -> None:
    bodies = [body[cut:] + other, body, other, body[: len(body) // 2], other + body]
    candidates = [Profile(f"B{at}", "", text) for at, text in enumerate(bodies)]

    found = near_duplicates(Profile("new", "", body), candidates, threshold=0.7)

    assert {duplicate.id: duplicate.similarity for duplicate in found} == {
        candidate.id: round(fuzz.ratio(body[:400], candidate.body[:400]) / 100.0, 4)
        for candidate in candidates
        if len(candidate.body) >= 30 and fuzz.ratio(body[:400], candidate.body[:400]) >= 70.0
    }


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Index anew after three changes, and read lists from the fourth candidate on."""
    monkeypatch.setattr(room, "_FRESH_ROWS", 3)


changes = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(TITLES[:6])), max_size=3),
        st.sets(st.sampled_from("abcdef"), max_size=2),
    ),
    max_size=8,
)


@pytest.mark.usefixtures("little_room")
@settings(max_examples=60, deadline=None)
@given(changes, st.sampled_from(TITLES[:6]))
def test_changed_answers_as_one_built_anew(steps: list[tuple[list[tuple[str, str]], set[str]]], title: str) -> None:
    finder, kept = DuplicateFinder(CANDIDATES), {profile.id: profile for profile in CANDIDATES}
    for put, dropped in steps:
        added = dict(sorted(put))
        profiles = [Profile(identifier, text, text + "的现状与问题，" * 5) for identifier, text in added.items()]
        finder = finder.changed(profiles, dropped)
        kept = {key: one for key, one in kept.items() if key not in dropped} | {one.id: one for one in profiles}
    query = Profile("new", title, title + "的现状与问题，" * 5)

    assert len(finder) == len(kept)
    assert finder.find(query, limit=20) == DuplicateFinder(kept.values()).find(query, limit=20)


def test_changed_leaves_the_finder_it_was_asked_of_as_it_is() -> None:
    before = DuplicateFinder(CANDIDATES)
    after = before.changed([Profile("N1", "羊绒分梳机的改进")], dropped=["N9"])

    assert [one.id for one in before.find(Profile("new", CANDIDATES[0].title))] == ["N1"]
    assert after.find(Profile("new", CANDIDATES[0].title)) == []
    assert [one.id for one in after.find(Profile("new", "羊绒分梳机改进"))] == ["N1"]
    assert (len(before), len(after)) == (5, 4)


def test_find_orders_equals_by_id_and_leaves_out_its_own() -> None:
    same = [Profile(identifier, "羊绒分梳机的改进") for identifier in ("c", "a", "own", "b")]

    found = DuplicateFinder(same).find(Profile("own", "羊绒分梳机的改进"), limit=2)

    assert found == [Duplicate("a", 1.0, ("羊绒分梳机的改进",)), Duplicate("b", 1.0, ("羊绒分梳机的改进",))]


def test_find_refuses_a_threshold_it_cannot_answer_exactly() -> None:
    with pytest.raises(ValueError, match="threshold"):
        INDEXED.find(CROWD[0], threshold=0.3)


def test_bodies_with_too_many_other_signs_are_not_compared_at_all() -> None:
    bodies = ["制氢装置" * 20, "煤炭液化" * 20, "制氢装置" * 19 + "煤炭液化"]
    counts, lengths = body_counts(bodies), np.array([len(body) for body in bodies], np.int64)

    assert scan_counts(counts, lengths, counts[0], lengths[0], 0.8).tolist() == [0, 2]
