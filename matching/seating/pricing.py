"""The event with its slots but without whole numbers: prices of people's time and of tables that bound it closely."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from matching.seating.layout import Bools, Floats, Ints, Layout
from matching.seating.relaxation import NOTHING_HELD, Held, Relaxed
from matching.seating.result import Budget

_TINY = 1e-7
_PENALTY = 100.0
_NEARLY = 0.01


def price(
    layout: Layout, floors: Ints, core: Ints, known: Relaxed, budget: Budget, held: Held = NOTHING_HELD
) -> Relaxed | None:
    """Bound the total utility by the linear programme of pairs × slots; None where even that cannot meet the floors.

    Starts from the pairs of ``core`` and adds those that the prices call worth having until none is left, so that the
    bound, recomputed here over all pairs, is that of the whole. Missing meetings cost a penalty as in ``relax``.
    Where the time runs out the best bound so far is given, at worst the ``known`` one.
    """
    columns = np.zeros(layout.one.size, np.bool_)
    columns[core] = True
    columns[held.pairs] = True
    penalty = _PENALTY
    best = known
    while True:
        relaxed, missing, better = _priced(layout, floors, np.nonzero(columns)[0], held, penalty, budget)
        if relaxed is None:
            return best
        if relaxed.bound < -1e-6:
            return None
        best = relaxed if relaxed.bound <= best.bound else best
        if better.any() and budget.left > 0:
            columns |= better
        elif missing < 1e-6 or penalty > 1e7 or budget.left <= 0:
            return best
        else:
            penalty *= 100.0


def _priced(
    layout: Layout, floors: Ints, pairs: Ints, held: Held, penalty: float, budget: Budget
) -> tuple[Relaxed | None, float, Bools]:
    slots, parties = layout.slots, len(layout.parties)
    utility = layout.utility / layout.scale
    where, when = np.nonzero(layout.can[pairs])
    pair = pairs[where]
    classes, kinds = np.nonzero(layout.suits)
    single = layout.suits.shape[0] == 1
    flows = 0 if single else classes.size * slots
    floored = np.nonzero(floors > 0)[0]
    least = np.concatenate([floors[floored], [held.least]])
    size = pair.size + flows + least.size
    here, ones = np.arange(pair.size), np.ones(pair.size)
    both, twice = np.concatenate([layout.one[pair], layout.other[pair]]), np.tile(here, 2)

    def rows(at: Ints, columns: Ints, values: Floats, count: int) -> csr_matrix:
        return csr_matrix((values, (at, columns)), shape=(count, size))

    once = rows(where, here, ones, pairs.size)
    busy = rows(both * slots + np.tile(when, 2), twice, np.ones(twice.size), parties * slots)
    degree = rows(both, twice, np.ones(twice.size), parties)
    holding = here[np.isin(pair, held.pairs)]
    kept = rows(np.zeros(holding.size, np.int64), holding, np.ones(holding.size), 1)
    miss = np.arange(least.size)
    short = rows(miss, pair.size + flows + miss, np.ones(least.size), least.size)
    if single:
        stock = (layout.suits.astype(np.int64) @ layout.tables).reshape(-1)
        shelves = [rows(when, here, ones, slots)]
    else:
        flow = pair.size + np.arange(flows)
        of_class = np.repeat(classes, slots) * slots + np.tile(np.arange(slots), classes.size)
        of_kind = np.repeat(kinds, slots) * slots + np.tile(np.arange(slots), classes.size)
        ends = np.concatenate([layout.classes[pair] * slots + when, of_class])
        signs = np.concatenate([ones, -np.ones(flows)])
        demand = layout.suits.shape[0] * slots
        stock = np.concatenate([layout.tables.reshape(-1), np.zeros(demand, np.int64)])
        shelves = [
            rows(of_kind, flow, np.ones(flows), layout.tables.size),
            rows(ends, np.concatenate([here, flow]), signs, demand),
        ]
    most = np.minimum(layout.most, layout.free.sum(axis=1))
    right = np.concatenate([np.ones(pairs.size), layout.free.reshape(-1), most, stock, -least])
    cost = np.concatenate([-utility[pair], np.zeros(flows), np.full(least.size, penalty)])
    answer = linprog(
        cost,
        A_ub=vstack([once, busy, degree, *shelves, -vstack([degree[floored], kept]) - short]).tocsr(),
        b_ub=right.astype(np.float64),
        bounds=(0.0, None),
        method="highs-ds",
        options={"time_limit": max(0.05, budget.left)},
    )
    if answer.x is None or answer.status != 0:
        return None, 0.0, np.zeros(layout.one.size, np.bool_)
    prices = np.maximum(0.0, -answer.ineqlin.marginals)
    cuts = np.cumsum([pairs.size, parties * slots, parties, stock.size])
    _, by_time, by_party, by_table, by_floor = np.split(prices, cuts)
    by_floor = np.minimum(by_floor, penalty)
    by_kind = by_table if single else by_table[: layout.tables.size]
    by_kind = by_kind.reshape(-1, slots)
    table_price = by_kind if single else _cheapest(layout.suits, by_kind)
    stock_price = float(by_kind.reshape(-1) @ stock[: by_kind.size])
    net = by_party.copy()
    net[floored] -= by_floor[:-1]
    time = by_time.reshape(parties, slots) + net[:, None]
    loss = _losses(layout, utility, time, table_price)
    loss[held.pairs] -= by_floor[-1]
    active = np.any(layout.can, axis=1)
    gain = float(np.maximum(0.0, -loss[active]).sum())
    bound = float(by_time @ layout.free.reshape(-1) + by_party @ most - by_floor @ least) + stock_price + gain
    chosen = np.zeros(active.size, np.bool_)
    chosen[pair[answer.x[: pair.size] > 1e-6]] = True
    inside = np.zeros(active.size, np.bool_)
    inside[pairs] = True
    missing = float(answer.x[pair.size + flows :].sum())
    better = active & ~inside & (loss < -_TINY)
    if better.any():
        better = active & ~inside & (loss < _NEARLY)
    return Relaxed(bound, loss, chosen), missing, better


def _cheapest(suits: Bools, by_kind: Floats) -> Floats:
    """(C, T) the lowest price among the kinds of table that suit a class."""
    priced: Floats = np.where(suits[:, :, None], by_kind[None, :, :], np.inf).min(axis=1)
    return priced


def _losses(layout: Layout, utility: Floats, time: Floats, table_price: Floats) -> Floats:
    """What each pair costs beyond its utility in its cheapest slot; negative where it is worth more than it costs."""
    loss = np.empty(utility.size)
    for first in range(0, utility.size, 100_000):
        part = slice(first, first + 100_000)
        asked = time[layout.one[part]] + time[layout.other[part]] + table_price[layout.classes[part]]
        loss[part] = np.where(layout.can[part], asked, np.inf).min(axis=1) - utility[part]
    return loss
