"""Records know their parents and never their children, and their tables are named after them."""

from __future__ import annotations

import re

import pytest

from models import Base

MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
IRREGULAR = {
    "Taxonomy": "taxonomies",
    "Category": "categories",
    "AuditEntry": "audit_entries",
    "BlacklistEntry": "blacklist_entries",
    "InvestmentEntry": "investment_entries",
    "NeedCategory": "need_categories",
    "AchievementCategory": "achievement_categories",
    "KeyTechnology": "key_technologies",
    "RankingStatistics": "ranking_statistics",
    "RankingWeights": "ranking_weights",
    "ProjectParty": "project_parties",
    "SavedSearch": "saved_searches",
    "Match": "matches",
    "Wish": "wishes",
}
"""Plurals that are not formed with s alone."""


def test_there_are_mapped_classes() -> None:
    assert len(MAPPERS) > 20


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__name__)
def test_relationships_point_from_child_to_parent_only(mapper) -> None:  # type: ignore[no-untyped-def] # a parametrised mapper
    for relationship in mapper.relationships:
        assert not relationship.uselist, f"{relationship} is a collection; ask a query instead"
        assert relationship.back_populates is None, relationship
        assert relationship.backref is None, relationship
        assert relationship.lazy == "raise", f"{relationship} would read unasked"


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__name__)
def test_a_table_is_the_plural_snake_case_of_its_class(mapper) -> None:  # type: ignore[no-untyped-def] # a parametrised mapper
    name = mapper.class_.__name__
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    assert mapper.local_table.name == IRREGULAR.get(name, f"{snake}s")


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__name__)
def test_a_record_has_a_chinese_name(mapper) -> None:  # type: ignore[no-untyped-def] # a parametrised mapper
    assert "title_zh" in vars(mapper.class_)
    assert re.search("[\u4e00-\u9fff]", mapper.class_.title_zh)
