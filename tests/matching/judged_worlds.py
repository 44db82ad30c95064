"""Made-up judged lists whose hidden truth is known: which signals people really go by, and how far down they look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.feedback import JudgedList
from matching.feedback.lists import order


def judged_world(
    seed: int,
    *,
    needs: int = 120,
    truth: Sequence[float] = (0.0, 1.0, 0.0),
    present: Sequence[float] = (0.6, 0.2, 0.2),
    catalogue: int = 60,
    shown: int = 20,
    dismissing: float = 1.0,
    noise: float = 0.15,
) -> tuple[list[JudgedList], np.ndarray]:
    """Lists of needs, oldest first, and the weights they were shown by.

    People look at place r with probability 1/r and decide on what they see: the 8 worthiest of the catalogue are wanted
    and come to some grade, others are dismissed with probability ``dismissing`` and left alone otherwise. ``truth`` all
    nought makes worth pure chance.
    """
    generator = np.random.default_rng(seed)
    hidden, by = np.array(truth), np.array(present)
    lists = []
    for number in range(needs):
        scores = generator.beta(2, 5, size=(catalogue, len(by)))
        worth = scores @ hidden + generator.normal(0.0, noise, catalogue)
        wanted = worth >= np.sort(worth)[-8]
        top = order(scores, by)[:shown]
        places = np.arange(1.0, len(top) + 1.0)
        grades = np.full(len(top), np.nan)
        for row in np.flatnonzero(generator.random(len(top)) < 1.0 / places):
            if wanted[top[row]]:
                grades[row] = generator.choice([1, 2, 3, 4, 5], p=[0.4, 0.3, 0.15, 0.1, 0.05])
            elif generator.random() < dismissing:
                grades[row] = 0.0
        if not np.isnan(grades).all():
            names = tuple(f"成果{row:03d}" for row in range(len(top)))
            ranks = np.where(np.isnan(grades), np.nan, places)
            lists.append(JudgedList(f"需求{number:04d}", names, scores[top], grades, ranks, float(number)))
    return lists, by
