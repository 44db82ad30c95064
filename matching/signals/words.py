"""Signal: how many of one title's technical words the other text holds, both ways (segmented words)."""

from __future__ import annotations

from typing import ClassVar

from matching.signals.coverage import FittedCoverage
from matching.signals.views import View
from matching.statistics import Statistics


class WordsSignal:
    """Coverage as ``CoverageSignal`` measures it, over words."""

    name: ClassVar[str] = "words"
    label: ClassVar[str] = "技术词重合"
    weight: ClassVar[float] = 0.10

    def fit(self, statistics: Statistics) -> FittedCoverage:
        """Take rarity and mean length from the statistics."""
        return FittedCoverage(self.name, View("words", statistics))
