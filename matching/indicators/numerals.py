"""Numbers as Chinese technical texts write them: 1,000 / 1.5×10⁵ / 3.2亿 / 三千五百 / 百分之九十九点五."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

DECIMAL = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
POWER = r"(?:\s*[×xX*]\s*10\s*\^?\s*[-+]?\d{1,2}(?!\d)|[eE][-+]?\d{1,2}(?![\dA-Za-z]))"
NUMBER = rf"(?:10\^[-+]?\d{{1,2}}|{DECIMAL}{POWER}?)"
"""A number in Arabic digits, without sign and without 万 or 亿."""

CHINESE = r"(?:[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"
"""A number in Chinese characters."""

_PARTS = re.compile(rf"(?P<base>10(?=\^)|{DECIMAL})(?:\s*[×xX*]\s*10\s*\^?\s*|[eE]|\^)?(?P<power>[-+]?\d+)?")


def arabic(text: str) -> Fraction:
    """The exact value of a text that NUMBER matches."""
    squeezed = text.replace(" ", "")
    found = _PARTS.fullmatch(squeezed)
    if found is None:
        raise ValueError(f"not a number: {text!r}")
    base, power = found["base"], found["power"]
    if "^" in squeezed and squeezed.startswith("10^"):
        return Fraction(10) ** int(power)
    value = Fraction(base.replace(",", ""))
    return value * Fraction(10) ** int(power) if power else value


def multiplier(text: str) -> Fraction:
    """The factor of 万, 亿, 百万, 千万 …; one for an empty text."""
    factor = Fraction(1)
    for sign in text:
        factor *= _PLACES.get(sign) or _MYRIADS[sign]
    return factor


def chinese(text: str) -> Fraction:
    """The exact value of a text that CHINESE matches: 三千五百 → 3500, 十 → 10, 两万 → 20000, 九点五 → 19/2."""
    whole, _, decimals = text.partition("点")
    total = section = digit = 0
    for sign in whole:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign] if digit and sign != "零" else _DIGITS[sign]
        elif sign in _PLACES:
            section += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[sign]
            section = digit = 0
    value = Fraction(total + section + digit)
    if decimals:
        value += Fraction("0." + "".join(str(_DIGITS[sign]) for sign in decimals))
    return value
