"""Words that postings share without meaning the same thing: function words and the language of projects and offices."""

from __future__ import annotations

import re

_FUNCTION_TEXT = """
的 了 和 与 及 或 等 在 是 为 对 从 由 以 将 向 并 且 其 该 各 把 被 使 让 于 之 而 则 但 即 也 都 还 又 就 可
能 要 有 无 不 个 种 类 项 这 那 此 本 我 我们 你 他 它 以及 并且 或者 通过 根据 按照 为了 由于 因此 同时 其中
其他 可以 能够 需要 如何 什么 哪些 目前 现在 已经 以上 以下 之间 方面 情况 过程 问题 进行 具有 相关 有关 所述
包括 采用 利用 使用 实现 达到 满足 提供 提高 改进 解决 存在 要求 主要 一种 一个 一套 多种 各种 不同
"""
_OFFICE_TEXT = """
关键 技术 关键技术 核心 核心技术 共性 研究 研发 开发 研制 研究开发 攻关 突破 创新 集成 集成创新 应用 示范
应用示范 推广 产业 产业化 工程化 转化 成果 成果转化 科技 科技成果 项目 课题 重大 重点 新型 先进 公司 有限公司
有限责任 责任 企业 集团 合作 需求 技术需求 目标 预期 指标 预期目标 领域 方向 建设 设计 方案 服务 支持 推动
开展 加快 引进 培育 配套 综合 系统 设备 装备 方法 制造 生产 产品 工艺 装置 平台 专利 市场 行业 国内 国内外
国际 水平 现有 能力 落地 试验 中试 样机 场景 应用场景 大规模 大型 高效 优质 高性能 一体化 体系 模式 及其 相应
构建 工业 处理 加工 制备 材料 性能 质量 效率 成本 功能 有效 分析 控制 管理 工程 改造 优化
"""

FUNCTION_WORDS: frozenset[str] = frozenset(_FUNCTION_TEXT.split())
"""Grammar, and verbs that any technical text has."""

OFFICE_WORDS: frozenset[str] = frozenset(_OFFICE_TEXT.split())
"""Words of calls, plans and project titles: they say what kind of paper it is, not what it is about."""

OFFICE_WEIGHT = 0.4
"""What an office word counts beside a technical word of the same rarity; set by hand, the measures hardly notice."""

_PHRASES = re.compile(
    "(?:的?(?:关键|核心|共性|重大|重点|成套|配套|相关|新型|集成|综合)?技术"
    "|研究|研发|研制|开发|攻关|应用|示范|推广|产业化|工程化|转化|落地|成果|项目|建设|创新|突破|集成|及其|以及|及|和|与|并|的|等"
    "|技术体系|试验|中试|样机)+"
)


def is_office_phrase(text: str) -> bool:
    """Whether a folded phrase consists of project language alone, as “关键技术研究及应用示范” does."""
    return _PHRASES.fullmatch(text) is not None


def without_office_phrases(folded: str) -> str:
    """The text with its project language of two or more characters replaced by "|", which no term crosses."""
    return _PHRASES.sub(lambda match: "|" if len(match.group()) > 1 else match.group(), folded)


def word_weight(word: str) -> float:
    """What a word counts: 0 for function words, ``OFFICE_WEIGHT`` for project language, 1 for the rest."""
    if word in FUNCTION_WORDS:
        return 0.0
    return OFFICE_WEIGHT if word in OFFICE_WORDS else 1.0
