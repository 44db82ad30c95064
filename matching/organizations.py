"""Tells whether two organizations are one, however they are written: exact on a folded name, never on mere likeness."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matching.text import normalise

_SIGNS = re.compile(r"[\s()\[\]〔〕【】《》<>“”\"'·.,，、_-]+")
_LEGAL_FORMS = ("有限责任公司", "股份有限公司", "有限公司", "股份公司")
_REGION_TAILS = ("自治区", "省", "市", "盟")
_SHORT = (
    ("内蒙古自治区", "内蒙古"),
    ("中国科学院", "中科院"),
    ("中国工程院", "工程院"),
    ("中国农业科学院", "中农科院"),
    ("中国矿业大学", "矿大"),
    ("中国石油大学", "石油大"),
    ("中国地质大学", "地大"),
    ("中国科学技术大学", "中科大"),
    ("中国农业大学", "农大"),
    ("清华大学", "清华"),
    ("北京大学", "北大"),
    ("内蒙古工业大学", "内工大"),
    ("内蒙古农业大学", "内农大"),
    ("内蒙古大学", "内大"),
    ("研究总院", "总院"),
    ("研究院", "院"),
    ("研究所", "所"),
)
_GENERIC = frozenset({"院", "所", "总院", "公司", "集团", "大学", "中心", "实验室", "科技局", "管委会"})


@dataclass(frozen=True, slots=True)
class Named:
    """What an organization is known by; ``uscc`` is its 统一社会信用代码 (GB 32100-2015) or None."""

    name: str
    aliases: Sequence[str] = ()
    uscc: str | None = None


@lru_cache(maxsize=65_536)
def fold(name: str, regions: tuple[str, ...] = ()) -> str:
    """One form for all spellings of a name.

    Width, case, traditional characters, blanks, brackets and the legal form are folded; 自治区, 省, 市 and 盟 after a
    region of ``regions`` and a wider region before a narrower one are dropped; some institutes' short forms are known.
    集团, 分公司, 研究分院 and every other word that tells a branch from its parent stay.
    """
    folded = _SIGNS.sub("", normalise(name))
    for form in _LEGAL_FORMS:
        if folded.endswith(form) and len(folded) > len(form):
            folded = folded.removesuffix(form)
            break
    for whole, short in _SHORT:
        folded = folded.replace(whole, short)
    return _places(folded, regions) or folded


def _places(folded: str, regions: tuple[str, ...]) -> str:
    """The name with its leading regions in their short form, and only the narrowest of several."""
    shorts = {_bare(region): region for region in regions}
    leading = ""
    while True:
        found = max((one for one in shorts if folded.startswith(one)), key=len, default="")
        rest = folded.removeprefix(found)
        if not found or not rest:
            return leading + folded
        for tail in _REGION_TAILS:
            if shorts[found] == found + tail:
                rest = rest.removeprefix(tail)
        leading, folded = found, rest


def _bare(region: str) -> str:
    for tail in _REGION_TAILS:
        if region.endswith(tail) and len(region) - len(tail) >= 2:
            return region.removesuffix(tail)
    return region


def keys(one: Named, regions: Collection[str] = ()) -> frozenset[str]:
    """The folded forms an organization answers to; words that any organization could be called are none."""
    places = tuple(regions)
    folded = {fold(name, places) for name in (one.name, *one.aliases)}
    return frozenset(key for key in folded if len(key) >= 3 and key not in _GENERIC)


def same(one: Named, other: Named, regions: Collection[str] = ()) -> str | None:
    """Why the two are one organization, in Chinese; None when nothing says so. Two different codes are two."""
    if one.uscc and other.uscc:
        return "统一社会信用代码相同" if one.uscc == other.uscc else None
    places = tuple(regions)
    if fold(one.name, places) == fold(other.name, places):
        return "名称只有写法不同"
    shared = keys(one, places) & keys(other, places)
    return "别名或简称相同" if shared else None
