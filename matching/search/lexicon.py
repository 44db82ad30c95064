"""The words a set of documents knows: how many hold each, how each is read, and which come close to a slip."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from matching.search.document import Analysed

LONGEST_SLIPPED = 8
"""Longer words are not looked up by a slip in them as a whole, but by their parts."""

Spellings = Mapping[str, tuple[str, ...]]


class Lexicon:
    """Words of some documents, frozen; ``counts`` says how many of them hold each."""

    def __init__(self, documents: Iterable[Analysed]) -> None:
        counts: Counter[str] = Counter()
        spellings: dict[str, set[str]] = {}
        initials: dict[str, set[str]] = {}
        for document in documents:
            counts.update({word for word, _, _ in document.readings})
            for word, whole, short in document.readings:
                spellings.setdefault(whole, set()).add(word)
                if len(word) > 1:
                    initials.setdefault(short, set()).add(word)
        self.counts: Mapping[str, int] = counts
        self.spellings: Spellings = {key: tuple(sorted(words)) for key, words in spellings.items()}
        self.initials: Spellings = {key: tuple(sorted(words)) for key, words in initials.items()}

    @cached_property
    def sorted_spellings(self) -> Sequence[str]:
        """All spellings in alphabetical order, for looking up a beginning."""
        return sorted(self.spellings)

    @cached_property
    def sorted_words(self) -> Sequence[str]:
        """All words in order, for looking up a beginning."""
        return sorted(self.counts)

    @cached_property
    def shortened(self) -> Mapping[str, tuple[str, ...]]:
        """Words of three characters and more as they are, and under each form that lacks one character."""
        found: dict[str, list[str]] = {}
        for word in self.sorted_words:
            if 3 <= len(word) <= LONGEST_SLIPPED:
                for form in {word, *_one_left_out(word)}:
                    found.setdefault(form, []).append(word)
        return {form: tuple(words) for form, words in found.items()}


class Lexicons:
    """Several lexicons as one, less the words of documents that are gone."""

    def __init__(self, parts: Sequence[Lexicon], gone: Mapping[str, int]) -> None:
        self._parts, self._gone = parts, gone

    def count(self, word: str) -> int:
        """How many documents hold ``word`` as a word."""
        return sum(part.counts.get(word, 0) for part in self._parts) - self._gone.get(word, 0)

    def spelled(self, letters: str) -> list[str]:
        """Words that are read ``letters``, the commonest first."""
        return self._known(word for part in self._parts for word in part.spellings.get(letters, ()))

    def initialed(self, letters: str) -> list[str]:
        """Words whose syllables begin with ``letters``, the commonest first."""
        return self._known(word for part in self._parts for word in part.initials.get(letters, ()))

    def beginning(self, letters: str, limit: int) -> list[str]:
        """Words that are read ``letters`` and something more, the commonest first; of at most 200 that come first."""
        found = (
            word
            for part in self._parts
            for key in _from(part.sorted_spellings, letters)
            for word in part.spellings[key]
        )
        return self._known(found)[:limit]

    def starting(self, text: str, limit: int) -> list[str]:
        """Words that start with ``text``, the commonest first; of at most 200 that come first."""
        return self._known(word for part in self._parts for word in _from(part.sorted_words, text))[:limit]

    def near(self, word: str) -> list[str]:
        """Words one wrong, missing, additional or exchanged character away; both at least three characters long."""
        forms = {word, *_one_left_out(word)}
        found = (near for part in self._parts for form in forms for near in part.shortened.get(form, ()))
        return self._known(near for near in found if near != word and OSA.distance(near, word) == 1)

    def spelled_near(self, letters: str, slips: int) -> list[str]:
        """Words whose spelling is at most ``slips`` letters away, the nearest first, then the commonest."""
        best: dict[str, int] = {}
        for part in self._parts:
            keys = part.sorted_spellings
            for key, distance, _ in extract(letters, keys, scorer=OSA.distance, score_cutoff=slips, limit=20):
                for word in part.spellings[key]:
                    if len(key) > 3:
                        best[word] = min(int(distance), best.get(word, slips))
        return sorted(self._known(best), key=lambda word: best[word])

    def _known(self, words: Iterable[str]) -> list[str]:
        counted = {word: self.count(word) for word in words}
        return sorted(
            (word for word, count in counted.items() if count > 0), key=lambda word: (-counted[word], len(word), word)
        )


def _one_left_out(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _from(ordered: Sequence[str], beginning: str) -> Iterator[str]:
    start = bisect_left(ordered, beginning)
    return takewhile(lambda one: one.startswith(beginning), ordered[start : start + 200])
