"""What is to be seated: parties, tables, listed pairs, what is locked and what people already hold."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias

PartyId: TypeAlias = Hashable
"""Whatever names a party; only equality and hashing are asked of it. Order always comes from the problem's lists."""


class SeatingError(ValueError):
    """The problem cannot be read: ``path`` names the place, as in ``pairs[3].utility``, ``message`` what to change."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}：{message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Party:
    """An enterprise, a scientist or a team: when it is there, how many talks it wants, how many at once.

    ``available`` None means every slot; ``maximum`` None no limit. ``seats`` talks at once are possible (1: nobody is
    twice in a slot), in each slot so many as ``seats_at`` says where it is given; ``people`` chairs are taken at a
    table.
    """

    id: PartyId
    available: frozenset[int] | None = None
    minimum: int = 0
    maximum: int | None = None
    seats: int = 1
    people: int = 1
    name: str = ""
    seats_at: tuple[int, ...] | None = None

    def seats_in(self, slot: int) -> int:
        """How many talks at once are possible in a slot in which the party is there."""
        return self.seats if self.seats_at is None else self.seats_at[slot]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: how many people fit (None: any number), what it offers, where it stands, when it is closed."""

    number: int
    capacity: int | None = None
    features: frozenset[str] = frozenset()
    position: float | tuple[float, float] | None = None
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties that may meet once, what that is worth (≥ 0), and what their table must offer.

    ``chairs`` is how many people must fit; None: those of both parties.
    """

    one: PartyId
    other: PartyId
    utility: float = 0.0
    needs: frozenset[str] = frozenset()
    chairs: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A pair at a table in a slot."""

    one: PartyId
    other: PartyId
    slot: int
    table: int

    @property
    def pair(self) -> frozenset[PartyId]:
        """The two, whichever side they were named on."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two parties that must not meet, and why; they are not among the listed pairs."""

    one: PartyId
    other: PartyId
    reason: str = ""
    utility: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """An event to seat.

    Slots are 0 … ``slots``−1. ``locked`` meetings stay. ``previous`` are held already: those before slot
    ``frozen_before`` are past and stay too, nothing new is put there; of the others as few as possible change, or at
    most ``max_changes`` where that is given. ``excluded`` only serves to name what stands in the way.
    """

    slots: int
    tables: tuple[Table, ...]
    parties: tuple[Party, ...]
    pairs: tuple[Pair, ...]
    locked: tuple[Meeting, ...] = ()
    previous: tuple[Meeting, ...] = ()
    frozen_before: int = 0
    max_changes: int | None = None
    excluded: tuple[Exclusion, ...] = ()
    fair: bool = True

    def party(self, party: PartyId) -> Party:
        """The party of that id; KeyError for an unknown one."""
        for one in self.parties:
            if one.id == party:
                return one
        raise KeyError(party)


def equal_tables(count: int, first: int = 1) -> tuple[Table, ...]:
    """``count`` tables without differences, numbered from ``first``."""
    return tuple(Table(number) for number in range(first, first + count))


def check(problem: Problem) -> None:
    """Refuse what cannot be meant: unknown or repeated ids, slots outside the event, negative or unreal numbers.

    Raises SeatingError with the place at fault.
    """
    if problem.slots < 0:
        raise SeatingError("slots", "时段数不能是负数")
    _check_parties(problem)
    _check_tables(problem)
    ids = {party.id for party in problem.parties}
    seen: set[frozenset[PartyId]] = set()
    for at, pair in enumerate(problem.pairs):
        path = f"pairs[{at}]"
        both = _both(path, pair.one, pair.other, ids)
        if both in seen:
            raise SeatingError(path, "这一对已经列过；每对只能列一次")
        seen.add(both)
        if not 0 <= pair.utility < float("inf"):
            raise SeatingError(f"{path}.utility", "应是不小于 0 的数")
    for at, exclusion in enumerate(problem.excluded):
        both = _both(f"excluded[{at}]", exclusion.one, exclusion.other, ids)
        if both in seen:
            raise SeatingError(f"excluded[{at}]", "这一对又列为可见、又列为不见；请删去一处")
    for name in ("locked", "previous"):
        for at, meeting in enumerate(getattr(problem, name)):
            path = f"{name}[{at}]"
            _both(path, meeting.one, meeting.other, ids)
            if not 0 <= meeting.slot < problem.slots:
                raise SeatingError(f"{path}.slot", f"时段应在 0–{problem.slots - 1} 之间")


def _check_parties(problem: Problem) -> None:
    ids: set[PartyId] = set()
    for at, party in enumerate(problem.parties):
        path = f"parties[{at}]"
        if party.id in ids:
            raise SeatingError(f"{path}.id", f"编号 {party.id} 重复")
        ids.add(party.id)
        if (
            party.minimum < 0
            or party.people < 0
            or party.seats < 1
            or (party.maximum is not None and party.maximum < 0)
        ):
            raise SeatingError(path, "最少、最多场数与人数不能是负数，同时可谈的场数至少是 1")
        if party.seats_at is not None and not (
            len(party.seats_at) == problem.slots and all(0 <= seats <= party.seats for seats in party.seats_at)
        ):
            raise SeatingError(f"{path}.seats_at", "应为每个时段一个数，不小于 0，也不大于同时可谈的场数")
        if any(not 0 <= slot < problem.slots for slot in party.available or ()):
            raise SeatingError(f"{path}.available", f"时段应在 0–{problem.slots - 1} 之间")


def _check_tables(problem: Problem) -> None:
    numbers: set[int] = set()
    for at, table in enumerate(problem.tables):
        if table.number in numbers:
            raise SeatingError(f"tables[{at}].number", f"桌号 {table.number} 重复")
        numbers.add(table.number)


def _both(path: str, one: PartyId, other: PartyId, ids: set[PartyId]) -> frozenset[PartyId]:
    for name, party in (("one", one), ("other", other)):
        if party not in ids:
            raise SeatingError(f"{path}.{name}", f"没有编号为 {party} 的一方")
    if one == other:
        raise SeatingError(path, "一方不能和自己见面")
    return frozenset((one, other))
