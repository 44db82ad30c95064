"""Invite, remind and inform the people of an event, all of them or those that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Attendee, AttendeeState, EventLetter, HandshakeEvent, Invitation, LetterKind, Meeting, Organization
from models.handshake_event import SEATING_STATES
from service.commands import Command
from service.context import SHANGHAI, Context
from service.errors import Conflict, Illegal, Invalid, NotFound
from service.event_calendars import event_request
from service.letter_words import letter_to
from service.queries.attendees import Comer, comers
from service.queries.seating import sittings
from service.usecases.attendees import ensure_attendees
from service.usecases.letters import write_letter

A, L = AttendeeState, LetterKind


class ChooseAttendees(Command):
    """Input of a letter to several people; without numbers to all it is meant for."""

    attendee_ids: Annotated[list[int], Field(title="参会人", max_length=1000)] = []


def send_invitations(ctx: Context, event_id: int, command: ChooseAttendees) -> list[EventLetter]:
    """Write the invitation to the chosen people, or to all who have neither answered nor been written to."""
    event = _event(ctx, event_id)
    for invitation in ctx.session.scalars(select(Invitation).where(Invitation.handshake_event_id == event.id)).all():
        ensure_attendees(ctx, invitation)
    people = _chosen(ctx, event, command, lambda one: one.attendee.state is A.ASKED and not _has(one, L.INVITATION))
    return [invite_by_letter(ctx, event, one) for one in people]


def invite_by_letter(ctx: Context, event: HandshakeEvent, person: Comer) -> EventLetter:
    """Write the invitation to one attendee, with the event for their calendar."""
    organizer = ctx.find(Organization, event.organizer_id).name
    words = letter_to(ctx, event, organizer, person)
    calendar = event_request(ctx, event, organizer, person)
    return write_letter(ctx, person.attendee, L.INVITATION, words.subject, words.text, calendar=calendar)


def send_reminders(ctx: Context, event_id: int, command: ChooseAttendees) -> list[EventLetter]:
    """Remind the chosen people, or all who have not answered."""
    event = _event(ctx, event_id)
    people = _chosen(ctx, event, command, lambda one: one.attendee.state is A.ASKED)
    if not people:
        raise Conflict("没有还未答复的人，不用催复。")
    return [remind(ctx, event, one) for one in people]


def remind(ctx: Context, event: HandshakeEvent, person: Comer) -> EventLetter:
    """Write one reminder."""
    until = event.reply_by.astimezone(SHANGHAI) if event.reply_by is not None else None
    wanted = f"请于 {until.month}月{until.day}日 {until:%H:%M} 前答复" if until is not None else "请尽快答复"
    text = (
        f"{person.organization.name} {person.attendee.name or '负责同志'}：\n您收到的“{event.title}”"
        f"（{_when(event)}，{event.venue or '地点另行通知'}）邀请还没有答复。{wanted}是否参加。"
    )
    return write_letter(ctx, person.attendee, L.REMINDER, f"请答复：{event.title}", text)


def remind_unanswered(ctx: Context) -> int:
    """Remind, once each, everybody who has not answered and whose deadline is near; how many letters that were."""
    near = ctx.now + timedelta(days=ctx.settings.remind_days)
    due = select(HandshakeEvent).where(
        HandshakeEvent.state.in_(SEATING_STATES), HandshakeEvent.reply_by > ctx.now, HandshakeEvent.reply_by <= near
    )
    written = 0
    for event in ctx.session.scalars(due.order_by(HandshakeEvent.id)).all():
        for person in comers(ctx, event.id, A.ASKED):
            if not _has(person, L.REMINDER):
                remind(ctx, event, person)
                written += 1
    return written


def tell_of_cancellation(ctx: Context, event: HandshakeEvent, reason: str) -> None:
    """Tell everybody still expected that the event is called off, and why."""
    text = f"“{event.title}”（原定 {_when(event)}）取消。原因：{reason}\n给您带来不便，敬请谅解。"
    tell_everybody(ctx, event, L.CANCELLATION, f"活动取消：{event.title}", text)


def tell_of_new_time(ctx: Context, event: HandshakeEvent) -> None:
    """Tell everybody still expected how the event stands now."""
    text = f"“{event.title}”的安排有变动，现为：\n时间：{_when(event)}\n地点：{event.venue or '另行通知'}"
    tell_everybody(ctx, event, L.CHANGE, f"安排有变动：{event.title}", text)


def send_programmes(ctx: Context, event: HandshakeEvent) -> int:
    """Write to everybody expected who has talks when and at which table they are; how many letters that were.

    Who was told when the seating was put into force is not told again. A talk nobody was named for is told to all of
    that organization's people. Names of the other side are for the personal page, which knows what may be read.
    """
    people = [one for one in comers(ctx, event.id) if one.is_expected and not _has(one, L.PROGRAMME)]
    seated = select(Meeting.id, Meeting.need_attendee_id, Meeting.offer_attendee_id)
    named = {
        number: {(True, asks), (False, offers)}
        for number, asks, offers in ctx.session.execute(seated.where(Meeting.handshake_event_id == event.id))
    }
    talks = sittings(ctx, event.id)
    written = 0
    for person in people:
        house, number = person.organization.id, person.attendee.id
        lines = []
        for talk in talks:
            for asks, organization, title in (
                (True, talk.need_organization_id, talk.achievement_title),
                (False, talk.offer_organization_id, talk.need_title),
            ):
                if organization == house and {(asks, number), (asks, None)} & named[talk.meeting_id]:
                    lines.append(f"{_slot(event, talk.slot)}，{talk.table_number} 号桌：《{title}》")
        if lines:
            text = (
                f"“{event.title}”（{_when(event)}，{event.venue or '地点另行通知'}）已排定，您的桌次：\n"
                + "\n".join(lines)
            )
            write_letter(ctx, person.attendee, L.PROGRAMME, f"您的桌次：{event.title}", text)
            written += 1
    return written


def tell_everybody(ctx: Context, event: HandshakeEvent, kind: LetterKind, subject: str, text: str) -> int:
    """Write the same to everybody still expected, with the event as it stands now for their calendar."""
    organizer = ctx.find(Organization, event.organizer_id).name
    ctx.flush()
    people = [one for one in comers(ctx, event.id) if one.is_expected]
    for person in people:
        calendar = event_request(ctx, event, organizer, person)
        write_letter(ctx, person.attendee, kind, subject, text, calendar=calendar)
    return len(people)


def mark_copied(ctx: Context, event_id: int, letter_id: int) -> EventLetter:
    """Note that a letter was passed on by hand. Raises NotFound for one that is not of the event."""
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    letter = ctx.session.scalar(
        select(EventLetter)
        .join(Attendee, Attendee.id == EventLetter.attendee_id)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(EventLetter.id == letter_id, Invitation.handshake_event_id == event.id)
    )
    if letter is None:
        raise NotFound("没有这封信，可能已经删除，请刷新后再看。")
    if letter.copied_at is None:
        letter.copied_at = ctx.now
        ctx.audit("pass_on_letter", letter)
    return letter


def _event(ctx: Context, event_id: int) -> HandshakeEvent:
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能发信；请先“开始邀约”。")
    return event


def _chosen(
    ctx: Context, event: HandshakeEvent, command: ChooseAttendees, meant: Callable[[Comer], bool]
) -> Sequence[Comer]:
    people = comers(ctx, event.id)
    if not command.attendee_ids:
        return [one for one in people if meant(one)]
    there = {one.attendee.id: one for one in people}
    if strange := [one for one in command.attendee_ids if one not in there]:
        raise Invalid({"attendee_ids": f"编号 {strange[0]} 不是这次活动的参会人"})
    return [there[one] for one in dict.fromkeys(command.attendee_ids)]


def _when(event: HandshakeEvent) -> str:
    begins, ends = (moment.astimezone(SHANGHAI) for moment in (event.starts_at, event.ends_at))
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def _slot(event: HandshakeEvent, slot: int) -> str:
    begins, ends = (moment.astimezone(SHANGHAI) for moment in (event.begins(slot), event.ends(slot)))
    return f"第 {slot + 1} 场 {begins:%H:%M}–{ends:%H:%M}"


def _has(person: Comer, kind: LetterKind) -> bool:
    return any(letter.kind is kind for letter in person.letters)
