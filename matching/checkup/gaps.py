"""What a posting leaves out: text, numbers, the numbers its like give, scene, present state; and what is too broad."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from matching.boilerplate import without_office_phrases, word_weight
from matching.checkup.draft import Draft, Finding, Part, Severity
from matching.indicators import Quantity, quantities
from matching.profile import Profile
from matching.term_kinds import kind_of
from matching.text import normalise
from matching.words import Segmenter

ENOUGH_TEXT = 30
"""Letters and digits of running text from which a posting says more than its title does."""

_SCENE = re.compile(
    "装置|产线|生产线|流水线|车间|机组|电厂|电站|矿井|矿山|矿区|煤矿|井下|工作面|油田|气田|钻井|井场|园区|"
    "基地|厂区|工厂|厂房|农田|耕地|大田|大棚|温室|"
    "牧场|牧区|草原|草场|林地|沙地|沙漠|荒漠|养殖场|猪场|牛场|羊场|鸡场|医院|门诊|病房|临床|学校|社区|"
    "城市|道路|桥梁|隧道|管道|管网|水库|河|湖|流域|锅炉|炉|窑|"
    "塔|反应器|反应釜|电解槽|泵|风机|风场|风电场|光伏|变电站|电网|车辆|卡车|客车|船|港口|机场|铁路|仓库|"
    "冷库|实验室|现场|工况|原料|物料|介质|工序|流程|设备|汽车|乘用车|商用车|用于|应用于|适用于|场合|环境|管线|"
    "压缩机|电机|酸洗|水洗|清洗|铸造|焊接|热处理|储能系统|患者|临床"
)
"""A place, a plant, a machine or a material that a matter is tied to; any one will do."""
_PRESENT = re.compile(
    "目前|现有|现状|现在|现用|已有|已经|当前|传统|以往|以前|原有|原来|一直|长期|国内外|国外|国内|市场上|"
    "市面上|普遍|我公司|我司|我厂|本公司|公司在|基础|存在|导致|造成|超标|现无|现由"
)
_TRIED = re.compile(
    "试过|尝试|曾|试用|改造过|改进过|采用过|用过|试验|实验|中试|对比|效果不|未能|没有成功|失败|仍|但是?|"
    "然而|不过|由于|因为|原因|难以|无法|不能|依赖|进口|存在|容易|易变|不耐|小试|阶段"
)
_LIST = re.compile(r"[、，,；;]|以及|(?<![涉普])及(?![时其格])|和(?![谐])")
_GENERAL_TEXT = """
升级 改造 打造 智能 智能化 数字化 信息化 自动化 现代化 产业 技术 服务 平台 体系 能力 融合 集成 一体化 园区 企业 公司
规划 路径 机制 制度 模式 运行
现代 新型 绿色 低碳 节能 环保 高效 安全 优质 生态 先进 高端 综合 发展 管理 标准 标准化 规模化 产品 生产 加工 工业
农业 科技 领域 场景 新技术
新材料 新方法 新产品 新工艺 智慧 互联网 大数据 人工智能 双碳 目标 提升 能源 材料 装备 设备 资源 利用 化工 环境
"""
GENERAL = frozenset(_GENERAL_TEXT.split())
"""Words that alone do not say what a title is about; chosen by reading titles of calls. Editable."""
_ENCLOSED = re.compile("（.*?）|\\(.*?\\)|“.*?”|《.*?》|\\[.*?\\]")
_REST = re.compile("等[^、，,；;）)”》\\]]*$")
"""“等新材料” at the end of a list names no further item."""
_TOLD = re.compile("[。？?]|造成|导致|影响|如何|问题")
"""A title that tells a story lists no technologies."""
_SINGLE = re.compile(r"\w(?:[、，,]|以及)")
"""A single character between two commas (防、诊、治) is no item of its own."""
_SHORTEST_ITEM, _COUNTED_ITEM = 2, 3
SEVERAL = 3
"""From so many technologies in one title on it is proposed to split."""
_LEAST_AGREEING = 2
_NAMED_GAPS = 3


def missing_text(draft: Draft) -> Iterator[Finding]:
    """The matter itself is not written."""
    part = draft.part("problem")
    said = sum(map(str.isalnum, draft.text("problem", "present", "targets")))
    if said < ENOUGH_TEXT:
        what = "现在做不到什么、为什么做不到" if draft.asks else "解决什么问题、用什么方法、达到什么数"
        lead = "只有几个字，请写清" if part.text.strip() else "还没有写"
        yield _whole("text", "must", part, f"{lead}{what}。只有名称时，匹配只能看字面。")


def missing_numbers(draft: Draft) -> Iterator[Finding]:
    """No number with a unit where the numbers belong, nor anywhere else."""
    part = draft.part("targets")
    if quantities(draft.text()):
        return
    form = "“（对象）的（指标）由＿＿达到＿＿”"
    if part.text.strip():
        yield _whole("numbers", "should", part, f"没有带单位的数。写一两个能检验的，如{form}。")
    else:
        yield _whole("numbers", "should", part, f"还空着。写一两个能检验的数，如{form}。")


def missing_indicators(draft: Draft, comparables: Sequence[Profile]) -> Iterator[Finding]:
    """Kinds of numbers that two or more comparable postings give and this one does not."""
    given = {quantity.concept or quantity.label for quantity in quantities(draft.text())}
    counted: Counter[str] = Counter()
    example: dict[str, Quantity] = {}
    for comparable in comparables:
        names: dict[str, Quantity] = {}
        for quantity in _numbers(comparable.body):
            if quantity.concept and not quantity.baseline:
                names.setdefault(quantity.concept, quantity)
        counted.update(names.keys())
        for name, quantity in names.items():
            example.setdefault(name, quantity)
    lacking = [
        (name, count)
        for name, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        if count >= _LEAST_AGREEING and name not in given
    ][:_NAMED_GAPS]
    if lacking:
        part = draft.part("targets")
        told = "，".join(f"{count} 条写了{name}（单位如 {example[name].unit}）" for name, count in lacking)
        yield _whole(
            "indicators", "should", part, f"相近的 {len(comparables)} 条里，{told}，这里没有。若有要求，请补上。"
        )


def missing_scene(draft: Draft) -> Iterator[Finding]:
    """Nothing says where the matter is: no plant, place, machine or material."""
    if _SCENE.search(draft.text()) is None:
        part = draft.part("present")
        if draft.asks:
            yield _whole("scene", "could", part, "没有写用在哪里：哪套装置或产线、多大规模、什么原料或工况。")
        else:
            yield _whole("scene", "could", part, "没有写用在哪里：适合什么装置或场合、处理什么原料、多大规模。")


def missing_present(draft: Draft) -> Iterator[Finding]:
    """Nothing says how things stand, or what was tried."""
    part = draft.part("present")
    text = draft.text("problem", "present")
    if not draft.asks:
        if not part.text.strip():
            yield _whole("present", "should", part, "还空着：在哪里用过，或做到了小试、中试哪一步。")
    elif not part.text.strip() and _PRESENT.search(text) is None:
        yield _whole("present", "should", part, "没有写现在用什么设备和工艺，相应的数是多少。")
    elif _TRIED.search(text) is None:
        yield _whole("tried", "could", part, "没有写试过哪些办法、为什么不行。写了，能少收不合用的推荐。")


def too_broad(draft: Draft, words: Segmenter) -> Iterator[Finding]:
    """Several technologies in one title, or a title of general words alone."""
    part = draft.part("title")
    items = technologies(part.text, words) if _TOLD.search(part.text) is None else []
    if draft.asks and sum(end - start >= _COUNTED_ITEM for start, end in items) >= SEVERAL:
        named = "、".join(f"“{part.text[start:end]}”" for start, end in items)
        start, end = items[0][0], items[-1][1]
        advice = f"名称里有 {len(items)} 项：{named}。若不是同一件事，各写一条，匹配和对接都更准。"
        yield Finding("several", "should", part.field, start, end, part.text[start:end], advice)
    elif part.text.strip() and len(_telling(part.text, words)) == 0:
        advice = "名称太宽，看不出对象和技术。写出对象（什么装置、材料、作物）和要解决的一步。"
        yield _whole("general", "should", part, advice)


def technologies(title: str, words: Segmenter) -> list[tuple[int, int]]:
    """Spans of the items a title lists, those that name something; brackets and quotes stay whole."""
    enclosed = [match.span() for match in _ENCLOSED.finditer(title)]
    cuts = [
        match.span()
        for match in _LIST.finditer(title)
        if not any(start < match.start() < end for start, end in enclosed)
        and not _SINGLE.match(title, match.end())
        and not _SINGLE.match(title[: match.start()][::-1])
    ]
    spans: list[tuple[int, int]] = []
    for start, end in zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(title)], strict=True):
        piece = _REST.sub("", title[start:end])
        begin = start + len(piece) - len(piece.lstrip())
        piece = piece.strip()
        if len(piece) >= _SHORTEST_ITEM and _telling(piece, words):
            spans.append((begin, begin + len(piece)))
    return spans


def _telling(text: str, words: Segmenter) -> set[str]:
    """Words of a title that say what it is about."""
    folded = without_office_phrases(normalise(text))
    return {
        word
        for word in words.cut(folded)
        if len(word) >= 2
        and word_weight(word) == 1.0
        and word not in GENERAL
        and kind_of(word) not in ("broad", "quality")
        and any(sign.isalnum() for sign in word)
    }


@lru_cache(maxsize=4_096)
def _numbers(text: str) -> tuple[Quantity, ...]:
    return quantities(text)


def _whole(kind: str, severity: Severity, part: Part, advice: str) -> Finding:
    return Finding(kind, severity, part.field, 0, 0, "", advice)
