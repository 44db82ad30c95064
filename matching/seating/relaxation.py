"""The event without its slots: a flow whose prices bound the total and say which pairs can matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from matching.seating.layout import Bools, Floats, Ints, Layout

_ALL_AT_ONCE = 20_000
_ROUNDS = 60
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """Pairs that meet already, ``least`` of which must go on meeting."""

    pairs: Ints
    least: int


NOTHING_HELD = Held(np.zeros(0, np.int64), 0)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What no seating can exceed.

    ``bound`` is in the solver's scale; using pair e costs at least ``loss[e]`` of it; ``chosen`` are the pairs of the
    relaxed optimum.
    """

    bound: float
    loss: Floats
    chosen: Bools


def relax(layout: Layout, floors: Ints, held: Held = NOTHING_HELD) -> Relaxed | None:
    """Bound the total utility with every party at its floor; None where even without slots the floors cannot be met.

    The bound is that of dual prices recomputed here over all pairs, so it holds whatever the solver's tolerance.
    A missing meeting costs a penalty, raised until either none is missing or the bound falls below zero, which no
    seating does.
    """
    active: Bools = np.any(layout.can, axis=1)
    room = np.minimum(layout.most, layout.free.sum(axis=1))
    if (floors > room).any():
        return None
    if not active.any():
        return None if floors.any() or held.least > 0 else Relaxed(0.0, np.zeros(active.size), active)
    total = int(layout.tables.sum())
    shelves = layout.suits.astype(np.int64) @ layout.tables.sum(axis=1)
    utility = layout.utility / layout.scale
    limits = (floors, room, total, shelves)
    columns = _first_columns(layout, active, floors)
    columns[held.pairs] = True
    penalty = 100.0
    while True:
        for _ in range(_ROUNDS):
            relaxed, missing, better = _priced(layout, utility, active, columns, limits, held, penalty)
            if not better.any():
                break
            columns |= better
        if relaxed.bound < -1e-6:
            return None
        if missing < 1e-6 or penalty > 1e9:
            return relaxed
        penalty *= 100.0


def _first_columns(layout: Layout, active: Bools, floors: Ints) -> Bools:
    """All pairs of a small event; of a large one the best few of every party."""
    if int(active.sum()) <= _ALL_AT_ONCE:
        return active.copy()
    chosen = np.zeros(active.size, np.bool_)
    order = np.argsort(-layout.utility, kind="stable")
    order = order[active[order]]
    share = 2 * int(layout.tables.sum()) // max(1, len(layout.parties)) + 1
    keep = np.minimum(layout.most, np.maximum(floors, share)) + 6
    for ends in (layout.one, layout.other):
        sides = ends[order]
        by_side = np.argsort(sides, kind="stable")
        starts = np.searchsorted(sides[by_side], np.arange(len(layout.parties)))
        rank = np.arange(sides.size) - starts[sides[by_side]]
        chosen[order[by_side[rank < keep[sides[by_side]]]]] = True
    return chosen


def _priced(
    layout: Layout,
    utility: Floats,
    active: Bools,
    columns: Bools,
    limits: tuple[Ints, Ints, int, Ints],
    held: Held,
    penalty: float,
) -> tuple[Relaxed, float, Bools]:
    """Solve over ``columns`` and price all active pairs: the bound, how many meetings miss, which pairs would help."""
    floors, room, total, shelves = limits
    at = np.nonzero(columns)[0]
    parties, classes = len(layout.parties), layout.suits.shape[0]
    floored = np.nonzero(floors > 0)[0]
    ones, here = np.ones(at.size), np.arange(at.size)
    degree = csr_matrix(
        (np.tile(ones, 2), (np.concatenate([layout.one[at], layout.other[at]]), np.tile(here, 2))),
        shape=(parties, at.size),
    )
    shelf = csr_matrix((ones, (layout.classes[at], here)), shape=(classes, at.size))
    holding = csr_matrix(np.isin(at, held.pairs).astype(np.float64)[None, :])
    rows = vstack([degree, shelf, csr_matrix(np.ones((1, at.size))), -degree[floored], -holding]).tocsr()
    least = np.concatenate([floors[floored], [held.least]])
    missing = csr_matrix(
        (-np.ones(least.size), (parties + classes + 1 + np.arange(least.size), np.arange(least.size))),
        shape=(rows.shape[0], least.size),
    )
    ask = partial(
        linprog,
        np.concatenate([-utility[at], np.full(least.size, penalty)]),
        A_ub=hstack([rows, missing]).tocsr(),
        b_ub=np.concatenate([room, shelves, [total], -least]).astype(np.float64),
        bounds=[(0.0, 1.0)] * at.size + [(0.0, None)] * least.size,
    )
    answer = ask(method="highs-ds")
    if answer.x is None:
        answer = ask(method="highs-ipm")
    if answer.x is None:
        raise ArithmeticError(f"relaxation: {answer.message}")
    prices = np.maximum(0.0, -answer.ineqlin.marginals)
    by_party, by_class, overall, by_floor = np.split(prices, [parties, parties + classes, parties + classes + 1])
    by_floor = np.minimum(by_floor, penalty)
    net = by_party.copy()
    net[floored] -= by_floor[:-1]
    loss = net[layout.one] + net[layout.other] + by_class[layout.classes] + overall[0] - utility
    loss[held.pairs] -= by_floor[-1]
    gain = np.maximum(0.0, -loss[active])
    bound = float(by_party @ room + by_class @ shelves + overall[0] * total - by_floor @ least + gain.sum())
    chosen = np.zeros(columns.size, np.bool_)
    chosen[at] = answer.x[: at.size] > 0.5
    better = active & ~columns & (loss < -_TINY)
    return Relaxed(bound, loss, chosen), float(answer.x[at.size :].sum()), better
