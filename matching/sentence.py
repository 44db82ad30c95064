"""The plain sentence that says why a pair stands in the list, made of nothing but the pair's own facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from matching.evidence import Evidence
from matching.ranker import Ranked
from matching.signals import LABELS
from matching.taxonomy import parse_category
from matching.term_kinds import TermKind, is_making, kind_of
from matching.text import normalise

_JUDGE = "是否对口请人工判断"
_MET = {"maturity": "成熟度达到所求", "mode": "合作方式相合", "money": "意向价格在预算之内"}
_NOT_MET = {"maturity": "成熟度低于所求", "mode": "合作方式不一致", "money": "意向价格高于预算"}


def reason(ranked: Ranked, evidence: Evidence, names: Mapping[str, str] | None = None) -> str:
    """One Chinese sentence that a non-specialist reads.

    “两者都围绕碱性电解槽的宽功率波动，领域同为氢能；需求的 6 项指标成果都写明达到。”

    What both texts are about comes first, then what the achievement leaves open. ``names`` maps category paths
    ("scheme:10/101") to names; without one the last code is shown. Where nothing but broad words is shared it says so.
    """
    telling = [(term, kind, places) for term, kind, places in _terms(evidence) if kind != "broad"]
    field = _field(evidence, names or {})
    if telling:
        about = _joined([_topic(telling), _scale(evidence), field])
        clauses = [about, _indicators(evidence), _conditions(evidence), _missing(evidence)]
    elif evidence.shared_terms or evidence.scales:
        clauses = [_joined([_only_broad(evidence), field]), _absent(evidence), _JUDGE]
    else:
        clauses = [_nothing(ranked, field)]
    return "；".join(filter(None, clauses)) + "。"


def _terms(evidence: Evidence) -> list[tuple[str, TermKind, int]]:
    """Each shared term, its kind, and how many of the two titles hold it."""
    return [
        (term, kind_of(normalise(term)), sum(places))
        for term, places in zip_longest(evidence.shared_terms, evidence.in_titles, fillvalue=(False, False))
        if isinstance(term, str)
    ]


def _topic(telling: Sequence[tuple[str, TermKind, int]]) -> str:
    """What both are about, as firmly as the places of the terms allow."""
    firmest = max(places for _, _, places in telling)
    chosen = [(term, kind) for term, kind, places in telling if places == firmest]
    if firmest < 2:
        words = _quoted([term for term, _ in chosen][:3])
        return f"一方名称里的{words}，另一方正文也写到" if firmest else f"两份材料的正文都写到{words}"
    by_kind = {kind: [term for term, one in chosen if one == kind][:2] for kind in ("thing", "method", "action")}
    things, methods, actions = by_kind["thing"], by_kind["method"], by_kind["action"]
    qualities = [term for term, kind in chosen if kind == "quality"][:2]
    parts = []
    if methods:
        parts.append(f"采用{_and(methods)}")
    if things and any(map(is_making, actions)):
        parts += [f"做{_and(actions)}", f"涉及{_and(things)}"]
    elif things and actions:
        parts.append(f"针对{_and(things)}开展{_and(actions)}")
    elif things and qualities and not methods:
        return f"两者都围绕{_and(things)}的{_and(qualities)}"
    elif things:
        parts.append(f"围绕{_and(things)}")
    elif actions and not methods:
        return f"两者做的都是{_and(actions)}" + (f"，都写到{_and(qualities)}" if qualities else "")
    elif actions:
        parts.append(f"做{_and(actions)}")
    if qualities:
        parts.append(f"写到{_and(qualities)}")
    return "两者都" + "，都".join(parts)


def _scale(evidence: Evidence) -> str:
    if evidence.scales:
        return f"规模同为{evidence.scales[0]}"
    return "规模不同（需求{}，成果{}）".format(*evidence.other_scale) if evidence.other_scale else ""


def _field(evidence: Evidence, names: Mapping[str, str]) -> str:
    if not evidence.shared_categories:
        return ""
    path = evidence.shared_categories[0]
    return "领域同为" + (names.get(path) or parse_category(path)[1][-1])


def _missing(evidence: Evidence) -> str:
    return f"成果没有提到需求所说的{_quoted(evidence.missing, 2)}" if evidence.missing else ""


def _absent(evidence: Evidence) -> str:
    return f"需求所说的{_quoted(evidence.missing, 2)}在成果里找不到" if evidence.missing else ""


def _only_broad(evidence: Evidence) -> str:
    return f"共同的用词只有{_quoted([*evidence.shared_terms, *evidence.scales], 3)}这类宽泛的说法"


def _nothing(ranked: Ranked, field: str) -> str:
    told = [(points, name) for name, points in ranked.contributions.items() if points > 0.0]
    if not told:
        return "两份材料没有共同的技术词和领域"
    strongest = max(told, key=lambda pair: pair[0])[1]
    if field and strongest == "category":
        return f"没有共同的技术词，只因{field}而列在这里，请人工判断"
    source = f"得分主要来自“{LABELS.get(strongest, strongest)}”，请人工判断"
    return f"没有共同的技术词，{field or '也没有共同的领域'}，{source}"


def _indicators(evidence: Evidence) -> str:
    """How many of the need's targets the achievement meets, misses and leaves open."""
    fits = evidence.indicators
    met = [fit for fit in fits if fit.verdict == "satisfied"]
    short = [fit for fit in fits if fit.verdict == "violated"]
    if not fits:
        return ""
    if not met and not short:
        return f"需求的 {len(fits)} 项指标成果都没有写明" if len(fits) > 1 else "需求的指标成果没有写明"
    if len(met) == len(fits):
        return f"需求的 {len(fits)} 项指标成果都写明达到" if len(fits) > 1 else "需求的指标成果写明达到"
    parts = [f"写明达到 {len(met)} 项"] if met else []
    if short:
        parts.append(f"{len(short)} 项达不到（{_and([fit.need.label for fit in short][:2])}）")
    if len(met) + len(short) < len(fits):
        parts.append(f"{len(fits) - len(met) - len(short)} 项没有写明")
    return f"需求的 {len(fits)} 项指标中成果{'，'.join(parts)}"


def _conditions(evidence: Evidence) -> str:
    met = [_MET[one.name] for one in evidence.conditions if one.verdict == "satisfied"]
    short = [_NOT_MET[one.name] for one in evidence.conditions if one.verdict == "violated"]
    return "，但".join(filter(None, ("、".join(met), "、".join(short))))


def _joined(parts: Iterable[str]) -> str:
    return "，".join(filter(None, parts))


def _and(terms: Sequence[str]) -> str:
    return "和".join(terms) if len(terms) < 3 else "、".join(terms[:-1]) + "和" + terms[-1]


def _quoted(terms: Sequence[str], most: int = 3) -> str:
    more = "等" if len(terms) > most else ""
    return "".join(f"“{term}”" for term in terms[:most]) + more
