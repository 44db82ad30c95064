"""Source documents, and the passages of each with the records they support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from models import (
    Achievement,
    Citation,
    Indicator,
    KeyTechnology,
    Labelled,
    Need,
    Organization,
    Programme,
    Source,
)
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.queries.listing import Column, Filter, Listing, choices, equals, narrowed


class Cited(Labelled):
    """The kinds of record that documents speak of, by class name."""

    NEED = "Need", "技术需求"
    ACHIEVEMENT = "Achievement", "科技成果"
    ORGANIZATION = "Organization", "机构"
    KEY_TECHNOLOGY = "KeyTechnology", "关键技术"
    PROGRAMME = "Programme", "计划与政策"
    INDICATOR = "Indicator", "官方指标"


PAGES = {
    Cited.NEED: "/needs",
    Cited.ACHIEVEMENT: "/achievements",
    Cited.ORGANIZATION: "/organizations",
    Cited.KEY_TECHNOLOGY: "/facts/key-technologies",
    Cited.PROGRAMME: "/facts/programmes",
    Cited.INDICATOR: "/facts/indicators",
}
_NAMES: dict[Cited, Any] = {
    Cited.NEED: Need.title,
    Cited.ACHIEVEMENT: Achievement.title,
    Cited.ORGANIZATION: Organization.name,
    Cited.KEY_TECHNOLOGY: KeyTechnology.name,
    Cited.PROGRAMME: Programme.name,
    Cited.INDICATOR: Indicator.name,
}


def _name() -> ColumnElement[str]:
    """The name of the record a passage supports."""
    return case(
        *(
            (
                Citation.record_type == kind.value,
                select(column).where(column.class_.id == Citation.record_id).correlate(Citation).scalar_subquery(),
            )
            for kind, column in _NAMES.items()
        ),
        else_="",
    )


def _visible(ctx: Context) -> ColumnElement[bool]:
    """Passages whose record the actor may know of."""
    return or_(
        Citation.record_type.in_([kind.value for kind in Cited if kind not in (Cited.NEED, Cited.ACHIEVEMENT)]),
        and_(
            Citation.record_type == Cited.NEED.value,
            Citation.record_id.in_(select(Need.id).where(visibility.postings(ctx, Need))),
        ),
        and_(
            Citation.record_type == Cited.ACHIEVEMENT.value,
            Citation.record_id.in_(select(Achievement.id).where(visibility.postings(ctx, Achievement))),
        ),
    )


CITATIONS = Listing(
    key="citations",
    label="摘录",
    path="/facts/sources",
    source=Citation.__table__,
    columns=(
        Column("id", "编号", Citation.id, align="right"),
        Column("record_type", "类别", Citation.record_type, show=lambda value: Cited(value).label),
        Column("title", "条目", _name(), sortable=False),
        Column("record_id", "条目编号", Citation.record_id, listed=False),
        Column("evidence", "原文", Citation.evidence, sortable=False),
        Column("note", "说明", Citation.note, sortable=False),
    ),
    visible=_visible,
    search=(Citation.evidence, _name()),
    filters=(Filter("kind", "类别", equals(Citation.record_type, Cited), choices(Cited)),),
    order="id",
    unit="条",
)


def passages_of(source: Source) -> Listing:
    """The list of a document's passages."""
    mine = narrowed(CITATIONS, lambda _ctx: Citation.source_key == source.key)
    return replace(mine, path=f"/facts/sources/{source.key}")


def source_of(ctx: Context, key: str) -> Source:
    """The document. Raises NotFound."""
    source = ctx.session.get(Source, key)
    if source is None:
        raise NotFound(f"没有编号为 {key} 的来源文件。")
    return source


def sources(ctx: Context) -> Sequence[Row[Any]]:
    """All documents with how many passages the actor may read of each, those cited most first."""
    passages = (
        select(func.count(Citation.id))
        .where(Citation.source_key == Source.key, _visible(ctx))
        .correlate(Source)
        .scalar_subquery()
    )
    rows = select(Source.key, Source.title, Source.issuer, Source.issued, Source.note, passages.label("passages"))
    return ctx.session.execute(rows.order_by(passages.desc(), Source.key)).all()
