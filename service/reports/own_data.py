"""One person's own data as a file: JSON for programs, Excel for people."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from openpyxl import Workbook

from service.context import Context
from service.errors import NotFound
from service.queries.own_data import OwnSection
from service.reports.tables import add_sheet

MEDIA_TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEADS = ("项目", "目的", "依据", "期限", "到期后", "谁能看到")


def own_data_file(ctx: Context, sections: Sequence[OwnSection], form: str) -> bytes:
    """The sections as ``form``, a key of MEDIA_TYPES. Raises NotFound for another."""
    if form not in MEDIA_TYPES:
        raise NotFound("本人数据的导出格式只有 json 和 xlsx。")
    return _json(ctx, sections) if form == "json" else _xlsx(sections)


def as_document(ctx: Context, sections: Sequence[OwnSection]) -> dict[str, object]:
    """What the JSON says: for each kind of record its columns with purpose and term, and the rows."""
    return {
        "exported_at": ctx.now.isoformat(),
        "account": ctx.actor.account_id,
        "sections": [
            {
                "record": section.table,
                "title": section.title,
                "count": section.count,
                "fields": [
                    {
                        "label": one.label,
                        "purpose": one.purpose,
                        "basis": one.basis,
                        "term": one.term,
                        "at_end": one.at_end,
                        "seen_by": one.seen_by,
                    }
                    for one in section.fields
                ],
                "rows": list(section.rows),
            }
            for section in sections
        ],
    }


def _json(ctx: Context, sections: Sequence[OwnSection]) -> bytes:
    return json.dumps(as_document(ctx, sections), ensure_ascii=False, indent=2, default=str).encode() + b"\n"


def _xlsx(sections: Sequence[OwnSection]) -> bytes:
    book = Workbook(write_only=True)
    said = [
        (f"{section.title}：{one.label}", one.purpose, one.basis, one.term, one.at_end, one.seen_by)
        for section in sections
        for one in section.fields
    ]
    add_sheet(book, "清单", _HEADS, said)
    for section in sections:
        heads = list(dict.fromkeys(key for row in section.rows for key in row))
        rows = ([_flat(row.get(head)) for head in heads] for row in section.rows)
        add_sheet(book, section.title, heads, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
