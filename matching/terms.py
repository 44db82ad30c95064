"""Terms that two folded texts share: words, new words no dictionary knows, and runs of letters and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.boilerplate import FUNCTION_WORDS, OFFICE_WORDS, is_office_phrase
from matching.ngrams import CHINESE
from matching.words import Segmenter

_CHINESE_RUN = re.compile(rf"[{CHINESE}]+")
_LATIN_RUN = re.compile(r"(?<![0-9a-zα-ω])[0-9a-zα-ω][0-9a-zα-ω.+\-]*(?<![.\-])")
_LETTER = re.compile(r"[a-zα-ω]")
_LONGEST_TERM = 24
_UNIT_TEXT = """
kg mg mm cm km m2 m3 nm3 nl ml kw mw gw kwh mwh gwh kv kpa mpa gpa ph hz khz mhz ghz db rpm ppm ppb
万吨 亿吨 万亩 万元 亿元 千瓦 兆瓦 吉瓦 千瓦时 立方米 平方米 公里 小时
"""
_UNITS = frozenset(_UNIT_TEXT.split())
"""Units of measure: that two texts weigh in kilograms says nothing about what they weigh."""


def shared_terms(ours: str, theirs: str, segmenter: Segmenter) -> frozenset[str]:
    """Terms of two or more characters that stand in both folded texts and mean something.

    A Chinese term is a longest common piece, cut back until each end is a word boundary in one of the texts, without
    function words and project language at its ends; a two-character one must be a word for the segmenter.
    """
    words = {word for word in segmenter.cut(ours) + segmenter.cut(theirs) if len(word) >= 2}
    ends = {word[:2] for word in words}, {word[-2:] for word in words}
    found = {term for piece in _common_pieces(ours, theirs) for term in _terms_in(piece, words, *ends)}
    return frozenset((found | (_latin_terms(ours) & _latin_terms(theirs))) - _UNITS)


def occurrences(term: str, folded: str) -> Iterator[tuple[int, int]]:
    """Spans of ``term`` in ``folded``; a term of letters and digits must stand alone."""
    latin = _CHINESE_RUN.search(term) is None
    start = folded.find(term)
    while start >= 0:
        end = start + len(term)
        if not latin or not (_alphanumeric(folded, start - 1) or _alphanumeric(folded, end)):
            yield start, end
        start = folded.find(term, end)


def _alphanumeric(folded: str, position: int) -> bool:
    return 0 <= position < len(folded) and _LATIN_RUN.fullmatch(folded[position]) is not None


def _latin_terms(folded: str) -> set[str]:
    runs = (match.group() for match in _LATIN_RUN.finditer(folded))
    return {run for run in runs if len(run) >= 2 and _LETTER.search(run)}


def _common_pieces(ours: str, theirs: str) -> set[str]:
    """Longest pieces of each place of ``ours`` that ``theirs`` holds too, Chinese only, two or more characters."""
    runs = _CHINESE_RUN.findall(theirs)
    haystack = "\n".join(runs)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    pieces: set[str] = set()
    for run in _CHINESE_RUN.findall(ours):
        reached = 0
        for start in range(len(run) - 1):
            if run[start : start + 2] not in pairs:
                continue
            end = max(start + 2, min(reached, len(run)))
            if end > start + 2 and run[start:end] not in haystack:
                end = start + 2
            while end < len(run) and end - start < _LONGEST_TERM and run[start : end + 1] in haystack:
                end += 1
            if end > reached:
                pieces.add(run[start:end])
                reached = end
    return pieces


def _terms_in(piece: str, words: set[str], heads: set[str], tails: set[str]) -> Iterator[str]:
    core = _strip_office(piece)
    while len(core) > 2 and core not in words and core[:2] not in heads:
        core = _strip_office(core[1:])
    while len(core) > 2 and core not in words and core[-2:] not in tails:
        core = _strip_office(core[:-1])
    if len(core) < 2 or is_office_phrase(core) or core in OFFICE_WORDS or core in FUNCTION_WORDS:
        return
    if len(core) > 2 or core in words:
        yield core


def _strip_office(piece: str) -> str:
    """Without function words and project language at both ends."""
    changed = True
    while changed and len(piece) >= 2:
        changed = False
        for size in (4, 3, 2, 1):
            if len(piece) >= size and (piece[:size] in OFFICE_WORDS or piece[:size] in FUNCTION_WORDS):
                piece, changed = piece[size:], True
            if len(piece) >= size and (piece[-size:] in OFFICE_WORDS or piece[-size:] in FUNCTION_WORDS):
                piece, changed = piece[:-size], True
    return piece
