"""Words that mean the same, in groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matching.text import normalise


class Synonyms:
    """Groups of words; a word may stand in several. Words are compared folded."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._others: dict[str, list[str]] = {}
        for group in groups:
            words = list(dict.fromkeys(filter(None, map(normalise, group))))
            for word in words:
                known = self._others.setdefault(word, [])
                known.extend(other for other in words if other != word and other not in known)
        self._longest = max(map(len, self._others), default=0)

    def others(self, word: str) -> tuple[str, ...]:
        """Words that mean the same as the folded ``word``, in the order the groups give them."""
        return tuple(self._others.get(word, ()))

    def longest_from(self, run: str, start: int) -> str:
        """The longest known word that ``run`` has from ``start`` on; "" when there is none."""
        for end in range(min(len(run), start + self._longest), start, -1):
            if run[start:end] in self._others:
                return run[start:end]
        return ""
