"""Loads ``seeds/``: directories first, then organizations, postings and official facts with their citations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from models import (
    Achievement,
    Citation,
    Comparator,
    Confidentiality,
    Indicator,
    KeyTechnology,
    Organization,
    OrganizationKind,
    PostingState,
    Programme,
    SensitiveLevel,
    SensitiveWord,
    Synonym,
)
from service.context import Context
from service.kinds import KINDS, Kind
from service.resources import SEEDS
from service.seeding.directories import Directories, load_directories
from service.seeding.reader import Row, read_rows
from service.seeding.report import SeedReport
from service.seeding.writer import SeedWriter, Written

PUBLISHED_BECAUSE = "按官方文件代发布"
COMPARATORS = {
    "=": Comparator.EQUAL,
    ">=": Comparator.AT_LEAST,
    ">": Comparator.MORE_THAN,
    "<=": Comparator.AT_MOST,
    "<": Comparator.LESS_THAN,
    "~": Comparator.ABOUT,
    "range": Comparator.RANGE,
}

Plan = dict[str, tuple[Row, dict[str, Any]]]
Citations = dict[tuple[str, str], tuple[Row, dict[str, Any]]]


def load_seeds(ctx: Context, folder: Path = SEEDS) -> SeedReport:
    """Bring the database into line with the files of ``folder``; the caller commits.

    Loading the same files again writes nothing. A row that changed since the last load updates its record; one that did
    not leaves the record as people have edited it. Records that vanished from the files stay and are counted. Raises
    SeedError for a row that cannot be loaded.
    """
    return _Load(ctx, folder).run()


class _Load:
    """One load: what is needed by more than one table."""

    def __init__(self, ctx: Context, folder: Path) -> None:
        self.ctx, self.folder = ctx, folder
        self.writer = SeedWriter(ctx)
        self.citations: Citations = {}
        self.directories: Directories

    def run(self) -> SeedReport:
        self.directories = load_directories(self.writer, self.folder)
        organizations = self.organizations()
        self.postings(KINDS["needs"], "poster", "problem", organizations, cooperation_modes=[])
        self.postings(KINDS["achievements"], "owner", "abstract", organizations, conversion_modes=[])
        self.key_technologies()
        self.programmes()
        self.indicators()
        self.synonyms()
        self.sensitive_words()
        self.writer.keyed(Citation, self.citations, lambda citation: (citation.record_type, citation.origin_key))
        report = self.writer.report
        if report.changed:
            self.ctx.audit("load_seeds", **report.as_dict())
        return report

    def organizations(self) -> Mapping[str, Organization]:
        columns = "key name kind region_code aliases uscc status_note"
        kinds = {kind.value: kind for kind in OrganizationKind}
        plan: Plan = {}
        for row in read_rows(self.folder, "organizations.csv", columns):
            values = {
                "name": row.given("name"),
                "kind": row.one_of("kind", kinds),
                "region_code": self.region(row),
                "aliases": row.words("aliases"),
                "status_note": row.text("status_note"),
            }
            if row.text("uscc"):
                values["uscc"] = row.text("uscc")
            plan[row.given("key")] = (row, values)
        written = self.writer.seeded(Organization, plan)
        mentions = "organization fact_id source evidence note"
        for row in read_rows(self.folder, "organization_sources.csv", mentions, key="fact_id"):
            organization = row.reference("organization", written.records)
            self.cite(row, organization, row.given("fact_id"), row.text("note"))
        return written.records

    def postings(
        self, kind: Kind, owner: str, body: str, organizations: Mapping[str, Organization], **first: Any
    ) -> None:
        """``owner`` is the column of the posting organization; the row's body goes to the record's column ``body``."""
        columns = (
            f"key title body {owner} posted_on_behalf stage_hint region_code keywords categories source evidence note"
        )
        plan: Plan = {}
        filed: dict[str, list[int]] = {}
        for row in read_rows(self.folder, f"{kind.plural}.csv", columns):
            key = row.given("key")
            values = {
                "title": row.given("title"),
                body: row.text("body"),
                "organization_id": row.reference(owner, organizations).id,
                "posted_on_behalf": row.flag("posted_on_behalf"),
                "stage_hint": row.text("stage_hint"),
                "region_code": self.region(row),
                "keywords": row.words("keywords"),
            }
            if kind.model is Achievement:
                values["trl"] = row.whole("trl")
            plan[key] = (row, values)
            nodes = self.directories.categories
            filed[key] = [row.reference("categories", nodes, part).id for part in row.words("categories")]
        written = self.writer.seeded(
            kind.model,
            plan,
            state=PostingState.PUBLISHED,
            confidentiality=Confidentiality.PUBLIC,
            **first,
        )
        self.file_under(kind, written, filed)
        for key in sorted(written.added):
            self.ctx.log(written.records[key].born(PUBLISHED_BECAUSE))
        for key, (row, _) in plan.items():
            self.cite(row, written.records[key], key, row.text("note"))

    def file_under(self, kind: Kind, written: Written, filed: Mapping[str, list[int]]) -> None:
        """Write the category links of new postings, and those of updated ones anew."""
        session, link = self.ctx.session, kind.link
        updated = [written.records[key].id for key in written.updated]
        if updated:
            session.execute(delete(link).where(link.posting_id.in_(updated)))
        links = [
            {"posting_id": written.records[key].id, "category_id": category_id}
            for key in sorted(written.changed)
            for category_id in dict.fromkeys(filed[key])
        ]
        if links:
            session.execute(insert(link), links)

    def key_technologies(self) -> None:
        industries = {
            node.code: node.name for node in self.directories.categories.values() if node.scheme == "industry8"
        }
        plan: Plan = {}
        for row in read_rows(self.folder, "key_technologies.csv", "key industry8 code name source evidence"):
            values = {
                "number": row.given("code"),
                "industry": row.reference("industry8", industries),
                "name": row.given("name"),
            }
            plan[row.given("key")] = (row, values)
        self.reference_records(KeyTechnology, plan)

    def programmes(self) -> None:
        plan: Plan = {}
        for row in read_rows(self.folder, "programmes.csv", "key class name source evidence note"):
            values = {"subtype": row.given("class"), "name": row.given("name"), "note": row.text("note")}
            plan[row.given("key")] = (row, values)
        self.reference_records(Programme, plan)

    def indicators(self) -> None:
        columns = "key name value_text value unit comparator period kind region_code source evidence note"
        plan: Plan = {}
        for row in read_rows(self.folder, "indicators.csv", columns):
            values = {
                "name": row.given("name"),
                "value_text": row.given("value_text"),
                "value": row.decimal("value"),
                "unit": row.text("unit"),
                "comparator": row.one_of("comparator", COMPARATORS),
                "period": row.text("period"),
                "kind": row.given("kind"),
                "region_code": self.region(row),
                "note": row.text("note"),
            }
            plan[row.given("key")] = (row, values)
        self.reference_records(Indicator, plan)

    def synonyms(self) -> None:
        """Groups of words of the field; they come from this project, so no document is cited."""
        plan: Plan = {}
        for row in read_rows(self.folder, "synonyms.csv", "key words field verified note"):
            if len(row.words("words")) < 2:
                raise row.wrong("words", "一组同义词至少两个，用半角分号隔开")
            plan[row.given("key")] = (
                row,
                {"words": row.words("words"), "note": row.text("note") or row.given("field")},
            )
        self.writer.seeded(Synonym, plan)

    def sensitive_words(self) -> None:
        """Words that ask to think again whether a text is secret; they come from this project."""
        plan: Plan = {}
        levels = {level.value: level for level in SensitiveLevel}
        for row in read_rows(self.folder, "sensitive_words.csv", "key word level verified note"):
            values = {"word": row.given("word"), "level": row.one_of("level", levels), "note": row.text("note")}
            plan[row.given("key")] = (row, values)
        self.writer.seeded(SensitiveWord, plan)

    def reference_records(self, kind: type[KeyTechnology | Programme | Indicator], plan: Plan) -> None:
        written = self.writer.seeded(kind, plan)
        for key, (row, _) in plan.items():
            self.cite(row, written.records[key], key)

    def cite(self, row: Row, record: Any, origin_key: str, note: str = "") -> None:
        """Plan the citation of one row; all are written together at the end."""
        kind = type(record).__name__
        values = {
            "source_key": row.reference("source", self.directories.sources).key,
            "record_type": kind,
            "record_id": record.id,
            "origin_key": origin_key,
            "evidence": row.given("evidence"),
            "note": note,
        }
        self.citations[kind, origin_key] = (row, values)

    def region(self, row: Row) -> str | None:
        found = row.maybe_reference("region_code", self.directories.regions)
        return found.code if found else None
