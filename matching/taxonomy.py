"""Category paths: "scheme:10/101" read, and how deep two of them agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Path = tuple[str, ...]


def parse_category(category: str) -> tuple[str, Path]:
    """Split "scheme:10/101" into ("scheme", ("10", "101")); without ":" the scheme is "" and the path has one node."""
    scheme, colon, codes = category.partition(":")
    if not colon:
        return "", (category.strip(),) if category.strip() else ()
    return scheme.strip(), tuple(code.strip() for code in codes.split("/") if code.strip())


def common_depth(ours: Path, theirs: Path) -> int:
    """How many nodes two paths share from the root."""
    differing = (at for at, (left, right) in enumerate(zip(ours, theirs, strict=False)) if left != right)
    return next(differing, min(len(ours), len(theirs)))


def shared_depth(ours: Sequence[str], theirs: Sequence[str], depths: Mapping[str, int]) -> float | None:
    """Deepest shared depth / tree depth, the best over pairs in one scheme; None if no scheme holds both.

    The tree depth is the deepest path of the scheme in the statistics, but no deeper than the deeper of the two paths:
    two postings that name the same node agree fully, however deep others go. A scheme the statistics do not know is as
    deep as the two paths.
    """
    best: float | None = None
    their_paths = [parse_category(category) for category in theirs]
    for category in ours:
        scheme, path = parse_category(category)
        for their_scheme, their_path in their_paths:
            if scheme != their_scheme or not path or not their_path:
                continue
            longest = max(len(path), len(their_path))
            value = min(1.0, common_depth(path, their_path) / min(longest, depths.get(scheme, longest)))
            best = value if best is None else max(best, value)
    return best
