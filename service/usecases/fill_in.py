"""Let another pair talk at a table one side of which did not come."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models import Achievement, Attendee, HandshakeEvent, LetterKind, Match, Meeting, MeetingState, Need
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict
from service.kinds import picked
from service.queries.floor import Floor, Talk, floor_of
from service.queries.standing_in import stand_ins
from service.usecases.letters import write_letter
from service.usecases.meetings import SeatMeeting, seat_meeting
from service.usecases.moving import move


class FillIn(Command):
    """Input of a fill-in. ``version`` is that of the talk that gives way."""

    meeting_id: Annotated[int, Field(title="让出的洽谈")]
    version: Version
    match_id: Annotated[int, picked("补位的匹配", widget="select")]


def fill_in(ctx: Context, event_id: int, command: FillIn) -> Meeting:
    """Call off the talk whose side is missing and let the other pair talk at its table, confirmed at once.

    Raises Stale, and Conflict when the talk has both its sides or the pair may not stand in any more.
    """
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    talk = ctx.find(Meeting, command.meeting_id)
    ctx.check_version(talk, command.version)
    floor = floor_of(ctx, event)
    given_up = next((one for one in floor.talks if one.meeting_id == talk.id), None)
    offered = {one.match_id: one for one in stand_ins(ctx, floor).get(talk.id, ())}
    if given_up is None or command.match_id not in offered:
        raise Conflict("现在不能这样补位：缺席的一方可能到了，或补位的一方另有安排，请刷新后再看。")
    absent = "、".join(side.label for side in given_up.missing)
    comes_in = offered[command.match_id]
    move(ctx, talk, MeetingState.CANCELLED, f"{absent}未到，由{comes_in.organization}补位")
    ctx.flush()
    meeting = seat_meeting(
        ctx,
        event.id,
        SeatMeeting(match_id=command.match_id, slot=talk.slot, table_number=talk.table_number),
    )
    move(ctx, meeting, MeetingState.CONFIRMED, "现场补位")
    _name_people(ctx, floor, meeting)
    _tell(ctx, floor, given_up, meeting)
    ctx.audit("fill_in", meeting, before=talk.id)
    return meeting


def _name_people(ctx: Context, floor: Floor, meeting: Meeting) -> None:
    """Say who sits at the new talk: the first of each side who is there and sits nowhere else in that slot."""
    taken = {
        one.id
        for talk in floor.talks
        if talk.slot == meeting.slot and talk.is_on and talk.table_number != meeting.table_number
        for side in talk.sides
        if len(side.people) == 1
        for one in side.people
    }
    match = ctx.find(Match, meeting.match_id)
    houses = (
        ("need_attendee_id", ctx.find(Need, match.need_id).organization_id),
        ("offer_attendee_id", ctx.find(Achievement, match.achievement_id).organization_id),
    )
    for column, house in houses:
        free = [one.id for one in floor.here if one.organization_id == house and one.id not in taken]
        setattr(meeting, column, next(iter(free), None))


def _tell(ctx: Context, floor: Floor, given_up: Talk, meeting: Meeting) -> None:
    """Write to those who lost the talk that was called off, and to those who sit at the new one."""
    where = f"{floor.slots[meeting.slot].name}、{meeting.table_number} 号桌"
    seated = {meeting.need_attendee_id, meeting.offer_attendee_id} - {None}
    lost = {one.id for side in given_up.sides for one in side.people} - seated
    for number in sorted(one for one in seated if one is not None):
        text = f"现场有调整：{where}由您参加洽谈，请到桌就座。"
        write_letter(ctx, ctx.find(Attendee, number), LetterKind.CHANGE, f"{floor.event.title}：桌次变动", text)
    for number in sorted(lost):
        text = f"现场有调整：{where}原定的洽谈因一方未到而取消；到场后请与现场工作人员联系，另行安排。"
        write_letter(ctx, ctx.find(Attendee, number), LetterKind.CHANGE, f"{floor.event.title}：桌次变动", text)
