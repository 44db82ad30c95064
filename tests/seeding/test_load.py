"""What a first load of the seeds writes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Achievement,
    AchievementCategory,
    AuditEntry,
    Category,
    Citation,
    Comparator,
    Confidentiality,
    Indicator,
    KeyTechnology,
    Need,
    NeedCategory,
    Organization,
    OrganizationKind,
    PostingState,
    Programme,
    Region,
    Source,
    StateChange,
    Taxonomy,
)
from service.chain import broken_link
from service.context import Context
from service.seeding import load_seeds, seed_terms
from tests.parts import ONLY_SQLITE

CITED = (Organization, Need, Achievement, KeyTechnology, Programme, Indicator)


def count(ctx: Context, kind: Any) -> int:
    return ctx.session.scalar(select(func.count()).select_from(kind)) or 0


def test_load_seeds_writes_every_row_of_every_file(seeded: Context) -> None:
    expected = {
        Source: 11,
        Region: 116,
        Taxonomy: 7,
        Category: 1047,
        Organization: 131,
        Need: 164,
        Achievement: 40,
        KeyTechnology: 31,
        Programme: 71,
        Indicator: 158,
        Citation: 155 + 164 + 40 + 31 + 71 + 158,
    }

    assert {kind: count(seeded, kind) for kind in expected} == expected


@ONLY_SQLITE
def test_load_seeds_reports_what_it_added(empty: Context) -> None:
    report = load_seeds(empty)

    assert report.as_dict()["needs"] == {"added": 164, "updated": 0, "unchanged": 0, "left_alone": 0}
    assert "技术需求：新增 164，更新 0，未变 0" in report.as_text().splitlines()


def test_every_seeded_record_has_a_citation_with_verbatim_evidence(facts: Context) -> None:
    for kind in CITED:
        cited = facts.session.execute(
            select(Citation.record_id, Citation.evidence).where(Citation.record_type == kind.__name__)
        ).all()

        assert {record_id for record_id, _ in cited} == set(facts.session.scalars(select(kind.id)))
        assert all(evidence.strip() for _, evidence in cited)


def test_an_organization_found_in_several_places_cites_each(facts: Context) -> None:
    bureau = facts.session.scalars(select(Organization).where(Organization.name == "鄂尔多斯市科学技术局")).one()

    passages = facts.session.scalars(
        select(Citation.evidence).where(Citation.record_type == "Organization", Citation.record_id == bureau.id)
    ).all()

    assert len(passages) > 1
    assert len(facts.session.scalars(select(Citation).where(Citation.record_type == "Organization")).all()) == 155


def test_postings_are_published_for_everybody_as_the_document_says(facts: Context) -> None:
    need = facts.session.scalars(select(Need).where(Need.seed_key == "NEED002")).one()

    assert (need.title, need.problem) == ("大功率燃料电池研制", "研制大功率燃料电池")
    assert (need.state, need.confidentiality) == (PostingState.PUBLISHED, Confidentiality.PUBLIC)
    assert (need.published_at, need.version, need.is_demo) == (None, 1, False)
    assert (need.stage_hint, need.keywords) == ("研究方向", ["大功率燃料电池", "燃料电池"])
    paths = facts.session.scalars(
        select(Category.path).join(NeedCategory).where(NeedCategory.posting_id == need.id).order_by(Category.path)
    ).all()
    assert paths == ["area:A01", "hightech:60/603/60303", "industry8:1", "point:1"]


def test_every_posting_is_filed_under_a_category(facts: Context) -> None:
    for kind, link in ((Need, NeedCategory), (Achievement, AchievementCategory)):
        filed = set(facts.session.scalars(select(link.posting_id)))

        assert filed == set(facts.session.scalars(select(kind.id)))


@pytest.mark.parametrize("kind", [Need, Achievement])
def test_a_posting_without_a_named_organization_is_posted_on_behalf_by_an_agency(facts: Context, kind: Any) -> None:
    posters = facts.session.execute(
        select(Organization.kind, Organization.name)
        .join(kind, kind.organization_id == Organization.id)
        .where(kind.posted_on_behalf)
        .distinct()
    ).all()

    assert {kind for kind, _ in posters} == {OrganizationKind.AGENCY}
    assert {name for _, name in posters} <= {"鄂尔多斯市科学技术局", "达拉特旗科技发展服务中心"}


@pytest.mark.parametrize(("kind", "rows"), [(Need, 164), (Achievement, 40)])
def test_publishing_is_written_down_with_its_reason(facts: Context, kind: Any, rows: int) -> None:
    changes = facts.session.scalars(select(StateChange).where(StateChange.record_type == kind.__name__)).all()

    assert len({change.record_id for change in changes}) == len(changes) == rows
    assert {(c.from_state, c.to_state, c.reason) for c in changes} == {(None, "PUBLISHED", "按官方文件代发布")}


def test_official_figures_keep_comparator_and_text(facts: Context) -> None:
    handshakes = facts.session.scalars(
        select(Indicator).where(Indicator.comparator == Comparator.MORE_THAN, Indicator.name.contains("握手"))
    ).all()

    assert handshakes
    assert all(figure.value is not None and figure.value_text for figure in handshakes)
    ranges = facts.session.scalars(select(Indicator).where(Indicator.comparator == Comparator.RANGE)).all()
    assert ranges
    assert all(figure.value is None for figure in ranges)


def test_a_categorys_path_leads_through_its_parents(facts: Context) -> None:
    node = facts.session.scalars(select(Category).where(Category.path == "hightech:60/602/60202")).one()
    parent = facts.session.get_one(Category, node.parent_id)

    assert (node.name, parent.code, parent.path) == ("氢能", "602", "hightech:60/602")
    assert node.citation.startswith("国家重点支持的高新技术领域")


def test_the_audit_chain_holds_after_a_load(seeded: Context) -> None:
    assert count(seeded, AuditEntry) == 164 + 40 + 1
    assert broken_link(seeded.session) is None


def test_seed_terms_are_distinct_words() -> None:
    terms = seed_terms()

    assert len(terms) == len(set(terms)) > 400
    assert "电解水制氢" in terms
