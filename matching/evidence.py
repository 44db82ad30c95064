"""Why a pair was ranked: the terms both texts use, and the sentences that hold them, highlighted in the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from matching.profile import Profile
from matching.ranker import Ranked
from matching.signals import LABELS
from matching.signals.category import common_depth, parse_category
from matching.terms import occurrences, shared_terms
from matching.text import match_form, normalise, original_span, sentences
from matching.words import Segmenter

Where = Literal["title", "body", "keywords"]
_READ_AT_MOST = 6_000
_TITLE_BONUS = 1.5


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it was written; ``spans`` are half-open highlights inside ``text`` (code points), in order."""

    text: str
    spans: tuple[tuple[int, int], ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Evidence:
    """What both texts share: terms, most telling first; passages of each side, best first; categories, deepest first.

    A shared category is the common part of two paths, "scheme:10/101".
    """

    shared_terms: tuple[str, ...] = ()
    need: tuple[Passage, ...] = ()
    offer: tuple[Passage, ...] = ()
    shared_categories: tuple[str, ...] = ()


def explain(
    need: Profile,
    offer: Profile,
    segmenter: Segmenter,
    *,
    rarity: Callable[[str], float] | None = None,
    terms: int = 12,
    passages: int = 3,
) -> Evidence:
    """The evidence for a pair: at most ``terms`` terms and ``passages`` passages a side.

    ``rarity`` says how telling a term is (``RankIndex.rarity``); without it longer terms come first. Each side's first
    6,000 characters of body are read. Never raises on odd text; two texts without a common term give empty evidence.
    """
    need_text, offer_text = _folded(need), _folded(offer)
    found = shared_terms(need_text, offer_text, segmenter) | shared_terms(offer_text, need_text, segmenter)
    titles = (normalise(need.title), normalise(offer.title))
    values = {term: _value(term, titles, rarity) for term in found}
    ordered = sorted(values, key=lambda term: (-values[term], term))
    return Evidence(
        shared_terms=tuple(_without_parts(ordered))[:terms],
        need=_passages(need, values)[:passages],
        offer=_passages(offer, values)[:passages],
        shared_categories=_shared_categories(need, offer),
    )


def reason(ranked: Ranked, evidence: Evidence, names: Mapping[str, str] | None = None, terms: int = 4) -> str:
    """One Chinese sentence that names what the pair shares: “共有技术词：电解水、千标方级；领域同为氢能”.

    ``names`` maps category paths ("scheme:10/101") to names; without one the last code is shown.
    """
    parts: list[str] = []
    if evidence.shared_terms:
        parts.append("共有技术词：" + "、".join(evidence.shared_terms[:terms]))
    if evidence.shared_categories:
        path = evidence.shared_categories[0]
        parts.append("领域同为" + ((names or {}).get(path) or parse_category(path)[1][-1]))
    if parts:
        return "；".join(parts)
    told = [(points, name) for name, points in ranked.contributions.items() if points > 0.0]
    if told:
        strongest = max(told, key=lambda pair: pair[0])[1]
        return f"没有共同的技术词，得分主要来自“{LABELS.get(strongest, strongest)}”，请人工判断"
    return "两份材料没有共同的技术词和领域"


def _folded(profile: Profile) -> str:
    return normalise(profile.title) + "\n" + normalise(profile.body[:_READ_AT_MOST]) + "\n" + _keywords(profile)


def _keywords(profile: Profile) -> str:
    return "\n".join(normalise(keyword) for keyword in profile.keywords)


def _value(term: str, titles: tuple[str, str], rarity: Callable[[str], float] | None) -> float:
    weight = rarity(term) if rarity is not None else 1.0
    in_titles = sum(term in title for title in titles)
    length: float = min(len(term), 8) ** 0.5
    return weight * length * _TITLE_BONUS**in_titles


def _without_parts(ordered: Iterable[str]) -> Iterator[str]:
    """Terms that are not part of a term already given."""
    given: list[str] = []
    for term in ordered:
        if not any(term in longer for longer in given):
            given.append(term)
    return (term for term in given if not any(term != longer and term in longer for longer in given))


def _passages(profile: Profile, values: Mapping[str, float]) -> tuple[Passage, ...]:
    found: list[tuple[float, int, Passage]] = []
    for place, (where, text) in enumerate(_readable(profile)):
        value, spans = _highlights(text, values)
        if spans:
            found.append((-value, place, Passage(text, spans, where)))
    return tuple(passage for _, _, passage in sorted(found, key=lambda item: item[:2]))


def _readable(profile: Profile) -> Iterator[tuple[Where, str]]:
    for sentence in sentences(profile.title):
        yield "title", sentence.text
    for sentence in sentences(profile.body[:_READ_AT_MOST]):
        yield "body", sentence.text
    if any(keyword.strip() for keyword in profile.keywords):
        yield "keywords", "、".join(keyword.strip() for keyword in profile.keywords if keyword.strip())


def _highlights(text: str, values: Mapping[str, float]) -> tuple[float, tuple[tuple[int, int], ...]]:
    folded, offsets = match_form(text)
    value = 0.0
    spans: list[tuple[int, int]] = []
    for term, weight in values.items():
        places = [original_span(offsets, start, end) for start, end in occurrences(term, folded)]
        if places:
            value += weight
            spans.extend(places)
    return value, _merged(spans)


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _shared_categories(need: Profile, offer: Profile) -> tuple[str, ...]:
    shared: set[tuple[int, str]] = set()
    for scheme, path in map(parse_category, need.categories):
        for their_scheme, their_path in map(parse_category, offer.categories):
            depth = common_depth(path, their_path)
            if scheme == their_scheme and depth:
                codes = "/".join(path[:depth])
                shared.add((-depth, f"{scheme}:{codes}" if scheme else codes))
    return tuple(path for _, path in sorted(shared))
