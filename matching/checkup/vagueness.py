"""Vague wording (空话) in a posting: what is vague, and the form in which it could be said.

The lists were put together by hand from the wording of public calls and needs: each entry is a phrase that reads well
and that nobody can check. They are data to be edited: one rule a row. A phrase is left alone where its sentence holds a
number with a unit or a sum, because then it has been said how much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from matching.checkup.draft import Finding, Part, Severity
from matching.indicators import quantities
from matching.text import sentences


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PERCENT = _words(
    "效率 合格率 良品率 良率 转化率 回收率 收率 利用率 成活率 准确率 检出率 诊断率 去除率 脱除率 纯度 "
    "选择性 覆盖率 故障率"
)
"""Properties that are given in percent."""
MEASURABLE = PERCENT + _words(
    "精度 产量 产能 寿命 强度 硬度 速度 速率 成本 能耗 电耗 水耗 煤耗 单耗 消耗 周期 时间 温度 压力 浓度 "
    "含量 噪声 误差"
    "排放 重量 体积"
)
"""Properties that have a number, in whatever unit."""
SOFT = _words(
    "性能 质量 品质 水平 能力 效果 效益 稳定性 可靠性 安全性 安全系数 竞争力 附加值 适应性 耐久性 耐候性 "
    "一致性 灵活性"
    "自动化程度 智能化水平 自动化水平 技术水平 管理水平 产品质量 产品性能 用户体验 经济效益 社会效益"
)
"""Properties of which one has to say by what they are measured."""
RAISING = _words("提高 提升 增强 增加 改善 改进 优化 加强 加快 强化")
LOWERING = _words("降低 减少 缩短 减小 减轻 压缩")
DEGREES = _words(
    "显著 明显 大幅 大幅度 大大 进一步 较大 较高 较好 更高 更好 更加 尽可能 尽量 一定程度 一定的 适当 "
    "良好 优异 极大 有效"
)
LEVELS = _words(
    "先进水平 领先水平 一流水平 国际先进 国内先进 国际领先 国内领先 行业领先 世界领先 世界一流 国内一流 "
    "填补空白 填补国内空白"
    "国内首创 国际首创"
)
SLOGANS = _words("提质增效 降本增效 转型升级 做大做强 高质量发展 赋能 助力 抓手 新高度 新台阶 跨越式 标杆 引领")
UNNAMED = _words("相关技术 相关问题 相关设备 相关工艺 相关产品 相关领域 相关要求 有关技术 有关问题 某些 若干")
UNFINISHED = _words("等问题 等技术 等方面 等难题 等因素 等情况 等缺点 等不足 等一系列 等等")
_POOR = "低 较低 偏低 不高 过低 差 较差 不足 不够 短 较短 慢 较慢 不稳定 不理想"
_HIGH = "高 较高 偏高 过高 大 较大 过大 长 较长 严重"


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_PROPERTY = _any(MEASURABLE + SOFT)
_VERB = _any(RAISING + LOWERING)
_CHANGE = re.compile(
    rf"(?P<verb>{_VERB})(?:了|其)?(?P<object>(?:(?!{_VERB})[^，。；;、,：:\s]){{0,12}}?)(?P<property>{_PROPERTY})"
    r"(?![一-鿿]?(?:检测|监测|测量|控制|管理|评价|模型|系统))"
)
_MONEY = re.compile(r"\d[\d.,]*\s*[万亿]?元")
_VERBAL = re.compile(f"{_VERB}|{_any(DEGREES)}")
_STATE = re.compile(
    rf"(?<![低高])(?P<property>{_any(MEASURABLE)})(?P<state>{_any((_POOR + ' ' + _HIGH).split())})(?![\d于达])"
)
_BACKGROUND = re.compile("我国|全国|国家|社会|意义|重要作用|产业升级")
"""A sentence about the country or the trade says why the matter counts, not what it is."""
_IDLE = re.compile(r"^(?:的|其|该|产品的|整体|综合|总体|生产|工作|企业|公司|现有|系统)*$")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One sort of vagueness: what it looks like, how grave, and what to say of a place."""

    kind: str
    severity: Severity
    pattern: re.Pattern[str]
    advice: Callable[[re.Match[str]], str]
    unless: re.Pattern[str] | None = None
    """Sentences that hold this are left alone."""


def _change(match: re.Match[str]) -> str:
    said, of, what = match.group(), match["object"], match["property"]
    nameless = _IDLE.match(of) is not None
    thing = f"（对象）的{what}" if nameless else f"{of}{what}"
    to = "降到" if match["verb"] in LOWERING else "提高到"
    named = f"“{said}”没说是哪个环节、哪种产品的，也" if nameless else f"“{said}”"
    if what in SOFT:
        return f"{named}没说用哪项指标衡量。可写成“{thing}按（指标）由＿＿{to}＿＿”。"
    blank = "＿＿％" if what in PERCENT else "＿＿（带单位）"
    return f"{named}没有数。可写成“{thing}由{blank}{to}{blank}”。"


def _state(match: re.Match[str]) -> str:
    blank = "＿＿％" if match["property"] in PERCENT else "＿＿（带单位）"
    return f"“{match.group()}”到什么程度？写上数，如“{match['property']}现在为{blank}，要求{blank}”。"


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(_any(words))


RULES: tuple[_Rule, ...] = (
    _Rule("change", "should", _CHANGE, _change, _BACKGROUND),
    _Rule(
        "level",
        "should",
        _phrases(LEVELS),
        lambda match: f"“{match.group()}”无从检验。可写明与谁比、比哪项指标、各是多少。",
        re.compile("公司|企业|集团|团队|院所|高校|专家|基地"),
    ),
    _Rule(
        "slogan",
        "could",
        _phrases(SLOGANS),
        lambda match: f"“{match.group()}”是口号，帮不上匹配。换成具体卡在哪一步、要做到什么数。",
        _BACKGROUND,
    ),
    _Rule("state", "could", _STATE, _state, re.compile("优点|优势|特点|优良|优异")),
    _Rule(
        "unnamed",
        "could",
        _phrases(UNNAMED),
        lambda match: f"“{match.group()}”指哪一项？写出名字，匹配才找得到。",
    ),
    _Rule(
        "degree",
        "could",
        re.compile(rf"(?<!的)(?:{_any(DEGREES)})(?:{_VERB})"),
        lambda match: f"“{match.group()}”多少算够？写上数，或写明怎样验收。",
    ),
    _Rule(
        "unfinished",
        "could",
        _phrases(UNFINISHED),
        lambda match: f"“{match.group()}”还包括哪些？把要紧的写全，其余删去。",
    ),
)


def is_vague(phrase: str) -> bool:
    """Whether a phrase is vague by any of the rules, or the beginning of such a one (进一步提高)."""
    return any(rule.pattern.search(phrase) is not None for rule in RULES) or _VERBAL.match(phrase) is not None


def vague(part: Part) -> Iterator[Finding]:
    """The vague places of one part: each rule's first, with how many more there are; places never overlap."""
    numbers = [quantity.start for quantity in quantities(part.text)]
    numbers += [match.start() for match in _MONEY.finditer(part.text)]
    taken: list[tuple[int, int]] = []
    first: dict[str, Finding] = {}
    more: dict[str, int] = {}
    for sentence in sentences(part.text):
        if any(sentence.start <= start < sentence.end for start in numbers):
            continue
        for rule in RULES:
            if rule.unless is not None and rule.unless.search(sentence.text) is not None:
                continue
            for match in rule.pattern.finditer(part.text, sentence.start, sentence.end):
                if rule.kind == "unfinished" and _listed(part.text, sentence.start, match.start()):
                    continue
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                taken.append(match.span())
                if rule.kind in first:
                    more[rule.kind] = more.get(rule.kind, 0) + 1
                else:
                    first[rule.kind] = Finding(
                        rule.kind, rule.severity, part.field, *match.span(), match.group(), rule.advice(match)
                    )
    for kind, finding in first.items():
        others = f"（这一栏里类似的还有 {more[kind]} 处）" if kind in more else ""
        yield replace(finding, advice=finding.advice + others)


def _listed(text: str, start: int, end: int) -> bool:
    """Whether two or more things were listed in the clause before: then “等” leaves little open."""
    clause = re.split("[，,；;]", text[start:end])[-1]
    return "、" in clause or "和" in clause or "及" in clause
