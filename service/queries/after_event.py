"""What an event came to: who came, how content people were, how talks ended, which wishes were met, what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from models import (
    Achievement,
    Attendee,
    AttendeeState,
    HandshakeEvent,
    Invitation,
    InvitationState,
    Match,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Need,
    OrganizationKind,
    Side,
    Wish,
    WishLevel,
)
from models.handshake_event import HELD_STATES
from service import visibility
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.queries.follow_ups import FOLLOW_UPS
from service.queries.invitations import INVITATIONS
from service.queries.listing import Listing, Params, count
from service.queries.meetings import MEETINGS
from service.queries.opinions import SATISFACTION_LABELS
from service.queries.projects import PROJECTS

FEWEST_PERSONS = 3
"""Answers of fewer persons than this are not told: one could say whose they are."""


@dataclass(frozen=True)
class Share:
    """So many of so many; ``href`` opens the rows of the part. ``whole`` None where there is no whole to speak of."""

    label: str
    part: int
    whole: int | None
    href: str
    note: str = ""

    @property
    def percent(self) -> str:
        """The share in percent with one decimal; empty without a whole."""
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else ""


@dataclass(frozen=True)
class Satisfaction:
    """How content people are: ``persons`` who answered; mean and distribution are None below FEWEST_PERSONS."""

    label: str
    persons: int
    mean: float | None
    spread: Sequence[tuple[str, int]] | None


@dataclass(frozen=True)
class AfterEvent:
    """An event's figures, in the order the page shows them."""

    event: HandshakeEvent
    came: Sequence[Share]
    satisfaction: Sequence[Satisfaction]
    outcomes: Sequence[Share]
    wishes: Sequence[Share]
    follow_ups: Sequence[Share]
    projects: Sequence[Share]


@dataclass(frozen=True)
class EventRow:
    """One event of a year beside others."""

    id: int
    title: str
    day: str
    held: int
    intents: int
    absent: int
    expected: int
    satisfaction: Satisfaction
    is_demo: bool


def after_event(ctx: Context, event_id: int) -> AfterEvent:
    """The figures of an event whose work the actor follows. Raises NotFound or Forbidden."""
    event = ctx.session.scalar(select(HandshakeEvent).where(HandshakeEvent.id == event_id, visibility.events(ctx)))
    if event is None:
        raise NotFound(f"没有编号为 {event_id} 的握手活动，或您无权查看。")
    ctx.demand("read_report", event)
    return AfterEvent(
        event=event,
        came=[*_absences(ctx, event), *_punctuality(ctx, event)],
        satisfaction=[_of_event(ctx, event), _of_talks(ctx, event)],
        outcomes=_outcomes(ctx, event),
        wishes=_wishes(ctx, event),
        follow_ups=_follow_ups(ctx, event),
        projects=[_share(ctx, "立项的洽谈", PROJECTS, {"event": str(event.id)}, _held(ctx, event), "占已举行的洽谈")],
    )


def events_of_year(ctx: Context, year: int) -> list[EventRow]:
    """The year's held events the actor follows, the latest first."""
    events = ctx.session.scalars(
        select(HandshakeEvent)
        .where(HandshakeEvent.state.in_(HELD_STATES), visibility.events(ctx), visibility.follows_event(ctx))
        .order_by(HandshakeEvent.starts_at.desc(), HandshakeEvent.id)
    )
    return [_row(ctx, one) for one in events if one.starts_at.astimezone(SHANGHAI).year == year]


def _row(ctx: Context, event: HandshakeEvent) -> EventRow:
    here = {"event": str(event.id)}
    absent, came = (
        count(ctx, INVITATIONS, {**here, "state": state.value})
        for state in (InvitationState.NO_SHOW, InvitationState.CHECKED_IN)
    )
    agreed = f"{MeetingOutcome.INTENT.value},{MeetingOutcome.SIGNED.value}"
    return EventRow(
        id=event.id,
        title=event.title,
        day=f"{event.starts_at.astimezone(SHANGHAI):%Y-%m-%d}",
        held=_held(ctx, event),
        intents=count(ctx, MEETINGS, {**here, "outcome": agreed}),
        absent=absent,
        expected=absent + came,
        satisfaction=_of_event(ctx, event),
        is_demo=event.is_demo,
    )


def _share(ctx: Context, label: str, listing: Listing, params: Params, whole: int | None, note: str = "") -> Share:
    return Share(label, count(ctx, listing, params), whole, listing.href(params), note)


def _held(ctx: Context, event: HandshakeEvent) -> int:
    return count(ctx, MEETINGS, {"event": str(event.id), "state": MeetingState.HELD.value})


def _absences(ctx: Context, event: HandshakeEvent) -> list[Share]:
    """Organizations that had agreed to come and did not: all, and by kind where there are any of the kind."""
    found = []
    for label, kind in (("缺席的机构", ""), *((f"缺席的{one.label}", one.value) for one in OrganizationKind)):
        params = {"event": str(event.id), "kind": kind}
        absent = {**params, "state": InvitationState.NO_SHOW.value}
        came = count(ctx, INVITATIONS, {**params, "state": InvitationState.CHECKED_IN.value})
        whole = came + count(ctx, INVITATIONS, absent)
        if whole or not kind:
            found.append(_share(ctx, label, INVITATIONS, absent, whole, "占签到与缺席之和"))
    return found


def _punctuality(ctx: Context, event: HandshakeEvent) -> list[Share]:
    """Persons who were there when the event began, of those who came."""
    row = ctx.session.execute(
        select(func.count(Attendee.id), func.sum(case((Attendee.arrived_at <= event.starts_at, 1), else_=0)))
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(
            Invitation.handshake_event_id == event.id,
            Attendee.state == AttendeeState.ARRIVED,
            Attendee.arrived_at.is_not(None),
        )
    ).one()
    if not row[0]:
        return []
    here = INVITATIONS.href(
        {"event": str(event.id), "state": InvitationState.CHECKED_IN.value, "sort": "checked_in_at"}
    )
    return [Share("准时到场的人", int(row[1] or 0), int(row[0]), here, "占有到场时间的人；活动开始前签到算准时")]


def _of_event(ctx: Context, event: HandshakeEvent) -> Satisfaction:
    scores = ctx.session.scalars(
        select(Attendee.satisfaction)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .where(Invitation.handshake_event_id == event.id, Attendee.satisfaction.is_not(None))
    ).all()
    return told("对活动", len(scores), [int(one) for one in scores if one is not None])


def _of_talks(ctx: Context, event: HandshakeEvent) -> Satisfaction:
    """Both sides' word on their talks; a person, or an organization that named none, counts once."""
    rows = ctx.session.execute(
        select(
            MeetingOpinion.satisfaction,
            MeetingOpinion.attendee_id,
            case((MeetingOpinion.side == Side.NEED, Need.organization_id), else_=Achievement.organization_id),
        )
        .join(Meeting, Meeting.id == MeetingOpinion.meeting_id)
        .join(Match, Match.id == Meeting.match_id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(
            Meeting.handshake_event_id == event.id,
            MeetingOpinion.side != Side.ORGANIZER,
            MeetingOpinion.satisfaction.is_not(None),
        )
    ).all()
    persons = {("person", one[1]) if one[1] is not None else ("organization", one[2]) for one in rows}
    return told("对洽谈", len(persons), [int(one[0]) for one in rows])


def told(label: str, persons: int, scores: Iterable[int]) -> Satisfaction:
    """Scores (1–5) as they may be told."""
    scores = list(scores)
    if persons < FEWEST_PERSONS:
        return Satisfaction(label, persons, None, None)
    counted = Counter(scores)
    spread = [(SATISFACTION_LABELS[one], counted.get(one, 0)) for one in sorted(SATISFACTION_LABELS, reverse=True)]
    return Satisfaction(label, persons, sum(scores) / len(scores), spread)


def _outcomes(ctx: Context, event: HandshakeEvent) -> list[Share]:
    here, held = {"event": str(event.id)}, _held(ctx, event)
    found = [
        _share(ctx, one.label, MEETINGS, {**here, "outcome": one.value}, held, "占已举行的洽谈")
        for one in MeetingOutcome
    ]
    planned = count(ctx, MEETINGS, {**here, "state": f"{MeetingState.HELD.value},{MeetingState.NOT_HELD.value}"})
    missed = {**here, "state": MeetingState.NOT_HELD.value}
    return [*found, _share(ctx, "未举行", MEETINGS, missed, planned, "占已举行与未举行之和")]


def _wishes(ctx: Context, event: HandshakeEvent) -> list[Share]:
    """Pairs that one side or both wished to meet: how many were seated, and how many talked."""
    wanted = ctx.session.scalar(
        select(func.count(Wish.match_id.distinct()))
        .join(Invitation, Invitation.id == Wish.invitation_id)
        .where(Invitation.handshake_event_id == event.id, Wish.level == WishLevel.WANTED)
    )
    here = {"event": str(event.id), "wanted": "1"}
    seated = ",".join(one.value for one in MeetingState if one is not MeetingState.CANCELLED)
    return [
        _share(ctx, "“想见”排上的", MEETINGS, {**here, "state": seated}, wanted or 0, "占有一方写了“想见”的配对"),
        _share(ctx, "“想见”谈成的", MEETINGS, {**here, "state": MeetingState.HELD.value}, wanted or 0, "同上"),
    ]


def _follow_ups(ctx: Context, event: HandshakeEvent) -> list[Share]:
    here = {"event": str(event.id)}
    every = count(ctx, FOLLOW_UPS, here)
    return [
        _share(ctx, "办结的任务", FOLLOW_UPS, {**here, "state": "DONE"}, every, "占全部跟进任务"),
        _share(ctx, "待办的任务", FOLLOW_UPS, {**here, "state": "OPEN"}, every, "占全部跟进任务"),
        _share(ctx, "逾期的任务", FOLLOW_UPS, {**here, "due": "overdue"}, every, "占全部跟进任务"),
    ]
