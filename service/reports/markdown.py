"""The outcome report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from service.reports.outcome import Behind, Outcome


def markdown(report: Outcome) -> str:
    """The report as text that reads well as it is."""
    parts = [
        f"# {report.title}",
        f"{report.sentence}。",
        report.money,
        report.coverage,
        "## 主要指标",
        _table(
            ("指标", "数值", "明细"), ((value.figure.label, value.text, value.href) for value in report.values.values())
        ),
        "## 需求转化漏斗",
        _table(("环节", "需求数"), ((value.figure.label, value.text) for value in report.funnel)),
        "## 口径",
        "\n".join(f"- {definition}" for definition in report.definitions),
        "## 官方公布数（原文照录，不与上列数字相加）",
        _official(report),
        *(part for behind in report.behind for part in _behind(behind)),
    ]
    return "\n\n".join(parts) + "\n"


def _official(report: Outcome) -> str:
    if not report.official:
        return "未收录。"
    return "\n".join(
        f"- {one.name}：{one.text}{one.unit}（{one.period}；{'；'.join(source['title'] for source in one.sources)}）"
        for one in report.official
    )


def _behind(behind: Behind) -> list[str]:
    cut = f"，列出前 {len(behind.rows)} {behind.listing.unit}" if behind.total > len(behind.rows) else ""
    return [
        f"## {behind.title}（{behind.total} {behind.listing.unit}{cut}）",
        _table(behind.heads, (behind.cells(row) for row in behind.rows)) if behind.rows else "没有记录。",
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Iterable[Any]) -> str:
    texts = ("" if one is None else str(one).replace("|", "\\|").replace("\n", " ") for one in cells)
    return f"| {' | '.join(texts)} |"
