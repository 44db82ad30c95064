"""Character n-grams of folded text: single characters and pairs of Chinese, whole runs of letters and digits."""

from __future__ import annotations

import re

from matching.boilerplate import without_office_phrases

CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RUNS = re.compile(rf"[{CHINESE}]+|[0-9a-z.+α-ω]+")
_BETWEEN_CHINESE = re.compile(rf"(?<=[{CHINESE}]) (?=[{CHINESE}])")


def ngrams(folded: str) -> list[str]:
    """Chinese characters, pairs of neighbouring ones (across a blank too), and runs of letters and digits as they are.

    Project language (“关键技术研究及应用示范”) gives none, and no pair crosses it.
    """
    grams: list[str] = []
    for match in _RUNS.finditer(_BETWEEN_CHINESE.sub("", without_office_phrases(folded))):
        run = match.group()
        if run[0] < "\u3007":
            grams.append(run)
            continue
        grams.extend(run)
        grams.extend(run[at : at + 2] for at in range(len(run) - 1))
    return grams
