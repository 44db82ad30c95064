"""What everybody concerned is told when a seating is written: what changed for them, and where they sit now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select

from models import (
    Achievement,
    Attendee,
    EventLetter,
    HandshakeEvent,
    LetterKind,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    Organization,
)
from service.context import SHANGHAI, Context
from service.queries.seating_changes import SeatChange
from service.queries.seating_problem import SeatingTask
from service.usecases.letters import write_letter

People = tuple[int | None, int | None]


def tell(
    ctx: Context,
    task: SeatingTask,
    changes: Sequence[SeatChange],
    rows: Mapping[int, Meeting],
    added: Mapping[frozenset[str], Meeting],
    before: Mapping[int, People],
) -> list[EventLetter]:
    """Write to everybody whose talks came, moved or went, and to nobody else."""
    lines: dict[int, list[str]] = {}
    for change in changes:
        pair = frozenset((change.one, change.other))
        meeting = rows[change.held.meeting_id] if change.held is not None else added[pair]
        _note(ctx, task, change, meeting, before.get(meeting.id, (None, None)), lines)
    _note_substitutes(ctx, task, {change.held.meeting_id for change in changes if change.held}, rows, before, lines)
    told = set(ctx.session.scalars(_told(list(lines))))
    letters = []
    for number in sorted(lines):
        attendee = ctx.find(Attendee, number)
        kind = LetterKind.CHANGE if number in told else LetterKind.PROGRAMME
        subject = f"{'桌次变动' if number in told else '桌次通知'}：{task.event.title}"
        letters.append(
            write_letter(ctx, attendee, kind, subject, _text(ctx, task.event, attendee, kind, lines[number]))
        )
    return letters


def _told(attendees: list[int]) -> Select[int]:
    """Who of them has been told of seats before."""
    return select(EventLetter.attendee_id).where(
        EventLetter.attendee_id.in_(attendees), EventLetter.kind.in_((LetterKind.PROGRAMME, LetterKind.CHANGE))
    )


def _note(
    ctx: Context,
    task: SeatingTask,
    change: SeatChange,
    meeting: Meeting,
    before: People,
    lines: dict[int, list[str]],
) -> None:
    """Add the change to what its people are told; where nobody was named, everybody of the party is."""
    for side, (party, was, now) in enumerate(
        zip((change.one, change.other), before, (meeting.need_attendee_id, meeting.offer_attendee_id), strict=True)
    ):
        people = {one for one in (was, now) if one is not None}
        if not people and (sitter := task.sitters.by_id.get(party)) is not None:
            people = {one.id for one in sitter.people if one.id is not None}
        for number in people:
            with_whom = counterpart(ctx, meeting, asks=side == 0)
            lines.setdefault(number, []).append(_line(task.event, change, number == was != now, with_whom))


def _note_substitutes(
    ctx: Context,
    task: SeatingTask,
    noted: set[int],
    rows: Mapping[int, Meeting],
    before: Mapping[int, People],
    lines: dict[int, list[str]],
) -> None:
    """Add what becomes of talks that stay where they are, but with somebody else of the same party."""
    for meeting in rows.values():
        now = (meeting.need_attendee_id, meeting.offer_attendee_id)
        if meeting.id in noted or meeting.state is MeetingState.CANCELLED:
            continue
        for side, (was, is_now) in enumerate(zip(before[meeting.id], now, strict=True)):
            if was == is_now:
                continue
            where = when_and_where(task.event, meeting.slot, meeting.table_number)
            with_whom = counterpart(ctx, meeting, asks=side == 0)
            if was is not None:
                lines.setdefault(was, []).append(f"改由同事参加：{where}，{with_whom}")
            if is_now is not None:
                lines.setdefault(is_now, []).append(f"由您参加：{where}，{with_whom}")


def _line(event: HandshakeEvent, change: SeatChange, handed_over: bool, with_whom: str) -> str:
    was = when_and_where(event, change.held.slot, change.held.table) if change.held is not None else ""
    now = when_and_where(event, change.after.slot, change.after.table) if change.after is not None else ""
    if not now:
        return f"取消：{was}，{with_whom}"
    if handed_over:
        return f"改由同事参加：{now}，{with_whom}"
    return f"改动：{was}，改到 {now}，{with_whom}" if was else f"新增：{now}，{with_whom}"


def when_and_where(event: HandshakeEvent, slot: int, table: int) -> str:
    """“第 1 场 09:00–09:25 3 号桌”."""
    begins, ends = (moment.astimezone(SHANGHAI) for moment in (event.begins(slot), event.ends(slot)))
    return f"第 {slot + 1} 场 {begins:%H:%M}–{ends:%H:%M} {table} 号桌"


def counterpart(ctx: Context, meeting: Meeting, *, asks: bool) -> str:
    """With whom and about what, for one side of a talk: the other's name under which it is known to that side."""
    match = ctx.find(Match, meeting.match_id)
    theirs = ctx.find(Achievement, match.achievement_id) if asks else ctx.find(Need, match.need_id)
    masked = theirs.masked_name if match.state is not MatchState.MUTUAL else ""
    return f"与 {masked or ctx.find(Organization, theirs.organization_id).name} 谈《{theirs.title}》"


def _text(ctx: Context, event: HandshakeEvent, attendee: Attendee, kind: LetterKind, lines: Sequence[str]) -> str:
    talks = []
    for one in ctx.session.scalars(_talks_of(event, attendee)):
        with_whom = counterpart(ctx, one, asks=one.need_attendee_id == attendee.id)
        talks.append(f"{when_and_where(event, one.slot, one.table_number)}，{with_whom}")
    begins = event.starts_at.astimezone(SHANGHAI)
    opening = "您的桌次排好了。" if kind is LetterKind.PROGRAMME else "您的桌次有变动："
    changed = [] if kind is LetterKind.PROGRAMME else [*(f"· {line}" for line in lines), "", "变动之后您的安排："]
    return "\n".join(
        [
            f"{attendee.name}您好：" if attendee.name else "您好：",
            "",
            f"“{event.title}”{opening}",
            *changed,
            *(f"· {one}" for one in talks),
            *([] if talks else ["目前没有您的洽谈；有新的安排会再通知您。"]),
            "",
            f"时间：{begins:%Y-%m-%d} {begins:%H:%M} 开始",
            *([f"地点：{event.venue}"] if event.venue else []),
        ]
    )


def _talks_of(event: HandshakeEvent, attendee: Attendee) -> Select[Meeting]:
    mine = (Meeting.need_attendee_id == attendee.id) | (Meeting.offer_attendee_id == attendee.id)
    return (
        select(Meeting)
        .where(Meeting.handshake_event_id == event.id, Meeting.state != MeetingState.CANCELLED, mine)
        .order_by(Meeting.slot, Meeting.table_number)
    )
