"""What a number measures: the label in the text that its unit fits, or what the unit alone says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.indicators.concepts import Concept, concept_named, own_concept
from matching.indicators.labels import Label, labels_in, run_before
from matching.indicators.spans import Span
from matching.indicators.units import RATIO, Unit, Vector, measure_of
from matching.indicators.wording import LINK, Wording, verb_before

_CLAUSE = re.compile(r"[。；;\n\r!?！？]|,(?!\d{3})")
_YEARLY = re.compile(r"年(?:产(?![生品业])|处理|加工|输送|发电|消耗|消纳|节约|节能|减排|新增)|每年")
_DAILY = re.compile(r"日(?:产|处理|加工)|每[日天]")
_HOURLY = re.compile(r"时产|每小时")
_EACH = re.compile(r"每秒(?:钟)?$")
_SINGLE = re.compile(r"单株|株产|单井|亩|月|班|炉|罐|每")
_COMPARATOR = re.compile(r"[^\d一二两三四五六七八九十百±+-]")
_AGAINST = re.compile(r"[较比]")
_TAIL = re.compile(r"(?:[ \t:]|为|约|达到|达|至|到)$")
_OUTPUT = re.compile(r"产能|产量|规模")
_WORDS_LIKE_UNITS = frozenset(
    {"次", "周次", "循环", "方", "元", "度", "倍", "转", "圈", "目", "分", "时", "A", "V", "N"}
)
_BY_UNIT = {
    "energy_per_gas": "能耗", "coal_per_mass": "能耗", "coal_per_energy": "能耗", "gas_density": "排放",
    "current_density": "电流密度", "surface": "比表面积", "cost_per_mass": "成本", "cost_per_energy": "成本",
    "cost_per_volume": "成本", "cost_per_gas": "成本", "cost_per_area": "成本", "cost_per_power": "成本",
    "throughput": "处理量", "output": "产能", "volume_output": "产能", "gas_output": "产能", "noise": "噪声",
    "conductivity": "导热系数", "conductance": "电导率", "viscosity": "粘度", "colony": "菌数", "colony_mass": "菌数",
}  # fmt: skip
"""What is measured where the unit alone says it."""
_BY_SPELLING = {"Wh/kg": "能量密度", "Wh/L": "能量密度", "kWh/t": "能耗", "千瓦时/吨": "能耗", "kW·h/t": "能耗"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A quantity read before in the same text: its place, its unit's vector and its label."""

    start: int
    end: int
    vector: Vector
    label: Label | None


@dataclass(frozen=True, slots=True)
class Named:
    """What a number measures: the label in the text (None: it gives none), its concept, and the unit it is told in."""

    label: Label | None
    concept: Concept | None
    unit: Unit


def name_of(text: str, floor: int, wording: Wording, span: Span, earlier: Sequence[Earlier]) -> Named | None:
    """What is measured: the nearest word before the number that its unit fits, else one behind it; None: no measure."""
    begin, clause = wording.start, _clause_start(text, wording.start)
    units = _units_for(text, begin, clause, span)
    relative = bool(wording.change) and span.unit.vector == RATIO
    for labels in _candidates(text, floor, clause, wording, earlier, span):
        for label in labels:
            for unit in units:
                for concept in label.concepts:
                    if relative or concept.fits(unit.vector) or _is_changed(text, label, wording, unit):
                        run = (
                            None
                            if label.start >= wording.end or follows(text, label, wording)
                            else _run(text, wording, units[0])
                        )
                        if (
                            run is not None
                            and run.label is not None
                            and run.label.start >= label.end
                            and not _AGAINST.search(text, label.end, run.label.start)
                        ):
                            return run
                        return Named(label, concept, unit)
    unit = units[0]
    if _needs_label(unit, wording):
        return None
    by_unit = _BY_SPELLING.get(unit.written) or _BY_UNIT.get(measure_of(unit).dimension, "")
    named = None if by_unit else _run(text, wording, unit)
    return named or Named(None, concept_named(by_unit), unit)


def _run(text: str, wording: Wording, unit: Unit) -> Named | None:
    """An own word right before a share or a compared number: 粗蛋白 16%, 残碳 ≤5 g/kg."""
    compared = wording.bound != 0 and _COMPARATOR.match(text, wording.start) is not None
    timed = {symbol for symbol, _ in unit.vector} <= {"a", "s"}
    if timed or not (compared or (unit.vector == RATIO and not wording.bound)):
        return None
    end = wording.anchor
    while end and (tail := _TAIL.search(text, max(0, end - 3), end)):
        end = tail.start()
    label = run_before(text, _clause_start(text, end), end)
    return None if label is None else Named(label, own_concept(label.word, unit.vector), unit)


def _is_changed(text: str, label: Label, wording: Wording, unit: Unit) -> bool:
    """降低整机质量20%以上: a share of something that is told in other units."""
    return unit.vector == RATIO and verb_before(text, label.start) != 0 and follows(text, label, wording)


def _candidates(
    text: str, floor: int, clause: int, wording: Wording, earlier: Sequence[Earlier], span: Span
) -> Iterator[list[Label]]:
    """Labels in the order of trust: before the number, behind it, before numbers listed with it, a clause earlier."""
    begin = wording.start
    listed = [read for read in earlier if read.start >= clause]
    head = list(labels_in(text, clause, listed[0].start if listed else begin))
    same = [label for label in head if any(concept.fits(span.unit.vector) for concept in label.concepts)]
    place = sum(read.vector == span.unit.vector for read in listed)
    if "分别" in text[clause:begin] and place < len(same):
        yield [same[place]]
    yield list(labels_in(text, max(clause, floor), begin))[::-1]
    yield _behind(text, wording.end)
    last = earlier[-1] if earlier else None
    between = text[last.end : begin] if last else ","
    if last and last.vector == span.unit.vector and between.strip(" ") != "," and LINK.fullmatch(between.strip(" ,")):
        yield [last.label] if last.label else []
    elif not listed and clause and floor < clause and LINK.fullmatch(text[clause:begin].strip()):
        previous = _clause_start(text, clause - 1)
        yield list(labels_in(text, max(previous, floor), clause))[::-1]


def _behind(text: str, end: int) -> list[Label]:
    """A label that follows at once: 99%的纯度, 500t/d处理能力."""
    link = re.compile(r"[ \t]?(?:的|级)?(?=[\u4e00-\u9fff])").match(text, end)
    if link is None:
        return []
    edge = link.end()
    run = re.compile(r"[\u4e00-\u9fff]{1,8}").match(text, edge)
    return list(labels_in(text, edge, run.end()))[:1] if run else []


def _clause_start(text: str, at: int) -> int:
    earliest = max(0, at - 60)
    return max((match.end() for match in _CLAUSE.finditer(text, earliest, at)), default=earliest)


def _needs_label(unit: Unit, wording: Wording) -> bool:
    """Units that count things or read like words, money and bare years are measures only beside a label they fit."""
    if unit.written in _WORDS_LIKE_UNITS:
        return True
    symbols = {symbol for symbol, _ in unit.vector}
    if symbols == {"a"}:
        return not wording.bound
    return (symbols <= {"yuan", "usd", "a", "s"} and bool(symbols & {"yuan", "usd"})) or (
        len(unit.vector) == 1 and not unit.vector[0][0].isascii()
    )


def _units_for(text: str, begin: int, clause: int, span: Span) -> list[Unit]:
    """The unit as written, and per year, day or hour where the words before say so (年产 10万吨, 日处理 500t)."""
    unit, before = span.unit, text[clause:begin]
    if any(symbol in {"a", "s"} for symbol, _ in unit.vector):
        return [unit]
    per_year = _per(unit, "a", 1)
    if _YEARLY.search(before):
        return [per_year, unit]
    if _DAILY.search(before):
        return [_per(unit, "s", 86400), unit]
    if _HOURLY.search(before):
        return [_per(unit, "s", 3600), unit]
    if _EACH.search(before):
        return [_per(unit, "s", 1)]
    counted = any(not symbol.isascii() for symbol, _ in unit.vector)
    implied = not counted and _OUTPUT.search(before) and not _SINGLE.search(before)
    return [unit, per_year] if implied else [unit]


def _per(unit: Unit, symbol: str, factor: int) -> Unit:
    return Unit(tuple(sorted((*unit.vector, (symbol, -1)))), unit.factor / factor, unit.written)


def follows(text: str, label: Label, wording: Wording) -> bool:
    """Whether the number stands right behind its label, with only linking words between."""
    return LINK.fullmatch(text, label.end, wording.anchor) is not None
