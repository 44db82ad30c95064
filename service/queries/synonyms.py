"""Groups of words that mean the same, for those who keep them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, cast, false, true

from models import Synonym
from service.context import Context
from service.policy import allows
from service.queries.listing import Column, Filter, Listing


def _switched(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    return {"1": Synonym.is_active.is_(True), "0": Synonym.is_active.is_(False)}.get(value)


SYNONYMS = Listing(
    key="synonyms",
    label="同义词",
    path="/admin/synonyms",
    source=Synonym.__table__,
    columns=(
        Column("id", "编号", Synonym.id, align="right"),
        Column("words", "同义的词", Synonym.words, sortable=False, show="、".join),
        Column("note", "说明", Synonym.note),
        Column("is_active", "启用", Synonym.is_active),
        Column("updated_at", "修改时间", Synonym.updated_at),
        Column("version", "版本", Synonym.version, listed=False, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "manage_synonyms") else false(),
    search=(cast(Synonym.words, Text), Synonym.note),
    filters=(Filter("active", "状态", _switched, lambda _ctx: (("1", "启用"), ("0", "停用"))),),
    order="id",
    unit="组",
)
