"""Category suggestions: from names, from labelled neighbours, sure only within a taxonomy."""

from hypothesis import given, settings

from matching import CategorySuggester, Profile, suggest_categories
from tests.matching.strategies import catalogues, profiles

LABELLED = [
    Profile("1", "电解水制氢机组", categories=("point:氢能", "area:1")),
    Profile("2", "大功率燃料电池研制", categories=("point:氢能", "area:1")),
    Profile("3", "钠盐储能电池", categories=("point:储能",)),
    Profile("4", "绒山羊繁育", categories=("area:2",)),
]
NAMES = {
    "point:氢能": "氢能 制氢 储氢",
    "point:储能": "储能与新型电力系统",
    "area:1": "新能源",
    "area:2": "现代畜牧业",
    "area:3": "生物医药 蒙药",
}


def test_suggest_takes_the_labels_of_neighbours_and_says_why() -> None:
    best = suggest_categories(Profile("new", "宽功率电解水制氢"), LABELLED, NAMES)[0]

    assert best.category == "point:氢能"
    assert "电解水制氢机组" in best.because


def test_suggest_knows_a_category_by_its_name_alone() -> None:
    best = suggest_categories(Profile("new", "蒙药新药发现"), LABELLED, NAMES)[0]

    assert best.category == "area:3"
    assert best.because == "文字与“生物医药”相近"


def test_suggest_leaves_the_posting_itself_out() -> None:
    suggester = CategorySuggester(LABELLED, {})

    assert all(suggestion.because != "与已归入此类的“绒山羊繁育”相近" for suggestion in suggester.suggest(LABELLED[3]))


def test_suggest_is_silent_about_a_text_it_does_not_know() -> None:
    assert suggest_categories(Profile("new", "zzz"), LABELLED, NAMES) == []
    assert suggest_categories(Profile("new", "制氢"), [], {}) == []


@settings(max_examples=30, deadline=None)
@given(profiles("new"), catalogues)
def test_suggest_gives_shares_of_each_taxonomy(query: Profile, labelled: list[Profile]) -> None:
    suggestions = suggest_categories(query, labelled, NAMES, k=50)

    by_scheme: dict[str, float] = {}
    for suggestion in suggestions:
        assert 0.0 < suggestion.confidence <= 1.0
        assert suggestion.because
        scheme = suggestion.category.rpartition(":")[0].partition(":")[0]
        by_scheme[scheme] = by_scheme.get(scheme, 0.0) + suggestion.confidence
    assert all(total <= 1.0 + 1e-3 for total in by_scheme.values())
