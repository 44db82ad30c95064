"""Remind those who have something to do after a talk, once for each day it is due."""

from __future__ import annotations

from sqlalchemy import select

from models import (
    Account,
    Attendee,
    AttendeeState,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Invitation,
    LetterKind,
    Role,
    Side,
)
from service import mail
from service.context import SHANGHAI, Context
from service.queries.follow_ups import in_words
from service.queries.meetings import MeetingDetail, meeting_detail
from service.usecases.letters import write_letter

MOST_AT_ONCE = 1000
"""Tasks that one run reminds of; the rest has its turn on the next day."""
ROLES = {
    Side.NEED: (Role.ENTERPRISE, Role.INSTITUTE),
    Side.OFFER: (Role.INSTITUTE, Role.ENTERPRISE),
    Side.ORGANIZER: (Role.ORGANIZER,),
}
BOTH = (Side.NEED, Side.OFFER)
_PREFERRED = (AttendeeState.ARRIVED, AttendeeState.COMING, AttendeeState.ASKED)


def remind_follow_ups(ctx: Context) -> int:
    """Write to the owners of open tasks that are due, and were not reminded for that day; how many tasks.

    A side is written to through its person at the event, whose page shows the letter, and else at the addresses of its
    accounts; the organizers through theirs. What no mail server takes stands on everybody's workbench.
    """
    due = ctx.session.scalars(
        select(FollowUp)
        .where(FollowUp.state == FollowUpState.OPEN, FollowUp.due_on <= ctx.today)
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    owed = [task for task in due if _is_owed(task)][:MOST_AT_ONCE]
    for task in owed:
        talk = meeting_detail(ctx, task.meeting_id)
        for side in BOTH if task.owner_side is None else (task.owner_side,):
            _remind(ctx, task, talk, side)
        task.reminded_at = ctx.now
        ctx.touch(task)
        ctx.audit("remind_follow_up", task, due_on=task.due_on.isoformat())
    return len(owed)


def _is_owed(task: FollowUp) -> bool:
    return task.reminded_at is None or task.reminded_at.astimezone(SHANGHAI).date() < task.due_on


def _remind(ctx: Context, task: FollowUp, talk: MeetingDetail, side: Side) -> None:
    subject = f"会后回访：{in_words(task.kind, task.text)}"
    text = _text(task, talk)
    person = _person(ctx, talk, side)
    letter = write_letter(ctx, person, LetterKind.FOLLOW_UP, subject, text) if person is not None else None
    if letter is None or letter.mailed_at is None:
        for address in _addresses(ctx, talk, side):
            mail.post(ctx, address, subject, text)


def _text(task: FollowUp, talk: MeetingDetail) -> str:
    held = talk.meeting.held_at.astimezone(SHANGHAI) if talk.meeting.held_at is not None else None
    day = f"（{held:%Y-%m-%d}）" if held is not None else ""
    about = f"您在“{talk.event.title}”{day}上洽谈了《{talk.need_title}》和《{talk.achievement_title}》。"
    if task.kind is FollowUpKind.NEXT_STEP:
        owner = f"，由{task.owner}办" if task.owner else ""
        what = f"会上约定：{task.text or '下一步'}{owner}，期限 {task.due_on.isoformat()}。"
        ask = "办好了请在系统的“跟进任务”里写一句结果；有变化请改期限或说明原因。"
    else:
        what = f"到了“{task.kind.label}”的日子。"
        ask = "请告诉我们进展如何、卡在哪里、需要组织方做什么；也可以在系统的“跟进任务”里直接填写。"
    return f"您好！\n\n{about}\n{what}\n{ask}"


def _person(ctx: Context, talk: MeetingDetail, side: Side) -> Attendee | None:
    """Who sat for the side, else one of its people at the event; nobody for the organizers."""
    if side is Side.ORGANIZER:
        return None
    sat = talk.meeting.need_attendee_id if side is Side.NEED else talk.meeting.offer_attendee_id
    named = ctx.session.get(Attendee, sat) if sat is not None else None
    if named is not None:
        return named
    people = ctx.session.scalars(
        select(Attendee)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(
            Invitation.handshake_event_id == talk.event.id,
            Invitation.organization_id == _organization(talk, side),
            Attendee.state.in_(_PREFERRED),
        )
        .order_by(Attendee.id)
    ).all()
    return min(people, key=lambda one: _PREFERRED.index(one.state), default=None)


def _organization(talk: MeetingDetail, side: Side) -> int:
    if side is Side.ORGANIZER:
        return talk.event.organizer_id
    posting = talk.need if side is Side.NEED else talk.achievement
    return posting.organization_id


def _addresses(ctx: Context, talk: MeetingDetail, side: Side) -> list[str]:
    """Addresses of the side's accounts that are in use; none of 示例 people."""
    if talk.meeting.is_demo:
        return []
    accounts = select(Account.email).where(
        Account.organization_id == _organization(talk, side),
        Account.role.in_(ROLES[side]),
        Account.is_active,
        ~Account.awaits_approval,
        ~Account.is_demo,
        Account.erased_at.is_(None),
    )
    return sorted(ctx.session.scalars(accounts))
