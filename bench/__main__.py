"""Lists and runs the benchmarks: ``python -m bench`` runs all, ``python -m bench ranking`` one, ``--list`` names."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import ranking

BENCHES: dict[str, Callable[[], None]] = {
    "ranking": ranking.main,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all without a name; 2 for an unknown name."""
    if "--list" in names:
        for name, bench in BENCHES.items():
            print(f"{name}: {(bench.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        print(f"== {name}")
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
