"""Seat pairs at tables, confirm their talks or call them off."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select

from models import (
    Achievement,
    HandshakeEvent,
    HandshakeEventState,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    Organization,
)
from models.handshake_event import SEATING_STATES
from models.posting import OPEN_STATES
from service.commands import Command, Version
from service.context import SHANGHAI, Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked, words
from service.queries.seating import STAYS_AWAY, Room, room_of
from service.usecases.conflicts import refuse_conflict
from service.usecases.invitations import send
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

SEATABLE = (MatchState.SHORTLISTED, MatchState.MUTUAL)

Slot = Annotated[int, picked("场次", "从 0 数起，0 是第一场", widget="select", ge=0, le=47)]
Table = Annotated[int, picked("桌号", widget="number", ge=1, le=500)]


class SeatMeeting(Command):
    """Input of seating a pair."""

    match_id: Annotated[int, picked("对接双方", "已入选或双方有意的匹配", widget="select")]
    slot: Slot
    table_number: Table
    invite_missing: Annotated[bool, picked("还没邀请的一并邀请", widget="checkbox")] = False


class MoveMeeting(Command):
    """Input of moving a talk to another slot or table."""

    version: Version
    slot: Slot
    table_number: Table


class ChangeMeeting(Command):
    """Input of confirming or cancelling a talk, or of noting that it was not held."""

    version: Version
    reason: Annotated[str, words("原因", "双方都会看到", limit=500)] = ""


def seat_meeting(ctx: Context, event_id: int, command: SeatMeeting) -> Meeting:
    """Propose a talk between the two sides of a chosen pair at a free table in a slot both have free.

    Raises Invalid at the field in the way, naming the talk that stands there.
    """
    event = _locked(ctx, event_id)
    ctx.demand("seat_meeting", event)
    _check_seating(event)
    match = ctx.session.get(Match, command.match_id)
    if match is None:
        raise Invalid({"match_id": f"没有编号为 {command.match_id} 的匹配"})
    need, achievement = _sides(ctx, match)
    room = room_of(ctx, event)
    _check_pair(room, match, need, achievement)
    refuse_conflict(ctx, need, achievement)
    missing = _check_invited(ctx, room, (need, achievement), invite_missing=command.invite_missing)
    _check_seat(ctx, room, (need, achievement), command.slot, command.table_number)
    for organization in missing:
        send(ctx, event, organization)
    meeting = Meeting(
        handshake_event_id=event.id,
        match_id=match.id,
        slot=command.slot,
        table_number=command.table_number,
        state=MeetingState.PROPOSED,
        is_demo=event.is_demo or need.is_demo or achievement.is_demo,
    )
    ctx.log(ctx.add(meeting).born())
    return meeting


def move_meeting(ctx: Context, meeting_id: int, command: MoveMeeting) -> Meeting:
    """Move a talk to another slot or table; one that was confirmed needs confirming again when its slot changes."""
    meeting = _held(ctx, meeting_id, command.version, "seat_meeting")
    event = _locked(ctx, meeting.handshake_event_id)
    _check_seating(event)
    if meeting.state not in (MeetingState.PROPOSED, MeetingState.CONFIRMED):
        raise Illegal(f"“{meeting.state.label}”的洽谈不能再移动。")
    sides = _sides(ctx, ctx.find(Match, meeting.match_id))
    _check_seat(ctx, room_of(ctx, event), sides, command.slot, command.table_number, but=meeting.id)
    before = [meeting.slot, meeting.table_number]
    moved = command.slot != meeting.slot
    meeting.slot, meeting.table_number = command.slot, command.table_number
    ctx.touch(meeting)
    ctx.audit("seat", meeting, before=before, after=[command.slot, command.table_number])
    if moved and meeting.state is MeetingState.CONFIRMED:
        move(ctx, meeting, MeetingState.PROPOSED, f"改到第 {command.slot + 1} 场，需要重新确认")
    return meeting


def confirm_meeting(ctx: Context, meeting_id: int, command: ChangeMeeting) -> Meeting:
    """Confirm a proposed talk, or take back that it was not held. Raises Conflict when a side stays away."""
    meeting = _held(ctx, meeting_id, command.version, "seat_meeting")
    meeting.check_move(MeetingState.CONFIRMED)
    event = ctx.find(HandshakeEvent, meeting.handshake_event_id)
    if event.state not in SEATING_STATES | {HandshakeEventState.HELD}:
        raise Conflict(f"活动当前为“{event.state.label}”，不能再确认洽谈。")
    sitting = next(one for one in room_of(ctx, event).seated if one.meeting_id == meeting.id)
    if sitting.absent is not None:
        raise Conflict(f"{sitting.absent}已婉拒或缺席，这场不能确认；可以取消，或请对方重新答复邀请。")
    return move(ctx, meeting, MeetingState.CONFIRMED, command.reason)


def cancel_meeting(ctx: Context, meeting_id: int, command: ChangeMeeting) -> Meeting:
    """Call a talk off with a reason; its table and both sides' time are free again."""
    refuse_secrets(ctx, command)
    meeting = _held(ctx, meeting_id, command.version, "seat_meeting")
    meeting.check_move(MeetingState.CANCELLED)
    if not command.reason:
        raise Invalid({"reason": "请写明取消原因，双方都会看到"})
    return move(ctx, meeting, MeetingState.CANCELLED, command.reason)


def mark_not_held(ctx: Context, meeting_id: int, command: ChangeMeeting) -> Meeting:
    """Note with a reason that a confirmed talk did not take place."""
    refuse_secrets(ctx, command)
    meeting = _held(ctx, meeting_id, command.version, "record_outcome")
    meeting.check_move(MeetingState.NOT_HELD)
    check_begun(ctx, ctx.find(HandshakeEvent, meeting.handshake_event_id))
    if not command.reason:
        raise Invalid({"reason": "请写明为什么没有谈成这一场"})
    return move(ctx, meeting, MeetingState.NOT_HELD, command.reason)


def lock_meeting(ctx: Context, meeting_id: int, command: ChangeMeeting) -> Meeting:
    """Keep a talk where it is when the event is seated anew."""
    return _set_lock(ctx, meeting_id, command, locked=True)


def unlock_meeting(ctx: Context, meeting_id: int, command: ChangeMeeting) -> Meeting:
    """Let a talk be moved again."""
    return _set_lock(ctx, meeting_id, command, locked=False)


def _set_lock(ctx: Context, meeting_id: int, command: ChangeMeeting, *, locked: bool) -> Meeting:
    meeting = _held(ctx, meeting_id, command.version, "seat_meeting")
    if meeting.state not in (MeetingState.PROPOSED, MeetingState.CONFIRMED):
        raise Illegal(f"“{meeting.state.label}”的洽谈不用锁定。")
    meeting.locked = locked
    ctx.touch(meeting)
    ctx.audit("lock_meeting" if locked else "unlock_meeting", meeting)
    return meeting


MOVES = {
    "confirm": confirm_meeting,
    "cancel": cancel_meeting,
    "not-held": mark_not_held,
    "lock": lock_meeting,
    "unlock": unlock_meeting,
}
"""The moves of a talk by the name they have in addresses."""


def _held(ctx: Context, meeting_id: int, version: int, action: str) -> Meeting:
    meeting = ctx.require(Meeting, meeting_id, may=action)
    ctx.check_version(meeting, version)
    return meeting


def _locked(ctx: Context, event_id: int) -> HandshakeEvent:
    """The event, held so that two people cannot seat at it at the same moment."""
    event = ctx.find(HandshakeEvent, event_id)
    ctx.session.execute(select(HandshakeEvent.id).where(HandshakeEvent.id == event.id).with_for_update())
    return event


def _sides(ctx: Context, match: Match) -> tuple[Need, Achievement]:
    return ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)


def _check_seating(event: HandshakeEvent) -> None:
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能排桌，“邀约”和“已排定”时才可以。")


def _check_pair(room: Room, match: Match, need: Need, achievement: Achievement) -> None:
    if need.organization_id == achievement.organization_id:
        raise Invalid({"match_id": "需求和成果登记在同一家机构名下，不能坐到一桌；代发布的请先改为实际机构"})
    if match.state not in SEATABLE:
        raise Invalid({"match_id": f"这一对当前为“{match.state.label}”，入选后才能上桌"})
    for posting in (need, achievement):
        if posting.state not in OPEN_STATES:
            raise Invalid({"match_id": f"{posting.title_zh}《{posting.title}》已不再参加对接（{posting.state.label}）"})
    if there := room.pair(match.id):
        raise Invalid({"match_id": f"这一对已排在{there.place}，要换时间请移动那一场"})


def _check_invited(
    ctx: Context, room: Room, sides: tuple[Need, Achievement], *, invite_missing: bool
) -> list[Organization]:
    """The organizations still to be asked, if that was allowed."""
    organizations = [ctx.find(Organization, side.organization_id) for side in sides]
    for one in organizations:
        answer = room.answers.get(one.id)
        if answer in STAYS_AWAY:
            raise Invalid({"match_id": f"{one.name}对本次活动的答复是“{answer.label}”，不能排桌"})
    missing = [one for one in organizations if one.id not in room.answers]
    if missing and not invite_missing:
        names = "、".join(one.name for one in missing)
        raise Invalid({"invite_missing": f"{names}还没有被邀请；勾选此项可以一并邀请"})
    return missing


def _check_seat(
    ctx: Context,
    room: Room,
    sides: tuple[Need, Achievement],
    slot: int,
    table_number: int,
    but: int | None = None,
) -> None:
    event = room.event
    faults: dict[str, str] = {}
    if slot >= event.slots:
        faults["slot"] = f"本次活动只有 {event.slots} 场"
    if table_number > event.tables:
        faults["table_number"] = f"本次活动只有 {event.tables} 桌"
    elif there := room.at(slot, table_number, but=but):
        faults["table_number"] = f"{there.place}已排《{there.need_title}》×《{there.achievement_title}》"
    for side in sides:
        if busy := room.busy(side.organization_id, slot, but=but):
            name, first = ctx.find(Organization, side.organization_id).name, busy[0]
            faults.setdefault(
                "slot", f"{name}在第 {slot + 1} 场已排{first.table_number} 号桌《{first.need_title}》，没有多的人手"
            )
    if faults:
        raise Invalid(faults)


def check_begun(ctx: Context, event: HandshakeEvent) -> None:
    """Raises Conflict unless outcomes of the event's talks may be recorded now."""
    if event.state not in SEATING_STATES | {HandshakeEventState.HELD}:
        raise Conflict(f"活动当前为“{event.state.label}”，不能再登记结果。")
    if ctx.now < event.starts_at:
        raise Conflict(f"活动 {event.starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 才开始，还不能登记结果。")
