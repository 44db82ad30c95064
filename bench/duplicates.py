"""Near-duplicates over 100,000 titles beside rapidfuzz.process.extract in one run: a lookup, recall, one change."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import rapidfuzz
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bench.corpus import Corpus
from matching import Profile
from matching.duplicates import THRESHOLD, DuplicateFinder
from matching.text import normalise

TITLES, LOOKUPS, ROUNDS, PEER_LOOKUPS = 100_000, 2_000, 5, 40
_ENDINGS = ("关键技术研究", "技术研发与应用示范", "装备研制", "成套技术及产业化", "系统", "工艺优化", "方法研究", "")
_JOINTS = ("", "", "", "用", "及", "的", "与")
Times = NDArray[np.float64]
_SIGNS = "研制新型高效节能环保材料装置控制系统碳氢硅铝镁锂钠钾钙铁铜锌ABCX0123456789"


def main() -> None:
    """Time of one lookup (p50, p99), ratio to rapidfuzz.process.extract, recall on edited titles, time of a change."""
    generator = random.Random(1)  # noqa: S311 - sample titles, no secret
    titles = generated_titles(TITLES, generator)
    profiles = [Profile(f"T{at:06}", title) for at, title in enumerate(titles)]
    started = time.perf_counter()
    finder = DuplicateFinder(profiles)
    finder.find(profiles[0])
    print(
        f"{len(titles)} titles, {np.mean([len(title) for title in titles]):.1f} characters on average; indexed in "
        f"{time.perf_counter() - started:.1f} s"
    )
    asked = [edited(titles[generator.randrange(TITLES)], generator) for _ in range(LOOKUPS)]
    _compare(finder, titles, asked)
    _recall(finder, titles, generator)
    _changes(finder, titles, asked, generator)


def generated_titles(count: int, generator: random.Random) -> list[str]:
    """Titles of three to six words of the made-up corpus, two topics mixed as there, with a usual ending."""
    corpus = Corpus()
    drawn = corpus.draw(count, seed=4, tokens=8)
    titles = []
    for start in drawn.indptr[:-1].tolist():
        words = [corpus.words[word] for word in drawn.words[start : start + generator.randint(3, 6)]]
        joined = "".join(word + generator.choice(_JOINTS) for word in words)
        titles.append(joined + generator.choice(_ENDINGS))
    return titles


def edited(title: str, generator: random.Random) -> str:
    """The title with one to length ÷ 8 characters substituted, inserted or deleted."""
    signs = list(title)
    for _ in range(generator.randint(min(1, len(title) // 8), len(title) // 8)):
        kind, at = generator.randrange(3), generator.randrange(len(signs))
        if kind == 0:
            signs[at] = generator.choice(_SIGNS)
        elif kind == 1:
            signs.insert(at, generator.choice(_SIGNS))
        else:
            del signs[at]
    return "".join(signs)


def _compare(finder: DuplicateFinder, titles: Sequence[str], asked: Sequence[str]) -> None:
    folded = [normalise(title) for title in titles]
    peers: dict[str, Callable[[str], Any]] = {
        "extract, its own scorer (WRatio)": lambda text: process.extract(normalise(text), folded, limit=5),
        "extract, fuzz.ratio": lambda text: process.extract(normalise(text), folded, scorer=fuzz.ratio, limit=5),
        "extract, fuzz.ratio, cutoff 80": lambda text: process.extract(
            normalise(text), folded, scorer=fuzz.ratio, score_cutoff=100.0 * THRESHOLD, limit=5
        ),
    }
    times: dict[str, list[Times]] = {name: [] for name in ("woshou", *peers)}
    for turn in range(ROUNDS):
        part = asked[turn * LOOKUPS // ROUNDS : (turn + 1) * LOOKUPS // ROUNDS]
        times["woshou"].append(_timed(lambda text: finder.find(Profile("", text)), part))
        for name, peer in peers.items():
            times[name].append(_timed(peer, part[: PEER_LOOKUPS // ROUNDS]))
    print(f"a lookup in milliseconds (medians of {ROUNDS} rounds)     p50      p99  p99 processor  p50 ÷ woshou")
    ours = _middle(times["woshou"])[0]
    for name, rounds in times.items():
        wall, late, worked = _middle(rounds)
        label = name if name == "woshou" else f"rapidfuzz {rapidfuzz.__version__} {name}"
        print(f"  {label:<44} {wall:8.3f} {late:8.3f} {worked:14.3f} {wall / ours:13.0f}")


def _recall(finder: DuplicateFinder, titles: Sequence[str], generator: random.Random) -> None:
    chosen = [generator.randrange(TITLES) for _ in range(LOOKUPS)]
    hit = sum(
        any(one.id == f"T{at:06}" for one in finder.find(Profile("", edited(titles[at], generator)), limit=50))
        for at in chosen
    )
    print(
        f"recall of titles with at most 1/8 of the characters edited: {hit} of {len(chosen)} = {hit / len(chosen):.4f}"
    )


def _changes(finder: DuplicateFinder, titles: Sequence[str], asked: Sequence[str], generator: random.Random) -> None:
    times = []
    for at in range(LOOKUPS):
        profile = Profile(f"N{at:06}", edited(titles[at], generator))
        started = time.perf_counter()
        finder = finder.changed([profile], dropped=[f"T{at:06}"])
        times.append(1000.0 * (time.perf_counter() - started))
    wall, late, worked = _middle([_timed(lambda text: finder.find(Profile("", text)), asked[: LOOKUPS // ROUNDS])])
    print(
        f"one title put and one dropped: p50 {np.median(times):.3f} ms, p99 {np.percentile(times, 99):.3f} ms, most "
        f"{max(times):.1f} ms; a lookup after {LOOKUPS} changes: p50 {wall:.3f} ms, p99 {late:.3f} ms "
        f"(processor {worked:.3f} ms)"
    )


def _timed(work: Callable[[str], Any], texts: Sequence[str]) -> Times:
    """Milliseconds of each call by the clock, and of this thread on the processor (others' work left out)."""
    times = []
    for text in texts:
        started, worked = time.perf_counter(), time.thread_time()
        work(text)
        times.append((1000.0 * (time.perf_counter() - started), 1000.0 * (time.thread_time() - worked)))
    return np.array(times)


def _middle(rounds: Sequence[Times]) -> tuple[float, float, float]:
    """Medians over the rounds of: p50 and p99 by the clock, p99 on the processor."""
    clock = [float(np.median([np.percentile(one[:, 0], level) for one in rounds])) for level in (50, 99)]
    return clock[0], clock[1], float(np.median([np.percentile(one[:, 1], 99) for one in rounds]))
