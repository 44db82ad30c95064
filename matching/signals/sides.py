"""Which side a posting stands on, as signals keep it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Texts


def sides(texts: Texts) -> NDArray[np.int8]:
    """+1 for a need, -1 for an achievement, 0 where the side is unknown; shape (len(texts),)."""
    return np.array([{True: 1, False: -1, None: 0}[text.profile.asks] for text in texts], dtype=np.int8)
