"""Many texts to counted term numbers, fast: words are numbered and counted as code points, not as Python objects."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled

Cut = Callable[[str], Sequence[str]]
Keep = Callable[[str], bool]
_Number = TypeVar("_Number", bound=np.generic)

_WORD, _TEXT = 0x1E, 0x1F
_WORD_MARK, _TEXT_MARK = chr(_WORD), chr(_TEXT)
_BLANKS = {_WORD: " ", _TEXT: " "}
_BATCH = 2_048
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of counts: text ``i`` has ``terms[indptr[i]:indptr[i + 1]]`` (rising, each once), ``counts`` times each.

    ``vocabulary``: the terms by number, in the order in which they first stand in the texts.
    """

    vocabulary: tuple[str, ...]
    indptr: NDArray[np.int64]
    terms: NDArray[np.int32]
    counts: NDArray[np.int32]

    def present(self) -> NDArray[np.int64]:
        """In how many texts each term stands."""
        return np.bincount(self.terms, minlength=len(self.vocabulary)).astype(np.int64)


def count_texts(texts: Sequence[str], cut: Cut, keep: Keep, processes: int = 1) -> Counted:
    """Cut each text into words, leave out those that ``keep`` refuses (asked once a word), number and count the rest.

    With ``processes`` above 1 the texts are shared out among forked ones: for programs without other threads. The
    result is the same. The two signs U+001E and U+001F count as blanks.
    """
    share = max(1, -(-len(texts) // max(1, processes)))
    parts = [texts[start : start + share] for start in range(0, len(texts), share)]
    if processes <= 1 or len(parts) <= 1:
        pieces = [_numbered(part, cut) for part in parts]
    else:
        pieces = _numbered_beside(parts, cut)
    numbers: dict[str, int] = {}
    lengths, words = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for known, sizes, found in pieces:
        moved = np.array([numbers.setdefault(word, len(numbers)) if keep(word) else -1 for word in known], np.int32)
        lengths.append(sizes)
        words.append(moved[found])
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(lengths))])
    every = np.concatenate(words)
    counted, counts = np.empty(every.size, np.int32), np.empty(every.size, np.int32)
    ends = np.zeros(indptr.size, np.int64)
    size = _count(indptr, every, len(numbers), counted, counts, ends)
    return Counted(tuple(numbers), ends, counted[:size].copy(), counts[:size].copy())


_Numbered = tuple[list[str], NDArray[np.int64], NDArray[np.int32]]


class _Numbers:
    """Words by number in order of appearance, in two hash tables: short words by their spelling, others by number."""

    def __init__(self) -> None:
        self.size = 0
        self._short = np.zeros(1 << 16, np.uint64)
        self._short_numbers = np.zeros(1 << 16, np.int32)
        self._long = np.full(1 << 16, -1, np.int32)
        self._ends = np.zeros(1 << 15, np.int64)
        self._letters = np.empty(1 << 16, np.uint32)

    def of(self, codes: NDArray[np.uint32], lengths: NDArray[np.int64]) -> NDArray[np.int32]:
        """Numbers of the words in ``codes`` (each closed by a mark of word or text); words of each text."""
        self._letters = _roomy(self._letters, int(self._ends[self.size]) + codes.size)
        self._ends = _roomy(self._ends, self.size + codes.size + 1)
        found = np.empty(codes.size, np.int32)
        at = word = text = 0
        while True:
            # Stops where a table might become half full; they are made larger and the loop goes on.
            at, word, text, self.size = _number(
                codes, at, word, text, self.size, self._short, self._short_numbers, self._long, self._ends,
                self._letters, found, lengths,
            )  # fmt: skip
            if at == codes.size:
                return found[:word].copy()
            size = 4 * self._long.size
            self._short, self._short_numbers = np.zeros(size, np.uint64), np.zeros(size, np.int32)
            self._long = np.full(size, -1, np.int32)
            _refill(self.size, self._short, self._short_numbers, self._long, self._ends, self._letters)

    def words(self) -> list[str]:
        """All words in order of their numbers."""
        ends = self._ends[: self.size + 1].tolist()
        letters = self._letters
        return [letters[start:end].tobytes().decode("utf-32-le", "surrogatepass") for start, end in pairwise(ends)]


def _roomy(array: NDArray[_Number], size: int) -> NDArray[_Number]:
    if array.size >= size:
        return array
    larger = np.zeros(2 * size, array.dtype)
    larger[: array.size] = array
    return larger


def _numbered(texts: Sequence[str], cut: Cut) -> _Numbered:
    numbers = _Numbers()
    lengths = np.zeros(len(texts), np.int64)
    found = [np.empty(0, np.int32)]
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        joined = [_WORD_MARK.join(cut(text.translate(_BLANKS) if _marked(text) else text)) for text in batch]
        codes = np.frombuffer((_TEXT_MARK.join(joined) + _TEXT_MARK).encode("utf-32-le", "surrogatepass"), np.uint32)
        found.append(numbers.of(codes, lengths[start : start + len(batch)]))
    return numbers.words(), lengths, np.concatenate(found)


def _marked(text: str) -> bool:
    return _WORD_MARK in text or _TEXT_MARK in text


def _numbered_beside(parts: Sequence[Sequence[str]], cut: Cut) -> list[_Numbered]:
    """All parts but the first in forked processes, the first here."""
    context = multiprocessing.get_context("fork")
    ends, children = [], []
    for part in parts[1:]:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_send, args=(theirs, part, cut))
        child.start()
        theirs.close()
        ends.append(ours)
        children.append(child)
    pieces = [_numbered(parts[0], cut)]
    for end, child in zip(ends, children, strict=True):
        known = end.recv()
        sizes, found = np.frombuffer(end.recv_bytes(), np.int64), np.frombuffer(end.recv_bytes(), np.int32)
        pieces.append((known, sizes, found))
        child.join()
    return pieces


def _send(to: multiprocessing.connection.Connection, part: Sequence[str], cut: Cut) -> None:
    known, lengths, found = _numbered(part, cut)
    to.send(known)
    to.send_bytes(lengths.tobytes())
    to.send_bytes(found.tobytes())
    to.close()


@compiled
def _count(
    indptr: NDArray[np.int64],
    words: NDArray[np.int32],
    terms: int,
    counted: NDArray[np.int32],
    counts: NDArray[np.int32],
    ends: NDArray[np.int64],
) -> int:
    """Write each row's terms, sorted, with their counts; how many there are in all."""
    times = np.zeros(terms, np.int32)
    size = 0
    for row in range(indptr.size - 1):
        first = size
        for at in range(indptr[row], indptr[row + 1]):
            word = words[at]
            if word < 0:
                continue
            if times[word] == 0:
                counted[size] = word
                size += 1
            times[word] += 1
        counted[first:size].sort()
        for at in range(first, size):
            counts[at] = times[counted[at]]
            times[counted[at]] = 0
        ends[row + 1] = size
    return size


@compiled
def _spelled(letters: NDArray[np.uint32], start: int, end: int) -> np.uint64:
    """A word of up to four letters below U+10000 as one whole number above 0; 0 for any other.

    All results are of one type: numba would make a float of a signed and an unsigned one.
    """
    number = np.uint64(0)
    if end - start <= _SHORT:
        for at in range(start, end):
            number = (number << np.uint64(16)) | np.uint64(letters[at] & np.uint32(0xFFFF))
        for at in range(start, end):
            if letters[at] >= 0x10000:
                number = np.uint64(0)
    return number


@compiled
def _short_place(table: NDArray[np.uint64], word: np.uint64) -> np.uint64:
    """Where the spelling ``word`` stands in the table, or the empty place for it (linear probing)."""
    mask = np.uint64(table.size - 1)
    place = ((word * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while table[place] != np.uint64(0) and table[place] != word:
        place = (place + np.uint64(1)) & mask
    return place


@compiled
def _long_place(
    table: NDArray[np.int32], ends: NDArray[np.int64], letters: NDArray[np.uint32], start: int, end: int
) -> np.uint64:
    """Where the word ``letters[start:end]`` stands in the table, or the empty place for it (FNV-1a, linear probing)."""
    mixed = np.uint64(14695981039346656037)
    for at in range(start, end):
        mixed = (mixed ^ np.uint64(letters[at])) * np.uint64(1099511628211)
    mask = np.uint64(table.size - 1)
    place = (mixed ^ (mixed >> np.uint64(29))) & mask
    while table[place] >= 0:
        known = table[place]
        same = ends[known + 1] - ends[known] == end - start
        at = 0
        while same and at < end - start:
            same = letters[ends[known] + at] == letters[start + at]
            at += 1
        if same:
            break
        place = (place + np.uint64(1)) & mask
    return place


@compiled
def _number(
    codes: NDArray[np.uint32],
    at: int,
    word: int,
    text: int,
    size: int,
    short: NDArray[np.uint64],
    short_numbers: NDArray[np.int32],
    long: NDArray[np.int32],
    ends: NDArray[np.int64],
    letters: NDArray[np.uint32],
    found: NDArray[np.int32],
    lengths: NDArray[np.int64],
) -> tuple[int, int, int, int]:
    """Number words from ``at`` on until the codes end or a table may be half full: where it stopped, and the counts."""
    while at < codes.size and 2 * size < long.size:
        # The word is copied behind the known letters; it stays there if it is new.
        start = ends[size]
        end = start
        while codes[at] != _WORD and codes[at] != _TEXT:
            letters[end] = codes[at]
            end += 1
            at += 1
        if end > start:
            spelled = _spelled(letters, start, end)
            if spelled != np.uint64(0):
                place = _short_place(short, spelled)
                if short[place] == np.uint64(0):
                    short[place], short_numbers[place] = spelled, size
                    size += 1
                    ends[size] = end
                found[word] = short_numbers[place]
            else:
                place = _long_place(long, ends, letters, start, end)
                if long[place] < 0:
                    long[place] = size
                    size += 1
                    ends[size] = end
                found[word] = long[place]
            word += 1
            lengths[text] += 1
        text += codes[at] == _TEXT
        at += 1
    return at, word, text, size


@compiled
def _refill(
    size: int,
    short: NDArray[np.uint64],
    short_numbers: NDArray[np.int32],
    long: NDArray[np.int32],
    ends: NDArray[np.int64],
    letters: NDArray[np.uint32],
) -> None:
    for number in range(size):
        spelled = _spelled(letters, ends[number], ends[number + 1])
        if spelled != np.uint64(0):
            place = _short_place(short, spelled)
            short[place], short_numbers[place] = spelled, number
        else:
            long[_long_place(long, ends, letters, ends[number], ends[number + 1])] = number
