"""Position bias: how likely a pair at a place was looked at, and what a decision there therefore weighs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

ETA = 1.0
"""How fast attention falls with the place: 1 / rank ** ETA, the value Joachims, Swaminathan & Schnabel (2017) use."""

FLOOR = 0.1
"""No decision weighs more than 1 / FLOOR = 10: clipping trades a little bias for much less variance (ibid., §5)."""


def propensity(ranks: Values) -> Values:
    """The chance in [FLOOR, 1] that a pair shown at ``ranks`` (from 1, NaN: shown by no list) was looked at.

    The position-based model: attention depends on the place alone. It is assumed, not estimated: what was decided falls
    with the place both because fewer look and because worse pairs stand there, and one ranking cannot tell the two
    apart. A pair that no list showed was found by somebody who looked for it, and weighs 1.
    """
    known = np.where(np.isnan(ranks), 1.0, ranks)
    chances: Values = np.clip(np.maximum(known, 1.0) ** -ETA, FLOOR, 1.0)
    return chances
