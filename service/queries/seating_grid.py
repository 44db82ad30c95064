"""Slots × tables as a picture: who is where now, or in a computed seating, and who has met whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models import HandshakeEvent, Meeting, MeetingState
from service.context import SHANGHAI, Context
from service.queries.events import Seat, event_programme
from service.queries.seating_changes import ChangeKind
from service.queries.seating_plans import PlanView, chance_in_words

MOVABLE = (MeetingState.PROPOSED, MeetingState.CONFIRMED)


@dataclass(frozen=True)
class Cell:
    """One talk in the grid; ``meeting_id`` None for one that is only planned, ``mark`` what a seating does with it."""

    slot: int
    table: int
    one: str
    other: str
    detail: str
    organizations: tuple[int | None, int | None] = (None, None)
    meeting_id: int | None = None
    version: int = 0
    locked: bool = False
    movable: bool = False
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Head:
    """The name of a row or a column: a slot with its time, or a table."""

    number: int
    name: str
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """The picture. The fewer of slots and tables stand across, so that it grows downwards."""

    event: HandshakeEvent
    cells: Mapping[tuple[int, int], Cell]
    tables: Sequence[int]

    @property
    def slots_across(self) -> bool:
        """Whether slots are columns."""
        return self.event.slots <= len(self.tables)

    @property
    def slots(self) -> list[Head]:
        """The slots with their times."""
        return [Head(slot, f"第 {slot + 1} 场", _times(self.event, slot)) for slot in range(self.event.slots)]

    @property
    def desks(self) -> list[Head]:
        """The tables."""
        return [Head(number, f"{number} 号桌") for number in self.tables]

    @property
    def columns(self) -> list[Head]:
        """What stands across."""
        return self.slots if self.slots_across else self.desks

    @property
    def rows(self) -> list[Head]:
        """What stands down."""
        return self.desks if self.slots_across else self.slots

    def place(self, row: Head, column: Head) -> tuple[int, int]:
        """(slot, table) of a row and a column."""
        return (column.number, row.number) if self.slots_across else (row.number, column.number)

    def at(self, row: Head, column: Head) -> Cell | None:
        """The talk there."""
        return self.cells.get(self.place(row, column))

    @property
    def houses(self) -> list[tuple[str, str]]:
        """The organizations in the picture as options of a filter."""
        named: dict[int, str] = {}
        for cell in self.cells.values():
            for number, name in zip(cell.organizations, (cell.one, cell.other), strict=True):
                if number is not None:
                    named.setdefault(number, name)
        return [(str(number), name) for number, name in sorted(named.items(), key=lambda one: one[1])]


def _times(event: HandshakeEvent, slot: int) -> str:
    begins, ends = (moment.astimezone(SHANGHAI) for moment in (event.begins(slot), event.ends(slot)))
    return f"{begins:%H:%M}–{ends:%H:%M}"


def _tables(event: HandshakeEvent, used: Sequence[int]) -> list[int]:
    """All tables, but for empty ones at the end of very many."""
    return list(range(1, event.tables + 1 if event.tables <= 60 else max((*used, 60)) + 1))


def current_grid(ctx: Context, event: HandshakeEvent, organization: int | None = None) -> Grid:
    """The talks as they are, as far as the actor may know of them; only one organization's if that is given."""
    programme = event_programme(ctx, event, of_organization=organization)
    locked = _locked(ctx, event)
    cells = {place: _cell(seat, locked) for place, seat in programme.seats.items()}
    return Grid(event, cells, _tables(event, [table for _, table in cells]))


def _locked(ctx: Context, event: HandshakeEvent) -> set[int]:
    from_meetings = select(Meeting.id).where(Meeting.handshake_event_id == event.id, Meeting.locked)
    return set(ctx.session.scalars(from_meetings))


def _cell(seat: Seat, locked: set[int]) -> Cell:
    sitting = seat.sitting
    state = sitting.outcome or sitting.state
    return Cell(
        sitting.slot,
        sitting.table_number,
        seat.need_organization,
        seat.offer_organization,
        f"{sitting.need_title} × {sitting.achievement_title}",
        sitting.organizations,
        sitting.meeting_id,
        sitting.version,
        sitting.meeting_id in locked,
        sitting.state in MOVABLE and sitting.meeting_id not in locked,
        "一方不来" if seat.absent else "" if state is MeetingState.PROPOSED else state.label,
        "danger" if seat.absent else state.tone,
    )


def plan_grid(view: PlanView) -> Grid:
    """A computed seating; talks that come or move are marked."""
    task = view.task
    marks = {
        frozenset((change.one, change.other)): change for change in (view.cost.changes if view.cost is not None else ())
    }
    cells = {}
    for meeting in view.meetings:
        pair = frozenset((str(meeting.one), str(meeting.other)))
        change, chance = marks.get(pair), task.chances.get(pair)
        one, other = (chance.one, chance.other) if chance is not None else (str(meeting.one), str(meeting.other))
        kind = change.kind if change is not None and change.kind is not ChangeKind.CANCEL else None
        cells[meeting.slot, meeting.table] = Cell(
            meeting.slot,
            meeting.table,
            task.name(one),
            task.name(other),
            chance_in_words(task, meeting),
            mark=kind.label if kind is not None else "",
            tone=kind.tone if kind is not None else "",
        )
    return Grid(task.event, cells, _tables(task.event, [table for _, table in cells]))
