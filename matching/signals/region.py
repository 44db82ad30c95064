"""Signal: how near the two sides are in the administrative division (GB/T 2260)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.signals.base import Block, Scores
from matching.statistics import Statistics

_SAME_COUNTY, _SAME_CITY, _SAME_PROVINCE = 1.0, 0.8, 0.5


class RegionSignal:
    """Same banner or county 1, same city 0.8, same province 0.5, else 0. Technology travels, so it weighs little."""

    name: ClassVar[str] = "region"
    label: ClassVar[str] = "地区"
    weight: ClassVar[float] = 0.02

    def fit(self, statistics: Statistics) -> FittedRegion:  # noqa: ARG002 - places mean the same in every catalogue
        """Nothing to learn."""
        return FittedRegion()


class FittedRegion:
    """Keeps each posting's division code as a number."""

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Codes of six digits; 0 is not said."""
        return {"region.code": np.array([_code(text.profile.region) for text in texts], dtype=np.int32)}

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """NaN where either place is unknown; a city stands for its counties no more than a province for its cities."""
        ours = int(query["region.code"][0])
        theirs = offers["region.code"][at]
        scores = np.where(theirs // 10000 == ours // 10000, _SAME_PROVINCE, 0.0)
        both_have_cities = (theirs // 100 % 100 != 0) & (ours // 100 % 100 != 0)
        scores = np.where(both_have_cities & (theirs // 100 == ours // 100), _SAME_CITY, scores)
        both_have_counties = both_have_cities & (theirs % 100 != 0) & (ours % 100 != 0)
        scores = np.where(both_have_counties & (theirs == ours), _SAME_COUNTY, scores)
        return np.where((theirs > 0) & (ours > 0), scores, np.nan)


def _code(region: str) -> int:
    return int(region) if len(region) == 6 and region.isascii() and region.isdigit() else 0
