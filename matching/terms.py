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
_COMPOUND = 4
"""From this length a word is taken for a compound, whose first and last two characters may be words of their own."""
_UNIT_TEXT = """
kg mg mm cm km m2 m3 nm3 nl ml kw mw gw kwh mwh gwh kv kpa mpa gpa ph hz khz mhz ghz db rpm ppm ppb mol min mah
万吨 亿吨 万亩 万元 亿元 千瓦 兆瓦 吉瓦 千瓦时 立方米 平方米 公里 小时 标方 瓦级 吨级 标方级
"""
_UNITS = frozenset(_UNIT_TEXT.split())
"""Units of measure: that two texts weigh in kilograms says nothing about what they weigh."""
_UNIT_RUN = re.compile(r"[0-9.+\-]*(?:" + "|".join(unit for unit in _UNIT_TEXT.split() if unit.isascii()) + r")")
_PARTICLES = frozenset("的了和与及或等在是为对从由以将向并且其该各把被使让于之而则但即")
"""Single characters that begin or end no word; others of FUNCTION_WORDS do (太阳能)."""
_PLACES = frozenset(("中国", "我国", "全国", "全球", "首个", "首台", "首套", "内蒙古", "鄂尔多斯"))
_PLACE = re.compile(r".{2,}(?:自治区|[省市县旗])")
_NAME = re.compile(rf"[{CHINESE}]{{2,4}}(?=集团|有限公司|股份|公司|大学|学院|研究院|研究所)")
_SCALE = re.compile(r"[几数]?[一二三四五六七八九十百千万亿]*(?:千瓦|兆瓦|吉瓦|kw|mw|gw|标方|立方米|吨|瓦|米|升)级")
_POWER = ("瓦级", "kw级", "mw级", "gw级")
_SCALE_BEFORE = re.compile(_SCALE.pattern + r"(?=.)")


def shared_terms(ours: str, theirs: str, segmenter: Segmenter) -> frozenset[str]:
    """Terms of two or more characters that stand in both folded texts and mean something.

    A Chinese term is a longest common piece, cut back until each end is a word boundary in one of the texts, without
    function words and project language at its ends. A two-character one must be a word in one of the texts and not the
    middle of one in the other, or stand at the ends of longer words in both. Names of organizations and places are
    left out, and so is the scale before a term (兆瓦级储能 → 储能).
    """
    ours, theirs = without_names(ours), without_names(theirs)
    our_words, their_words = _words(ours, segmenter), _words(theirs, segmenter)
    words = our_words | their_words
    ends = {word[:2] for word in words}, {word[-2:] for word in words}
    found = {term for piece in _common_pieces(ours, theirs) for term in _terms_in(piece, words, *ends)}
    found = {_SCALE_BEFORE.sub("", term) for term in found}
    found = {term for term in found if len(term) > 2 or _is_word(term, our_words, their_words)}
    latin = {run for run in _latin_terms(ours) & _latin_terms(theirs) if _UNIT_RUN.fullmatch(run) is None}
    return frozenset(term for term in found | latin if term not in _UNITS and not _is_place(term))


def occurrences(term: str, folded: str) -> Iterator[tuple[int, int]]:
    """Spans of ``term`` in ``folded``; a term of letters and digits must stand alone."""
    latin = _CHINESE_RUN.search(term) is None
    start = folded.find(term)
    while start >= 0:
        end = start + len(term)
        if not latin or not (_alphanumeric(folded, start - 1) or _alphanumeric(folded, end)):
            yield start, end
        start = folded.find(term, end)


def scales(folded: str) -> frozenset[str]:
    """Words of scale a folded text uses, whole: 百千瓦级, 千标方级, 万吨级. No technology, but its size."""
    return frozenset(match.group() for match in _SCALE.finditer(folded))


def other_scale(ours: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """The scales of two texts where each names one, of the same measure, and not the same: 兆瓦级 and 百兆瓦级."""
    if len(ours) != 1 or len(theirs) != 1 or ours == theirs:
        return None
    [one], [other] = ours, theirs
    return (one, other) if _measure(one) == _measure(other) else None


def _measure(scale: str) -> str:
    return "瓦" if scale.endswith(_POWER) else scale[-2]


def is_scale(term: str) -> bool:
    """Whether a term is a word of scale or the rest of one."""
    return _SCALE.fullmatch(term) is not None


def without_names(folded: str) -> str:
    """The text with the names of organizations covered by "|", each character for one, so places stay."""
    return _NAME.sub(lambda match: "|" * len(match.group()), folded)


def _is_place(term: str) -> bool:
    return term in _PLACES or _PLACE.fullmatch(term) is not None


def _words(folded: str, segmenter: Segmenter) -> set[str]:
    return {word for word in segmenter.cut(folded) if len(word) >= 2}


def _is_word(term: str, ours: set[str], theirs: set[str]) -> bool:
    """Whether a two-character piece is a word of its own; see ``shared_terms``."""
    if _CHINESE_RUN.fullmatch(term) is None:
        return True
    stands = {_stands(term, ours), _stands(term, theirs)}
    return "inside" not in stands and ("word" in stands or ("" not in stands and stands not in ({"part"}, {"short"})))


def _stands(term: str, words: set[str]) -> str:
    """How a two-character piece stands among the words of a text; "" where it only straddles two of them.

    Compounds are mostly built of pairs (硅碳|负极|材料), so a piece at an even place is taken for a part of one.
    """
    if term in words:
        return "word"
    places = {(len(word), word.find(term)) for word in words if term in word}
    if any(size >= _COMPOUND and place == size - len(term) for size, place in places):
        return "tail"
    if any(place % 2 == 0 for _, place in places):
        return "part"
    return "short" if (3, 1) in places else "inside" if places else ""


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
    if len(core) > 2 or core in words or core in tails:
        yield core


def _strip_office(piece: str) -> str:
    """Without function words and project language at both ends; two characters always stay."""
    changed = True
    while changed and len(piece) > 2:
        changed = False
        for size in (4, 3, 2, 1):
            if len(piece) - size >= 2 and _is_idle(piece[:size]):
                piece, changed = piece[size:], True
            if len(piece) - size >= 2 and _is_idle(piece[-size:]):
                piece, changed = piece[:-size], True
    return piece


def _is_idle(part: str) -> bool:
    return part in _PARTICLES if len(part) == 1 else part in OFFICE_WORDS or part in FUNCTION_WORDS
