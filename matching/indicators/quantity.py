"""What is read from a text and what comes of comparing: a Quantity, an IndicatorFit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["satisfied", "violated", "unknown"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit, as found in a text.

    ``dimension`` is the kind of measure ("purity", "pressure"); ``label`` the Chinese name of what is measured as far
    as the text says it (氢气纯度), else of the dimension. ``lower`` and ``upper`` are closed bounds in ``unit``, the
    dimension's base unit; they are equal for a plain value, and None where the text leaves that side open.
    ``original[start:end] == text``. ``target`` says that the words around it ask for the number or promise it (不低于,
    达到, 要求 …), ``baseline`` that they speak of how things are today or with others (目前, 传统工艺 …).
    ``concept`` and ``subject`` are the label's head and what stands before it (纯度 and 氢气); concept "" is unknown.
    ``covers`` says that a range is one to work in (工作温度, 负荷范围), so that an answer must hold all of it.
    ``better`` is +1 where more is better, -1 where less is, 0 where nobody can say without knowing the process.
    """

    dimension: str
    label: str
    lower: float | None
    upper: float | None
    unit: str
    text: str
    start: int
    end: int
    concept: str = ""
    subject: str = ""
    better: int = 0
    covers: bool = False
    target: bool = False
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorFit:
    """One target of a need, the achievement's number that answers it best (None: it gives none), and the verdict."""

    need: Quantity
    offer: Quantity | None
    verdict: Verdict
