"""Finding the words for what is measured in a text, with the subject before them (氢气 of 氢气纯度)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from matching.indicators.concepts import Concept, concepts, own_concept

_NEUTRAL_TEXT = """
额定 最大 平均 综合 总体 整体 系统 设计 单位 单位产品 产品 最终 实际 正常 连续 稳定 理论 目标 主要 相关 整机 设备
装置 单台 单套 单机 单条 整个 技术 工艺 项目 公司 企业 要求 指标 达到 实现 保证 确保 满足 以及 并且 需要 可以 能够
具有 具备 拥有 提供 允许 一般 通常 总 各 每 年 不 也 又 都 均 最 较 更 高 低 其 该 本 且 后 前 时 下 实测 传统 常规
现有 原有 当前 目前
"""
_NEUTRAL = tuple(_NEUTRAL_TEXT.split())
"""Words before a label that do not change what is measured."""

_TAILS = (*(word for word in _NEUTRAL if len(word) > 1), "的", "最", "总")
_SUBJECT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9\-]+$")
_CUT = re.compile(
    r".*(?:试验中|过程中|条件下|情况下|以及|达到|实现|提高|提升|降低|减少|缩短|保证|确保|控制|满足|要求|具有|具备|采用|通过|进行|开发|研制|目前|其中|其[它他余]|产品"
    r"|可以|能够|预期|目标|需要|使用|形成|但是|但|需|[的使为将把由从其该各于与及或在至到和比较且时后])"
)
_HOLDS = re.compile(r"含([\u4e00-\u9fff]{1,3})[量率]")
_RATE = re.compile(r"[\u4e00-\u9fff]{1,2}率")
_RUN = re.compile(r"[A-Za-z]{0,3}[\u4e00-\u9fff]{2,12}$")
_NO_NOUNS = frozenset({"结果", "分别", "其中", "包括", "结论", "共计", "合计"})
_NO_NOUN_ENDS = frozenset("有是为在约近达到占超了均仅能可的大小多少以上下内外含减加增降升好差变用按等")
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a text: the concepts its word may mean, its subject, and the span of both."""

    concepts: tuple[Concept, ...]
    word: str
    subject: str
    start: int
    end: int


def _alternative(word: str) -> str:
    return re.escape(word) + ("(?![生品业])" if word.endswith("产") else "")


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(concepts(), key=lambda word: (-len(word), word))
    return re.compile("|".join([*map(_alternative, words), _HOLDS.pattern, _RATE.pattern]))


def labels_in(text: str, start: int, end: int) -> Iterator[Label]:
    """Every label in ``text[start:end]``, left to right."""
    for found in _pattern().finditer(text, start, end):
        word = found.group()
        known = concepts().get(word)
        holds = None if known else _HOLDS.fullmatch(word)
        if holds is not None:
            yield Label(concepts()["含量"], "含量", holds[1], found.start(), found.end())
            continue
        begin = found.start()
        if known is None:  # 平均效率 is a rate of its own only as far as no shorter word is known
            shorter = next((word[cut:] for cut in range(1, len(word) - 1) if word[cut:] in concepts()), word)
            begin += len(word) - len(shorter)
            word, known = shorter, concepts().get(shorter)
        before = _SUBJECT.search(text, max(start, begin - _LONGEST - 4), begin)
        written = before.group() if before else ""
        cut = _CUT.match(written)
        subject = (written[cut.end() :] if cut else written)[-_LONGEST:]
        first = begin - len(subject)
        yield Label(known or (own_concept(word),), word, plain_subject(subject), first, found.end())


def plain_subject(subject: str) -> str:
    """A subject without the words that do not change what is measured (额定, 系统 …) and without list numbers."""
    subject = subject.lstrip("0123456789-")
    changed = True
    while changed and subject:
        changed = False
        for word in _NEUTRAL:
            if subject.startswith(word):
                subject, changed = subject[len(word) :], True
        for word in _TAILS:
            if subject.endswith(word):
                subject, changed = subject[: -len(word)], True
    return subject


def run_before(text: str, start: int, end: int) -> Label | None:
    """The word right before ``end`` where no table holds it (粗蛋白 ≥16%), as a label without subject."""
    found = _RUN.search(text, start, end)
    if found is None:
        return None
    cut = _CUT.match(found.group())
    word = plain_subject(found.group()[cut.end() :] if cut else found.group())
    if not 2 <= len(word) <= _LONGEST or word in _NO_NOUNS or word[-1] in _NO_NOUN_ENDS or _pattern().search(word):
        return None
    return Label((), word, "", found.end() - len(word), found.end())
