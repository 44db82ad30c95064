"""The event with its slots: pairs × slots as a mixed-integer programme, exact for the pairs it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix

from matching.seating.layout import Floats, Ints, Layout
from matching.seating.problem import Meeting

_SCALE = 1000.0


@dataclass(frozen=True, slots=True)
class Slotted:
    """Who meets when: ``pairs`` and ``slots`` side by side, ``kept`` of the previous meetings; ``bound`` of the value.

    ``pairs`` is None where nothing was found; ``proven`` says that nothing better (or nothing at all) exists among the
    pairs given.
    """

    pairs: Ints | None
    slots: Ints
    kept: tuple[int, ...]
    value: float
    bound: float
    proven: bool


class Rows:
    """Collects the rows of a sparse programme: entries, lower and upper sides."""

    def __init__(self) -> None:
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._values: list[Floats] = []
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self.count = 0

    def add(self, rows: Ints, columns: Ints, values: Floats | float, low: Floats | float, high: Floats | float) -> None:
        """A block of rows numbered from 0; ``low`` and ``high`` have one side a row, or a number for a single row."""
        size = next((np.size(side) for side in (low, high) if np.ndim(side)), 1)
        self._rows.append(rows + self.count)
        self._columns.append(columns)
        self._values.append(np.broadcast_to(np.asarray(values, np.float64), rows.shape))
        self._low.append(np.broadcast_to(np.asarray(low, np.float64), (size,)))
        self._high.append(np.broadcast_to(np.asarray(high, np.float64), (size,)))
        self.count += size

    def constraint(self, columns: int) -> LinearConstraint | None:
        """Everything added, without rows that nothing can break; None when nothing is left."""
        if not self.count:
            return None
        matrix = csr_matrix(
            coo_matrix(
                (np.concatenate(self._values), (np.concatenate(self._rows), np.concatenate(self._columns))),
                shape=(self.count, columns),
            )
        )
        low, high = np.concatenate(self._low), np.concatenate(self._high)
        binding = (np.diff(matrix.indptr) > 0) | (low > 0) | (high < 0)
        return LinearConstraint(matrix[binding], low[binding], high[binding])


def seat(
    layout: Layout,
    pairs: Ints,
    floors: Ints,
    seconds: float,
    keeps: Sequence[Meeting] = (),
    at_least_kept: int = 0,
    keep_most: bool = False,
    any_will_do: bool = False,
) -> Slotted:
    """Choose and time meetings among ``pairs`` with the highest utility, every party at its floor.

    ``keeps`` are previous meetings that may stay at their tables, ``at_least_kept`` of them must; with ``keep_most``
    the number kept is what is maximised, with ``any_will_do`` nothing. Utilities are in the solver's scale (1 is the
    highest).
    """
    slots = layout.slots
    where, when = np.nonzero(layout.can[pairs])
    pair = pairs[where]
    size = pair.size
    here = np.arange(size)
    rows = Rows()
    rows.add(where, here, 1.0, 0.0, np.ones(pairs.size))
    both = np.concatenate([layout.one[pair], layout.other[pair]])
    twice = np.tile(here, 2)
    rows.add(both * slots + np.tile(when, 2), twice, 1.0, 0.0, layout.free.reshape(-1).astype(np.float64))
    rows.add(both, twice, 1.0, floors.astype(np.float64), np.maximum(layout.most, floors).astype(np.float64))
    size += _tables(layout, rows, pair, when, size, keeps)
    first_keep = size
    size += _keeps(layout, rows, pair, when, first_keep, keeps, at_least_kept)
    cost = np.zeros(size)
    if keep_most:
        cost[first_keep:] = -1.0
    elif not any_will_do:
        cost[: pair.size] = -layout.utility[pair] / layout.scale * _SCALE
    whole = np.zeros(size)
    whole[: pair.size] = 1
    whole[first_keep:] = 1
    high = np.full(size, np.inf)
    high[: pair.size] = 1
    high[first_keep:] = 1
    return _run(rows, cost, whole, high, (pair, when, first_keep), seconds, 1.0 if keep_most else _SCALE)


def _tables(layout: Layout, rows: Rows, pair: Ints, when: Ints, first: int, keeps: Sequence[Meeting]) -> int:
    """Enough suitable tables in every slot. With one class of pairs a count will do; else pairs flow to kinds."""
    slots = layout.slots
    classes, kinds = layout.suits.shape
    here = np.arange(pair.size)
    if classes <= 1 and not (keeps and kinds > 1):
        open_tables = (layout.suits.astype(np.int64) @ layout.tables).reshape(-1)
        rows.add(when, here, 1.0, 0.0, open_tables.astype(np.float64) if classes else np.zeros(slots))
        return 0
    cls, kind = np.nonzero(layout.suits)
    flows = cls.size * slots
    flow = first + np.arange(flows)
    of_class = np.repeat(cls, slots) * slots + np.tile(np.arange(slots), cls.size)
    of_kind = np.repeat(kind, slots) * slots + np.tile(np.arange(slots), cls.size)
    ends = np.concatenate([layout.classes[pair] * slots + when, of_class])
    signs = np.concatenate([np.ones(pair.size), -np.ones(flows)])
    rows.add(ends, np.concatenate([here, flow]), signs, np.zeros(classes * slots), np.zeros(classes * slots))
    rows.add(of_kind, flow, 1.0, 0.0, layout.tables.reshape(-1).astype(np.float64))
    if keeps:
        place = {(int(c), int(k)): at for at, (c, k) in enumerate(zip(cls, kind, strict=True))}
        kind_of = {table.number: int(k) for table, k in zip(layout.problem.tables, layout.kinds, strict=True)}
        sits = [
            place[int(layout.classes[layout.pair_at[held.pair]]), kind_of[held.table]] * slots + held.slot
            for held in keeps
        ]
        columns = np.concatenate([flow, first + flows + np.arange(len(keeps))])
        values = np.concatenate([-np.ones(flows), np.ones(len(keeps))])
        rows.add(np.concatenate([np.arange(flows), np.array(sits)]), columns, values, -np.inf, np.zeros(flows))
    return flows


def _keeps(
    layout: Layout, rows: Rows, pair: Ints, when: Ints, first: int, keeps: Sequence[Meeting], at_least: int
) -> int:
    """One choice a previous meeting: it stays only where its pair meets in its slot, one at a table, enough in all."""
    if not keeps:
        return 0
    count = len(keeps)
    here = np.arange(count)
    meets = {(int(p), int(t)): at for at, (p, t) in enumerate(zip(pair, when, strict=True))}
    stands = np.array([meets[layout.pair_at[held.pair], held.slot] for held in keeps])
    values = np.concatenate([np.ones(count), -np.ones(count)])
    rows.add(np.tile(here, 2), np.concatenate([first + here, stands]), values, -np.inf, np.zeros(count))
    tables: dict[tuple[int, int], int] = {}
    at_table = np.array([tables.setdefault((held.slot, held.table), len(tables)) for held in keeps])
    rows.add(at_table, first + here, 1.0, 0.0, np.ones(len(tables)))
    rows.add(np.zeros(count, np.int64), first + here, 1.0, float(at_least), np.inf)
    return count


def _run(
    rows: Rows,
    cost: Floats,
    whole: Floats,
    high: Floats,
    shape: tuple[Ints, Ints, int],
    seconds: float,
    scale: float,
) -> Slotted:
    pair, when, first_keep = shape
    nothing = np.zeros(0, np.int64)
    constraint = rows.constraint(cost.size)
    if not cost.size:
        met = constraint is None or bool((constraint.lb <= 0).all())
        return Slotted(nothing if met else None, nothing, (), 0.0, 0.0, True)
    answer = milp(
        cost,
        constraints=constraint,
        bounds=Bounds(0, high),
        integrality=whole,
        options={"mip_rel_gap": 0.0, "time_limit": max(0.05, seconds)},
    )
    if answer.x is None:
        return Slotted(None, nothing, (), -np.inf, np.inf if answer.status == 1 else -np.inf, answer.status == 2)
    used = answer.x[: pair.size] > 0.5
    kept = tuple(np.nonzero(answer.x[first_keep:] > 0.5)[0].tolist())
    bound = -answer.fun if answer.mip_dual_bound is None else max(-answer.mip_dual_bound, -answer.fun)
    return Slotted(pair[used], when[used], kept, -answer.fun / scale, bound / scale, answer.status == 0)
