"""Timing: rounds in turn, medians, and how fast this machine reads memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def each(work: Callable[[int], Any], count: int) -> list[float]:
    """Seconds of ``work(0)``, ``work(1)`` … after one call to warm up."""
    work(0)
    return [seconds(lambda at=at: work(at)) for at in range(count)]  # type: ignore[misc] # mypy does not infer a default argument


def in_turn(works: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Each piece of work once to warm up, then all of them in turn, ``rounds`` times; seconds of each."""
    for work in works.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return taken


def bandwidth(threads: int, megabytes: int = 256, rounds: int = 7) -> float:
    """Bytes a second that ``threads`` threads read together from memory too large for the caches; the median."""
    parts = [np.ones(megabytes * 2**20 // 8 // threads, np.uint64) for _ in range(threads)]
    _sum(parts[0])
    taken = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(rounds):
            started = time.perf_counter()
            list(pool.map(_sum, parts))
            taken.append(time.perf_counter() - started)
    return sum(part.nbytes for part in parts) / float(np.median(taken))


@compiled
def _sum(numbers: NDArray[np.uint64]) -> int:
    total = np.uint64(0)
    for at in range(numbers.size):
        total += numbers[at]
    return int(total)


def milliseconds(taken: list[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    middle, slow = np.percentile(np.array(taken) * 1e3, [50, 99])
    return f"p50 {middle:.3f} ms, p99 {slow:.3f} ms"
