"""What was typed: runs of Chinese and of letters, phrases in quotes, and what is to be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matching.search.pinyin import RUNS
from matching.text import normalise

LONGEST_QUERY = 200
_QUOTED = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]+)"|"([^"]+)"')
_EXCLUDED = re.compile(r"(?:(?<=\s)|^)-(?![0-9])(\S+)")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``runs`` in their order; ``phrases`` must stand as they are; no text with one of ``excluded`` is wanted."""

    runs: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.runs or self.phrases)


def parse(text: str) -> ParsedQuery:
    """Read a query of any form; what cannot be read is passed over. Only the first 200 characters count."""
    folded = normalise(text[:LONGEST_QUERY])
    phrases: list[str] = []
    excluded: list[str] = []

    def take_phrase(match: re.Match[str]) -> str:
        phrase = (match[2] or match[3]).strip()
        if RUNS.search(phrase):
            (excluded if match[1] else phrases).append(phrase)
        return " "

    def take_excluded(match: re.Match[str]) -> str:
        if RUNS.search(match[1]):
            excluded.append(match[1].strip('"'))
        return " "

    rest = _EXCLUDED.sub(take_excluded, _QUOTED.sub(take_phrase, folded))
    runs = dict.fromkeys(RUNS.findall(rest))
    return ParsedQuery(tuple(runs), tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(excluded)))
