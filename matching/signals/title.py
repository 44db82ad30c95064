"""Signal: the title of one side against the whole text of the other, both ways (TF-IDF over characters)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.rows import TITLE, WHOLE
from matching.signals.base import Block, Scores, mean_of_known, unknown_where
from matching.signals.views import View, cosines
from matching.statistics import Statistics


class TitleSignal:
    """Mean of the two cosines title↔whole; one of them where only one side has a title."""

    name: ClassVar[str] = "title"
    label: ClassVar[str] = "标题切题"
    weight: ClassVar[float] = 0.35

    def fit(self, statistics: Statistics) -> FittedTitle:
        """Take the rarity of characters from the statistics."""
        return FittedTitle(View("characters", statistics))


class FittedTitle:
    """Keeps the lengths of the title's and the whole text's vectors."""

    def __init__(self, view: View) -> None:
        self._view = view

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Counted characters, and the two lengths."""
        return {
            **self._view.encode(texts),
            "title.titles": self._view.lengths(texts, TITLE),
            "title.wholes": self._view.lengths(texts, WHOLE),
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """Mean cosines."""
        meeting = self._view.meet(query, offers, at)
        ours = query["title.titles"][0] * offers["title.wholes"][at]
        theirs = query["title.wholes"][0] * offers["title.titles"][at]
        return mean_of_known(
            unknown_where(cosines(meeting, TITLE, WHOLE, ours), ours == 0.0),
            unknown_where(cosines(meeting, WHOLE, TITLE, theirs), theirs == 0.0),
        )
