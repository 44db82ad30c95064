"""How common characters, pairs and words are in Chinese at large: a small catalogue is not fooled by its few texts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.analysis import pair_key, word_key

WEIGHT = 200
"""How many texts the background counts for beside the catalogue's own."""

SIGNS = 200
"""Length in signs of the texts that the shares are expected shares of."""

PER = 100_000
"""The files give shares in hundred-thousandths."""

Name = Literal["characters", "words"]


@cache
def frequencies(view: Name) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Numbers of the background's terms, ascending, and the share of texts that is expected to hold each, in (0, 1].

    The terms are in ``characters.tsv`` (single characters and pairs) and ``words.tsv``, derived from the word
    frequencies of jieba (MIT, see ``LICENSE.jieba``) by ``make.py``; a term that is not in the table is rarer than one
    text in a thousand.
    """
    shares: dict[int, float] = {}
    for line in (Path(__file__).parent / f"{view}.tsv").read_text(encoding="utf-8").splitlines():
        term, share = line.split("\t")
        key = word_key(term) if view == "words" else _character_key(term)
        shares[key] = max(shares.get(key, 0.0), int(share) / PER)
    keys = np.array(sorted(shares), dtype=np.uint32)
    return keys, np.array([shares[int(key)] for key in keys], dtype=np.float32)


def _character_key(term: str) -> int:
    return ord(term) if len(term) == 1 else pair_key(term)
