"""The words against classified content, for those who keep them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from models import SensitiveWord
from service.context import Context
from service.policy import allows
from service.queries.listing import Column, Filter, Listing


def _switched(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    return {"1": SensitiveWord.is_active.is_(True), "0": SensitiveWord.is_active.is_(False)}.get(value)


SENSITIVE_WORDS = Listing(
    key="sensitive_words",
    label="涉密提示词",
    path="/admin/sensitive-words",
    source=SensitiveWord.__table__,
    columns=(
        Column("id", "编号", SensitiveWord.id, align="right"),
        Column("word", "提示词", SensitiveWord.word),
        Column("level", "作用", SensitiveWord.level),
        Column("note", "说明", SensitiveWord.note),
        Column("is_active", "启用", SensitiveWord.is_active),
        Column("updated_at", "修改时间", SensitiveWord.updated_at),
        Column("version", "版本", SensitiveWord.version, listed=False, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "keep_sensitive_words") else false(),
    search=(SensitiveWord.word, SensitiveWord.note),
    filters=(Filter("active", "状态", _switched, lambda _ctx: (("1", "启用"), ("0", "停用"))),),
    order="id",
    unit="个",
)
