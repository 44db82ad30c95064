"""What a second load of the seeds does, and what it says about a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from models import AuditEntry, Category, Citation, Need, NeedCategory, Organization, Region
from service.context import Context
from service.seeding import SeedError, load_seeds
from tests.parts import ONLY_SQLITE
from tests.seeding.conftest import edit, everything


def need_of(ctx: Context, key: str) -> Need:
    return ctx.session.scalars(select(Need).where(Need.seed_key == key)).one()


def test_a_second_load_writes_nothing(seeded: Context) -> None:
    before = everything(seeded)

    report = load_seeds(seeded)
    seeded.commit()

    assert not report.changed
    assert everything(seeded) == before


def test_a_changed_row_updates_its_record_in_place(seeded: Context, seeds: Path) -> None:
    need_id, others = need_of(seeded, "NEED002").id, need_of(seeded, "NEED001").version
    edit(seeds, "needs.csv", "NEED002,大功率燃料电池研制", "NEED002,兆瓦级燃料电池研制")

    report = load_seeds(seeded, seeds)
    seeded.commit()

    need = need_of(seeded, "NEED002")
    assert (need.id, need.title, need.version) == (need_id, "兆瓦级燃料电池研制", 2)
    assert need_of(seeded, "NEED001").version == others
    assert report.as_dict()["needs"] == {"added": 0, "updated": 1, "unchanged": 163, "left_alone": 0}
    written = seeded.session.scalars(select(AuditEntry).where(AuditEntry.action == "seed")).one()
    assert (written.record_type, written.record_id, written.details) == ("Need", need_id, {"key": "NEED002"})


@ONLY_SQLITE
def test_changed_categories_replace_the_old_ones(seeded: Context, seeds: Path) -> None:
    edit(seeds, "needs.csv", "point:1;industry8:1;area:A01;hightech:60303", "point:2;industry8:1")

    load_seeds(seeded, seeds)

    paths = seeded.session.scalars(
        select(Category.path)
        .join(NeedCategory)
        .where(NeedCategory.posting_id == need_of(seeded, "NEED002").id)
        .order_by(Category.path)
    ).all()
    assert paths == ["industry8:1", "point:2"]


@ONLY_SQLITE
def test_changed_evidence_updates_the_citation_and_leaves_the_record(seeded: Context, seeds: Path) -> None:
    edit(seeds, "needs.csv", "S000,研制大功率燃料电池,", "S000,研制大功率燃料电池等装备,核对原文")

    report = load_seeds(seeded, seeds)

    citation = seeded.session.scalars(select(Citation).where(Citation.origin_key == "NEED002")).one()
    assert (citation.evidence, citation.note) == ("研制大功率燃料电池等装备", "核对原文")
    assert need_of(seeded, "NEED002").version == 1
    assert report.as_dict()["citations"]["updated"] == 1


def test_what_people_changed_survives_an_unchanged_row(seeded: Context) -> None:
    organization = seeded.session.scalars(select(Organization).where(Organization.seed_key == "ORG001")).one()
    organization.uscc = "12150600MB0X123456"
    need = need_of(seeded, "NEED002")
    need.problem = "由本单位补充的卡点描述"
    seeded.commit()

    load_seeds(seeded)
    seeded.commit()

    assert need_of(seeded, "NEED002").problem == "由本单位补充的卡点描述"
    assert organization.uscc == "12150600MB0X123456"


@ONLY_SQLITE
def test_a_credit_code_that_people_filled_in_survives_a_changed_row(seeded: Context, seeds: Path) -> None:
    organization = seeded.session.scalars(select(Organization).where(Organization.seed_key == "ORG001")).one()
    organization.uscc = "12150600MB0X123456"
    seeded.commit()
    edit(seeds, "organizations.csv", "ORG001,鄂尔多斯应用技术学院", "ORG001,鄂尔多斯应用技术学院（新）")

    load_seeds(seeded, seeds)

    assert (organization.name, organization.uscc) == ("鄂尔多斯应用技术学院（新）", "12150600MB0X123456")


@ONLY_SQLITE
def test_a_row_that_vanished_is_left_alone_and_counted(seeded: Context, seeds: Path) -> None:
    lines = (seeds / "programmes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (seeds / "programmes.csv").write_text("".join(lines[:-1]), encoding="utf-8", newline="")

    report = load_seeds(seeded, seeds)

    assert report.as_dict()["programmes"] == {"added": 0, "updated": 0, "unchanged": 70, "left_alone": 1}
    assert "文件中已无 1（保留）" in report.as_text()


@ONLY_SQLITE
def test_a_renamed_region_keeps_its_code(seeded: Context, seeds: Path) -> None:
    edit(seeds, "regions.csv", "150621,达拉特旗", "150621,达拉特旗（改）")

    load_seeds(seeded, seeds)

    assert seeded.session.get_one(Region, "150621").name == "达拉特旗（改）"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "column", "words"),
    [
        ("needs.csv", "NEED002,大功率燃料电池研制", "NEED002,", 3, "title", "不能为空"),
        ("needs.csv", "研制大功率燃料电池,ORG025", "研制大功率燃料电池,ORG999", 3, "poster", "不存在的“ORG999”"),
        ("needs.csv", "hightech:60303", "hightech:99999", 3, "categories", "不存在的“hightech:99999”"),
        ("needs.csv", "NEED002", "NEED001", 3, "key", "与第 2 行重复"),
        ("needs.csv", "大功率燃料电池研制", "长" * 121, 3, "title", "最多 120 字"),
        ("organizations.csv", "INSTITUTE,university", "SCHOOL,university", 2, "kind", "没有“SCHOOL”"),
        ("indicators.csv", "1.6,1.6,", "1.6,一点六,", 2, "value", "不是数字"),
        ("indicators.csv", ",comparator,", ",compare,", 1, "comparator", "表头缺少这一列"),
        ("regions.csv", "150000,内蒙古自治区,,", "150000,内蒙古自治区,100000,", 2, "parent_code", "上级“100000”"),
        ("key_technologies.csv", "KT01,1,1.1,", "KT01,1,", 2, "", "应有 6 格，现有 5 格"),
    ],
)
@ONLY_SQLITE
def test_a_broken_row_is_named_by_file_line_and_column(
    empty: Context, seeds: Path, file: str, old: str, new: str, line: int, column: str, words: str
) -> None:
    edit(seeds, file, old, new)

    with pytest.raises(SeedError) as caught:
        load_seeds(empty, seeds)

    assert (caught.value.file, caught.value.line, caught.value.column) == (file, line, column)
    assert words in caught.value.sentence


@ONLY_SQLITE
def test_a_missing_file_is_named(empty: Context, seeds: Path) -> None:
    (seeds / "programmes.csv").unlink()

    with pytest.raises(SeedError, match=r"programmes\.csv"):
        load_seeds(empty, seeds)
