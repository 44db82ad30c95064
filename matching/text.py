"""One way of writing each text: folding for comparison, with the way back to the original characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import opencc

_ALIKE = str.maketrans(
    {
        "—": "-",
        "–": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "“": '"',
        "”": '"',
        "「": '"',
        "」": '"',
        "‘": "'",
        "’": "'",
        "·": " ",
        "•": " ",
        "℃": "°c",
        "㎥": "m3",
        "㎡": "m2",
        "μ": "μ",
        "\u00ad": "",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\ufeff": "",
        "\ufe0f": "",
    }
)
_SENTENCE_END = re.compile(r"[。！？!?；;\n\r]+|\.(?=\s|$)")
_LONG_SENTENCE = 160
_CLAUSE_END = re.compile(r"[，,、：:]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands: ``original[start:end] == text`` (offsets in code points)."""

    text: str
    start: int
    end: int


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _fold_character(character: str) -> str:
    """Fold one character to the form that is compared; a fixed point, so folding twice changes nothing."""
    folded = character
    for _ in range(4):
        simple = unicodedata.normalize("NFKC", folded.translate(_ALIKE)).lower()
        if not simple.isascii() and not any(map(_is_blank, simple)):
            simple = str(_converter().convert(simple))
        simple = "".join(
            " " if part.isspace() or unicodedata.category(part) in {"Cc", "Cs"} else part for part in simple
        )
        if simple == folded:
            break
        folded = simple
    return folded


class _Folded(dict[int, str]):
    """Code point → its folded form, found at the first use; for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDED = _Folded()


def _is_blank(sign: str) -> bool:
    """Blanks, control characters and the lone halves of surrogate pairs that no library accepts."""
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cs"}


def match_form(text: str) -> tuple[str, list[int]]:
    """Fold ``text`` and say where each folded character came from.

    Returns ``(folded, offsets)`` with ``len(offsets) == len(folded) + 1``: folded character ``i`` comes from the
    original character ``offsets[i]``; the last offset is ``len(text)``. A span ``[a, b)`` of the folded text is
    ``original_span(offsets, a, b)`` of the original.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        folded = _fold_character(character)
        pieces.append(folded)
        offsets.extend([position] * len(folded))
    offsets.append(len(text))
    return "".join(pieces), offsets


def original_span(offsets: list[int], start: int, end: int) -> tuple[int, int]:
    """The half-open span of the original text that covers the folded span ``[start, end)``, ``start < end``."""
    return offsets[start], offsets[end - 1] + 1


def normalise(text: str) -> str:
    """Fold for comparison: NFKC, traditional→simplified, lower case, CO₂→co2, ㎡→m2, ℃→°c, one kind of space.

    Works character by character, so the result can be mapped back by ``match_form``; runs of blanks become one and the
    ends are trimmed. Idempotent.
    """
    return " ".join(text.translate(_FOLDED).split())


def sentences(text: str) -> list[Sentence]:
    """Cut ``text`` into sentences with offsets into ``text`` itself; very long ones are cut at commas."""
    found: list[Sentence] = []
    start = 0
    for end in _cuts(text):
        for piece_start, piece_end in _shorter(text, start, end):
            stripped = _trim(text, piece_start, piece_end)
            if stripped is not None:
                found.append(stripped)
        start = end
    return found


def _cuts(text: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text):
        yield match.end()
    yield len(text)


def _shorter(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONG_SENTENCE:
        commas = [match.end() for match in _CLAUSE_END.finditer(text, start + 20, start + _LONG_SENTENCE)]
        cut = commas[-1] if commas else start + _LONG_SENTENCE
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(text[start:end], start, end) if start < end else None
