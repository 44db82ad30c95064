"""What came after the held 示例 event: what each side said, how content people were, and the tasks that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    DismissalReason,
    EventLetter,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    Invitation,
    InvitationState,
    LetterKind,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    Role,
    Side,
)
from service.context import SHANGHAI
from service.links import give_link
from service.seeding.demo.story import Story, moment

Pair = tuple[str, str]
O = MeetingOutcome  # noqa: E741 - reads as a table heading below


@dataclass(frozen=True)
class Word:
    """One side's word on a talk."""

    pair: Pair
    side: Side
    outcome: MeetingOutcome
    fit: int
    satisfaction: int
    note: str = ""
    reason: DismissalReason | None = None


WORDS = (
    Word(("electrolyser", "electrolyser"), Side.NEED, O.SIGNED, 4, 5, "指标、周期、费用都谈清楚了。"),
    Word(("electrolyser", "electrolyser"), Side.OFFER, O.SIGNED, 4, 5),
    Word(("brine", "brine"), Side.NEED, O.INTENT, 3, 4, "先看小试结果。"),
    Word(("brine", "brine"), Side.OFFER, O.INTENT, 4, 4),
    Word(("forage", "forage"), Side.NEED, O.SIGNED, 4, 5),
    Word(("forage", "forage"), Side.OFFER, O.SIGNED, 4, 4),
    Word(("storage", "storage"), Side.NEED, O.CONTINUE, 3, 3, "试装费用由谁承担还没有谈定。"),
    Word(("storage", "storage"), Side.OFFER, O.INTENT, 4, 4, "已经可以签试装意向。"),
    Word(
        ("methanol", "electrolyser"), Side.NEED, O.NONE, 2, 3, "要的是甲醇装置侧的协同控制。", DismissalReason.FIELD
    ),
)  # fmt: skip

RATED = {"hydrogen": 5, "coal": 3, "farm": 5, "energy": 4, "chemistry": 4, "grassland": 4}
"""How content each house's person was with the event."""

REVIEWS = (
    (FollowUpKind.DAY_7, 7, "双方已互加联系人，资料已交换。"),
    (FollowUpKind.DAY_30, 30, "技术方到现场看过一次，方案在改。"),
)
"""Reviews of the talk that goes on which were answered in time; that of the ninetieth day is still to come."""


def tell_after(story: Story, meetings: dict[Pair, Meeting]) -> None:
    """Write the opinions, the persons' word on the event and the reviews of the held event's talks."""
    event = story.ctx.find(HandshakeEvent, next(iter(meetings.values())).handshake_event_id)
    evening = event.ends_at + timedelta(hours=2)
    for word in WORDS:
        story.add(
            MeetingOpinion(
                meeting_id=meetings[word.pair].id,
                side=word.side,
                outcome=word.outcome,
                fit=word.fit,
                satisfaction=word.satisfaction,
                reason=word.reason,
                note=word.note,
            ),
            evening,
        )
    _rate(story, event)
    for meeting in meetings.values():
        if meeting.outcome in (O.CONTINUE, O.INTENT, O.SIGNED):
            _review(story, meeting)
    story.ctx.flush()


def _rate(story: Story, event: HandshakeEvent) -> None:
    """The persons who were there, one of each house, and how content they were."""
    for house, satisfaction in RATED.items():
        invitation = story.ctx.session.scalars(
            select(Invitation).where(
                Invitation.handshake_event_id == event.id,
                Invitation.organization_id == story.organizations[house].id,
                Invitation.state == InvitationState.CHECKED_IN,
            )
        ).one()
        there = select(Attendee).where(Attendee.invitation_id == invitation.id).order_by(Attendee.id)
        person = story.ctx.session.scalars(there).first() or _arrive(story, event, invitation)
        person.satisfaction = satisfaction
        if house == "energy":
            _remind(story, person, event)


def _remind(story: Story, person: Attendee, event: HandshakeEvent) -> None:
    """The letter by which the person was asked how it went on."""
    day = event.starts_at + timedelta(days=30)
    text = f"您好！\n\n您在“{event.title}”上谈过的事进展如何、卡在哪里、需要组织方做什么，请告诉我们。"
    letter = EventLetter(
        attendee_id=person.id, kind=LetterKind.FOLLOW_UP, subject="会后回访：30 天回访", text=text, created_at=day
    )
    story.add(letter, day)


def _arrive(story: Story, event: HandshakeEvent, invitation: Invitation) -> Attendee:
    name = invitation.attendee.split("、")[0]
    person = Attendee(
        invitation_id=invitation.id,
        name=name.partition("（")[0],
        position=name.partition("（")[2].rstrip("）"),
        away_slots=[],
        replied_at=invitation.replied_at,
        arrived_at=event.starts_at - timedelta(minutes=10),
    )
    story.add(person, event.starts_at - timedelta(days=3), Role.ORGANIZER)
    give_link(story.ctx, person)
    story.move(person, AttendeeState.ARRIVED, event.starts_at - timedelta(minutes=10), Role.ORGANIZER)
    return person


def _review(story: Story, meeting: Meeting) -> None:
    """The three reviews: answered by the project where one came of the talk, else two done and one to come."""
    if meeting.held_at is None:
        return
    held_on = meeting.held_at.astimezone(SHANGHAI).date()
    if meeting.outcome is not O.CONTINUE:
        for kind, days, _ in (*REVIEWS, (FollowUpKind.DAY_90, 90, "")):
            _done(
                story, meeting, kind, held_on + timedelta(days=days), held_on + timedelta(days=5), "已立项，按项目跟踪"
            )
        return
    for kind, days, result in REVIEWS:
        due = held_on + timedelta(days=days)
        _done(story, meeting, kind, due, due, result)
    due = max(held_on + timedelta(days=90), story.ctx.today + timedelta(days=3))
    task = FollowUp(meeting_id=meeting.id, kind=FollowUpKind.DAY_90, due_on=due)
    story.add(task, meeting.held_at, Role.ORGANIZER)


def _done(story: Story, meeting: Meeting, kind: FollowUpKind, due: date, on: date, result: str) -> None:
    task = FollowUp(meeting_id=meeting.id, kind=kind, due_on=due, state=FollowUpState.OPEN)
    story.add(task, meeting.held_at or moment(on), Role.ORGANIZER)
    at = min(moment(on, 16), story.ctx.now)
    task.result, task.done_at, task.done_by_id = result, at, story.accounts[Role.BROKER].id
    story.move(task, FollowUpState.DONE, at, Role.BROKER, result)
