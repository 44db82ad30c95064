"""Reading quantities: every number with its unit in a technical text, with bounds, label and place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from matching.indicators.concepts import concept_named
from matching.indicators.exclusions import is_no_measure
from matching.indicators.folding import fold
from matching.indicators.labels import Label
from matching.indicators.naming import Earlier, Named, follows, name_of
from matching.indicators.quantity import Quantity
from matching.indicators.spans import FIRST, Span, range_end, span_at, span_with_unit_before, value_at
from matching.indicators.units import RATIO, Unit, Vector, measure_of, vector_of
from matching.indicators.wording import Wording, mood, verb_before, wording_round

_SCALE = re.compile(r"(?P<hardness>HRC|HB|HV)[ \t]*$|[pP][hH](?:值)?(?:为|在|:)?[ \t]*(?P<compared>[≥≤<>]=?)?[ \t]*$")
_JOINS = re.compile(r"[0-9A-Za-z)°%-]")
"""Behind these a dash joins two things; elsewhere it is a minus."""
_RATIO = re.compile(r"\d ?[:∶] ?$")
_WORD_END = re.compile(r"[\u4e00-\u9fff](?<![为是在达至到约于])")
_NEGATIVE = frozenset(vector_of(unit) for unit in ("°C", "V", "dB", "Pa"))
_COMPARED = re.compile(r"[≥≤<>]")
_ROUGHNESS = re.compile(r"Ra[ \t]*$")
_MAYBE = re.compile(r"\d|[百千]分之|成|[一二两三四五六七八九十百千万萬亿億][余餘多]?.")
"""Texts without this hold no number."""
_COVERED = re.compile(r"[^,。;；\n]{0,6}(?:范围|区间|适应|工作|使用|环境|运行|负荷|工况|宽)")


@lru_cache(maxsize=4096)  # the same bodies are read for ranking, comparing and the check-up
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number with a unit of measure in ``text``, in its order, with offsets into ``text`` itself.

    Years, dates, money, standard and model numbers, counts of people or patents and the numbers of a list are none.
    """
    if _MAYBE.search(text) is None:
        return ()
    folded, places = fold(text)
    found: list[Quantity] = []
    earlier: list[Earlier] = []
    reached = 0
    for number in FIRST.finditer(folded):
        if number.start() < reached:
            continue
        read = _read(folded, number.start(), reached, earlier)
        if read is None:
            continue
        reached = read.end
        earlier.append(Earlier(read.start, read.end, read.vector, read.label))
        start, end = places[read.start], places[read.end - 1] + 1
        found.append(replace(read.quantity, text=text[start:end], start=start, end=end))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Read:
    """A quantity with its place in the folded text and its unit as written."""

    quantity: Quantity
    start: int
    end: int
    vector: Vector
    label: Label | None


def _read(text: str, at: int, floor: int, earlier: list[Earlier]) -> _Read | None:
    scale = _SCALE.search(text, max(floor, at - 8), at)
    if scale is not None:
        return _on_scale(text, at, floor, scale)
    before = text[at - 1 : at]
    if (
        before == "第"
        or _RATIO.search(text, max(0, at - 3), at)
        or (before.isascii() and (before.isalnum() or before in set("._#@")) and not _ROUGHNESS.search(text, 0, at))
    ):
        return None
    start, sign, tolerance = _signed(text, at)
    span = span_at(text, at, sign) or span_with_unit_before(text, start, at, sign)
    if span is not None and sign < 0 and _is_dash(text, start, span):
        start, sign, span = at, 1, span_at(text, at)
    if span is None or is_no_measure(text, at, span):
        return None
    wording = wording_round(text, floor, start, span.end)
    named = name_of(text, floor, wording, span, earlier)
    if named is None:
        return None
    quantity = _quantity(text, wording, span, named, tolerance)
    return _Read(quantity, min(start, wording.start), wording.end, span.unit.vector, named.label)


def _signed(text: str, at: int) -> tuple[int, int, bool]:
    """Where the number with its sign begins, the sign, and whether it is a tolerance (±)."""
    before = text[at - 1 : at]
    if before in {"-", "负"} and not _JOINS.match(text[at - 2 : at - 1] if at > 1 else ""):
        return at - 1, -1, False
    if text[max(0, at - 2) : at] == "零下":
        return at - 2, -1, False
    if before == "±":
        return at - 1, 1, True
    if text[max(0, at - 3) : at] == "+/-":
        return at - 3, 1, True
    return at, 1, False


def _is_dash(text: str, start: int, span: Span) -> bool:
    """甲酸乙腈-0.1%: behind a word a dash is a minus only for what can be negative."""
    before = text[max(0, start - 1) : start]
    return text[start] == "-" and _WORD_END.match(before) is not None and span.unit.vector not in _NEGATIVE


def _quantity(text: str, wording: Wording, span: Span, named: Named, tolerance: bool) -> Quantity:
    label, concept, unit = named.label, named.concept, named.unit
    measure = measure_of(unit)
    change = 0
    if unit.vector in {RATIO, (("times", 1),)} and not span.moved:
        change = wording.change or (verb_before(text, label.start) if label and follows(text, label, wording) else 0)
    name = label.subject + label.word if label else (concept.name if concept else measure.label)
    known = concept.name if concept else (label.word if label else "")
    better = concept.better if concept else 0
    dimension = (concept.dimension if concept else "") or measure.dimension
    if change:
        verb = "提高" if change > 0 else "降低"
        name, known, better, dimension = name + verb, known and known + verb, 1, "change"
    elif tolerance or (unit.vector != RATIO and dimension == "accuracy"):
        better = -1
        known += "" if dimension in {"accuracy", "error"} or not known else "偏差"
    factor = unit.factor / measure.factor
    lower, upper = _bounds(span, wording, tolerance)
    wish = mood(text, wording.start)
    covers = _COVERED.search(name) is not None or _COVERED.match(text, wording.end) is not None
    terse = label is not None and (better != 0 or covers) and follows(text, label, wording)
    terse = terse and _is_list_of_targets(text, wording)
    wanted = wording.demands or tolerance or bool(span.moved) or bool(change) or terse or wish > 0
    return Quantity(
        dimension=dimension,
        label=name,
        lower=None if lower is None else float(lower * factor),
        upper=None if upper is None else float(upper * factor),
        unit=measure.unit,
        text="",
        start=0,
        end=0,
        concept=known,
        subject=label.subject if label else "",
        better=better,
        covers=covers,
        target=wanted and wish >= 0 and bool(known) and not wording.doubted,
        baseline=wish < 0,
    )


def _is_list_of_targets(text: str, wording: Wording) -> bool:
    """Whether a sign of comparison stands in the same line: then its plain numbers are asked for, too."""
    start, end = text.rfind("\n", 0, wording.start) + 1, text.find("\n", wording.end)
    return _COMPARED.search(text, start, len(text) if end < 0 else end) is not None


def _bounds(span: Span, wording: Wording, tolerance: bool) -> tuple[Fraction | None, Fraction | None]:
    if tolerance:
        return None, abs(span.upper)
    if span.moved:
        return (span.upper, None) if span.moved > 0 else (None, span.upper)
    if span.lower != span.upper:
        return min(span.lower, span.upper), max(span.lower, span.upper)
    return (None if wording.bound < 0 else span.lower), (None if wording.bound > 0 else span.upper)


def _on_scale(text: str, at: int, floor: int, scale: re.Match[str]) -> _Read | None:
    """A number on a scale that stands before it: HRC55-65, pH 6~9."""
    first = value_at(text, at)
    if first is None:
        return None
    value = first[0] * first[1]
    second = range_end(text, first[2])
    end = second[1] if second else first[2]
    unit = Unit(((scale["hardness"] or "pH", 1),), Fraction(1), scale["hardness"] or "pH")
    wording = wording_round(text, floor, at, end)
    outer = wording_round(text, floor, scale.start(), end)
    if wording.bound == 0:
        wording = outer
    named = Named(None, concept_named("硬度" if scale["hardness"] else "酸碱度"), unit)
    quantity = _quantity(text, wording, Span(value, second[0] if second else value, unit, end), named, False)
    quantity = replace(quantity, unit=unit.written)
    return _Read(quantity, min(scale.start(), wording.start), wording.end, unit.vector, None)
