"""Keep the door of an event: who has come, from notes that arrive late, twice and in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field
from sqlalchemy import func, select

from models import (
    Attendee,
    AttendeeState,
    DoorMark,
    DoorMarkKind,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
)
from service.commands import Command
from service.context import SHANGHAI, Context
from service.errors import Conflict
from service.kinds import picked, words
from service.security import new_handle
from service.usecases.attendees import follow_attendees
from service.usecases.moving import move

MOST_NOTES = 500
A_MOMENT = timedelta(microseconds=1)
"""What lies between two notes made at once, of which the second is to count."""
RUNNING = (HandshakeEventState.SCHEDULED, HandshakeEventState.HELD)
K, A = DoorMarkKind, AttendeeState
Badge = Annotated[str, words("胸牌编号", "姓名卡上二维码旁的 6 位编号", limit=12), Field(min_length=1)]


class DoorNote(Command):
    """Input of one note at the door. ``id`` is the phone's own number for it, ``at`` when it was made."""

    id: Annotated[str, Field(title="记录编号", description="由手机产生，同一条只记一次", min_length=8, max_length=40)]
    badge: Badge
    kind: Annotated[DoorMarkKind, picked("记什么", widget="select")] = DoorMarkKind.ARRIVED
    at: Annotated[AwareDatetime, Field(title="时间", description="在手机上记下的时间，带时区")]


class DoorNotes(Command):
    """Input of what a phone has noted since it last had a network."""

    notes: Annotated[list[DoorNote], Field(title="签到记录", min_length=1, max_length=MOST_NOTES)]


class NoteNow(Command):
    """Input of one note at the door, made now."""

    badge: Badge
    kind: Annotated[DoorMarkKind, picked("记什么", widget="select")] = DoorMarkKind.ARRIVED


@dataclass(frozen=True)
class Noted:
    """What became of one note: whose it is (None: nobody has that badge) and how that person stands now."""

    id: str
    attendee: Attendee | None


@dataclass(frozen=True)
class Standing:
    """How somebody stands by the notes about them; ``arrived_at`` with ARRIVED alone."""

    state: AttendeeState
    arrived_at: datetime | None = None


def standing(marks: Iterable[tuple[DoorMarkKind, datetime]]) -> Standing | None:
    """How somebody stands by all notes about them, in whatever order they are given; None without any.

    Who was seen after the last 撤销 is there since they were first seen; seeing somebody outweighs not finding them, so
    a 缺席 counts for those nobody saw. Who was only taken back is expected again.
    """
    known = list(marks)
    if not known:
        return None
    undone = max((at for kind, at in known if kind is K.UNDONE), default=None)
    since = [(kind, at) for kind, at in known if undone is None or at > undone]
    seen = [at for kind, at in since if kind is K.ARRIVED]
    if seen:
        return Standing(A.ARRIVED, min(seen))
    return Standing(A.ABSENT if since and since[0][0] is K.ABSENT else A.COMING)


def note_arrivals(ctx: Context, event_id: int, command: DoorNotes) -> list[Noted]:
    """Take in a phone's notes; one that came before, from whichever batch, is not counted again.

    Notes about unknown badges are kept and said. Raises Conflict before the day itself, or at an event not running.
    """
    event = _opened(ctx, event_id)
    there = _by_badge(ctx, event)
    given = list({note.id: note for note in command.notes}.values())
    known = set(ctx.session.scalars(select(DoorMark.key).where(DoorMark.key.in_([_key(event, one) for one in given]))))
    touched: dict[int, Attendee] = {}
    for note in given:
        attendee = there.get(_folded(note.badge))
        if _key(event, note) in known:
            continue
        if attendee is not None and attendee.id not in touched:
            touched[attendee.id] = attendee
            _catch_up(ctx, event, attendee)
        _write(ctx, event, attendee, _key(event, note), _folded(note.badge), note.kind, _moment(ctx, event, note.at))
    _settle(ctx, touched)
    unknown = sum(1 for note in given if _folded(note.badge) not in there)
    ctx.audit("note_arrivals", event, notes=len(given), fresh=len(given) - len(known), unknown=unknown)
    return [Noted(note.id, there.get(_folded(note.badge))) for note in command.notes]


def note_arrival(ctx: Context, event_id: int, command: NoteNow) -> Noted:
    """Note one person's arrival, its undoing or their absence now.

    To call somebody absent who was seen takes the seeing back too. Raises Conflict, also for an unknown badge.
    """
    event = _opened(ctx, event_id)
    attendee = _by_badge(ctx, event).get(_folded(command.badge))
    if attendee is None:
        raise Conflict(f"没有编号为 {_folded(command.badge)} 的参会人；请按姓名查找，或登记为临时到场。")
    if command.kind is K.ABSENT and ctx.now < event.starts_at:
        begins = event.starts_at.astimezone(SHANGHAI)
        raise Conflict(f"活动 {begins:%Y-%m-%d %H:%M} 才开始，现在还不能标记缺席。")
    note_of(ctx, event, attendee, command.kind)
    return Noted("", attendee)


def note_of(ctx: Context, event: HandshakeEvent, attendee: Attendee, kind: DoorMarkKind) -> None:
    """Write a note about somebody now and bring them in line with it; the caller has checked that it may be made."""
    _catch_up(ctx, event, attendee)
    if kind is K.ABSENT and attendee.state is A.ARRIVED:
        _write(ctx, event, attendee, new_handle(), attendee.badge, K.UNDONE, ctx.now - A_MOMENT)
    _write(ctx, event, attendee, new_handle(), attendee.badge, kind, ctx.now)
    _settle(ctx, {attendee.id: attendee})


def marks_of(ctx: Context, attendee_ids: Iterable[int]) -> Mapping[int, list[DoorMark]]:
    """The notes about each of the attendees."""
    found: dict[int, list[DoorMark]] = {}
    rows = select(DoorMark).where(DoorMark.attendee_id.in_(list(attendee_ids))).order_by(DoorMark.at, DoorMark.id)
    for mark in ctx.session.scalars(rows):
        if mark.attendee_id is not None:
            found.setdefault(mark.attendee_id, []).append(mark)
    return found


def _opened(ctx: Context, event_id: int) -> HandshakeEvent:
    """The event, held so that two phones' notes are taken in one after the other."""
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    ctx.session.execute(select(HandshakeEvent.id).where(HandshakeEvent.id == event.id).with_for_update())
    check_door(ctx, event)
    return event


def check_door(ctx: Context, event: HandshakeEvent) -> None:
    """Raises Conflict unless people may be checked in: the event is settled, and it is the day itself or later."""
    if event.state not in RUNNING:
        raise Conflict(f"活动当前为“{event.state.label}”，排定后才能签到。")
    begins = event.starts_at.astimezone(SHANGHAI)
    if ctx.today < begins.date():
        raise Conflict(f"活动在 {begins:%Y-%m-%d} 举行，当天才能签到。")


def _by_badge(ctx: Context, event: HandshakeEvent) -> dict[str, Attendee]:
    rows = (
        select(Attendee)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.handshake_event_id == event.id)
        .execution_options(populate_existing=True)
    )
    return {_folded(one.badge): one for one in ctx.session.scalars(rows) if one.badge}


def _folded(badge: str) -> str:
    """A badge as it is kept, from what was typed or read off a QR code."""
    return badge.rpartition("#")[2].strip().upper()


def _key(event: HandshakeEvent, note: DoorNote) -> str:
    """The note's number, apart from those of other events."""
    return f"{event.id}.{note.id}"


def _moment(ctx: Context, event: HandshakeEvent, at: datetime) -> datetime:
    """When the note was made, as far as its phone's clock can be right: on the day itself and not in the future."""
    midnight = event.starts_at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return at if midnight <= at <= ctx.now else ctx.now


def _write(
    ctx: Context,
    event: HandshakeEvent,
    attendee: Attendee | None,
    key: str,
    badge: str,
    kind: DoorMarkKind,
    at: datetime,
) -> None:
    ctx.session.add(
        DoorMark(
            handshake_event_id=event.id,
            attendee_id=attendee.id if attendee is not None else None,
            key=key,
            badge=badge,
            kind=kind,
            at=at,
            received_at=ctx.now,
            made_by_id=ctx.actor.account_id,
        )
    )


def _catch_up(ctx: Context, event: HandshakeEvent, attendee: Attendee) -> None:
    """Note what another page has said of the person since the last note, so that it counts among the notes."""
    ctx.flush()
    now = standing((mark.kind, mark.at) for mark in marks_of(ctx, [attendee.id]).get(attendee.id, ()))
    said = now.state if now is not None else None
    if attendee.state is said or (attendee.state is not A.ARRIVED and said in (None, A.COMING)):
        return
    at = (attendee.arrived_at if attendee.state is A.ARRIVED else None) or attendee.updated_at
    wanted: Sequence[DoorMarkKind] = {A.ARRIVED: (K.ARRIVED,), A.ABSENT: (K.UNDONE, K.ABSENT)}.get(
        attendee.state, (K.UNDONE,)
    )
    for kind in wanted:
        _write(ctx, event, attendee, new_handle(), attendee.badge, kind, at - A_MOMENT * (kind is not wanted[-1]))


def _settle(ctx: Context, touched: Mapping[int, Attendee]) -> None:
    """Bring people in line with the notes about them, and their invitations with them."""
    ctx.flush()
    marks = marks_of(ctx, touched)
    for number, attendee in sorted(touched.items()):
        now = standing((mark.kind, mark.at) for mark in marks.get(number, ()))
        if now is None:
            continue
        if attendee.arrived_at != now.arrived_at:
            attendee.arrived_at = now.arrived_at
            ctx.touch(attendee)
        if attendee.state is not now.state and not attendee.may_move(now.state):
            move(ctx, attendee, A.COMING, "现场登记")
        if attendee.state is not now.state:
            move(ctx, attendee, now.state, "现场登记")
    for invitation_id in sorted({one.invitation_id for one in touched.values()}):
        invitation = ctx.find(Invitation, invitation_id)
        follow_attendees(ctx, invitation, "现场登记")
        seen = select(func.min(Attendee.arrived_at)).where(Attendee.invitation_id == invitation.id)
        arrived = invitation.state is InvitationState.CHECKED_IN
        invitation.checked_in_at = (ctx.session.scalar(seen) or ctx.now) if arrived else None
