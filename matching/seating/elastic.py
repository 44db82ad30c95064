"""The event with every wish and limit yielding at a price: what is cheapest to give up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from matching.seating.layout import Floats, facts, lay_out, suitable
from matching.seating.problem import Meeting, Pair, PartyId, Problem
from matching.seating.wishes import chairs_of, demanding, equipments

_LARGE = 20_000

Key = tuple[str, object]
"""The limit that a unit of yielding belongs to: (kind, what tells it from others of the kind)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One variable by which a limit yields: ``kind`` of STEP_LABELS, ``of`` its limit, ``what`` exactly, how far."""

    kind: str
    of: Key
    what: tuple[object, ...]
    most: float


@dataclass(slots=True)
class _Programme:
    """Columns and rows as they are added."""

    high: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, most: float) -> int:
        """A new whole number from 0 to ``most``."""
        self.high.append(most)
        return len(self.high) - 1

    def row(self, entries: Mapping[int, float], low: float, high: float) -> None:
        """A new rule."""
        self.rows.append((dict(entries), low, high))


class Elastic:
    """Built once for a problem; ``cheapest`` prices its units anew each time.

    Only pairs of a party that must have a talk are in it, and those of locked meetings, and of previous ones where
    changes are counted: no other talk helps to satisfy anybody.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.units: list[Unit] = []
        self._unit_at: dict[tuple[object, ...], int] = {}
        self._programme = _Programme()
        self._parties = {party.id: party for party in problem.parties}
        past = tuple(m for m in facts(problem) if m.slot < problem.frozen_before)
        coming = [m for m in facts(problem) if m.slot >= problem.frozen_before]
        offered = [*problem.pairs, *(Pair(one.one, one.other, one.utility) for one in problem.excluded)]
        known = {frozenset((pair.one, pair.other)) for pair in offered}
        offered += [Pair(m.one, m.other) for m in coming if m.pair not in known]
        base = replace(problem, pairs=tuple(offered), previous=past, locked=(), excluded=(), max_changes=None)
        self._base = base
        self._layout = lay_out(base)
        self._met = {m.pair for m in past}
        self._of_pair: dict[frozenset[PartyId], list[int]] = {}
        self._busy: dict[tuple[PartyId, int], list[int]] = {}
        self._degree: dict[PartyId, list[int]] = {}
        self._excluded = {frozenset((one.one, one.other)) for one in problem.excluded}
        self._flows: dict[tuple[int, int, frozenset[str]], list[tuple[int, int]]] = {}
        self._at_table: dict[tuple[int, int], list[int]] = {}
        self._locks(coming)
        self._keeps(past)
        self._talks()
        self._limits()
        self._tables()
        self._matrix = self._built()

    @property
    def large(self) -> bool:
        """Whether solving it takes seconds rather than moments."""
        return len(self._programme.high) > _LARGE

    def cheapest(
        self, prices: Mapping[str, float], firm: frozenset[Key], seconds: float, whole_limits: bool = False
    ) -> list[tuple[Unit, int]] | float | None:
        """Units used at the lowest total price; None where the ``firm`` limits alone cannot be met; inf: out of time.

        Out of time but not of luck, the best units so far are given unless ``whole_limits`` are asked for.

        ``prices`` by kind of step; kinds without a price do not yield. With ``whole_limits`` each limit costs 1 as soon
        as it yields at all.
        """
        programme, count = self._programme, len(self._programme.high)
        high = np.array(programme.high)
        cost = np.zeros(count)
        for column, unit in zip(self._unit_at.values(), self.units, strict=True):
            if unit.of in firm or (not whole_limits and unit.kind not in prices):
                high[column] = 0
            elif not whole_limits:
                cost[column] = prices[unit.kind]
        matrix, low, top = self._matrix
        if whole_limits:
            matrix, low, top, high, cost = self._with_whole_limits(firm, high)
        answer = milp(
            cost,
            constraints=LinearConstraint(matrix, low, top) if matrix.shape[0] else None,
            bounds=Bounds(0, high),
            integrality=np.ones(cost.size),
            options={"mip_rel_gap": 0.0, "time_limit": max(0.05, seconds)},
        )
        if answer.x is None or (whole_limits and answer.status != 0):
            return None if answer.status == 2 else float("inf")
        columns = self._unit_at.values()
        used = [(unit, round(answer.x[column])) for column, unit in zip(columns, self.units, strict=True)]
        return [(unit, amount) for unit, amount in used if amount > 0]

    def _with_whole_limits(
        self, firm: frozenset[Key], high: Floats
    ) -> tuple[csr_matrix, Floats, Floats, Floats, Floats]:
        matrix, low, top = self._matrix
        limits = list(dict.fromkeys(unit.of for unit in self.units if unit.of not in firm))
        at = {limit: number for number, limit in enumerate(limits)}
        entries: list[tuple[int, int, float]] = []
        row = 0
        for column, unit in zip(self._unit_at.values(), self.units, strict=True):
            if unit.of in at:
                entries += [(row, column, 1.0), (row, high.size + at[unit.of], -unit.most)]
                row += 1
        wide = csr_matrix(
            (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], high.size + len(limits))
        )
        where = np.array([(r, c) for r, c, _ in entries], np.int64).reshape(-1, 2)
        more = csr_matrix(
            ([value for _, _, value in entries], (where[:, 0], where[:, 1])), shape=(row, high.size + len(limits))
        )
        return (
            vstack([wide, more]).tocsr(),
            np.concatenate([low, np.full(row, -np.inf)]),
            np.concatenate([top, np.zeros(row)]),
            np.concatenate([high, np.ones(len(limits))]),
            np.concatenate([np.zeros(high.size), np.ones(len(limits))]),
        )

    def _unit(self, kind: str, of: Key, what: tuple[object, ...], most: float) -> int:
        key = (kind, of, what)
        if key not in self._unit_at:
            self._unit_at[key] = self._programme.column(most)
            self.units.append(Unit(kind, of, what, most))
        return self._unit_at[key]

    def _takes_part(self, column: int, one: PartyId, other: PartyId, slot: int) -> None:
        """A talk counts for its pair and for both parties in its slot."""
        self._of_pair.setdefault(frozenset((one, other)), []).append(column)
        for party in (one, other):
            self._busy.setdefault((party, slot), []).append(column)
            self._degree.setdefault(party, []).append(column)

    def _locks(self, coming: list[Meeting]) -> None:
        """A locked meeting takes place at its table unless it is unlocked."""
        for lock in coming:
            held = self._sitting(lock)
            key = (lock.pair, lock.slot, lock.table)
            yields = self._unit("unlock", ("lock", key), (lock,), 1)
            self._programme.row({yields: 1.0} | ({} if held is None else {held: 1.0}), 1, np.inf)

    def _keeps(self, past: tuple[Meeting, ...]) -> None:
        """Enough of the previous meetings stay, where changes are limited."""
        if self.problem.max_changes is None:
            return
        locks = {(m.pair, m.slot, m.table) for m in self.problem.locked}
        ahead = [m for m in self.problem.previous if m not in past and (m.pair, m.slot, m.table) not in locks]
        pairs = {frozenset((pair.one, pair.other)) for pair in self.problem.pairs}
        held = [self._sitting(m) for m in ahead if m.pair in pairs]
        more = self._unit("allow_changes", ("changes", None), (), len(ahead))
        entries = {column: 1.0 for column in held if column is not None} | {more: 1.0}
        self._programme.row(entries, len(ahead) - self.problem.max_changes, np.inf)

    def _sitting(self, meeting: Meeting) -> int | None:
        """The column of a talk at a certain table; None where there is no such table or the two have met."""
        table = next((table for table in self.problem.tables if table.number == meeting.table), None)
        if table is None or meeting.pair in self._met:
            return None
        column = self._programme.column(1)
        self._takes_part(column, meeting.one, meeting.other, meeting.slot)
        self._at_table.setdefault((meeting.slot, meeting.table), []).append(column)
        at = self._layout.pair_at[meeting.pair]
        pair = self._base.pairs[at]
        if not suitable(table, pair.needs, chairs_of(self.problem, pair)):
            easy = self._unit("drop_feature", ("feature", meeting.pair), (pair,), 1)
            self._programme.row({column: 1.0, easy: -1.0}, -np.inf, 0)
        return column

    def _talks(self) -> None:
        """A column for each pair and slot that could serve somebody's minimum."""
        wanting = {party.id for party in self.problem.parties if party.minimum > 0}
        locked = {m.pair for m in self.problem.locked}
        listed = {frozenset((pair.one, pair.other)) for pair in self.problem.pairs} | self._excluded
        for at, pair in enumerate(self._base.pairs):
            both = frozenset((pair.one, pair.other))
            if both in self._met or not wanting & both or (both in locked and both not in listed):
                continue
            for slot in range(self.problem.frozen_before, self.problem.slots):
                column = self._programme.column(1)
                self._takes_part(column, pair.one, pair.other, slot)
                self._flows.setdefault((slot, int(self._layout.classes[at]), pair.needs), []).append((column, at))

    def _limits(self) -> None:
        rule = self._programme.row
        layout = self._layout
        locked = {m.pair for m in self.problem.locked}
        for both, columns in self._of_pair.items():
            rule(dict.fromkeys(columns, 1.0), 0, 1)
            if both in self._excluded and both not in locked:
                allow = self._unit("allow_pair", ("exclusion", both), (both,), 1)
                rule(dict.fromkeys(columns, 1.0) | {allow: -1.0}, -np.inf, 0)
        base = {party.id: at for at, party in enumerate(self.problem.parties)}
        for (party_id, slot), columns in self._busy.items():
            party = self._parties[party_id]
            rule(dict.fromkeys(columns, 1.0), 0, party.seats_in(slot))
            if party.available is not None and slot not in party.available:
                stay = self._unit("add_slot", ("absence", party_id), (party_id, slot), 1)
                rule(dict.fromkeys(columns, 1.0) | {stay: -float(party.seats)}, -np.inf, 0)
        for party in self.problem.parties:
            columns = self._degree.get(party.id, [])
            had = int(layout.fixed_count[base[party.id]])
            if party.maximum is not None and columns:
                more = self._unit("raise_maximum", ("maximum", party.id), (party.id, had), len(columns))
                rule(dict.fromkeys(columns, 1.0) | {more: -1.0}, -np.inf, max(0, party.maximum - had))
            if party.minimum > had:
                fewer = self._unit("lower_minimum", ("minimum", party.id), (party.id, had), party.minimum - had)
                rule(dict.fromkeys(columns, 1.0) | {fewer: 1.0}, party.minimum - had, np.inf)

    def _tables(self) -> None:
        """In every slot talks flow from their class to kinds of tables, of which some can be added or opened again."""
        problem, layout, programme = self.problem, self._layout, self._programme
        kinds: dict[tuple[int, int], dict[int, float]] = {}
        wishes = equipments(self._base)
        added: dict[tuple[int, int], dict[int, float]] = {}
        every_kind, every_wish = range(layout.suits.shape[1]), range(len(wishes))
        for (slot, cls, needs), talks in self._flows.items():
            balance = {column: 1.0 for column, _ in talks}
            fits = np.nonzero(layout.suits[cls])[0].tolist()
            suits = [wish for wish in every_wish if needs <= wishes[wish]]
            self._flow(slot, balance, fits, suits, kinds, added)
            for column, at in talks:
                pair = self._base.pairs[at]
                if demanding(problem, pair):
                    both = frozenset((pair.one, pair.other))
                    easy = self._unit("drop_feature", ("feature", both), (pair,), 1)
                    anywhere = programme.column(1)
                    balance[anywhere] = -1.0
                    programme.row({anywhere: 1.0, column: -1.0}, -np.inf, 0)
                    programme.row({anywhere: 1.0, easy: -1.0}, -np.inf, 0)
                    spread = {anywhere: 1.0}
                    self._flow(slot, spread, every_kind, every_wish, kinds, added)
                    programme.row(spread, 0, 0)
            programme.row(balance, 0, 0)
        for (_, wish), flows in added.items():
            more = self._unit("add_table", ("tables", None), (wishes[wish],), len(self._base.pairs))
            programme.row(flows | {more: -1.0}, -np.inf, 0)
        self._stock(kinds)

    def _flow(
        self,
        slot: int,
        balance: dict[int, float],
        fits: Iterable[int],
        suits: Iterable[int],
        kinds: dict[tuple[int, int], dict[int, float]],
        added: dict[tuple[int, int], dict[int, float]],
    ) -> None:
        """Let what ``balance`` counts go to tables of the kinds that fit, or to added ones so equipped."""
        for stock, numbers in ((kinds, fits), (added, suits)):
            for number in numbers:
                flow = self._programme.column(np.inf)
                balance[flow] = -1.0
                stock.setdefault((slot, number), {})[flow] = 1.0

    def _stock(self, kinds: dict[tuple[int, int], dict[int, float]]) -> None:
        """No more talks at tables of a kind than there are; a table that is closed counts once it is opened."""
        problem, layout = self.problem, self._layout
        kind_of = {table.number: int(kind) for table, kind in zip(problem.tables, layout.kinds, strict=True)}
        closed = {table.number: table.closed for table in problem.tables}
        for (slot, number), columns in self._at_table.items():
            self._programme.row(dict.fromkeys(columns, 1.0), 0, 1)
            kinds.setdefault((slot, kind_of[number]), {}).update(dict.fromkeys(columns, 1.0))
            if slot in closed[number]:
                opens = self._unit("open_table", ("closed", number), (number, slot), 1)
                self._programme.row(dict.fromkeys(columns, 1.0) | {opens: -1.0}, -np.inf, 0)
        for (slot, kind), entries in kinds.items():
            for table in problem.tables:
                if kind_of[table.number] == kind and slot in table.closed:
                    entries[self._unit("open_table", ("closed", table.number), (table.number, slot), 1)] = -1.0
            self._programme.row(entries, -np.inf, float(layout.tables[kind, slot]))

    def _built(self) -> tuple[csr_matrix, Floats, Floats]:
        rows = self._programme.rows
        where = [(at, column) for at, (entries, _, _) in enumerate(rows) for column in entries]
        values = [value for entries, _, _ in rows for value in entries.values()]
        places = np.array(where, np.int64).reshape(-1, 2)
        shape = (len(rows), len(self._programme.high))
        matrix = csr_matrix((np.array(values), (places[:, 0], places[:, 1])), shape=shape)
        return matrix, np.array([low for _, low, _ in rows]), np.array([high for _, _, high in rows])
