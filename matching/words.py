"""Words of a text: a segmenter with a domain dictionary of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

import rjieba

from matching.boilerplate import word_weight
from matching.text import normalise

_WORD_LIKE = re.compile(r"[0-9a-zα-ω\u3400-\u9fff\U00020000-\U0002fa1f]")
_DICTIONARY_FREQUENCY = 20_000


class Segmenter:
    """Cuts folded text into search words (long words also in their parts).

    ``dictionary`` holds words of the field ("电解水制氢", "兰炭"); they are added to this instance alone.
    Segmenters with the same dictionary cut alike, whatever the order of its words.
    """

    def __init__(self, dictionary: Iterable[str] = ()) -> None:
        self._jieba = rjieba.Jieba()
        self.dictionary: tuple[str, ...] = tuple(sorted({normalise(word) for word in dictionary} - {""}))
        for word in self.dictionary:
            self._jieba.add_word(word, _DICTIONARY_FREQUENCY, None)

    def words(self, text: str) -> list[str]:
        """The words of ``text``, folded, in order, without function words, single signs and punctuation."""
        return self.folded_words(normalise(text))

    def folded_words(self, folded: str) -> list[str]:
        """As ``words`` for a text that is folded already."""
        return [word for word in self.folded_pieces(folded) if self.counts(word)]

    def folded_pieces(self, folded: str) -> list[str]:
        """All search words and signs of a folded text, in order."""
        pieces: list[str] = self._jieba.cut_for_search(folded)
        return pieces

    @staticmethod
    def counts(piece: str) -> bool:
        """Whether a piece is a word that counts: with a letter, digit or Chinese character, and no function word."""
        return _WORD_LIKE.search(piece) is not None and word_weight(piece) > 0.0

    def knows(self, word: str) -> bool:
        """Whether a folded text is a word of the dictionary."""
        return bool(self._jieba.has_word(word))

    def cut(self, folded: str) -> list[str]:
        """All pieces of a folded text in order, each character once."""
        pieces: list[str] = self._jieba.cut(folded)
        return pieces
