"""Numbers with a unit that measure nothing here: money, calendar years, dates, ages, experience, 3d and 5g."""

from __future__ import annotations

import re

from matching.indicators.spans import Span
from matching.indicators.units import Vector

_NO_MEASURE = re.compile(r"龄|[^,。;；\n]{0,10}(?:经验|历史)|以?来|前(?![后端])|代|生(?!产)|\d{1,2}月|初|底|末")
_DIMENSIONAL = re.compile(r"[打建模图视显扫动效影维]")
"""3d打印 is no three days."""
_GENERATION = re.compile(r"技术|网络|通信|基站|时代|手机|芯片")
"""Nor are 5g基站 grams."""
_LATELY = re.compile(r"(?:近|过去的?|最近|历时|成立|已有)$")
_MONEY = frozenset[Vector]({(("yuan", 1),), (("usd", 1),)})
_TIME_WORDS = frozenset({"年", "天", "月", "周", "个月", "日", "星期"})


def is_no_measure(text: str, at: int, span: Span) -> bool:
    """Whether the number at ``at`` with this span is one of these."""
    if (
        span.unit.vector in _MONEY
        or (span.unit.written == "d" and _DIMENSIONAL.match(text, span.end))
        or (span.unit.written == "g" and _GENERATION.match(text, span.end))
    ):
        return True
    written = span.unit.written
    if written in _TIME_WORDS and _LATELY.search(text, max(0, at - 4), at):
        return True
    if (
        written in {"年", "年度"}
        and 1900 <= span.lower <= 2100
        and 1900 <= span.upper <= 2100
        and "万" not in text[at : span.end]
    ):
        return True
    return written in _TIME_WORDS and _NO_MEASURE.match(text, span.end) is not None
