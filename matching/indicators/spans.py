"""A number where it stands: its value, its unit, and whether it is one end of a range or of a change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from matching.indicators.numerals import CHINESE, DECIMAL, NUMBER, arabic, chinese, multiplier
from matching.indicators.units import RATIO, Unit, read_unit
from matching.indicators.wording import FALLEN, RISEN

_COUNTING_WORDS = (
    "小时|年|月|天|周|分钟|秒|吨|公斤|千克|米|公里|毫米|微米|纳米|度|倍|次|千瓦|兆瓦|亩|升|立方|平方|%|个百分点|个循环"
)
FIRST = re.compile(
    rf"{NUMBER}|百分之{CHINESE}|千分之{CHINESE}|[一二两三四五六七八九]成(?![本为立功熟果员份像型膜都])"
    rf"|{CHINESE}(?=[余多]?个?(?:{_COUNTING_WORDS}))"
)
"""Where a number begins."""

_NUMBER = re.compile(NUMBER)
_IN_WORDS = re.compile(
    rf"百分之(?P<hundredth>{CHINESE})|千分之(?P<thousandth>{CHINESE})|(?P<tenths>[一二两三四五六七八九])成|(?P<plain>{CHINESE})"
)
_MULTIPLIER = re.compile(r" ?(?:[百千]?[万亿]+|[百千](?=[万吨瓦米帕升克伏次小个周元]))")
_SOME = re.compile(r" ?[余多]")
_RANGE = re.compile(r"[ \t]*(?:~+|-+|至|到)[ \t]*")
_PLUS_MINUS = re.compile(r"[ \t]*(?:±|\+/-)[ \t]*")
_CHANGED = re.compile(rf"(?:左右|以上|以下)?,?(?:(?P<risen>{RISEN})|(?P<fallen>{FALLEN}))[ \t]*")
_UNIT_BEFORE = re.compile(r"\(([^()]{1,12})\)[ \t]*:?[ \t]*$|/([^/()\s]{1,8})[ \t]*:[ \t]*$")
_LISTED = re.compile(rf"(?:[ \t]*[、,和与及或][ \t]*{DECIMAL})+")
_VAGUE_IN_WORDS = frozenset({"次", "天", "年", "周", "月", "个月", "分", "度", "米", "倍"})
_SAYS_HOW_MANY = re.compile(r"[一二两三四五六七八九十]")
"""千米钻机 and 百万吨级 say no number."""
_DEGREE = Unit((("degC", 1),), Fraction(1), "度")
_PERCENT = Unit(RATIO, Fraction(1, 100), "%")


@dataclass(frozen=True, slots=True)
class Span:
    """Bounds in the unit as written, and the end; ``moved`` is +1 or -1 where it goes from ``lower`` to ``upper``."""

    lower: Fraction
    upper: Fraction
    unit: Unit
    end: int
    moved: int = 0


def span_at(text: str, at: int, sign: int = 1) -> Span | None:
    """The quantity that begins with the number at ``at``, which has this sign; None where no unit follows."""
    words = _IN_WORDS.match(text, at)
    if words is not None:
        return _span_in_words(text, words)
    first = value_at(text, at)
    if first is None:
        return None
    value, scale, end = first[0] * sign, first[1], first[2]
    own = _unit_at(text, end)
    after = own[1] if own else end
    return (
        _with_tolerance(text, value * scale, own, after)
        or _with_second(text, value, scale, own, after)
        or (Span(value * scale, value * scale, own[0], own[1]) if own else _in_list(text, at, value * scale, end))
    )


def span_with_unit_before(text: str, start: int, at: int, sign: int = 1) -> Span | None:
    """A number whose unit stands before it, as in tables: 温度(℃)：80, 纯度/%：99."""
    found = _UNIT_BEFORE.search(text, max(0, start - 20), start)
    first = value_at(text, at)
    if found is None or first is None:
        return None
    written = found[1] or found[2]
    unit = read_unit(written, 0)
    if unit is None or unit[1] != len(written):
        return None
    value = first[0] * first[1] * sign
    second = range_end(text, first[2])
    return Span(value, second[0] if second else value, unit[0], second[1] if second else first[2])


def value_at(text: str, at: int) -> tuple[Fraction, Fraction, int] | None:
    """A number in digits at ``at``: its value without 万 and 亿, their factor, and its end."""
    found = _NUMBER.match(text, at)
    if found is None:
        return None
    scale = _MULTIPLIER.match(text, found.end())
    end = scale.end() if scale else found.end()
    some = _SOME.match(text, end)
    factor = multiplier(scale.group().strip()) if scale else Fraction(1)
    if some is not None:
        end = some.end()
        late = _MULTIPLIER.match(text, end)
        if late is not None:
            factor, end = factor * multiplier(late.group().strip()), late.end()
    return arabic(found.group()), factor, end


def range_end(text: str, at: int) -> tuple[Fraction, int] | None:
    """The second number of a range whose first ends at ``at``, and where it ends."""
    joined = _RANGE.match(text, at)
    second = value_at(text, joined.end()) if joined else None
    return (second[0] * second[1], second[2]) if second else None


def _unit_at(text: str, at: int) -> tuple[Unit, int] | None:
    while text[at : at + 1] in {" ", "\t", "\u3000"}:
        at += 1
    if text[at : at + 1] == "度" and text[at + 1 : at + 2] not in {"电", "的"}:
        return _DEGREE, at + 1
    return read_unit(text, at)


def _with_tolerance(text: str, value: Fraction, own: tuple[Unit, int] | None, after: int) -> Span | None:
    both = _PLUS_MINUS.match(text, after)
    width = value_at(text, both.end()) if both else None
    if width is None:
        return None
    unit = _unit_at(text, width[2]) or own
    if unit is None:
        return None
    reach = width[0] * width[1]
    return Span(value - reach, value + reach, unit[0], max(unit[1], width[2]))


def _with_second(text: str, value: Fraction, scale: Fraction, own: tuple[Unit, int] | None, after: int) -> Span | None:
    """A range (80-90℃, 50~100亿, 10mm至2cm) or a change (由85%提高到92%); bounds in the second's unit."""
    joined, moved = _RANGE.match(text, after), 0
    if joined is None and (change := _CHANGED.match(text, after)):
        joined, moved = change, 1 if change["risen"] else -1
    if joined is None:
        return None
    start, sign = joined.end(), 1
    if not moved and text[start : start + 1] in {"-", "负"}:
        start, sign = start + 1, -1
    second = value_at(text, start)
    other = _unit_at(text, second[2]) if second else None
    if second is None or other is None or (own is not None and own[0].vector != other[0].vector):
        return None
    shared = scale if own or scale != 1 or moved else second[1]
    ours = value * shared * (own[0].factor / other[0].factor if own else 1)
    return Span(ours, second[0] * second[1] * sign, other[0], other[1], moved)


def _in_list(text: str, at: int, value: Fraction, end: int) -> Span | None:
    """One of several numbers that share the unit of the last: 分别为2.3、2.8和4.7 g/kg."""
    rest = _LISTED.match(text, end)
    if rest is None or not ("." in text[at:end] or "分别" in text[max(0, at - 12) : at]):
        return None
    unit = _unit_at(text, rest.end())
    return Span(value, value, unit[0], end) if unit else None


def _span_in_words(text: str, words: re.Match[str]) -> Span | None:
    end = words.end()
    if words["plain"] is None:
        if words["tenths"]:
            share = chinese(words["tenths"]) * 10
        else:
            share = chinese(words["hundredth"]) if words["hundredth"] else chinese(words["thousandth"]) / 10
        return Span(share, share, _PERCENT, end)
    some = _SOME.match(text, end)
    unit = _unit_at(text, some.end() if some else end)
    value = chinese(words["plain"])
    if not _SAYS_HOW_MANY.search(words["plain"]):
        return None
    if unit is None or (value <= 1 and unit[0].written in _VAGUE_IN_WORDS):
        return None
    return Span(value, value, unit[0], unit[1])
