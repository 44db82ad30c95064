"""Made-up events for the seating bench, three simpler ways to seat them, two solvers given everything at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from matching.seating import Meeting, Pair, Party, PartyId, Problem, Table, equal_tables
from matching.seating.layout import lay_out
from matching.seating.reach import own_most
from matching.seating.slotted import seat


@dataclass(frozen=True)
class Shape:
    """What an event is like; ``per`` pairs a need (None: all), ``absent`` the share of slots somebody is away."""

    needs: int = 200
    offers: int = 300
    slots: int = 12
    tables: int = 30
    per: int | None = 10
    absent: float = 0.2
    halves: bool = False
    minimum: int = 0
    maximum: int = 4
    fair: bool = True
    seats: int = 1
    features: bool = False
    crowd: bool = False
    seed: int = 0


def event(shape: Shape) -> Problem:
    """An event of that shape: seven parts of a utility are of the pair, three of how sought-after the offer."""
    dice = np.random.default_rng(shape.seed)
    per = shape.offers if shape.per is None else shape.per
    fame = dice.beta(2, 5, shape.offers)
    needs, offers = [f"n{at}" for at in range(shape.needs)], [f"o{at}" for at in range(shape.offers)]
    pairs = []
    for need in needs:
        for offer in sorted(dice.choice(shape.offers, per, replace=False).tolist()):
            utility = round(0.7 * float(dice.beta(2, 4)) + 0.3 * float(fame[offer]), 4)
            wants = frozenset({"screen"}) if shape.features and dice.random() < 0.2 else frozenset[str]()
            pairs.append(Pair(need, offers[offer], utility, wants))
    if shape.crowd:
        for at in range(shape.needs - 1):
            for other in sorted(set(dice.integers(at + 1, shape.needs, 3).tolist())):
                utility = round(float(dice.beta(2, 4)), 4)
                pairs.append(Pair(needs[at], needs[other], utility))
    parties = [_party(shape, dice, name, shape.minimum) for name in needs]
    parties += [_party(shape, dice, name, 0) for name in offers]
    tables = equal_tables(shape.tables)
    if shape.features:
        some = frozenset({"screen"})
        tables = tuple(Table(t.number, None, some if t.number % 4 == 0 else frozenset()) for t in tables)
    return Problem(shape.slots, tables, tuple(parties), tuple(pairs), fair=shape.fair)


def _party(shape: Shape, dice: np.random.Generator, name: str, minimum: int) -> Party:
    there = dice.random(shape.slots) >= shape.absent
    if shape.halves and dice.random() < 0.6:
        half = np.arange(shape.slots) < shape.slots // 2
        there &= half if dice.random() < 0.5 else ~half
    seats = 2 if shape.seats > 1 and dice.random() < 0.3 else 1
    return Party(name, frozenset(np.nonzero(there)[0].tolist()), minimum, shape.maximum, seats)


def disturbances(problem: Problem, meetings: tuple[Meeting, ...]) -> dict[str, Problem]:
    """The event after a third of it is over and something happened; nothing but the last moves more than it must."""
    past, last = problem.slots // 3, problem.slots
    base = replace(problem, previous=meetings, frozen_before=past)

    def party(at: int, there: frozenset[int]) -> Problem:
        parties = list(problem.parties)
        parties[at] = replace(parties[at], available=there)
        return replace(base, parties=tuple(parties))

    broken = tuple(replace(t, closed=frozenset(range(last // 2, last))) if t.number == 7 else t for t in problem.tables)
    guest = Party("walk-in", minimum=2)
    wishes = tuple(Pair("walk-in", f"o{at}", 0.5) for at in range(20))
    return {
        "a need cancels": party(3, frozenset()),
        "a need comes for the last quarter": party(5, frozenset(range(last - last // 4, last))),
        "a table is closed for half the event": replace(base, tables=broken),
        "somebody walks in, at least 2 talks": replace(
            base, parties=(*problem.parties, guest), pairs=(*problem.pairs, *wishes)
        ),
        "from the start, at most 5 changes": replace(base, frozen_before=0, max_changes=5),
    }


@dataclass
class _Room:
    """Seats one talk after the other where it fits first; no talk is ever moved."""

    problem: Problem
    held: list[Meeting] = field(default_factory=list)
    met: set[frozenset[PartyId]] = field(default_factory=set)
    busy: Counter[tuple[PartyId, int]] = field(default_factory=Counter)
    count: Counter[PartyId] = field(default_factory=Counter)
    taken: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parties = {party.id: party for party in self.problem.parties}

    def may(self, pair: Pair, slot: int) -> bool:
        """Whether both could talk in the slot, tables aside."""
        for party in (self.parties[pair.one], self.parties[pair.other]):
            if party.maximum is not None and self.count[party.id] >= party.maximum:
                return False
            if self.busy[party.id, slot] >= party.seats or (
                party.available is not None and slot not in party.available
            ):
                return False
        return frozenset((pair.one, pair.other)) not in self.met

    def seat(self, pair: Pair, slots: Iterable[int]) -> bool:
        """Seat the pair in the first of the slots that does."""
        for slot in slots:
            if self.may(pair, slot):
                for table in self.problem.tables:
                    if (slot, table.number) not in self.taken and pair.needs <= table.features:
                        self._put(Meeting(pair.one, pair.other, slot, table.number))
                        return True
        return False

    def _put(self, meeting: Meeting) -> None:
        self.held.append(meeting)
        self.met.add(meeting.pair)
        self.taken.add((meeting.slot, meeting.table))
        for party in (meeting.one, meeting.other):
            self.busy[party, meeting.slot] += 1
            self.count[party] += 1


def greedy(problem: Problem) -> list[Meeting]:
    """The most useful pair first, in the first slot that does."""
    room = _Room(problem)
    for pair in sorted(problem.pairs, key=lambda pair: -pair.utility):
        room.seat(pair, range(problem.slots))
    return room.held


def round_robin(problem: Problem) -> list[Meeting]:
    """Each party of the first side in turn takes its best partner still possible, round after round."""
    room = _Room(problem)
    wishes: dict[PartyId, list[Pair]] = {}
    for pair in sorted(problem.pairs, key=lambda pair: -pair.utility):
        wishes.setdefault(pair.one, []).append(pair)
    going = True
    while going:
        going = False
        for party in problem.parties:
            for pair in list(wishes.get(party.id, ())):
                wishes[party.id].remove(pair)
                if room.seat(pair, range(problem.slots)):
                    going = True
                    break
    return room.held


def slot_by_slot(problem: Problem) -> list[Meeting]:
    """Slot after slot the best matching of those who are there and have not met (``linear_sum_assignment``)."""
    room = _Room(problem)
    side = {party.id: at for at, party in enumerate(problem.parties)}
    for slot in range(problem.slots):
        possible = [pair for pair in problem.pairs if room.may(pair, slot)]
        rows = sorted({side[pair.one] for pair in possible})
        columns = sorted({side[pair.other] for pair in possible})
        at_row, at_column = ({who: at for at, who in enumerate(some)} for some in (rows, columns))
        worth = np.zeros((len(rows), len(columns)))
        which: dict[tuple[int, int], Pair] = {}
        for pair in possible:
            place = at_row[side[pair.one]], at_column[side[pair.other]]
            worth[place] = pair.utility + 1e-9
            which[place] = pair
        places = zip(*(some.tolist() for some in linear_sum_assignment(-worth)), strict=True)
        chosen = [which[place] for place in places if place in which]
        for pair in sorted(chosen, key=lambda pair: -pair.utility):
            room.seat(pair, [slot])
    return room.held


def whole_programme(problem: Problem, level: int, seconds: float) -> tuple[float, bool]:
    """Every pair × slot at once given to HiGHS, every party at its floor: the utility found, and whether proven."""
    layout = lay_out(problem)
    floors = _floors(problem, level)
    found = seat(layout, np.arange(len(problem.pairs)), np.array(floors), seconds)
    return (found.value * layout.scale, found.proven) if found.pairs is not None else (0.0, False)


def cp_sat(problem: Problem, level: int, seconds: float) -> tuple[float, bool]:
    """The same given to CP-SAT with two workers."""
    model = cp_model.CpModel()
    once: dict[object, list[cp_model.IntVar]] = {}
    aim = []
    parties = {party.id: party for party in problem.parties}
    for at, pair in enumerate(problem.pairs):
        both = [parties[pair.one], parties[pair.other]]
        for slot in range(problem.slots):
            if all(party.available is None or slot in party.available for party in both):
                taken = model.new_bool_var("")
                aim.append(round(pair.utility * 10_000) * taken)
                places = [at, ("table", slot), *((p.id, slot) for p in both), *(("all", p.id) for p in both)]
                for place in places:
                    once.setdefault(place, []).append(taken)
    floors = {party.id: floor for party, floor in zip(problem.parties, _floors(problem, level), strict=True)}
    for place, some in once.items():
        match place:
            case ("table", _):
                model.add(sum(some) <= len(problem.tables))
            case ("all", party):
                most = parties[party].maximum
                model.add_linear_constraint(sum(some), floors[party], len(some) if most is None else most)
            case _:
                model.add_at_most_one(some)
    model.maximize(sum(aim))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (solver.objective_value / 10_000 if found else 0.0), status == cp_model.OPTIMAL


def _floors(problem: Problem, level: int) -> list[int]:
    caps = own_most(lay_out(problem), level).tolist()
    return [max(party.minimum, min(level, cap)) for party, cap in zip(problem.parties, caps, strict=True)]
