"""Which sentence of the need meets which of the achievement, and over which words: highlighted in the original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from matching.terms import occurrences, without_names
from matching.text import match_form, original_span, sentences

Where = Literal["title", "body", "keywords"]
Span = tuple[int, int, int]
"""Start and end of a highlight (half-open, code points) and the number of its term."""
Words = Sequence[tuple[str, int]]
"""Folded words with the number of the term each belongs to."""

_SEEN_ALREADY = 0.15
"""What a term counts in a further pair of sentences when an earlier pair has shown it."""
_PLACE_VALUES: dict[str, float] = {"title": 1.25, "body": 1.0, "keywords": 0.6}
"""A title says what all is about; keywords only name what sentences say."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it was written; ``spans`` are its highlights, in order, without overlap."""

    text: str
    spans: tuple[Span, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence of the need beside one of the achievement; ``terms`` are the numbers both hold, rising."""

    need: Passage
    offer: Passage
    terms: tuple[int, ...]


Text = tuple[str, str, tuple[str, ...]]
"""Title, body and keywords of one side."""


def align(need: Text, offer: Text, words: Words, values: Sequence[float], pairs: int) -> tuple[Aligned, ...]:
    """At most ``pairs`` pairs of sentences that together show the most valuable terms, best first.

    ``values`` are the terms' by number (a number beyond them counts as the least). Greedy: each pair is the one that
    adds most to what the pairs before it show, which is within 1 − 1/e of the best choice (Nemhauser, Wolsey, Fisher
    1978); equal ones in the order of the texts.
    """
    if pairs <= 0 or not words:
        return ()
    ours, theirs = list(_lit_passages(need, words)), list(_lit_passages(offer, words))
    met = [
        (one, other, _numbers(one) & _numbers(other))
        for one in ours
        for other in theirs
        if _numbers(one) & _numbers(other)
    ]
    least = min(values, default=1.0)
    worth = {number: values[number] if number < len(values) else least for _, number in words}
    seen: set[int] = set()
    chosen: list[Aligned] = []
    while met and len(chosen) < pairs:
        gains = [_gain(one, other, common, worth, seen) for one, other, common in met]
        at = max(range(len(met)), key=lambda place: (gains[place], -place))
        one, other, common = met.pop(at)
        if common <= seen:
            break
        chosen.append(Aligned(one, other, tuple(sorted(common))))
        seen |= common
    return tuple(chosen)


def highlights(text: str, words: Words) -> tuple[Span, ...]:
    """Spans of folded ``words`` in an original text; where two overlap the longer one stays, then the first."""
    folded, offsets = match_form(text)
    covered = without_names(folded)
    found = sorted(
        ((start, end, number) for word, number in words for start, end in occurrences(word, covered)),
        key=lambda span: (span[0] - span[1], span),
    )
    kept: list[Span] = []
    for start, end, number in found:
        first, last = original_span(offsets, start, end)
        if not any(first < other_end and other_start < last for other_start, other_end, _ in kept):
            kept.append((first, last, number))
    return tuple(sorted(kept))


def _lit_passages(text: Text, words: Words) -> Iterator[Passage]:
    title, body, keywords = text
    readable: list[tuple[Where, str]] = [("title", one.text) for one in sentences(title)]
    readable += [("body", one.text) for one in sentences(body)]
    named = "、".join(keyword.strip() for keyword in keywords if keyword.strip())
    for where, sentence in [*readable, ("keywords", named)]:
        spans = highlights(sentence, words)
        if spans:
            yield Passage(sentence, spans, where)


def _numbers(passage: Passage) -> set[int]:
    return {number for _, _, number in passage.spans}


def _gain(one: Passage, other: Passage, common: set[int], worth: dict[int, float], seen: set[int]) -> float:
    value = sum(worth[number] * (_SEEN_ALREADY if number in seen else 1.0) for number in common)
    return value * _PLACE_VALUES[one.where] * _PLACE_VALUES[other.where]
