"""Tasks after talks: their list, one with its talk, and the few that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select

from models import (
    Achievement,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    Match,
    Meeting,
    Need,
    Region,
    Side,
)
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.policy import may_read
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.matches import ASKER, OFFERER
from service.queries.meetings import MeetingDetail, meeting_detail, when
from service.queries.naming import public_name, public_title
from service.queries.narrowing import by_region
from service.queries.waiting import Item, Waiting, due_in_words, waiting

WEEK = timedelta(days=7)
DUE = (("overdue", "已逾期"), ("week", "七天内到期"), ("now", "近期要办"))


def _due(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Open tasks that are late, due within a week, or either of these or agreed at the table (now)."""
    waits = FollowUp.state == FollowUpState.OPEN
    soon = FollowUp.due_on <= ctx.today + WEEK
    return {
        "overdue": and_(waits, FollowUp.due_on < ctx.today),
        "week": and_(waits, FollowUp.due_on >= ctx.today, soon),
        "now": and_(waits, or_(soon, FollowUp.kind == FollowUpKind.NEXT_STEP)),
    }.get(value)


def _mine(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Tasks the actor's side has to do; what no side has to itself is everybody's."""
    if value != "1":
        return None
    own = ctx.actor.organization_id
    nobodys = FollowUp.owner_side.is_(None)
    asks = and_(Need.organization_id == own, or_(nobodys, FollowUp.owner_side == Side.NEED))
    offers = and_(Achievement.organization_id == own, or_(nobodys, FollowUp.owner_side == Side.OFFER))
    if ctx.actor.role in visibility.SEES_ALL_WORK:
        return or_(asks, offers, FollowUp.owner_side == Side.ORGANIZER)
    return or_(asks, offers)


FOLLOW_UPS = Listing(
    key="follow_ups",
    label="跟进任务",
    path="/follow-ups",
    source=FollowUp.__table__.join(Meeting.__table__, Meeting.id == FollowUp.meeting_id)
    .join(HandshakeEvent.__table__, HandshakeEvent.id == Meeting.handshake_event_id)
    .join(Match.__table__, Match.id == Meeting.match_id)
    .join(Need.__table__, Need.id == Match.need_id)
    .join(Achievement.__table__, Achievement.id == Match.achievement_id)
    .join(ASKER, ASKER.id == Need.organization_id)
    .join(OFFERER, OFFERER.id == Achievement.organization_id)
    .outerjoin(Region.__table__, Region.code == HandshakeEvent.region_code),
    columns=(
        Column("id", "编号", FollowUp.id, align="right"),
        Column("kind", "由来", FollowUp.kind),
        Column("text", "要办的事", FollowUp.text, sortable=False),
        Column("need", "技术需求", public_title(Need)),
        Column("need_organization", "需求方", public_name(Need, ASKER)),
        Column("achievement", "科技成果", public_title(Achievement)),
        Column("offer_organization", "技术方", public_name(Achievement, OFFERER)),
        Column("outcome", "洽谈结果", Meeting.outcome),
        Column("owner", "谁来办", FollowUp.owner),
        Column("owner_side", "由哪一方办", FollowUp.owner_side),
        Column("due_on", "期限", FollowUp.due_on),
        Column("state", "状态", FollowUp.state),
        Column("result", "结果或原因", FollowUp.result, sortable=False),
        Column("done_at", "办结时间", FollowUp.done_at, show=when),
        Column("reminded_at", "最近提醒", FollowUp.reminded_at, show=when),
        Column("event", "握手活动", HandshakeEvent.title),
        Column("region", "地区", Region.name),
        Column("late", "逾期排前", case((FollowUp.state == FollowUpState.OPEN, FollowUp.due_on)), listed=False),
        Column("version", "版本", FollowUp.version, listed=False, sortable=False),
        Column("meeting_id", "洽谈编号", FollowUp.meeting_id, listed=False),
        Column("event_id", "活动编号", HandshakeEvent.id, listed=False),
        Column("need_organization_id", "需求方编号", Need.organization_id, listed=False),
        Column("offer_organization_id", "技术方编号", Achievement.organization_id, listed=False),
        Column("is_demo", "示例", FollowUp.is_demo, sortable=False),
    ),
    visible=visibility.follow_ups,
    search=(
        FollowUp.text,
        FollowUp.owner,
        HandshakeEvent.title,
        public_title(Need),
        public_title(Achievement),
        public_name(Need, ASKER),
        public_name(Achievement, OFFERER),
    ),
    filters=(
        Filter("state", "状态", equals(FollowUp.state, FollowUpState), choices(FollowUpState)),
        Filter("kind", "由来", equals(FollowUp.kind, FollowUpKind), choices(FollowUpKind)),
        Filter("due", "期限", _due, lambda _ctx: DUE),
        Filter("mine", "归属", _mine, lambda _ctx: (("1", "由我方办"),)),
        by_region(HandshakeEvent.region_code),
        Filter("event", "活动", equals_number(HandshakeEvent.id), widget="hidden"),
        Filter("meeting", "洽谈", equals_number(FollowUp.meeting_id), widget="hidden"),
        demo_filter(FollowUp.is_demo),
    ),
    order="late",
    unit="项",
)


@dataclass(frozen=True)
class FollowUpDetail:
    """One task and the talk it follows."""

    task: FollowUp
    talk: MeetingDetail


def follow_up_detail(ctx: Context, task_id: int) -> FollowUpDetail:
    """The task. Raises NotFound when there is none the actor may know of."""
    task = ctx.session.scalar(select(FollowUp).where(FollowUp.id == task_id, visibility.follow_ups(ctx)))
    if task is None:
        raise NotFound(f"没有编号为 {task_id} 的跟进任务，或您无权查看。")
    return FollowUpDetail(task, meeting_detail(ctx, task.meeting_id))


def in_words(kind: FollowUpKind, text: str) -> str:
    """What a task is: what was agreed, else what kind of review."""
    return text or kind.label


def task_items(ctx: Context, tasks: Iterable[FollowUp]) -> list[Item]:
    """Tasks as the todo macro draws them."""
    return [_item(ctx, one, "") for one in tasks]


def _item(ctx: Context, row: Any, about: str) -> Item:
    late = row.state is FollowUpState.OPEN and row.due_on < ctx.today
    side = row.owner_side.label if row.owner_side is not None else ""
    open_note = due_in_words(ctx, row.due_on) if row.state is FollowUpState.OPEN else row.result
    note = "，".join(part for part in (about, row.owner or side, open_note) if part)
    badge, tone = ("已逾期", "danger") if late else (row.state.label, row.state.tone)
    return Item(f"/follow-ups/{row.id}", in_words(row.kind, row.text), note, badge, tone, row.is_demo)


def _sides(row: Any) -> str:
    return f"{row.need_organization} × {row.offer_organization}"


def follow_ups(ctx: Context) -> Waiting:
    """What one's own side has to do after talks, the most urgent first."""
    params = {"due": "now", "mine": "1", "sort": "due_on"}
    return waiting(ctx, "会后要办的事", FOLLOW_UPS, params, lambda row: _item(ctx, row, _sides(row)))


def overdue_follow_ups(ctx: Context) -> Waiting:
    """Everybody's tasks that are late, the latest first."""
    params = {"due": "overdue", "sort": "due_on"}
    return waiting(ctx, "逾期的会后事项", FOLLOW_UPS, params, lambda row: _item(ctx, row, _sides(row)))


def due_follow_ups(ctx: Context) -> Waiting:
    """Tasks the organizers have to do themselves, and those due within a week, the most urgent first."""
    params = {"due": "week", "sort": "due_on"}
    return waiting(ctx, "七天内到期的会后事项", FOLLOW_UPS, params, lambda row: _item(ctx, row, _sides(row)))


@dataclass(frozen=True)
class Reach:
    """How a side is reached: its name as the actor may read it, and its contact where the policy lets them."""

    side: Side
    organization: str
    name: str
    phone: str


def reach_of(ctx: Context, talk: MeetingDetail) -> list[Reach]:
    """Both sides of a talk; a contact that is shown is written down, as on the posting's own page."""
    found = []
    for side, posting, organization in (
        (Side.NEED, talk.need, talk.need_organization),
        (Side.OFFER, talk.achievement, talk.offer_organization),
    ):
        open_to_actor = bool(posting.contact_name or posting.contact_phone) and may_read(
            ctx, type(posting).__name__, "contact", posting
        )
        if open_to_actor and posting.organization_id != ctx.actor.organization_id:
            ctx.saw("see_contact", posting)
        found.append(
            Reach(
                side,
                organization,
                (posting.contact_name or "") if open_to_actor else "",
                (posting.contact_phone or "") if open_to_actor else "",
            )
        )
    return found
