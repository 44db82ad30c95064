"""How a talk ended: the outcome it is given, and what follows from that for both postings and the tasks."""

from __future__ import annotations

from sqlalchemy import select

from models import (
    Achievement,
    HandshakeEvent,
    Match,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    PostingState,
    Project,
)
from service.context import Context
from service.usecases.follow_ups import follow_talk
from service.usecases.meetings import check_begun
from service.usecases.moving import move


def settle(ctx: Context, meeting: Meeting, outcome: MeetingOutcome) -> None:
    """Give a talk its outcome: a confirmed one is held by that, a held one is corrected.

    Intent or a signature sets both postings to 对接中. Where a project came of the talk, its outcome does not fall
    below intent any more. Raises IllegalTransition for a talk that is neither, Conflict before the event begins.
    """
    if meeting.state is MeetingState.HELD:
        if not _correct(ctx, meeting, outcome):
            return
    else:
        meeting.check_move(MeetingState.HELD)
        event = ctx.find(HandshakeEvent, meeting.handshake_event_id)
        check_begun(ctx, event)
        meeting.outcome, meeting.held_at = outcome, min(event.begins(meeting.slot), ctx.now)
        move(ctx, meeting, MeetingState.HELD, outcome.label)
    if outcome.may_open_project:
        match = ctx.find(Match, meeting.match_id)
        for posting in (ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)):
            if posting.state is PostingState.PUBLISHED:
                move(ctx, posting, PostingState.ENGAGED, f"洽谈结果：{outcome.label}")
    follow_talk(ctx, meeting)


def _correct(ctx: Context, meeting: Meeting, outcome: MeetingOutcome) -> bool:
    """Whether the outcome was changed."""
    if meeting.outcome is outcome or meeting.outcome is None:
        return False
    project = ctx.session.scalar(select(Project.id).where(Project.meeting_id == meeting.id).limit(1))
    if project is not None and not outcome.may_open_project:
        return False
    before, meeting.outcome = meeting.outcome, outcome
    ctx.touch(meeting)
    ctx.audit("change_outcome", meeting, before=before.label, outcome=outcome.label)
    return True
