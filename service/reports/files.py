"""The outcome report as a file of any of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from service.context import Context
from service.errors import NotFound
from service.reports.excel import excel
from service.reports.markdown import markdown
from service.reports.outcome import Outcome, as_document
from service.reports.pdf import pdf
from service.reports.word import word

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}

_MAKERS: Mapping[str, Callable[[Context, Outcome], bytes]] = {
    "docx": lambda _ctx, report: word(report),
    "xlsx": excel,
    "pdf": lambda _ctx, report: pdf(word(report)),
    "md": lambda _ctx, report: markdown(report).encode(),
    "json": lambda _ctx, report: json.dumps(as_document(report), ensure_ascii=False, indent=2).encode() + b"\n",
}


def report_file(ctx: Context, report: Outcome, form: str) -> bytes:
    """The report in ``form``, a key of MEDIA_TYPES. Raises NotFound for another, NoPdf where PDF cannot be made."""
    if form not in _MAKERS:
        raise NotFound(f"报告格式只有 {'、'.join(MEDIA_TYPES)}。")
    return _MAKERS[form](ctx, report)


def report_name(report: Outcome, form: str) -> str:
    """What the file is called."""
    return f"{report.title.replace('“', '').replace('”', '')}.{form}"
