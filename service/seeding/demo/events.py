"""The 示例 events: one held in June 2025 with every kind of outcome, one open for next month with seats given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models import (
    DismissalReason,
    EventTable,
    FollowUp,
    FollowUpKind,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    LetterKind,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Role,
    Side,
    Wish,
    WishLevel,
)
from service.seeding.demo.story import Story, moment
from service.usecases.attendees import ensure_attendees
from service.usecases.letters import write_letter

HELD_ON = date(2025, 6, 18)
NEXT_WEEK, JUST_MISSED = timedelta(days=7), timedelta(days=-3)
Pair = tuple[str, str]

_MUTUAL: tuple[Pair, ...] = (
    ("electrolyser", "electrolyser"),
    ("brine", "brine"),
    ("forage", "forage"),
    ("storage", "storage"),
    ("methanol", "methanol"),
)
_SHORTLISTED: tuple[Pair, ...] = (("methanol", "electrolyser"), ("electrolyser", "methanol"))


@dataclass(frozen=True)
class Talk:
    """A meeting of the held event: where it sat and how it ended (``outcome`` None: it did not take place)."""

    pair: Pair
    slot: int
    table: int
    outcome: MeetingOutcome | None
    note: str
    next_step: str = ""
    owner: str = ""
    due_on: date | None = None


TALKS = (
    Talk(
        ("electrolyser", "electrolyser"), 0, 1, MeetingOutcome.SIGNED,
        "双方就首台 1000 Nm³/h 机组改造方案、考核指标和知识产权归属达成一致，现场签署合作协议。",
        "签订技术开发合同并办理认定登记", "hydrogen", date(2025, 7, 31),
    ),
    Talk(
        ("brine", "brine"), 0, 2, MeetingOutcome.INTENT,
        "技术方介绍了 120 m³/h 装置运行数据，需求方认可；先取浓盐水水样做 3 个月小试，再定工艺包。",
        "需求方提供水样，技术方出小试报告", "chemistry", date(2025, 9, 30),
    ),
    Talk(
        ("forage", "forage"), 0, 3, MeetingOutcome.SIGNED,
        "确定当年 7 月建植 2000 亩示范草地，品种许可与技术服务一并签约。",
        "完成整地和滴灌检修，7 月 10 日前播种", "farm", date(2025, 7, 10),
    ),
    Talk(
        ("storage", "storage"), 1, 1, MeetingOutcome.CONTINUE,
        "预警时间和误报率满足要求；需求方要求先在 1 个电池舱试装 3 个月，费用承担方式未谈定。",
        "技术方提交试装方案和报价", "energy", date(2025, 8, 15),
    ),
    Talk(("methanol", "methanol"), 1, 2, None, "技术方代表临时返校，改约下一场活动。"),
    Talk(
        ("methanol", "electrolyser"), 2, 1, MeetingOutcome.NONE,
        "电解槽的宽功率能力满足要求，但甲醇装置侧的协同控制不在该成果范围内。",
    ),
)  # fmt: skip

_GUESTS = (
    ("hydrogen", "示例·陈工（技术总监）", InvitationState.CHECKED_IN),
    ("coal", "示例·刘工（总工程师）", InvitationState.CHECKED_IN),
    ("farm", "示例·王经理（生产负责人）", InvitationState.CHECKED_IN),
    ("energy", "示例·甲研究员、示例·乙高级工程师", InvitationState.CHECKED_IN),
    ("chemistry", "示例·丙教授", InvitationState.CHECKED_IN),
    ("grassland", "示例·戊研究员", InvitationState.CHECKED_IN),
    ("broker", "示例·技术经纪人", InvitationState.NO_SHOW),
)

_ASKED = (
    ("hydrogen", "示例·陈工（技术总监）", InvitationState.ACCEPTED, "希望继续谈储能预警试装。"),
    ("coal", "示例·刘工（总工程师）", InvitationState.ACCEPTED, "请安排与绿氢化工团队优先洽谈。"),
    ("energy", "示例·乙高级工程师", InvitationState.ACCEPTED, "可带预警系统样机到场。"),
    ("chemistry", "示例·丁副教授", InvitationState.ACCEPTED, "上午可参加，下午返程。"),
    ("grassland", "", InvitationState.DECLINED, "与田间测产时间冲突，下次农牧专场再参加。"),
    ("farm", "", InvitationState.SENT, ""),
    ("broker", "", InvitationState.LAPSED, ""),
)

_SEATED = (
    (("methanol", "methanol"), 0, 1, MeetingState.CONFIRMED, "上一场因技术方临时返校未谈，本场优先安排。"),
    (("storage", "storage"), 0, 2, MeetingState.CONFIRMED, "二次洽谈：试装范围与费用。"),
    (("electrolyser", "methanol"), 1, 1, MeetingState.PROPOSED, "待双方确认。"),
)


def choose_matches(story: Story) -> None:
    """What broker and parties said to the ranked pairs before the event."""
    for pair in _MUTUAL + _SHORTLISTED:
        match = story.matches[pair]
        match.decided_by_id = story.accounts[Role.BROKER].id
        story.move(match, MatchState.SHORTLISTED, moment(date(2025, 5, 28), 10), Role.BROKER, "建议安排洽谈")
    for pair in _MUTUAL:
        match = story.matches[pair]
        match.need_agrees = match.offer_agrees = True
        story.move(match, MatchState.MUTUAL, moment(date(2025, 6, 3), 16), Role.BROKER, "双方均愿意见面")
    story.ctx.flush()


def hold_event(story: Story) -> dict[Pair, Meeting]:
    """The event of June 2025, its invitations and talks; the meetings by pair."""
    event = story.add(
        HandshakeEvent(
            title="示例：氢能与现代煤化工、农牧业专场握手活动",
            theme="面向氢能装备、煤化工绿色转型和盐碱地饲草，企业带着难题来，院所带着成果来，一对一洽谈 25 分钟。",
            point_id=story.categories["point:1"],
            organizer_id=story.organizations["bureau"].id,
            region_code="150600",
            venue="示例·科技大厦二层多功能厅",
            starts_at=moment(HELD_ON, 9),
            slots=4,
            slot_minutes=25,
            break_minutes=5,
            tables=4,
        ),
        moment(date(2025, 5, 12)),
        Role.ORGANIZER,
    )
    story.move(event, HandshakeEventState.OPEN, moment(date(2025, 5, 20)), Role.ORGANIZER)
    for house, attendee, state in _GUESTS:
        guest = _invite(story, event, house, moment(date(2025, 5, 20), 11))
        guest.seats, guest.attendee = (2 if house == "energy" else 1), attendee
        guest.replied_at = moment(date(2025, 5, 27), 15)
        story.move(guest, InvitationState.ACCEPTED, guest.replied_at, Role.ORGANIZER, "电话确认参加")
        if state is InvitationState.CHECKED_IN:
            guest.checked_in_at = moment(HELD_ON, 8, 40)
            story.move(guest, state, guest.checked_in_at, Role.ORGANIZER)
        else:
            guest.reply_note = "当日临时参加上级会议"
            story.move(guest, state, moment(HELD_ON, 12), Role.ORGANIZER, guest.reply_note)
    story.move(event, HandshakeEventState.SCHEDULED, moment(date(2025, 6, 11), 17), Role.ORGANIZER)
    meetings = {talk.pair: _talk(story, event, talk) for talk in TALKS}
    _cancelled(story, event)
    story.move(event, HandshakeEventState.HELD, moment(HELD_ON, 12), Role.ORGANIZER)
    passed = story.matches["methanol", "electrolyser"]
    passed.dismissed_by, passed.dismissal_reason = Side.NEED, DismissalReason.FIELD
    passed.remark = "需要的是甲醇装置侧的协同控制"
    story.move(passed, MatchState.DISMISSED, moment(date(2025, 6, 19)), Role.BROKER, DismissalReason.FIELD.label)
    story.ctx.flush()
    return meetings


def _talk(story: Story, event: HandshakeEvent, talk: Talk) -> Meeting:
    meeting = _seat(story, event, talk.pair, talk.slot, talk.table, moment(date(2025, 6, 10), 14))
    story.move(meeting, MeetingState.CONFIRMED, moment(date(2025, 6, 11), 16), Role.ORGANIZER)
    ended = event.begins(talk.slot) + timedelta(minutes=event.slot_minutes)
    meeting.note = talk.note
    if talk.outcome is None:
        story.move(meeting, MeetingState.NOT_HELD, ended, Role.ORGANIZER, talk.note)
        return meeting
    meeting.outcome, meeting.held_at = talk.outcome, ended
    story.move(meeting, MeetingState.HELD, ended, Role.ORGANIZER, talk.outcome.label)
    due_on = _due(story, talk)
    if due_on is not None:
        owner = story.organizations[talk.owner].name if talk.owner else ""
        step = FollowUp(
            meeting_id=meeting.id, kind=FollowUpKind.NEXT_STEP, text=talk.next_step, owner=owner, due_on=due_on
        )
        story.add(step, ended, Role.ORGANIZER)
    return meeting


def _due(story: Story, talk: Talk) -> date | None:
    """The day as told while it is to come; afterwards a few days around today, so that the story stays fresh."""
    if talk.due_on is None or talk.due_on >= story.ctx.today:
        return talk.due_on
    return story.ctx.today + (NEXT_WEEK if talk.outcome is MeetingOutcome.CONTINUE else JUST_MISSED)


def _cancelled(story: Story, event: HandshakeEvent) -> None:
    meeting = _seat(story, event, ("electrolyser", "methanol"), 3, 1, moment(date(2025, 6, 10), 14))
    meeting.note = "双方认为先看首台机组改造结果再谈，会前取消。"
    story.move(meeting, MeetingState.CANCELLED, moment(date(2025, 6, 16)), Role.ORGANIZER, meeting.note)


def open_event(story: Story) -> HandshakeEvent:
    """The event of next month: answers in every state, three talks seated."""
    ctx = story.ctx
    event = story.add(
        HandshakeEvent(
            title="示例：储能安全与绿氢化工专场握手活动",
            theme="聚焦储能电站安全和绿氢与煤化工耦合，安排上一场未谈成的洽谈继续。",
            point_id=story.categories["point:2"],
            organizer_id=story.organizations["bureau"].id,
            region_code="150600",
            venue="示例·中试基地会议中心",
            starts_at=moment(next_month(ctx.today), 9),
            slots=6,
            slot_minutes=30,
            break_minutes=5,
            tables=6,
            breaks=[{"after": 2, "minutes": 15, "name": "茶歇"}],
            reply_by=moment(next_month(ctx.today), 18) - timedelta(days=4),
            minimum_talks=1,
        ),
        ctx.now - timedelta(days=10),
        Role.ORGANIZER,
    )
    story.move(event, HandshakeEventState.OPEN, ctx.now - timedelta(days=8), Role.ORGANIZER)
    for house, attendee, state, note in _ASKED:
        guest = _invite(story, event, house, ctx.now - timedelta(days=8))
        guest.attendee, guest.reply_note = attendee, note
        if state is not InvitationState.SENT:
            answered = ctx.now - timedelta(days=3)
            guest.replied_at = answered if state is not InvitationState.LAPSED else None
            story.move(guest, state, answered, Role.ORGANIZER, note)
        _come(story, guest)
    _furnish(story, event)
    _wish(story, event)
    for pair, slot, table, stands, note in _SEATED:
        meeting = _seat(story, event, pair, slot, table, ctx.now - timedelta(days=2))
        meeting.note = note
        if stands is not meeting.state:
            story.move(meeting, stands, ctx.now - timedelta(days=1), Role.ORGANIZER)
    ctx.flush()
    return event


def _come(story: Story, guest: Invitation) -> None:
    """Whoever comes for an invited organization, with a link of their own."""
    for one in ensure_attendees(story.ctx, guest):
        one.is_demo = True
        text = "示例：诚邀您参加本次握手活动，请在您的专属页面答复、选想见的对象。"
        write_letter(story.ctx, one, LetterKind.INVITATION, "示例：邀请函", text)
    story.ctx.flush()


def _furnish(story: Story, event: HandshakeEvent) -> None:
    """What is special about two of the tables."""
    for number, equipment, link, zone in (
        (1, ["大屏", "样品台"], "", "东区"),
        (6, ["视频会议", "投影"], "https://meeting.example.cn/demo", "西区"),
    ):
        table = EventTable(
            handshake_event_id=event.id,
            number=number,
            equipment=equipment,
            remote_link=link,
            zone=zone,
            closed_slots=[],
        )
        story.ctx.add(table)


def _wish(story: Story, event: HandshakeEvent) -> None:
    """What two of the organizations said about whom they would like to meet."""
    asked = {
        one.organization_id: one
        for one in story.ctx.session.scalars(select(Invitation).where(Invitation.handshake_event_id == event.id))
    }
    for house, pair, level, reason in (
        ("coal", ("methanol", "methanol"), WishLevel.WANTED, ""),
        ("chemistry", ("methanol", "methanol"), WishLevel.WANTED, ""),
        ("hydrogen", ("storage", "storage"), WishLevel.WANTED, ""),
        ("hydrogen", ("electrolyser", "electrolyser"), WishLevel.UNWANTED, "首台机组已签约，先看改造结果"),
    ):
        wish = Wish(
            invitation_id=asked[story.organizations[house].id].id,
            match_id=story.matches[pair].id,
            level=level,
            reason=reason,
            is_demo=True,
        )
        story.ctx.add(wish)


def next_month(today: date) -> date:
    """The first working day from the 16th of the month after ``today``."""
    day = (today.replace(day=1) + timedelta(days=32)).replace(day=16)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _invite(story: Story, event: HandshakeEvent, house: str, at: datetime) -> Invitation:
    guest = Invitation(handshake_event_id=event.id, organization_id=story.organizations[house].id)
    return story.add(guest, at, Role.ORGANIZER)


def _seat(story: Story, event: HandshakeEvent, pair: Pair, slot: int, table: int, at: datetime) -> Meeting:
    match = story.matches[pair]
    meeting = Meeting(handshake_event_id=event.id, match_id=match.id, slot=slot, table_number=table)
    return story.add(meeting, at, Role.ORGANIZER)
