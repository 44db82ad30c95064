"""Lists and runs the benchmarks: ``python -m bench`` the usual ones, ``python -m bench text`` one, ``--list`` names."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import duplicates, engine, insert, ranking, seating, text

BENCHES: dict[str, Callable[[], None]] = {
    "ranking": ranking.main,
    "engine": engine.main,
    "insert": insert.main,
    "text": text.main,
    "duplicates": duplicates.main,
    "seating": seating.main,
    "million": engine.million,
}
LARGE = {"million"}
"""Run only when named or with ``--full``."""


def main(names: list[str]) -> int:
    """Run the named benchmarks; without a name the usual ones, with ``--full`` all; 2 for an unknown name."""
    if "--list" in names:
        for name, bench in BENCHES.items():
            print(f"{name}: {(bench.__doc__ or '').splitlines()[0]}")
        return 0
    chosen = [name for name in names if name != "--full"]
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in chosen or [name for name in BENCHES if "--full" in names or name not in LARGE]:
        print(f"== {name}", flush=True)
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
