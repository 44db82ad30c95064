"""What a query may mean: each thing looked for with the words that may stand for it, and corrected slips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from matching.boilerplate import FUNCTION_WORDS
from matching.search.lexicon import LONGEST_SLIPPED, Lexicons
from matching.search.pinyin import is_chinese, spelled, spoken
from matching.search.query import ParsedQuery
from matching.search.synonyms import Synonyms
from matching.words import Segmenter

Why = Literal["typed", "reading", "initials", "beginning", "synonym", "slip", "parts"]
WEIGHTS: dict[Why, float] = {
    "typed": 1.0,
    "reading": 0.9,
    "slip": 0.8,
    "initials": 0.7,
    "synonym": 0.6,
    "parts": 0.6,
    "beginning": 0.5,
}
MOST_UNITS = 24
MOST_HOMOPHONES = 24
MOST_INITIALS = 12
LONGEST_KEY = 60
"""Letters of the longest spelling that a run of letters is cut into."""
WORD_COST, CHARACTER_COST, UNKNOWN_COST = 1.0, 1.6, 3.0
SOUND_SLIP, NEAR_SLIP, SLIP = 0.7, 0.9, 1.2


@dataclass(frozen=True, slots=True)
class Alternative:
    """A folded text that may stand for what was typed, how much it counts, and why it may."""

    text: str
    weight: float
    why: Why


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing looked for: as typed, and the texts that may stand for it, what was typed first."""

    typed: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A slip: ``typed`` was looked for as ``taken``."""

    typed: str
    taken: str


class Resolver:
    """Finds out what the runs of a query may mean among the words there are."""

    def __init__(self, lexicon: Lexicons, segmenter: Segmenter, synonyms: Synonyms) -> None:
        self._lexicon, self._segmenter, self._synonyms = lexicon, segmenter, synonyms

    def units(self, query: ParsedQuery) -> dict[str, tuple[Unit, ...]]:
        """Run → what it looks for, without any correction; runs of letters that belong together are one."""
        found: dict[str, tuple[Unit, ...]] = {}
        for run in self._joined(query.runs):
            found[run] = self._chinese(run) if is_chinese(run) else self._letters(run)
        return found

    def spoken(self, run: str, texts: Iterable[str]) -> Unit | None:
        """What the texts have that is read ``run`` as a whole, though it is no known word; None without any."""
        pieces = {piece for text in texts for piece in spoken(run, text)}
        meant: list[tuple[str, Why]] = [(piece, "reading") for piece in sorted(pieces)]
        return self._unit(run, meant) if meant else None

    def is_loose(self, units: Sequence[Unit]) -> bool:
        """Whether a run of letters came apart into mere syllables, which say nothing unless they stand together."""
        return len(units) > 1 and all(self._is_syllable(unit.typed) for unit in units)

    def phrase(self, text: str) -> Unit:
        """A phrase stands for nothing but itself."""
        return Unit(text, (Alternative(text, WEIGHTS["typed"], "typed"),))

    def corrected(self, run: str) -> list[tuple[tuple[Unit, ...], Correction]]:
        """Ways to read a run that holds a slip, the likeliest first; empty when none comes to mind."""
        if is_chinese(run):
            pieces = self._mended(run)
            return [self._taken(run, "".join(pieces), pieces)] if pieces else []
        if len(run) < 4 or run.isdigit():
            return []
        words = self._lexicon.spelled_near(run, 1 if len(run) < 7 else 2)
        return [self._taken(run, word, [word]) for word in words[:3]]

    def _taken(self, run: str, taken: str, pieces: Sequence[str]) -> tuple[tuple[Unit, ...], Correction]:
        units = tuple(self._unit(piece, [(piece, "slip" if piece not in run else "typed")]) for piece in pieces)
        return units, Correction(run, taken)

    def _unit(self, typed: str, meant: Iterable[tuple[str, Why]]) -> Unit:
        """Each text once, with the best of its reasons; synonyms of all of them added."""
        kept: dict[str, Alternative] = {}
        for text, why in meant:
            kept.setdefault(text, Alternative(text, WEIGHTS[why], why))
        for one in list(kept.values()):
            if one.why == "beginning":
                continue
            for other in self._synonyms.others(one.text):
                kept.setdefault(other, Alternative(other, WEIGHTS["synonym"] * one.weight, "synonym"))
        return Unit(typed, tuple(kept.values()))

    def _chinese(self, run: str) -> tuple[Unit, ...]:
        words = self._words(run)
        telling = [word for word in words if len(word) > 1 or word not in FUNCTION_WORDS] or words
        return tuple(self._unit(word, [(word, "typed"), *self._parts(word)]) for word in dict.fromkeys(telling))

    def _parts(self, word: str) -> list[tuple[str, Why]]:
        """A long word as the shorter words it is made of, which may also stand apart: 钠盐 储能 电池."""
        if len(word) < 4:
            return []
        pieces = {piece for piece in self._segmenter.folded_pieces(word) if 1 < len(piece) < len(word)}
        parts: list[str] = []
        at = 0
        while at < len(word):
            part = max((piece for piece in pieces if word.startswith(piece, at)), key=len, default="")
            if not part:
                return []
            parts.append(part)
            at += len(part)
        return [(" ".join(parts), "parts")]

    def _words(self, run: str) -> list[str]:
        """The run's words; a word of several that has synonyms stays whole."""
        ends: list[int] = []
        for word in self._segmenter.cut(run):
            ends.append((ends[-1] if ends else 0) + len(word))
        found: list[str] = []
        at = 0
        while at < len(run):
            end = at + len(self._synonyms.longest_from(run, at))
            if end == at or end not in ends:
                end = next(one for one in ends if one > at)
            found.append(run[at:end])
            at = end
        return found

    def _joined(self, runs: Sequence[str]) -> list[str]:
        """Neighbouring runs of letters that nothing holds as they are become one if that can be read: dian jie shui."""
        found: list[str] = []
        at = 0
        while at < len(runs):
            end = at
            while end < len(runs) and runs[end].isascii() and runs[end].isalpha() and not self._holds(runs[end]):
                end += 1
            while end > at + 1 and self._read("".join(runs[at:end])) is None:
                end -= 1
            end = max(end, at + 1)
            found.append("".join(runs[at:end]))
            at = end
        return found[:MOST_UNITS]

    def _holds(self, run: str) -> bool:
        return self._lexicon.count(run) > 0

    def _letters(self, run: str) -> tuple[Unit, ...]:
        lexicon = self._lexicon
        meant: list[tuple[str, Why]] = [(run, "typed")]
        meant += [(word, "reading") for word in lexicon.spelled(run)[:MOST_HOMOPHONES]]
        if len(run) > 1:
            meant += [(word, "initials") for word in lexicon.initialed(run)[:MOST_INITIALS]]
        if len(meant) > 1 or self._synonyms.others(run):
            return (self._unit(run, meant),)
        if len(run) > 2 and run.isalpha():
            meant += [(word, "beginning") for word in lexicon.beginning(run, MOST_HOMOPHONES)]
        pieces = self._read(run) or ()
        if len(pieces) > 1 and (len(meant) == 1 or not any(self._is_syllable(piece) for piece in pieces)):
            return tuple(self._piece(piece) for piece in dict.fromkeys(pieces))
        return (self._unit(run, meant),)

    def _is_syllable(self, letters: str) -> bool:
        """Whether only single characters are read like that."""
        return all(len(word) == 1 for word in self._lexicon.spelled(letters))

    def _piece(self, letters: str) -> Unit:
        words = self._lexicon.spelled(letters)[:MOST_HOMOPHONES]
        return self._unit(letters, [(word, "typed" if word == letters else "reading") for word in words])

    def _read(self, run: str) -> list[str] | None:
        """The run cut into as few known spellings as possible, several syllables before one; None when it cannot be."""
        best: list[tuple[float, int]] = [(0.0, 0), *[(float("inf"), 0)] * len(run)]
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - LONGEST_KEY), end - 1):
                if best[start][0] < best[end][0]:
                    cost = best[start][0] + self._cost(run[start:end])
                    if cost < best[end][0]:
                        best[end] = cost, start
            if run[end - 1] in "aeo" and best[end - 1][0] < float("inf"):
                cost = best[end - 1][0] + self._cost(run[end - 1 : end])
                if cost < best[end][0]:
                    best[end] = cost, end - 1
        if best[-1][0] == float("inf"):
            return None
        pieces: list[str] = []
        end = len(run)
        while end:
            pieces.append(run[best[end][1] : end])
            end = best[end][1]
        return pieces[::-1]

    def _cost(self, letters: str) -> float:
        words = self._lexicon.spelled(letters)
        if not words:
            return float("inf")
        return CHARACTER_COST if self._is_syllable(letters) else WORD_COST

    def _mended(self, run: str) -> list[str]:
        """The run in known words with as few slips as possible; empty when a slip explains nothing."""
        plain = self._cover(run, slips=False)
        mended = self._cover(run, slips=True)
        return list(mended[1]) if mended[0] < plain[0] - 0.05 and "".join(mended[1]) != run else []

    def _cover(self, run: str, *, slips: bool) -> tuple[float, tuple[str, ...]]:
        best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
        for end in range(1, len(run) + 1):
            ways = []
            for start in range(max(0, end - LONGEST_SLIPPED - 1), end):
                cost, word = self._meant(run[start:end], slips=slips)
                ways.append((best[start][0] + cost, (*best[start][1], word)))
            best.append(min(ways))
        return best[-1]

    def _meant(self, piece: str, *, slips: bool) -> tuple[float, str]:
        """What a piece of a run costs as it stands, or as the nearest known word."""
        count = self._lexicon.count(piece)
        if len(piece) == 1:
            return (CHARACTER_COST if count > 0 else UNKNOWN_COST), piece
        if count > 0:
            return WORD_COST, piece
        if self._segmenter.knows(piece) or len(piece) > LONGEST_SLIPPED + 1:
            return WORD_COST + len(piece), piece
        if slips:
            near = self._nearest(piece)
            if near is not None:
                return near
        return UNKNOWN_COST * len(piece), piece

    def _nearest(self, piece: str) -> tuple[float, str] | None:
        sounds = spelled(piece)
        alike = [word for word in self._lexicon.spelled(sounds) if len(word) == len(piece)]
        if alike:
            return WORD_COST + SOUND_SLIP, alike[0]
        if len(piece) < 3:
            return None
        near = [
            (OSA.distance(spelled(word), sounds), -self._lexicon.count(word), word)
            for word in self._lexicon.near(piece)
        ]
        if not near:
            return None
        apart, _, word = min(near)
        return WORD_COST + (NEAR_SLIP if apart <= 2 else SLIP), word
