"""Let another pair talk at a table one side of which did not come."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models import HandshakeEvent, Meeting, MeetingState
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict
from service.kinds import picked
from service.queries.floor import floor_of
from service.queries.standing_in import stand_ins
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
    move(ctx, talk, MeetingState.CANCELLED, f"{absent}未到，由{offered[command.match_id].organization}补位")
    ctx.flush()
    meeting = seat_meeting(
        ctx,
        event.id,
        SeatMeeting(match_id=command.match_id, slot=talk.slot, table_number=talk.table_number),
    )
    move(ctx, meeting, MeetingState.CONFIRMED, "现场补位")
    ctx.audit("fill_in", meeting, before=talk.id)
    return meeting
