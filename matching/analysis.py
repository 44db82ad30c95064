"""Postings read once for all signals: folded fields and counted terms, with term numbers that never change."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from matching.boilerplate import FUNCTION_WORDS, without_office_phrases
from matching.compiled import compiled
from matching.profile import Profile
from matching.rows import Keys, Rows, counted
from matching.text import normalise
from matching.words import Segmenter

_END = "\x00"
"""Ends a field; folded text has no control characters."""

_MARK = 0xFFFF_FFFF
_BLOCK = 256

Whole = int | np.int64
"""A whole number inside a compiled loop."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A posting with its folded fields; keywords are parted by line ends."""

    profile: Profile
    title: str
    body: str
    keywords: str


class Texts(Sequence[Analysed]):
    """Analysed postings in order, with their counted characters (and pairs) and words: row ``r`` is posting ``r``."""

    def __init__(self, analysed: Sequence[Analysed], characters: Rows, words: Rows) -> None:
        self._analysed = analysed
        self.characters = characters
        self.words = words
        self.memo: dict[tuple[str, int], NDArray[np.float64]] = {}
        """What views looked up for these rows."""

    @overload
    def __getitem__(self, at: int) -> Analysed: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Analysed]: ...
    def __getitem__(self, at: int | slice) -> Analysed | Sequence[Analysed]:
        return self._analysed[at]

    def __len__(self) -> int:
        return len(self._analysed)

    def taken(self, rows: Sequence[int]) -> Texts:
        """Some of the postings, in that order."""
        at = np.array(rows, dtype=np.int64)
        return Texts([self._analysed[row] for row in rows], self.characters.taken(at), self.words.taken(at))


class Analyser:
    """Folds, cuts and counts. Two analysers with the same dictionary give the same numbers for the same text."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._word_keys = _WordKeys()

    @property
    def dictionary(self) -> tuple[str, ...]:
        """The segmenter's dictionary."""
        return self._segmenter.dictionary

    def read(self, profiles: Sequence[Profile]) -> Texts:
        """Analyse some postings at once; for thousands use ``blocks``."""
        analysed = [_analysed(profile) for profile in profiles]
        fields = [field for one in analysed for field in (one.title, one.body, one.keywords)]
        joined = _END.join([*fields, ""])
        count = len(analysed)
        return Texts(
            analysed,
            counted(_character_keys(joined), count, _MARK),
            counted(self._word_marks(joined), count, _MARK),
        )

    def blocks(self, profiles: Iterable[Profile]) -> Iterator[Texts]:
        """Analyse any number of postings, some hundred at a time."""
        block: list[Profile] = []
        for profile in profiles:
            block.append(profile)
            if len(block) == _BLOCK:
                yield self.read(block)
                block = []
        if block:
            yield self.read(block)

    def _word_marks(self, joined: str) -> Keys:
        memo = self._word_keys
        keys = [memo[word] for word in self._segmenter.folded_pieces(joined)]
        marked = np.array(keys, dtype=np.uint32)
        counting: Keys = marked[marked != 0]
        return counting


class _WordKeys(dict[str, int]):
    """Word → its number; 0 for what does not count, the mark for a field's end."""

    _MOST = 500_000

    def __missing__(self, word: str) -> int:
        if len(self) >= self._MOST:
            self.clear()
        key = _MARK if word == _END else word_key(word) if Segmenter.counts(word) else 0
        self[word] = key
        return key


def _analysed(profile: Profile) -> Analysed:
    keywords = "\n".join(map(normalise, profile.keywords))
    return Analysed(profile, normalise(profile.title), normalise(profile.body), keywords)


def word_key(word: str) -> int:
    """A word's number, the same in every process and catalogue: CRC-32, without the two numbers that mean something
    else."""
    return min(max(zlib.crc32(word.encode("utf-8", "replace")), 1), _MARK - 1)


def pair_key(pair: str) -> int:
    """The number of a pair of Chinese characters, the same in every process and catalogue."""
    return int(_pair_key(ord(pair[0]), ord(pair[1])))


def character_keys(folded: str) -> Keys:
    """The numbers of a folded text's characters, pairs of Chinese characters, and runs of letters and digits."""
    return _character_keys(folded)


def _character_keys(joined: str) -> Keys:
    text = without_office_phrases(joined)
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    return _cut(codes, _SILENT)


def _silent() -> NDArray[np.bool_]:
    silent = np.zeros(0x10000, dtype=np.bool_)
    for word in FUNCTION_WORDS:
        if len(word) == 1:
            silent[ord(word)] = True
    return silent


_SILENT = _silent()
"""Single characters that do not count by themselves (的, 和, …)."""


@compiled
def _chinese(code: Whole) -> bool | np.bool_:
    return (
        code == 0x3007
        or 0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x2FA1F
    )


@compiled
def _latin(code: Whole) -> bool | np.bool_:
    return 0x30 <= code <= 0x39 or 0x61 <= code <= 0x7A or code == 0x2E or code == 0x2B or 0x3B1 <= code <= 0x3C9


@compiled
def _place(code: Whole) -> Whole:
    """The place of a common character in a row of 27,585: 〇, extension A, the basic block; −1 for the rest."""
    if 0x4E00 <= code <= 0x9FFF:
        return 6593 + code - 0x4E00
    if 0x3400 <= code <= 0x4DBF:
        return 1 + code - 0x3400
    if code == 0x3007:
        return 0
    return -1


@compiled
def _pair_key(one: Whole, other: Whole) -> Whole:
    """Common pairs have numbers of their own above the code points and below 2³⁰; rare ones are hashed above."""
    left, right = _place(one), _place(other)
    if left >= 0 and right >= 0:
        return 0x200000 + left * 27585 + right
    mixed = (np.uint64(one) * np.uint64(0x9E3779B97F4A7C15)) ^ (np.uint64(other) * np.uint64(0xC2B2AE3D27D4EB4F))
    return 0x40000000 + np.int64((mixed >> np.uint64(11)) % np.uint64(0xBFFFFFFF))


@compiled
def _cut(codes: NDArray[np.uint32], silent: NDArray[np.bool_]) -> Keys:
    out = np.empty(2 * codes.size, np.uint32)
    filled, at = 0, 0
    before: Whole = np.int64(0)
    while at < codes.size:
        code = np.int64(codes[at])
        if code == 0:
            out[filled] = np.uint32(0xFFFFFFFF)
            filled += 1
            before = np.int64(0)
        elif _chinese(code):
            if code >= 0x10000 or not silent[code]:
                out[filled] = np.uint32(code)
                filled += 1
            if before != 0:
                out[filled] = np.uint32(_pair_key(before, code))
                filled += 1
            before = code
        elif code == 0x20 and before != 0 and at + 1 < codes.size and _chinese(np.int64(codes[at + 1])):
            pass  # a blank between two Chinese characters parts nothing
        elif _latin(code):
            mixed = np.uint64(0xCBF29CE484222325)
            while at < codes.size and _latin(np.int64(codes[at])):
                mixed = (mixed ^ np.uint64(codes[at])) * np.uint64(0x100000001B3)
                at += 1
            at -= 1
            mixed ^= mixed >> np.uint64(29)
            out[filled] = np.uint32(0x40000000 + np.int64(mixed % np.uint64(0xBFFFFFFF)))
            filled += 1
            before = np.int64(0)
        else:
            before = np.int64(0)
        at += 1
    return out[:filled].copy()
