"""Keywords a text suggests for itself: terms of the field, compounds of its title, rare words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from matching.boilerplate import is_office_phrase, without_office_phrases, word_weight
from matching.checkup.gaps import GENERAL
from matching.checkup.vagueness import is_vague
from matching.ngrams import CHINESE
from matching.term_kinds import kind_of
from matching.terms import is_scale, without_names
from matching.text import match_form, normalise, original_span
from matching.words import Segmenter

_SHORTEST, _LONGEST = 2, 12
_TERM = re.compile(rf"(?=.*[{CHINESE}a-z])[0-9a-z{CHINESE}+\-.]+")
_COMPOUND = re.compile(rf"[0-9a-z{CHINESE}+\-]+")
_OFTEN = 3
"""A word of two characters that stands in the body alone is suggested from so many occurrences on."""
_IDLE_TEXT = """
无法 单一 基于 面向 用于 精准 复杂 简化 评价 计算 评估 资质 对象 背景 方法 条件 前景 地位 优势 经验 需要 希望 寻求
本项目 公司 专业 人员 单位 科研单位
广泛应用 技术支持 技术升级 技术改造 计算方法 发展方向 生产线 工作基础 预期 目标 内容 国家 中国 我国 全国 解决 问题
难题 影响
因素 机制 规律 重要 专用 保存 品种
"""
_IDLE = frozenset(_IDLE_TEXT.split())
"""Words that no one would look a posting up by; found by reading suggestions. Editable."""
_PLACE = re.compile(".+[省市县旗盟州]")
_LATIN = re.compile(r"[a-z][0-9a-z+\-]+")
_FIELD_BONUS, _TITLE_BONUS = 1.6, 1.5


def suggested_keywords(
    title: str,
    body: str,
    given: Sequence[str],
    words: Segmenter,
    rarity: Callable[[str], float],
    limit: int = 5,
) -> list[str]:
    """At most ``limit`` terms of the text that no keyword holds yet, the most telling first, ties by the term.

    A term of the segmenter's dictionary counts most, then a compound of the title, then a rare word; ``rarity`` says
    how telling a term is in the catalogue.
    """
    head, text = without_names(normalise(title)), without_names(normalise(body))
    counted = Counter(words.cut(f"{head}\n{text}"))
    compounds = set(_compounds(head, words))
    in_title = set(words.cut(head)) | compounds
    field = frozenset(words.dictionary)
    scores: dict[str, float] = {}
    for term in sorted(in_title | set(counted)):
        known = term in compounds or term in field or words.knows(term)
        known = known and (term in field or term in in_title or len(term) > 2 or counted[term] >= _OFTEN)
        if (
            (known or _LATIN.fullmatch(term))
            and _fits(term)
            and not (term in compounds and all(map(_is_general, words.cut(term))))
        ):
            weight = rarity(term) * (1.0 + min(counted[term], 3) / 3.0) * min(len(term), 6) ** 0.5
            weight *= _FIELD_BONUS if term in field else 1.0
            scores[term] = weight * (_TITLE_BONUS if term in in_title else 1.0)
    taken = [normalise(word) for word in given]
    found: list[str] = []
    for term, _ in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
        if len(found) == limit:
            break
        if not any(term in other or other in term for other in (*taken, *found)):
            found.append(term)
    return [_as_written(term, f"{title}\n{body}") for term in found]


def _as_written(term: str, text: str) -> str:
    """The first place of a folded term in a text, in the text's own letters."""
    folded, offsets = match_form(text)
    at = folded.find(term)
    if at < 0:
        return term
    start, end = original_span(offsets, at, at + len(term))
    return text[start:end]


def _compounds(head: str, words: Segmenter) -> list[str]:
    """Pieces of a folded title between project language and joints, no longer than a keyword."""
    pieces = _COMPOUND.findall(re.sub("的|和|与|及|或|等|用于|基于|面向", "|", without_office_phrases(head)))
    return [piece for piece in pieces if len(words.cut(piece)) <= 3]


def _is_general(word: str) -> bool:
    return word_weight(word) < 1.0 or word in GENERAL or word in _IDLE or kind_of(word) in ("broad", "quality")


def _fits(term: str) -> bool:
    return (
        _SHORTEST <= len(term) <= _LONGEST
        and _TERM.fullmatch(term) is not None
        and _PLACE.fullmatch(term) is None
        and not _is_general(term)
        and not is_office_phrase(term)
        and not is_scale(term)
        and not is_vague(term)
    )
