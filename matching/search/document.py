"""What the search knows of a record, and what a text is cut into: grams that are found, words that can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from matching.boilerplate import FUNCTION_WORDS
from matching.search.pinyin import RUNS, is_chinese, syllables
from matching.text import normalise
from matching.words import Segmenter

LONGEST_PHRASE = 12
WORDS_IN_PHRASE = 3
FIELD_WEIGHTS = {"names": 2.0, "keywords": 2.0, "body": 1.0}
TITLE_LEAST, TITLE_SHORT, TITLE_HALF = 2.0, 4.0, 8.0
"""A title's occurrence counts 2 in a very long title and up to 6 in a very short one, 4 at 8 characters."""
SATURATION = 2.0
_JOINTS = re.compile(r"[.+\-]+")


@dataclass(frozen=True, slots=True)
class Document:
    """One record. ``kind`` and ``id`` make its key; ``names`` are what it or its people are also called."""

    kind: str
    id: str
    title: str
    body: str = ""
    keywords: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Kind and id: "needs:12"."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document cut once: all of it folded, ``impacts`` of its grams in (0, 1), ``readings`` of its words."""

    document: Document
    folded: str
    impacts: Mapping[str, float]
    readings: frozenset[tuple[str, str, str]]
    """(word or phrase, its pinyin, its initials)."""


def grams(folded: str) -> Iterator[str]:
    """What a text is found by: characters, pairs of neighbours, runs of letters and digits and their parts."""
    for run in RUNS.findall(folded):
        if is_chinese(run):
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            continue
        yield run
        parts = _JOINTS.split(run)
        if len(parts) > 1:
            yield from (part for part in parts if part)


def needed_grams(folded: str) -> list[str]:
    """The grams a text must have to hold ``folded``: pairs (the character where there is but one), and whole runs."""
    found: list[str] = []
    for run in RUNS.findall(folded):
        if is_chinese(run) and len(run) > 1:
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return list(dict.fromkeys(found))


def analyse(document: Document, segmenter: Segmenter) -> Analysed:
    """Cut a document; deterministic."""
    title, body = normalise(document.title), normalise(document.body)
    names, keywords = (tuple(normalise(one) for one in many) for many in (document.names, document.keywords))
    weights: dict[str, float] = {}
    of_title = TITLE_LEAST + TITLE_SHORT * TITLE_HALF / (TITLE_HALF + len(title))
    fields = ((title, of_title), *((text, FIELD_WEIGHTS["names"]) for text in names))
    fields += (*((text, FIELD_WEIGHTS["keywords"]) for text in keywords), (body, FIELD_WEIGHTS["body"]))
    for text, weight in fields:
        for gram in grams(text):
            weights[gram] = weights.get(gram, 0.0) + weight
    impacts = {gram: weight / (weight + SATURATION) for gram, weight in weights.items()}
    readings = set(chain.from_iterable(_phrases(text, segmenter) for text in (title, *names, *keywords)))
    readings.update(_words(body, segmenter))
    return Analysed(document, "\n".join((title, *names, *keywords, body)), impacts, frozenset(readings))


def _words(folded: str, segmenter: Segmenter) -> Iterator[tuple[str, str, str]]:
    for run in RUNS.findall(folded):
        if not is_chinese(run):
            yield run, run, run
            continue
        for word in segmenter.folded_pieces(run):
            if len(word) > 1:
                yield _read(word, syllables(word))


def _read(word: str, read: Sequence[str]) -> tuple[str, str, str]:
    return word, "".join(read), "".join(one[0] for one in read)


def _phrases(folded: str, segmenter: Segmenter) -> Iterator[tuple[str, str, str]]:
    """Words and short sequences of neighbouring ones, read in their context."""
    for chunk in folded.split():
        pieces: list[tuple[str, str, str]] = []
        for run in RUNS.findall(chunk):
            if not is_chinese(run):
                pieces.append((run, run, run))
                continue
            read, at = syllables(run), 0
            yield from (_read(*one) for one in zip(run, zip(read), strict=True))
            yield from _words(run, segmenter)
            for word in segmenter.cut(run):
                pieces.append(_read(word, read[at : at + len(word)]))
                at += len(word)
        for first in range(len(pieces)):
            yield pieces[first]
            for last in range(first + 2, min(first + WORDS_IN_PHRASE, len(pieces)) + 1):
                if {pieces[first][0], pieces[last - 1][0]} & FUNCTION_WORDS:
                    continue
                text, whole, short = ("".join(parts) for parts in zip(*pieces[first:last], strict=True))
                if len(text) <= LONGEST_PHRASE and text in chunk:
                    yield text, whole, short
