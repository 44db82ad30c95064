"""Scores as whole ten-thousandths, so that contributions add up to the score to the last digit shown."""

from __future__ import annotations

from collections.abc import Mapping

SCALE = 10_000


def split_points(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """Round ``parts`` (≥ 0, summing to about ``total / SCALE``) to ten-thousandths that sum to ``total``.

    Largest-remainder method (Hamilton): each part is cut down, what is missing goes to the largest remainders, equal
    remainders in the mapping's order.
    """
    points = {name: int(value * SCALE) for name, value in parts.items()}
    by_remainder = sorted(parts, key=lambda name: points[name] - parts[name] * SCALE)
    for name in by_remainder[: max(0, total - sum(points.values()))]:
        points[name] += 1
    return points
