"""What the people of an event answer: whether they come and when, whom they send instead, how it was."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, select

from models import Attendee, AttendeeState, HandshakeEvent, Invitation, LetterKind, Meeting
from models.attendee import STAYS_AWAY
from models.handshake_event import HandshakeEventState
from service.commands import Command, Version
from service.context import SHANGHAI, Context
from service.errors import Conflict, Invalid
from service.kinds import picked, words
from service.links import give_link
from service.policy import allows
from service.queries.attendees import comer
from service.queries.event_tables import equipment_offered
from service.usecases.attendees import (
    OPEN_TALKS,
    NamePerson,
    check_running,
    follow_attendees,
    set_topics,
    stay_away,
)
from service.usecases.event_letters import invite_by_letter
from service.usecases.letters import drop_letters, write_letter
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

A = AttendeeState
AwaySlots = Annotated[
    list[Annotated[int, Field(ge=0, le=47)]],
    picked("哪些场次来不了", "从 0 数起，0 是第一场", widget="checkboxes", max_length=48),
]


class Reply(NamePerson):
    """Input of one person's answer; topics left out stay as they are."""

    version: Version
    coming: Annotated[bool, Field(title="参加")]
    away_slots: AwaySlots = []
    equipment: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        picked("桌上要有什么", "本次活动的桌子备有的", widget="checkboxes", max_length=20),
    ] = []
    need_ids: Annotated[list[int], picked("负责的需求", "不选就可以谈全部", widget="checkboxes", max_length=100)] = []
    achievement_ids: Annotated[
        list[int], picked("负责的成果", "不选就可以谈全部", widget="checkboxes", max_length=100)
    ] = []
    note: Annotated[str, words("附言", "想谈什么、有什么要求，或不能来的原因", limit=500, widget="textarea")] = ""


class SendColleague(NamePerson):
    """Input of who comes instead."""

    version: Version


class GiveFeedback(Command):
    """Input of what somebody thinks of the event."""

    version: Version
    satisfaction: Annotated[int, Field(ge=1, le=5, title="满意度", description="1 很不满意，5 很满意")]
    feedback: Annotated[str, words("意见", "哪里好，哪里要改", limit=1000, widget="textarea")] = ""


def reply(ctx: Context, attendee: Attendee, command: Reply) -> Attendee:
    """Say that one comes, with the slots one cannot make, or does not.

    After the reply deadline nobody but the organizers says yes or changes the slots; that one will not come may be said
    until the event is over, since it is better known than not. Raises Conflict or Invalid.
    """
    refuse_secrets(ctx, command)
    event, invitation = _at(ctx, attendee, command.version)
    check_running(ctx, event)
    if attendee.state in (A.ARRIVED, A.ABSENT):
        raise Conflict(f"现场已登记为“{attendee.state.label}”，要改请找组织方。")
    away = sorted(set(command.away_slots))
    if away and away[-1] >= event.slots:
        raise Invalid({"away_slots": f"本次活动只有 {event.slots} 场"})
    if command.coming:
        _check_equipment(ctx, event, attendee, command)
        if attendee.state is not A.COMING or away != attendee.away_slots:
            check_deadline(ctx, event)
        if not command.name:
            raise Invalid({"name": "请写姓名，现场要按名字签到"})
        if len(away) == event.slots:
            raise Invalid({"away_slots": "每一场都来不了，就请选“不来”"})
        set_topics(ctx, attendee, command.need_ids, command.achievement_ids)
        attendee.name, attendee.position, attendee.away_slots = command.name, command.position, away
        attendee.email, attendee.phone = command.email, command.phone
        attendee.equipment = list(dict.fromkeys(command.equipment))
    attendee.note, attendee.replied_at = command.note, ctx.now
    ctx.touch(attendee)
    target = A.COMING if command.coming else A.NOT_COMING
    if attendee.state is target:
        ctx.audit("answer", attendee)
    else:
        move(ctx, attendee, target)
    if not command.coming:
        stay_away(ctx, attendee, "参会人不来，需要重新安排")
    follow_attendees(ctx, invitation)
    return attendee


def send_colleague(ctx: Context, attendee: Attendee, command: SendColleague) -> Attendee:
    """Let somebody else come in one's place; they get a link of their own, the earlier one ends with its letters.

    Whoever sends a colleague says that they come, so a first yes is due before the deadline; who had said yes may be
    replaced until the event is over. Those who sit at a table with them are told.
    """
    refuse_secrets(ctx, command)
    event, invitation = _at(ctx, attendee, command.version)
    check_running(ctx, event)
    if attendee.state in (A.ARRIVED, A.ABSENT):
        raise Conflict(f"现场已登记为“{attendee.state.label}”，要换人请找组织方。")
    if not command.name:
        raise Invalid({"name": "请写替您参加的人的姓名"})
    if attendee.state is not A.COMING:
        check_deadline(ctx, event)
    attendee.stands_in_for = attendee.name or attendee.stands_in_for
    attendee.name, attendee.position = command.name, command.position
    attendee.email, attendee.phone, attendee.scientist_id = command.email, command.phone, None
    attendee.note, attendee.replied_at = "", ctx.now
    drop_letters(ctx, attendee)
    give_link(ctx, attendee)
    ctx.touch(attendee)
    ctx.audit("replace_attendee", attendee)
    if attendee.state is not A.COMING:
        move(ctx, attendee, A.COMING, "委派他人参加")
    follow_attendees(ctx, invitation)
    invite_by_letter(ctx, event, comer(ctx, attendee))
    _tell_the_other_side(ctx, event, attendee)
    return attendee


def give_feedback(ctx: Context, attendee: Attendee, command: GiveFeedback) -> Attendee:
    """Say how the event was, once it has begun. Raises Conflict before, or for who did not come."""
    refuse_secrets(ctx, command)
    event, _ = _at(ctx, attendee, command.version)
    if ctx.now < event.starts_at or event.state not in _WENT_ON:
        raise Conflict("活动开始后才能评价。")
    if attendee.state in STAYS_AWAY:
        raise Conflict("没有参加的活动不能评价。")
    attendee.satisfaction, attendee.feedback = command.satisfaction, command.feedback
    ctx.touch(attendee)
    ctx.audit("give_feedback", attendee)
    return attendee


def _check_equipment(ctx: Context, event: HandshakeEvent, attendee: Attendee, command: Reply) -> None:
    """What one needs must stand at some table; what was asked for before the tables changed may stay."""
    offered = [*equipment_offered(ctx, event), *attendee.equipment]
    if missing := [one for one in command.equipment if one not in offered]:
        raise Invalid({"equipment": f"本次活动没有一张桌备有{missing[0]}，请和组织方商量"})


def check_deadline(ctx: Context, event: HandshakeEvent) -> None:
    """Raises Conflict after the reply deadline, unless an organizer acts."""
    if event.reply_by is None or ctx.now <= event.reply_by or allows(ctx, "invite", event):
        return
    until = event.reply_by.astimezone(SHANGHAI)
    raise Conflict(f"答复已于 {until:%Y-%m-%d %H:%M} 截止，要改请联系主办单位。")


_WENT_ON = (HandshakeEventState.SCHEDULED, HandshakeEventState.HELD, HandshakeEventState.ARCHIVED)


def _at(ctx: Context, attendee: Attendee, version: int) -> tuple[HandshakeEvent, Invitation]:
    ctx.demand("answer_invitation", attendee)
    ctx.check_version(attendee, version)
    invitation = ctx.find(Invitation, attendee.invitation_id)
    return ctx.find(HandshakeEvent, invitation.handshake_event_id), invitation


def _tell_the_other_side(ctx: Context, event: HandshakeEvent, attendee: Attendee) -> None:
    if event.state is not HandshakeEventState.SCHEDULED:
        return
    for meeting in ctx.session.scalars(_seated_with(attendee)).all():
        other = meeting.offer_attendee_id if meeting.need_attendee_id == attendee.id else meeting.need_attendee_id
        person = ctx.session.get(Attendee, other) if other is not None else None
        if person is not None:
            where = f"第 {meeting.slot + 1} 场 {meeting.table_number} 号桌"
            text = f"{event.title}：{where}与您洽谈的一方换了人参加，时间和桌号不变。"
            write_letter(ctx, person, LetterKind.CHANGE, f"{where}对方换人参加", text)


def _seated_with(attendee: Attendee) -> Select[Any]:
    sides = (Meeting.need_attendee_id == attendee.id) | (Meeting.offer_attendee_id == attendee.id)
    return select(Meeting).where(sides, Meeting.state.in_(OPEN_TALKS)).order_by(Meeting.slot)
