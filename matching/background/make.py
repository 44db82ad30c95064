"""Makes the background's tables from the word frequencies in jieba: ``python -m matching.background.make``."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path

import jieba

from matching.background import PER, SIGNS
from matching.boilerplate import FUNCTION_WORDS
from matching.text import normalise
from matching.words import Segmenter

LEAST_SHARE = 0.001
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def counted(lines: list[str]) -> tuple[Counter[str], Counter[str], int]:
    """Occurrences of characters and pairs, of words, and of signs in all, from lines "word frequency kind".

    Pairs are counted inside words only; how words follow each other is not in the list.
    """
    characters: Counter[str] = Counter()
    words: Counter[str] = Counter()
    signs = 0
    for line in lines:
        spelled, times, *_ = line.split()
        word, frequency = normalise(spelled), int(times)
        if not _CHINESE.fullmatch(word):
            continue
        signs += frequency * len(word)
        words[word] += frequency
        for sign in word:
            characters[sign] += frequency
        for at in range(len(word) - 1):
            characters[word[at : at + 2]] += frequency
    return characters, words, signs


def shares(occurrences: Counter[str], signs: int) -> list[tuple[str, int]]:
    """Terms and the share (in 1/``PER``) of texts of ``SIGNS`` signs that hold them, most common first.

    Occurrences are taken to fall independently (Poisson): share = 1 − exp(−``SIGNS`` · occurrences / signs).
    """
    expected = {term: 1.0 - math.exp(-SIGNS * times / signs) for term, times in occurrences.items()}
    kept = [(term, round(share * PER)) for term, share in expected.items() if share >= LEAST_SHARE]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def main() -> None:
    """Write both tables beside this file."""
    with jieba.get_dict_file() as file:
        lines = file.read().decode("utf-8").splitlines()
    characters, words, signs = counted(lines)
    for single in [word for word in FUNCTION_WORDS if len(word) == 1]:
        del characters[single]
    for word in [word for word in words if not Segmenter.counts(word)]:
        del words[word]
    for name, occurrences in (("characters", characters), ("words", words)):
        table = shares(occurrences, signs)
        text = "".join(f"{term}\t{share}\n" for term, share in table)
        (Path(__file__).parent / f"{name}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
