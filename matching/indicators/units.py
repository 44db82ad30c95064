"""Units of measure: how they are written, what they measure, and their exact factors to a base unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from matching.indicators.unit_tables import COUNTED, MEASURES, SPELLINGS, UNDER_THE_STROKE

Vector = tuple[tuple[str, int], ...]
RATIO: Vector = (("ratio", 1),)
"""Percent, ppm, and what cancels out (mg/kg)."""
"""Powers of base symbols, sorted: MPa is (("kg", 1), ("m", -1), ("s", -2))."""

_LETTERS_APART = frozenset({"M", "H", "S", "T", "K", "k", "U", "u", "B", "r", "a", "方", "时", "分", "月", "日"})
"""Spellings that are units only inside a compound (km/H, t/d, T/h), because alone they are mostly something else."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written: what it measures and its factor to the coherent base (``offset`` for kelvin)."""

    vector: Vector
    factor: Fraction
    written: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension people have a word for, with the base unit its bounds are told in."""

    dimension: str
    label: str
    unit: str
    factor: Fraction


def _powers(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in text.split():
        symbol = re.fullmatch(r"(Nm3|[A-Za-z]+)(-?\d)?", part)
        if symbol is None:
            raise ValueError(f"not a power: {part!r}")
        found[symbol[1]] = int(symbol[2] or 1)
    return found


def _vector(powers: Mapping[str, int]) -> Vector:
    return tuple(sorted((symbol, power) for symbol, power in powers.items() if power))


def _atoms(table: str) -> dict[str, Unit]:
    atoms: dict[str, Unit] = {}
    for line in table.strip().splitlines():
        head, spellings = line.split(": ")
        factor, _, powers = head.partition(" ")
        for spelling in spellings.split():
            atoms[spelling] = Unit(_vector(_powers(powers)), Fraction(factor), spelling)
    return atoms


_ATOMS = _atoms(SPELLINGS)
_BELOW = (
    _ATOMS
    | _atoms(UNDER_THE_STROKE)
    | {word: Unit(((word, 1),), Fraction(10000 if word == "万元" else 1), word) for word in COUNTED.split()}
)
_BELOW["万元"] = Unit((("yuan", 1),), Fraction(10000), "万元")
_COUNTS = {word: _BELOW[word] for word in COUNTED.split() if word != "万元"}


def _alternatives(atoms: Mapping[str, Unit]) -> str:
    # A unit of letters must not run into further letters (5 min is not 5 m, 42CrMo no unit).
    ordered = sorted(atoms, key=lambda spelling: (-len(spelling), spelling))
    return "|".join(
        re.escape(spelling) + (r"(?![A-Za-z])" if spelling[-1].isascii() and spelling[-1].isalpha() else "")
        for spelling in ordered
    )


_HEAD = re.compile(_alternatives(_ATOMS | _COUNTS))
_TAIL = re.compile(_alternatives(_BELOW))
_EXPONENT = re.compile(r"(?:\^?([23])(?!\d)|\^?(-[1-3])(?![\d.]| ?[A-Za-z%°小分秒天年个]))")
_MULTIPLIED = re.compile(r"[·⋅*](?=\S)")
_DIVIDED = re.compile(r"\s*/\s*|每(?!年|天|日|小时|次|个|年)|每")
_SCALED = re.compile(r" ?([百千]?万|亿|[百千](?=[吨克瓦米帕升])|10+) ?")
"""Under the stroke: 元/万吨, L/100km."""


def read_unit(text: str, at: int, *, letters: bool = False) -> tuple[Unit, int] | None:
    """The longest unit written at position ``at`` of a folded text and where it ends; None if there is none.

    ``letters`` takes single letters that in running text are mostly something else (5d, 10K) for units too.
    """
    found = _HEAD.match(text, at)
    if found is None:
        return None
    powers: dict[str, int] = {}
    factor, end = _take(powers, Fraction(1), found, text, 1, _ATOMS | _COUNTS)
    pieces = 1
    while True:
        joined = _MULTIPLIED.match(text, end)
        divided = None if joined else _DIVIDED.match(text, end)
        step = joined or divided
        if step is None:
            break
        start, sign = step.end(), 1 if joined else -1
        bracket = divided is not None and text[start : start + 1] == "("
        if bracket:
            start += 1
        more = _SCALED.match(text, start) if divided else None
        scale = Fraction(1)
        if more is not None and _TAIL.match(text, more.end()):
            start, scale = more.end(), Fraction(_scale(more[1]))
        if (following := _TAIL.match(text, start)) is None:
            break
        factor, end = _take(powers, factor / scale, following, text, sign, _BELOW)
        pieces += 1
        if bracket:
            while (inner := re.compile(r"[·⋅*./]").match(text, end)) and (following := _TAIL.match(text, inner.end())):
                factor, end = _take(powers, factor, following, text, -1, _BELOW)
            if text[end : end + 1] == ")":
                end += 1
    if not letters and pieces == 1 and found.group() in _LETTERS_APART:
        return None
    return Unit(_vector(powers) or RATIO, factor, text[at:end]), end


def _scale(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = 1
    for sign in text:
        value *= {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[sign]
    return value


def _take(
    powers: dict[str, int], factor: Fraction, found: re.Match[str], text: str, sign: int, atoms: Mapping[str, Unit]
) -> tuple[Fraction, int]:
    """Multiply the unit found, with the exponent behind it, into ``powers``."""
    unit, end = atoms[found.group()], found.end()
    exponent = _EXPONENT.match(text, end)
    power = sign
    if exponent is not None and unit.written[-1].isalpha() and unit.written[-1].isascii():
        power, end = sign * int(exponent[1] or exponent[2]), exponent.end()
    for symbol, own in unit.vector:
        powers[symbol] = powers.get(symbol, 0) + own * power
    return factor * unit.factor**power, end


def _measures() -> dict[Vector, Measure]:
    found: dict[Vector, Measure] = {}
    for line in MEASURES.strip().splitlines():
        dimension, label, written = line.split()
        read = read_unit(written, 0)
        if read is None or read[1] != len(written):
            raise ValueError(f"no unit: {written}")
        found.setdefault(
            read[0].vector,
            Measure(dimension, label, written.replace("^3", "³").replace("^2", "²").replace("°C", "℃"), read[0].factor),
        )
    return found


@cache
def _known() -> dict[Vector, Measure]:
    return _measures()


def measure_of(unit: Unit) -> Measure:
    """The dimension of a unit; one nobody has a word for is told in its coherent base."""
    known = _known().get(unit.vector)
    if known is not None:
        return known
    return Measure("other", "指标", _base_name(unit.vector), Fraction(1))


_SHOWN = {"a": "年", "yuan": "元", "usd": "美元", "cycle": "次", "degC": "℃", "times": "倍", "ratio": "1"}


def _base_name(vector: Vector) -> str:
    above = [_SHOWN.get(symbol, symbol) + _power(power) for symbol, power in vector if power > 0]
    below = [_SHOWN.get(symbol, symbol) + _power(-power) for symbol, power in vector if power < 0]
    return "·".join(above or ["1"]) + ("/" + "·".join(below) if below else "")


def _power(power: int) -> str:
    return "" if power == 1 else "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(power))


def vector_of(written: str) -> Vector:
    """The vector of a unit by one of its spellings; raises KeyError for what is no unit."""
    read = read_unit(written, 0, letters=True)
    if read is None or read[1] != len(written):
        raise KeyError(written)
    return read[0].vector
