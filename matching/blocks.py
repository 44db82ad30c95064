"""Blocks of encoded postings joined and cut, without knowing what the signals keep in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.rows import spans

Array = NDArray[Any]
Block = Mapping[str, Array]
"""What is kept of some postings, by name.

An array has one row for each posting — or, where "group.indptr" is there (one number more than postings), the arrays
"group.…" are ragged: posting ``r`` has their rows ``indptr[r]`` to ``indptr[r + 1]``. By this rule blocks are joined
and cut without knowing the signals. Names begin with the signal's (or the shared view's) name and a dot.
"""

_POINTER = ".indptr"


def _pointers(block: Block) -> dict[str, str]:
    """Group → the name of its pointer array."""
    return {name.removesuffix(_POINTER): name for name in block if name.endswith(_POINTER)}


def taken(block: Block, rows: NDArray[np.int64]) -> dict[str, Array]:
    """The postings ``rows`` of a block, in that order."""
    groups = _pointers(block)
    entries = {group: spans(block[pointer], rows) for group, pointer in groups.items()}
    out: dict[str, Array] = {}
    for name, array in block.items():
        group = name.rpartition(".")[0]
        if group not in groups:
            out[name] = array[rows]
        elif name == groups[group]:
            out[name] = entries[group][0]
        else:
            out[name] = array[entries[group][1]]
    return out


def single(block: Block, row: int) -> dict[str, Array]:
    """One posting of a block, without copying."""
    groups = _pointers(block)
    out: dict[str, Array] = {}
    for name, array in block.items():
        group = name.rpartition(".")[0]
        if group not in groups:
            out[name] = array[row : row + 1]
            continue
        start, end = (int(one) for one in block[groups[group]][row : row + 2])
        out[name] = np.array([0, end - start], dtype=np.int64) if name == groups[group] else array[start:end]
    return out


def joined(parts: Sequence[Block]) -> dict[str, Array]:
    """The postings of all parts in turn; at least one part, all with the same names."""
    if len(parts) == 1:
        return dict(parts[0])
    out: dict[str, Array] = {}
    for name in parts[0]:
        arrays = [part[name] for part in parts]
        if not name.endswith(_POINTER):
            out[name] = np.concatenate(arrays)
            continue
        starts = np.cumsum([0, *(int(array[-1]) for array in arrays)])
        moved = [array[:-1] + start for array, start in zip(arrays, starts[:-1], strict=True)]
        out[name] = np.concatenate([*moved, starts[-1:]])
    return out
