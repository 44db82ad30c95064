"""Near-duplicates: the same thing said twice, not two things of one kind."""

import pytest
from hypothesis import given, settings

from matching import DuplicateFinder, Profile, near_duplicates
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


@pytest.mark.parametrize("title", ["煤制气成果落地转化", "千标方级电解水制氢", "光伏薄膜电池产业化"])
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
