"""What the frequent terms can bring to a score at most, for every document, in bytes that the processor adds by dozens.

Each frequent term has one byte a document: its impact in steps of ``unit``, rounded up. A query's weights are rounded
up to small whole numbers, such that no document's sum can leave 16 bits (Cauchy–Schwarz: the length of the numbers
times the length of the document's bytes). Sum times what one step is worth is an upper bound, a few per cent too high.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from matching.compiled import compiled

_BYTE = 255
_LONGEST = 400.0
"""The bytes of a document may have about this length: longer ones would leave too few steps for a query's weights."""
_ROOM = 65_535.0
_ABOVE = 1.000001
"""More than floating-point arithmetic can lose."""
_TOGETHER = 4

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def bytes_of(tails: U32, tail_slots: U8, tail_values: U16, slots: int) -> tuple[U8, F64]:
    """The bytes of ``slots`` frequent terms, term by term, and [unit, longest document] of them."""
    documents = int(tails.size) - 1
    rows = np.zeros(slots * documents, np.uint8)
    longest = _longest(tails, tail_values, 1)
    unit = max(1, -(-int(tail_values.max(initial=0)) // _BYTE), int(np.ceil(longest / _LONGEST)))
    _fill(tails, tail_slots, tail_values, unit, rows)
    return rows, np.array([unit, _longest(tails, tail_values, unit)], np.float64)


@compiled
def _longest(tails: U32, tail_values: U16, unit: int) -> float:
    """An upper bound of the longest document's length, in steps of ``unit`` rounded up."""
    most = 0.0
    for document in range(tails.size - 1):
        squares = 0.0
        for at in range(np.uint64(tails[document]), np.uint64(tails[document + 1])):
            squares += float((np.int64(tail_values[at]) + unit - 1) // unit) ** 2
        most = max(most, squares)
    return float(np.sqrt(most) * _ABOVE)


@compiled
def _fill(tails: U32, tail_slots: U8, tail_values: U16, unit: int, rows: U8) -> None:
    documents = tails.size - 1
    for document in range(documents):
        for at in range(np.uint64(tails[document]), np.uint64(tails[document + 1])):
            rows[tail_slots[at] * documents + document] = (np.int64(tail_values[at]) + unit - 1) // unit


def _sixteen_bits(_typing: Any, _total: Any, _weight: Any, _byte: Any) -> Any:
    """``total + weight · byte`` in 16 bits: plain numba would widen to 64 and add a quarter as many at once."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        added, factor, number = arguments
        return builder.add(added, builder.mul(factor, builder.zext(number, added.type)))

    return types.uint16(types.uint16, types.uint16, types.uint8), code


_plus: Callable[..., Any] = intrinsic(_sixteen_bits)


@compiled
def whole_weights(weights: F64, chosen: I64, size: int, scale: F64, steps: U16) -> float:
    """Round the weights of ``size`` frequent terms up into ``steps``; what one step of the summed bytes is worth.

    ``chosen`` and ``steps`` have room for ``size`` and up to three more, which are set to bring nothing.
    """
    squares = 0.0
    for at in range(size):
        squares += weights[at] * weights[at]
    unit, longest = scale[0], scale[1]
    fine = (_ROOM / longest - np.sqrt(float(size))) / (np.sqrt(squares) * _ABOVE)
    for at in range(size):
        steps[at] = np.uint16(np.ceil(weights[at] * fine))
    for at in range(size, steps.size):
        chosen[at], steps[at] = chosen[0], 0
    return float(unit / fine * _ABOVE)


@compiled
def add_bytes(rows: U8, documents: int, chosen: I64, steps: U16, first: int, bounds: U16) -> None:
    """Sums of ``steps · bytes`` of the ``chosen`` terms for the documents from ``first`` on, into ``bounds``."""
    bounds[:] = 0
    for at in range(0, chosen.size, _TOGETHER):
        _add_four(rows, documents, chosen[at : at + _TOGETHER], steps[at : at + _TOGETHER], first, bounds)


@compiled
def _add_four(rows: U8, documents: int, chosen: I64, steps: U16, first: int, bounds: U16) -> None:
    size = bounds.size
    one, two, three, four = chosen * documents + first
    row, other, third, fourth = (
        rows[one : one + size],
        rows[two : two + size],
        rows[three : three + size],
        rows[four : four + size],
    )
    for at in range(size):
        total = _plus(_plus(bounds[at], steps[0], row[at]), steps[1], other[at])
        bounds[at] = _plus(_plus(total, steps[2], third[at]), steps[3], fourth[at])
