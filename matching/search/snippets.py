"""Passages of a text with what was looked for lit up; spans are those of the original text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.terms import occurrences
from matching.text import match_form, original_span, sentences

LONGEST = 110
LEAD = 24
"""Characters that may stand before the first lit one in a shortened passage."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, lit or not."""

    text: str
    lit: bool = False


def spans(text: str, lit: Sequence[str]) -> list[Span]:
    """Where the folded texts ``lit`` stand in ``text``: half-open, in order, overlapping ones as one."""
    folded, offsets = match_form(text)
    found = sorted(original_span(offsets, *at) for one in lit for at in occurrences(one, folded))
    merged: list[Span] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def highlighted(text: str, lit: Sequence[str]) -> list[Piece]:
    """The whole text in pieces; joined they are the text."""
    return _pieces(text, spans(text, lit), 0, len(text))


def snippet(text: str, lit: Sequence[str], longest: int = LONGEST) -> list[Piece]:
    """The passage of ``text`` that shows most of what was looked for, shortened with … to about ``longest`` characters.

    Its beginning when it shows nothing; [] for an empty text.
    """
    parts = sentences(text)
    if not parts:
        return []
    found = spans(text, lit)

    def shown(start: int, end: int) -> tuple[int, int]:
        inside = [text[a:b] for a, b in found if start <= a and b <= end]
        return len(set(inside)), sum(map(len, inside))

    best = max(parts, key=lambda part: (shown(part.start, part.start + longest), -part.start))
    start, end = best.start, best.end
    first = next((a for a, _ in found if start <= a < end), start)
    if end - start > longest:
        start = max(start, min(first - LEAD, end - longest))
        end = min(end, start + longest)
    else:
        end = max([end, *(part.end for part in parts if part.start >= start and part.end - start <= longest)])
    inside = [(max(a, start), min(b, end)) for a, b in found if a < end and b > start]
    pieces = _pieces(text, inside, start, end)
    head = [Piece("…")] if start > parts[0].start else []
    tail = [Piece("…")] if end < parts[-1].end else []
    return [*head, *pieces, *tail]


def _pieces(text: str, lit: Sequence[Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last in lit:
        pieces += [Piece(text[at:first]), Piece(text[first:last], lit=True)]
        at = last
    pieces.append(Piece(text[at:end]))
    return [piece for piece in pieces if piece.text]
