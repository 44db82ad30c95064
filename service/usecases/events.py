"""Plan, open, schedule, hold and close handshake events."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from sqlalchemy import select

from models import (
    Category,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    Meeting,
    MeetingState,
    Organization,
    Region,
)
from models.handshake_event import HELD_STATES, SEATING_STATES
from models.region import covers
from service.commands import Command, OptionalInt, OrNone, TalksAtMost, Version, wrong
from service.context import SHANGHAI, Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked, words
from service.queries.seating import Sitting, sittings
from service.usecases.event_letters import send_programmes, tell_of_cancellation, tell_of_new_time
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

POINT_SCHEME = "point"
_FIXED = HELD_STATES | {HandshakeEventState.CANCELLED}
_OPEN_MEETINGS = (MeetingState.PROPOSED, MeetingState.CONFIRMED)
TOLD = frozenset({"title", "venue", "starts_at", "slots", "slot_minutes", "break_minutes", "breaks"})
"""What people who were asked are told of when it changes."""
_FARTHEST = timedelta(days=366 * 5)


def _typed(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and len(value.strip()) >= len("2026-03-31T09:00")):
        return value
    raise wrong("请填写日期和时间，例如 2026-03-31 09:00")


def _local(value: datetime) -> datetime:
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value


Moment = Annotated[datetime, BeforeValidator(_typed), AfterValidator(_local)]
"""A moment typed as people in China write it, “2026-03-31T09:00”; one with an offset keeps its own."""


OptionalMoment = Annotated[Moment | None, OrNone]
_BREAK = re.compile(r"第?\s*(\d{1,2})\s*场?\s*后?\s*[:：,，]?\s*(\D{0,20}?)\s*(\d{1,3})\s*(?:分钟|分)?")


class Break(Command):
    """A longer pause after a slot, counted from 0."""

    after: Annotated[int, Field(ge=0, le=47, title="在哪一场之后")]
    minutes: Annotated[int, Field(ge=1, le=240, title="分钟")]
    name: Annotated[str, Field(max_length=20, title="名称")] = "休息"


def _breaks(value: Any) -> Any:
    """A form has the breaks in words; JSON has them as objects."""
    if not isinstance(value, list) or not any(isinstance(one, str) for one in value):
        return value
    found = []
    for text in filter(None, (part.strip() for one in value for part in re.split(r"[、；;\n]", str(one)))):
        read = _BREAK.fullmatch(text)
        if read is None or int(read[1]) < 1:
            raise wrong(f"“{text[:20]}”看不懂，请写成：第 4 场后 茶歇 20 分钟")
        found.append({"after": int(read[1]) - 1, "minutes": int(read[3]), "name": read[2].strip() or "休息"})
    return found


def whole(title: str, hint: str = "", *, ge: int, le: int) -> Any:
    """A field for a whole number between two bounds."""
    return Field(ge=ge, le=le, title=title, description=hint, json_schema_extra={"widget": "number"})


class WriteEvent(Command):
    """Input of a handshake event."""

    title: Annotated[str, words("活动名称", "例如：企业家与科学家“握手”氢能专场", limit=120), Field(min_length=1)]
    theme: Annotated[str, words("主题", "这次要解决哪一类问题", limit=1000, widget="textarea")] = ""
    point_id: Annotated[OptionalInt, picked("“突围”点位", "用来推荐适合邀请的机构", widget="select")] = None
    organizer_id: Annotated[OptionalInt, picked("主办单位", "留空即为本单位", widget="organization")] = None
    region_code: Annotated[str, picked("所在地区", widget="region"), Field(min_length=1)]
    venue: Annotated[str, words("地点", "写到楼层和厅名，方便到场的人找", limit=200)] = ""
    starts_at: Annotated[Moment, picked("开始时间", "第一场开始的时间（北京时间）", widget="datetime-local")]
    slots: Annotated[int, whole("场次", "一共谈几场", ge=1, le=48)]
    slot_minutes: Annotated[int, whole("每场时长（分钟）", "双方谈一次的时间", ge=5, le=240)]
    break_minutes: Annotated[int, whole("场间休息（分钟）", "换桌和记录的时间", ge=0, le=240)] = 5
    tables: Annotated[int, whole("桌数", "同时能坐下几对", ge=1, le=500)]
    breaks: Annotated[
        list[Break],
        BeforeValidator(_breaks),
        picked("茶歇和午休", "例如：第 4 场后 茶歇 20 分钟、第 8 场后 午休 60 分钟", widget="text", max_length=10),
    ] = []
    reply_by: Annotated[
        OptionalMoment, picked("答复期限", "过了这个时间，受邀人不能自己改答复和意愿", widget="datetime-local")
    ] = None
    minimum_talks: Annotated[int, whole("每人至少谈几场", "排桌时先保证；0 为不要求", ge=0, le=48)] = 0
    maximum_talks: Annotated[TalksAtMost, picked("每人至多谈几场", "留空不限", widget="number")] = None
    score_weight: Annotated[int, whole("匹配度的分量", "匹配度 100% 时值多少分", ge=0, le=1000)] = 100
    wanted_weight: Annotated[int, whole("“想见”的分量", "每一方说想见，加多少分", ge=0, le=1000)] = 40
    letter: Annotated[
        str,
        words("邀请函正文", "留空用通用的说法；称呼、时间、地点和期限会自动写上", limit=3000, widget="textarea"),
    ] = ""
    version: Version | None = None


class MoveEvent(Command):
    """Input of a move of an event: the version seen, and a reason where one is asked for."""

    version: Version
    reason: Annotated[str, words("说明", limit=500, widget="textarea")] = ""


def plan_event(ctx: Context, command: WriteEvent) -> HandshakeEvent:
    """Plan a new event; nobody but the organizers sees it until it is opened."""
    refuse_secrets(ctx, command)
    ctx.demand("plan_event")
    organizer_id = command.organizer_id or ctx.actor.organization_id
    if organizer_id is None:
        raise Invalid({"organizer_id": "请选择主办单位"})
    _check(ctx, command)
    event = ctx.add(HandshakeEvent(**_columns(command), organizer_id=organizer_id, state=HandshakeEventState.PLANNED))
    ctx.log(event.born())
    return event


def edit_event(ctx: Context, event_id: int, command: WriteEvent) -> HandshakeEvent:
    """Change an event that is still to come. Raises Invalid when a seated talk would lose its slot or table."""
    refuse_secrets(ctx, command)
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    if event.state in _FIXED:
        raise Illegal(f"活动“{event.state.label}”后不能再修改。")
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(event, command.version)
    _check(ctx, command)
    _check_room(ctx, event, command)
    values = _columns(command) | {"organizer_id": command.organizer_id or event.organizer_id}
    changed = sorted(name for name, value in values.items() if getattr(event, name) != value)
    for name in changed:
        setattr(event, name, values[name])
    ctx.touch(event)
    ctx.audit("edit", event, changed=changed)
    if event.state in SEATING_STATES and TOLD & set(changed):
        tell_of_new_time(ctx, event)
    return event


def open_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Announce a planned event: from now on organizations can be asked and talks seated."""
    event = _held(ctx, event_id, command, HandshakeEventState.OPEN)
    if event.state is not HandshakeEventState.PLANNED:
        raise Illegal(f"只有“筹备”中的活动可以开始邀约，当前为“{event.state.label}”。")
    return move(ctx, event, HandshakeEventState.OPEN, command.reason)


def reopen_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Take a schedule back to the drawing board; confirmed talks stay confirmed."""
    event = _held(ctx, event_id, command, HandshakeEventState.OPEN)
    if event.state is not HandshakeEventState.SCHEDULED:
        raise Illegal(f"只有“已排定”的活动可以退回邀约，当前为“{event.state.label}”。")
    return move(ctx, event, HandshakeEventState.OPEN, command.reason)


def schedule_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Settle the schedule and confirm the talks both sides of which come. Raises Conflict when there are none."""
    event = _held(ctx, event_id, command, HandshakeEventState.SCHEDULED)
    seated = sittings(ctx, event.id)
    if not seated:
        raise Conflict("还没有排任何一场洽谈，请先把入选的匹配排上桌，再排定。")
    ready = [one for one in seated if one.absent is None]
    if not ready:
        raise Conflict(f"已排的 {len(seated)} 场都有一方婉拒或缺席，请先调整，再排定。")
    move(ctx, event, HandshakeEventState.SCHEDULED, command.reason)
    for sitting in ready:
        meeting = ctx.find(Meeting, sitting.meeting_id)
        if meeting.state is MeetingState.PROPOSED:
            move(ctx, meeting, MeetingState.CONFIRMED, "活动排定")
    send_programmes(ctx, event)
    return event


def hold_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Note that the event took place; unanswered invitations lapse. Raises Conflict before it has begun."""
    event = _held(ctx, event_id, command, HandshakeEventState.HELD)
    if ctx.now < event.starts_at:
        begins = event.starts_at.astimezone(SHANGHAI)
        raise Conflict(f"活动定于 {begins:%Y-%m-%d %H:%M} 开始，开始后才能标记为已举办。")
    move(ctx, event, HandshakeEventState.HELD, command.reason)
    _lapse_unanswered(ctx, event, "活动举办时仍未答复")
    return event


def archive_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Close the books of a held event. Raises Conflict while a confirmed talk has no outcome."""
    event = _held(ctx, event_id, command, HandshakeEventState.ARCHIVED)
    open_meetings = _meetings(ctx, event, _OPEN_MEETINGS)
    waiting = [one for one in open_meetings if one.state is MeetingState.CONFIRMED]
    if waiting:
        raise Conflict(f"还有 {len(waiting)} 场洽谈没有登记结果（{_places(waiting)}），登记后才能归档。")
    move(ctx, event, HandshakeEventState.ARCHIVED, command.reason)
    for meeting in open_meetings:
        move(ctx, meeting, MeetingState.CANCELLED, "活动归档时仍未确认")
    return event


def cancel_event(ctx: Context, event_id: int, command: MoveEvent) -> HandshakeEvent:
    """Call an event off with a reason; its open talks are cancelled, its unanswered invitations lapse."""
    refuse_secrets(ctx, command)
    event = _held(ctx, event_id, command, HandshakeEventState.CANCELLED)
    if not command.reason:
        raise Invalid({"reason": "请写明取消原因，受邀机构会看到"})
    move(ctx, event, HandshakeEventState.CANCELLED, command.reason)
    for meeting in _meetings(ctx, event, _OPEN_MEETINGS):
        move(ctx, meeting, MeetingState.CANCELLED, f"活动取消：{command.reason}")
    tell_of_cancellation(ctx, event, command.reason)
    _lapse_unanswered(ctx, event, f"活动取消：{command.reason}")
    return event


MOVES = {
    "open": open_event,
    "schedule": schedule_event,
    "reopen": reopen_event,
    "hold": hold_event,
    "archive": archive_event,
    "cancel": cancel_event,
}
"""The moves of an event by the name they have in addresses."""


def _held(ctx: Context, event_id: int, command: MoveEvent, target: HandshakeEventState) -> HandshakeEvent:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    ctx.check_version(event, command.version)
    event.check_move(target)
    return event


def _columns(command: WriteEvent) -> dict[str, Any]:
    return command.model_dump(exclude={"version", "organizer_id"})


def _check(ctx: Context, command: WriteEvent) -> None:
    faults: dict[str, str] = {}
    if ctx.session.get(Region, command.region_code) is None:
        faults["region_code"] = "没有这个地区代码，请从列表中选择"
    elif not covers(ctx.actor.region_code, command.region_code):
        faults["region_code"] = "这个地区不在您负责的范围内"
    if command.point_id is not None:
        point = ctx.session.get(Category, command.point_id)
        if point is None or point.scheme != POINT_SCHEME:
            faults["point_id"] = "没有这个点位，请从列表中选择"
    if command.organizer_id is not None and ctx.session.get(Organization, command.organizer_id) is None:
        faults["organizer_id"] = "没有这家机构，请从列表中选择"
    begins = command.starts_at.astimezone(SHANGHAI)
    length = command.slots * (command.slot_minutes + command.break_minutes) - command.break_minutes
    length += sum(one.minutes for one in command.breaks)
    if not datetime(2000, 1, 1, tzinfo=SHANGHAI) <= begins <= ctx.now + _FARTHEST:
        faults["starts_at"] = "这个时间不像活动时间，请核对年份"
    elif (begins + timedelta(minutes=length)).date() != begins.date():
        faults["slots"] = f"按这样安排要连续谈 {length} 分钟，会跨到第二天；请减少场次，或分成两次活动"
    if late := [one for one in command.breaks if one.after >= command.slots - 1]:
        faults["breaks"] = f"第 {late[0].after + 1} 场后没有下一场，不用安排休息"
    if command.reply_by is not None and command.reply_by >= command.starts_at:
        faults["reply_by"] = "答复期限要早于活动开始"
    if command.minimum_talks > command.slots:
        faults["minimum_talks"] = f"一共只有 {command.slots} 场"
    elif command.maximum_talks is not None and command.minimum_talks > command.maximum_talks:
        faults["maximum_talks"] = "至多谈的场数不能比至少谈的少"
    if faults:
        raise Invalid(faults)


def _check_room(ctx: Context, event: HandshakeEvent, command: WriteEvent) -> None:
    seated = sittings(ctx, event.id)
    faults = {}
    if beyond := [one for one in seated if one.slot >= command.slots]:
        faults["slots"] = f"减到 {command.slots} 场会撤掉已排的洽谈：{_named(beyond)}；请先移走或取消"
    if beyond := [one for one in seated if one.table_number > command.tables]:
        faults["tables"] = f"减到 {command.tables} 桌会撤掉已排的洽谈：{_named(beyond)}；请先移走或取消"
    if faults:
        raise Invalid(faults)


def _named(seated: list[Sitting]) -> str:
    shown = "、".join(f"{one.place}《{one.need_title}》×《{one.achievement_title}》" for one in seated[:3])
    return shown + (f" 等 {len(seated)} 场" if len(seated) > 3 else "")


def _places(meetings: list[Meeting]) -> str:
    shown = "、".join(f"第 {one.slot + 1} 场 {one.table_number} 号桌" for one in meetings[:5])
    return shown + ("等" if len(meetings) > 5 else "")


def _meetings(ctx: Context, event: HandshakeEvent, states: tuple[MeetingState, ...]) -> list[Meeting]:
    return list(
        ctx.session.scalars(
            select(Meeting)
            .where(Meeting.handshake_event_id == event.id, Meeting.state.in_(states))
            .order_by(Meeting.slot, Meeting.table_number)
        )
    )


def _lapse_unanswered(ctx: Context, event: HandshakeEvent, reason: str) -> None:
    unanswered = select(Invitation).where(
        Invitation.handshake_event_id == event.id, Invitation.state == InvitationState.SENT
    )
    for invitation in ctx.session.scalars(unanswered.order_by(Invitation.id)):
        move(ctx, invitation, InvitationState.LAPSED, reason)
