"""Write a seating: cancel, move and add talks in one transaction, name who sits, and tell everybody concerned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from matching import seating
from models import HandshakeEventState, Match, MatchState, Meeting, MeetingState
from service.context import Context
from service.errors import Conflict
from service.queries.seating_changes import ChangeKind, SeatChange, changes_to
from service.queries.seating_problem import DONE, SeatingTask
from service.usecases.matches import MoveMatch, shortlist_match
from service.usecases.moving import move
from service.usecases.seating_letters import tell

ASIDE = 10_000
"""Tables beyond all real ones, where talks wait while they change places."""


def write_seating(
    ctx: Context, task: SeatingTask, meetings: Iterable[seating.Meeting], reason: str
) -> list[SeatChange]:
    """Make the event's talks what ``meetings`` says. Returns what changed; whoever it concerns has been written to."""
    meetings = list(meetings)
    changes = changes_to(task, meetings)
    rows = {one.id: one for one in _talks(ctx, task)}
    before = {one.id: (one.need_attendee_id, one.offer_attendee_id) for one in rows.values()}
    for change in changes:
        if change.kind is ChangeKind.CANCEL and change.held is not None:
            move(ctx, rows[change.held.meeting_id], MeetingState.CANCELLED, reason)
    ctx.flush()
    _move_all(ctx, task, [change for change in changes if change.kind is ChangeKind.MOVE], rows)
    added = {}
    for change in changes:
        if change.kind is ChangeKind.ADD:
            added[frozenset((change.one, change.other))] = _add(ctx, task, change, reason)
    _name_people(ctx, task, meetings, rows, added)
    tell(ctx, task, changes, rows, added, before)
    return changes


def _talks(ctx: Context, task: SeatingTask) -> list[Meeting]:
    numbers = [one.meeting_id for one in (*task.held.values(), *task.doubles)]
    return list(ctx.session.scalars(select(Meeting).where(Meeting.id.in_(numbers)).order_by(Meeting.id)))


def _move_all(ctx: Context, task: SeatingTask, moves: list[SeatChange], rows: Mapping[int, Meeting]) -> None:
    """All at once: each first makes room, so that two may change places."""
    for change in moves:
        if change.held is not None:
            rows[change.held.meeting_id].table_number = ASIDE + change.held.meeting_id
    ctx.flush()
    for change in moves:
        if change.held is None or change.after is None:
            continue
        meeting = rows[change.held.meeting_id]
        meeting.slot, meeting.table_number = change.after.slot, change.after.table
        ctx.touch(meeting)
        ctx.audit(
            "seat",
            meeting,
            before=[change.held.slot, change.held.table],
            after=[change.after.slot, change.after.table],
        )
        slot_changed = change.after.slot != change.held.slot
        drafted = task.event.state is not HandshakeEventState.SCHEDULED
        if slot_changed and drafted and meeting.state is MeetingState.CONFIRMED:
            move(ctx, meeting, MeetingState.PROPOSED, f"改到第 {change.after.slot + 1} 场，需要重新确认")


def _add(ctx: Context, task: SeatingTask, change: SeatChange, reason: str) -> Meeting:
    """A talk over the pair's match, which is thereby chosen; confirmed at once where the schedule is settled."""
    assert change.after is not None  # noqa: S101 - an added talk has a place
    match = ctx.find(Match, change.match_id)
    if match.state is MatchState.SUGGESTED:
        shortlist_match(ctx, match.id, MoveMatch(version=match.version, remark="排桌时选入"))
    meeting = Meeting(
        handshake_event_id=task.event.id,
        match_id=match.id,
        slot=change.after.slot,
        table_number=change.after.table,
        state=MeetingState.PROPOSED,
        is_demo=task.event.is_demo,
    )
    ctx.log(ctx.add(meeting).born())
    if task.event.state is HandshakeEventState.SCHEDULED:
        move(ctx, meeting, MeetingState.CONFIRMED, reason)
    return meeting


def _name_people(
    ctx: Context,
    task: SeatingTask,
    meetings: list[seating.Meeting],
    rows: Mapping[int, Meeting],
    added: Mapping[frozenset[str], Meeting],
) -> None:
    """Who sits for each side: whoever did so far if they are there, else who of the team has the fewest talks."""
    load: Counter[int] = Counter()
    taken: set[tuple[int, int]] = set()
    open_seats: list[tuple[Meeting, str, str, int]] = []
    for planned in sorted(meetings, key=lambda one: (one.slot, one.table)):
        pair = frozenset((str(planned.one), str(planned.other)))
        held = task.held.get(pair)
        meeting = added.get(pair) or (rows[held.meeting_id] if held is not None else None)
        if meeting is None or meeting.state in DONE or planned.slot < task.problem.frozen_before:
            continue
        for party, column in zip(_sides(task, pair), ("need_attendee_id", "offer_attendee_id"), strict=True):
            sitter = task.sitters.by_id.get(party)
            there = {one.id for one in sitter.there(planned.slot)} if sitter is not None else set()
            so_far = getattr(meeting, column)
            if so_far is not None and so_far in there and (so_far, planned.slot) not in taken:
                taken.add((so_far, planned.slot))
                load[so_far] += 1
            else:
                open_seats.append((meeting, party, column, planned.slot))
    for meeting, party, column, slot in open_seats:
        sitter = task.sitters.by_id.get(party)
        free = [
            one
            for one in (sitter.there(slot) if sitter is not None else [])
            if one.id is not None and (one.id, slot) not in taken
        ]
        chosen = min(free, key=lambda one: (load[one.id or 0], one.id), default=None)
        number = chosen.id if chosen is not None else None
        if number is not None:
            taken.add((number, slot))
            load[number] += 1
        if getattr(meeting, column) != number:
            setattr(meeting, column, number)
            ctx.touch(meeting)
    ctx.flush()


def _sides(task: SeatingTask, pair: frozenset[str]) -> tuple[str, str]:
    """The two parties, the one that needs first."""
    held = task.held.get(pair)
    if held is not None:
        return held.one, held.other
    chance = task.chances[pair]
    return chance.one, chance.other


def refuse_broken(sentences: Iterable[str]) -> None:
    """Raises Conflict when a seating would break something."""
    if named := list(sentences):
        raise Conflict("不能这样排：" + "；".join(named[:5]) + "。")
