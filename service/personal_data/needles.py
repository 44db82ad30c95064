"""The strings that name one person, found in running text and in JSON, and hidden there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models.base import HIDDEN

_TITLES = "经理|老师|教授|博士|主任|先生|女士|工程师|同志|院士|研究员|所长|院长|书记|处长|科长|总监|总"
_BEFORE = "联系人|负责人|经办人|发起人|参会人|代表|同志|教授|博士|由|与|请|找|是|和"
_HAN = "一-鿿"
_LEAST_DIGITS = 7


@dataclass(frozen=True)
class Needles:
    """``exact`` (addresses, numbers) are hidden wherever they stand; ``name`` too, "" when others bear it as well.

    A name of two characters is hidden only where it stands alone, after a word such as 联系人 or before a title such as
    教授: between other characters it is most often part of another word. One character is never looked for.
    """

    mark: str
    exact: tuple[str, ...] = ()
    name: str = ""

    def in_text(self, text: str) -> bool:
        """Whether the text names the person."""
        return any(pattern.search(text) for pattern in self._patterns())

    def hide(self, text: str, longest: int | None = None) -> str:
        """The text with the person hidden, cut to ``longest`` characters."""
        for pattern in self._patterns():
            text = pattern.sub(self.mark, text)
        return text if longest is None else _cut(text, longest, self.mark)

    def hide_in(self, value: Any) -> Any:
        """The same for every text of a JSON value, the keys of objects included."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            return [self.hide_in(one) for one in value]
        if isinstance(value, dict):
            return {self.hide(key): self.hide_in(one) for key, one in value.items()}
        return value

    def pieces(self) -> list[str]:
        """What a database looks for first: a text without any of these names nobody."""
        numbers = [digits[-4:] for digits in map(_digits, self.exact) if digits]
        return [*(one for one in self.exact if not _digits(one)), *numbers, *([self.name] if self._name() else [])]

    def _patterns(self) -> Iterable[re.Pattern[str]]:
        for one in sorted(self.exact, key=len, reverse=True):
            digits = _digits(one)
            if digits:
                yield re.compile(r"(?<!\d)" + r"[\s()（）\-－—]{0,3}".join(digits) + r"(?!\d)")
            else:
                yield re.compile(r"(?<![a-z0-9_.+-])" + re.escape(one) + r"(?![a-z0-9_-])", re.IGNORECASE)
        found = self._name()
        if found:
            yield found

    def _name(self) -> re.Pattern[str] | None:
        name = self.name.strip()
        if len(name) < 2:
            return None
        if name.isascii():
            whole = rf"(?<![a-z]){re.escape(name)}(?![a-z])"
            return re.compile(whole, re.IGNORECASE) if len(name) > 3 else None
        if len(name) > 2:
            return re.compile(re.escape(name))
        shown = re.escape(name)
        alone = rf"(?<![{_HAN}]){shown}(?=[^{_HAN}]|$|{_TITLES})"
        return re.compile(rf"{alone}|(?:(?<=^)|{_after()}){shown}(?=[^{_HAN}]|$|{_TITLES})")


def _after() -> str:
    return "|".join(f"(?<={word})" for word in _BEFORE.split("|"))


def _cut(text: str, longest: int, mark: str) -> str:
    """As long as the column allows, the mark kept: the books take no change without it."""
    if len(text) <= longest:
        return text
    return text[:longest] if mark in text[:longest] or mark not in text else mark[:longest]


def _digits(text: str) -> str:
    """The digits of a telephone number; empty for what is none."""
    if re.fullmatch(r"[\d\s()（）+\-－—]+", text) is None:
        return ""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) >= _LEAST_DIGITS else ""


def mark_of(account_id: int) -> str:
    """What stands where somebody was named."""
    return f"{HIDDEN}-{account_id}〕"
