"""How words are read: their pinyin written as one run of letters, and the first letters of its syllables."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

from matching.ngrams import CHINESE

RUNS = re.compile(rf"[{CHINESE}]+|[0-9a-zα-ω](?:[0-9a-zα-ω.+\-]*[0-9a-zα-ω+])?")
"""Runs of a folded text that say something: Chinese, or letters and digits with what joins them."""


def is_chinese(run: str) -> bool:
    """Whether a run of RUNS is a Chinese one."""
    return run[0] >= "\u3007"


@lru_cache(maxsize=200_000)
def syllables(run: str) -> tuple[str, ...]:
    """The syllables of a Chinese run, one a character, without tones, ü as v; context decides between readings."""
    read = lazy_pinyin(run, v_to_u=False)
    if len(read) != len(run):  # characters without a known reading come as one piece
        read = [lazy_pinyin(character)[0] for character in run]
    return tuple(read)


def spelled(folded: str) -> str:
    """The whole folded text in letters: 电解水 → dianjieshui; letters and digits stay, all else goes."""
    return "".join("".join(syllables(run)) if is_chinese(run) else run for run in RUNS.findall(folded))


def initials(folded: str) -> str:
    """First letters of the syllables: 电解水 → djs; runs of letters and digits stay whole: PEM电解 → pemdj."""
    return "".join(
        "".join(syllable[0] for syllable in syllables(run)) if is_chinese(run) else run for run in RUNS.findall(folded)
    )


def spoken(letters: str, folded: str) -> set[str]:
    """The pieces of a folded text's Chinese runs whose syllables make up ``letters`` exactly."""
    found: set[str] = set()
    for run in RUNS.findall(folded):
        read = syllables(run) if is_chinese(run) else ()
        for start in range(len(read)):
            rest, end = letters, start
            while rest and end < len(read) and rest.startswith(read[end]):
                rest, end = rest[len(read[end]) :], end + 1
            if not rest:
                found.add(run[start:end])
    return found
