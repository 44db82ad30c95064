"""Signal: whether the two sides accept a common way of working together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts
from matching.signals.base import Block, Scores
from matching.statistics import Statistics

MODES = ("ENTRUSTED", "JOINT", "TRANSFER", "LICENSE", "CONSULTING", "SERVICE", "PLATFORM", "EQUITY")
"""The codes that both sides' profiles use (委托开发, 合作开发, 技术转让, 许可, 咨询, 服务, 共建平台, 作价投资)."""

NEAR = (
    ("ENTRUSTED", "JOINT"),
    ("ENTRUSTED", "SERVICE"),
    ("JOINT", "PLATFORM"),
    ("JOINT", "EQUITY"),
    ("TRANSFER", "LICENSE"),
    ("CONSULTING", "SERVICE"),
)
"""Ways so alike in who works and who owns the result that a party wanting one can be talked to about the other."""

_SCORE_NEAR = 0.5
_BITS = {mode: 1 << place for place, mode in enumerate(MODES)}


class ModeSignal:
    """1 for a common way, a half where the ways are only near to each other, else 0."""

    name: ClassVar[str] = "mode"
    label: ClassVar[str] = "合作方式"
    weight: ClassVar[float] = 0.02

    def fit(self, statistics: Statistics) -> FittedMode:  # noqa: ARG002 - ways mean the same in every catalogue
        """Nothing to learn."""
        return FittedMode()


class FittedMode:
    """Keeps each posting's ways, and those near to them, as bits."""

    def encode(self, texts: Texts) -> dict[str, NDArray[Any]]:
        """Bits of the accepted ways and of their neighbours; codes that are not in ``MODES`` say nothing."""
        every = [text.profile.modes for text in texts]
        return {
            "mode.own": np.array([_bits(modes) for modes in every], dtype=np.uint32),
            "mode.near": np.array([_bits(_neighbours(modes)) for modes in every], dtype=np.uint32),
        }

    def score(self, query: Block, offers: Block, at: NDArray[np.int64]) -> Scores:
        """NaN where either side says nothing."""
        ours, near = query["mode.own"][0], query["mode.near"][0]
        theirs = offers["mode.own"][at]
        scores = np.where(theirs & ours != 0, 1.0, np.where(theirs & near != 0, _SCORE_NEAR, 0.0))
        return np.where((theirs != 0) & (ours != 0), scores, np.nan)


def _bits(modes: Iterable[str]) -> int:
    bits = 0
    for mode in modes:
        bits |= _BITS.get(mode, 0)
    return bits


def _neighbours(modes: Iterable[str]) -> set[str]:
    own = set(modes)
    return {one for pair in NEAR if own & set(pair) for one in pair}
