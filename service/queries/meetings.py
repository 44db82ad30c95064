"""Talks: their list with what is due next, and one with everything its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from models import (
    Achievement,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    Invitation,
    Match,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Project,
    Region,
    Wish,
    WishLevel,
)
from models.posting import PUBLIC_STATES
from service import visibility
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.matches import ASKER, OFFERER
from service.queries.naming import known_names, public_name, public_title
from service.queries.narrowing import by_region, by_year

TO_COME = (MeetingState.PROPOSED, MeetingState.CONFIRMED)
FOLLOW_UPS = (("due", "待办"), ("overdue", "已逾期"), ("any", "有下一步"))


def follow_up(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Talks whose next step is still to come (due), late (overdue), or either."""
    waiting = FollowUp.state == FollowUpState.OPEN
    return {
        "due": and_(waiting, FollowUp.due_on >= ctx.today),
        "overdue": and_(waiting, FollowUp.due_on < ctx.today),
        "any": waiting,
    }.get(value)


def _unrecorded(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Confirmed talks of events that have begun."""
    begun = and_(Meeting.state == MeetingState.CONFIRMED, HandshakeEvent.starts_at <= ctx.now)
    return begun if value == "1" else None


def _without_content(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Talks to come of which one side's posting is public no more: taken down, or back with its owner."""
    gone = or_(Need.state.not_in(PUBLIC_STATES), Achievement.state.not_in(PUBLIC_STATES))
    return and_(gone, Meeting.state.in_(TO_COME)) if value == "1" else None


def _wanted(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Talks of pairs that one side or both wished to meet at the event."""
    wished = (
        select(Wish.id)
        .join(Invitation, Invitation.id == Wish.invitation_id)
        .where(
            Wish.match_id == Meeting.match_id,
            Invitation.handshake_event_id == Meeting.handshake_event_id,
            Wish.level == WishLevel.WANTED,
        )
    )
    return wished.exists() if value == "1" else None


def _mine(ctx: Context, _value: str) -> ColumnElement[bool]:
    own = ctx.actor.organization_id
    return (Need.organization_id == own) | (Achievement.organization_id == own)


def when(moment: datetime | None) -> str:
    """A moment in an export cell, in China's time."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment is not None else ""


MEETINGS = Listing(
    key="meetings",
    label="对接洽谈",
    path="/meetings",
    source=Meeting.__table__.join(HandshakeEvent.__table__, HandshakeEvent.id == Meeting.handshake_event_id)
    .join(Match.__table__, Match.id == Meeting.match_id)
    .join(Need.__table__, Need.id == Match.need_id)
    .join(Achievement.__table__, Achievement.id == Match.achievement_id)
    .join(ASKER, ASKER.id == Need.organization_id)
    .join(OFFERER, OFFERER.id == Achievement.organization_id)
    .outerjoin(FollowUp.__table__, and_(FollowUp.meeting_id == Meeting.id, FollowUp.kind == FollowUpKind.NEXT_STEP))
    .outerjoin(Region.__table__, Region.code == HandshakeEvent.region_code),
    columns=(
        Column("id", "编号", Meeting.id, align="right"),
        Column("event", "握手活动", HandshakeEvent.title),
        Column("starts_at", "活动时间", HandshakeEvent.starts_at, show=when),
        Column("need", "技术需求", public_title(Need)),
        Column("need_organization", "需求方", public_name(Need, ASKER)),
        Column("achievement", "科技成果", public_title(Achievement)),
        Column("offer_organization", "技术方", public_name(Achievement, OFFERER)),
        Column("slot", "场次", Meeting.slot, show=lambda slot: slot + 1),
        Column("table_number", "桌号", Meeting.table_number),
        Column("state", "状态", Meeting.state),
        Column("outcome", "结果", Meeting.outcome),
        Column("held_at", "洽谈时间", Meeting.held_at, show=when),
        Column("next_step", "下一步", func.coalesce(FollowUp.text, ""), sortable=False),
        Column("next_step_owner", "谁来办", func.coalesce(FollowUp.owner, "")),
        Column("due_on", "期限", case((FollowUp.state == FollowUpState.OPEN, FollowUp.due_on))),
        Column("region", "地区", Region.name),
        Column("version", "版本", Meeting.version, listed=False, sortable=False),
        Column("event_id", "活动编号", Meeting.handshake_event_id, listed=False),
        Column("match_id", "匹配编号", Meeting.match_id, listed=False),
        Column("need_organization_id", "需求方编号", Need.organization_id, listed=False),
        Column("offer_organization_id", "技术方编号", Achievement.organization_id, listed=False),
        Column("is_demo", "示例", Meeting.is_demo, sortable=False),
    ),
    visible=visibility.meetings,
    search=(
        HandshakeEvent.title,
        public_title(Need),
        public_title(Achievement),
        public_name(Need, ASKER),
        public_name(Achievement, OFFERER),
        func.coalesce(FollowUp.text, ""),
        func.coalesce(FollowUp.owner, ""),
    ),
    filters=(
        Filter("state", "状态", equals(Meeting.state, MeetingState), choices(MeetingState)),
        Filter("outcome", "结果", equals(Meeting.outcome, MeetingOutcome), choices(MeetingOutcome)),
        by_year(Meeting.held_at, "洽谈年份"),
        Filter("follow_up", "下一步", follow_up, lambda _ctx: FOLLOW_UPS),
        by_region(HandshakeEvent.region_code),
        Filter("mine", "归属", _mine, lambda ctx: (("1", "只看本机构"),) if ctx.actor.organization_id else ()),
        Filter("event", "活动", equals_number(Meeting.handshake_event_id), widget="hidden"),
        Filter("match", "匹配", equals_number(Meeting.match_id), widget="hidden"),
        Filter("without_content", "内容已下架", _without_content, widget="hidden"),
        Filter("wanted", "想见", _wanted, widget="hidden"),
        Filter("unrecorded", "待登记", _unrecorded, widget="hidden"),
        demo_filter(Meeting.is_demo),
    ),
    order="-starts_at",
    unit="场",
)


@dataclass(frozen=True)
class MeetingDetail:
    """One talk with its event, its pair under the names the actor may read, and the projects that came of it."""

    meeting: Meeting
    event: HandshakeEvent
    match: Match
    need: Need
    achievement: Achievement
    need_title: str
    achievement_title: str
    need_organization: str
    offer_organization: str
    begins: datetime
    projects: Sequence[tuple[int, str]]
    tasks: Sequence[FollowUp]

    @property
    def next_step(self) -> FollowUp | None:
        """What was agreed to happen next."""
        return next((one for one in self.tasks if one.kind is FollowUpKind.NEXT_STEP), None)


def meeting_detail(ctx: Context, meeting_id: int) -> MeetingDetail:
    """The talk with what belongs to it. Raises NotFound when there is none the actor may know of."""
    row = ctx.session.execute(
        select(
            Meeting,
            HandshakeEvent,
            Match,
            Need,
            Achievement,
            public_title(Need),
            public_name(Need, ASKER),
            public_title(Achievement),
            public_name(Achievement, OFFERER),
        )
        .join(HandshakeEvent, HandshakeEvent.id == Meeting.handshake_event_id)
        .join(Match, Match.id == Meeting.match_id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .where(Meeting.id == meeting_id, visibility.meetings(ctx))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {meeting_id} 的洽谈，或您无权查看。")
    meeting, event, match, need, achievement, need_title, asker, achievement_title, offerer = row
    sides = (need.organization_id, achievement.organization_id)
    names = known_names(ctx, sides, agreed=match.state is MatchState.MUTUAL)
    projects = select(Project.id, Project.title).where(Project.meeting_id == meeting.id, visibility.projects(ctx))
    return MeetingDetail(
        meeting=meeting,
        event=event,
        match=match,
        need=need,
        achievement=achievement,
        need_title=need_title,
        achievement_title=achievement_title,
        need_organization=names.get(need.organization_id, asker),
        offer_organization=names.get(achievement.organization_id, offerer),
        begins=event.begins(meeting.slot),
        projects=ctx.session.execute(projects.order_by(Project.id)).all(),
        tasks=list(
            ctx.session.scalars(
                select(FollowUp).where(FollowUp.meeting_id == meeting.id).order_by(FollowUp.due_on, FollowUp.id)
            )
        ),
    )
