"""The words round a number: at least, at most, raised to, lowered by; and whether they wish or report."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEAST = (
    r"≥|>=|=>|>|不得?[低小少短]于|不应[低小少]于|不亚于|[大高多长]于或?等于|大于|超过|超出|高于|多于|优于|"
    r"长于|至少|最少|起码|突破|下限|超"
)
_MOST = (
    r"≤|<=|=<|<|不得?[高大多长]于|不应[高大多]于|不得?超过|不应超过|不超|[小低少]于或?等于|小于|低于|少于|"
    r"短于|不足|不到|至多|最多|上限"
)
RISEN = r"(?:提高|提升|增加|增长|增大|升高|上升|升|增|扩大|延长)(?:了)?(?:到|至|为)"
FALLEN = r"(?:降低|下降|减少|减小|缩短|缩小|压缩|压减|[降减][噪重耗]|降|减|缩|低)(?:了)?(?:到|至|为)"
_LOW = r"控制在"
MORE = r"(?:提高|提升|增加|增长|增大|增产|上升|升高|扩大|延长|增效|增)(?:了|幅度|率)?"
LESS = r"(?:降低|下降|减少|减小|缩短|缩小|节约|节省|节能|节水|节电|节煤|减排|削减|降|减)(?:了|幅度|率)?"
_REACHED = r"可?达到|可达|高达|达|实现|保持在|稳定在|要求"
_LINKS = (
    r"约为|大约|约|接近|将近|近|左右|为|是|在|:|=|[ \t]|可|到|至|值|分别|均|都|能力|能|将|的|和|、|有|应|需|"
    r"须|则|规模|级别|范围|一般|仅需|仅为|仅"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<risen>{RISEN})|(?P<fallen>{FALLEN}|{_LOW})|(?P<reached>{_REACHED})"
    rf"|(?P<more>{MORE})|(?P<less>{LESS}))(?:{_LINKS})*$"
)
_AFTER = re.compile(
    r"[ \t]*(?:\(含\))?(?:及|及其|或|或者|甚至|还)?"
    r"(?:(?P<least>以上|之上|起步)|(?P<most>以下|以内|之内|之下|内(?![部径容在外蒙存的])))"
)
LINK = re.compile(rf"(?:{_LINKS}|{_LEAST}|{_MOST}|{RISEN}|{FALLEN}|{_LOW}|{_REACHED}|也|就|还|但|并|其)*")
"""Words between a label and its number."""

_VERB = re.compile(rf"(?:(?P<more>{MORE})|(?P<less>{LESS}))$")
_DOUBTED = re.compile(r"(?:不足|不到|仅为?|只有|只能)[^,。]{0,3}$")
_WHEN = re.compile(r"[^,。;\n]{0,8}时(?![间刻段长速候])")
"""低于30%负荷时 names a case, 寿命不足3200小时 complains; neither is a wish."""
_SENTENCE = re.compile(r"[。\n\r!?]")
_REPORTED = re.compile(
    r"目前|现状|当前|现阶段|现在|原来|以往|有的在|低的也有|过去|通常|以前|试过"
    r"|(?<![较比于])(?:现有|已有|已建|传统|常规|普通|只有|只能|仅为|原有)(?=[^,]*$)"
)
_WISHED = re.compile(
    r"要求|目标|希望|预期|力争|拟|计划|期望|需要|需达|必须|达标|以满足|(?:提高|提升|升|降低|下降|减少|降|缩短)[到至]|后(?=.{0,12}$)"
)
_REACH = 24
_SENTENCE_REACH = 160


@dataclass(frozen=True, slots=True)
class Wording:
    """``bound`` +1 at least, -1 at most; ``change`` +1 raised by, -1 lowered by; ``demands``: any word that asks.

    ``start`` and ``end`` take in the comparators beside the number, ``anchor`` also the verb of change before them;
    ``doubted``: the number names a case (低于30%时) or complains (不足).
    """

    bound: int
    change: int
    demands: bool
    start: int
    end: int
    anchor: int
    doubted: bool


def wording_round(text: str, floor: int, start: int, end: int) -> Wording:
    """The wording round the number in ``text[start:end]``, not looking back beyond ``floor``."""
    window = max(floor, start - _REACH)
    before = _BEFORE.search(text[window:start])
    after = _AFTER.match(text, end)
    bound = change = 0
    first, last = start, end
    if before is not None:
        bound = _sign(before["least"] or before["risen"], before["most"] or before["fallen"])
        change = _sign(before["more"], before["less"])
        if before["least"] or before["most"]:
            first = window + before.start()
    if after is not None:
        bound = bound or _sign(after["least"], after["most"])
        last = after.end()
    anchor = window + before.start() if change and before is not None else first
    if not change and (verb := _VERB.search(text[max(floor, first - 6) : first].rstrip())):
        change = _sign(verb["more"], verb["less"])
        anchor = max(floor, first - 6) + verb.start()
    doubted = bool(_DOUBTED.search(text, max(floor, start - 6), start) or _WHEN.match(text, last))
    demands = before is not None or after is not None
    return Wording(bound, change, demands, first, last, anchor, doubted)


def verb_before(text: str, at: int) -> int:
    """+1 or -1 where a verb of change ends at ``at``, as before the label in 提高回收率20%."""
    found = _VERB.search(text[max(0, at - 5) : at])
    return 0 if found is None else _sign(found["more"], found["less"])


def mood(text: str, at: int) -> int:
    """+1 where the words of the sentence before ``at`` wish (要求, 目标), -1 where they tell how things are, else 0.

    A wish holds on behind semicolons (目标：…；…), a report (目前, 传统工艺) does not; the later word counts.
    """
    earliest = max(0, at - _SENTENCE_REACH)
    before = text[max((match.end() for match in _SENTENCE.finditer(text, earliest, at)), default=earliest) : at]
    wished = max((match.start() for match in _WISHED.finditer(before)), default=-1)
    reported = max((match.start() for match in _REPORTED.finditer(before, before.rfind(";") + 1)), default=-1)
    return 0 if wished == reported else (1 if wished > reported else -1)


def _sign(up: str | None, down: str | None) -> int:
    return (up is not None) - (down is not None)
