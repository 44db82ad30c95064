"""The minutes of an event drafted from its records, and the note sheet of one talk, as the reader may know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    FollowUpState,
    HandshakeEvent,
    Invitation,
    InvitationState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Organization,
)
from service import visibility
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.queries.events import event_detail
from service.queries.follow_ups import FOLLOW_UPS, in_words
from service.queries.listing import all_rows
from service.queries.meetings import MEETINGS, meeting_detail
from service.queries.naming import known_names
from service.queries.opinions import said_of
from service.reports import paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TALK_HEADS = ("场次桌号", "需求方", "技术方", "洽谈内容", "结果", "纪要")
TASK_HEADS = ("事项", "责任方", "期限", "状态")
PEOPLE_HEADS = ("单位", "类型", "到场情况", "参加人员")
CAME = (InvitationState.CHECKED_IN, InvitationState.ACCEPTED, InvitationState.NO_SHOW)
NOT_YET = "（待登记）"
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Minutes:
    """What the minutes of an event say; ``whole`` is False where the reader knows only of some of its talks."""

    event: HandshakeEvent
    organizer: str
    when: str
    place: str
    people: Sequence[Cells]
    talks: Sequence[Cells]
    results: str
    tasks: Sequence[Cells]
    whole: bool

    @property
    def title(self) -> str:
        """The document's title."""
        return f"{self.event.title}会议纪要"


def minutes(ctx: Context, event_id: int) -> Minutes:
    """What the records say of an event, as the actor may read them. Raises NotFound."""
    detail = event_detail(ctx, event_id)
    event = detail.event
    begins, ends = event.starts_at.astimezone(SHANGHAI), event.ends_at.astimezone(SHANGHAI)
    rows = sorted(all_rows(ctx, MEETINGS, {"event": str(event.id)}), key=lambda row: (row.slot, row.table_number))
    rows = [row for row in rows if row.state is not MeetingState.CANCELLED]
    organizer = ctx.find(Organization, event.organizer_id).name
    return Minutes(
        event=event,
        organizer=organizer,
        when=f"{begins:%Y年%m月%d日 %H:%M}至{ends:%H:%M}"
        if begins.date() == ends.date()
        else f"{begins:%Y年%m月%d日 %H:%M}起",
        place=event.venue or "（未填）",
        people=_people(ctx, event),
        talks=_talks(ctx, rows),
        results=_results(rows),
        tasks=_tasks(ctx, event),
        whole=ctx.actor.is_system or ctx.actor.role in visibility.SEES_ALL_WORK,
    )


def _people(ctx: Context, event: HandshakeEvent) -> list[Cells]:
    """Who was expected, and who came; names of persons who were there."""
    rows = ctx.session.execute(
        select(Invitation, Organization)
        .join(Organization, Organization.id == Invitation.organization_id)
        .join(HandshakeEvent, HandshakeEvent.id == Invitation.handshake_event_id)
        .where(
            Invitation.handshake_event_id == event.id,
            Invitation.state.in_(CAME),
            visibility.invitations(ctx),
            visibility.events(ctx),
        )
        .order_by(Organization.kind, Organization.name, Invitation.id)
    ).all()
    there: dict[int, list[str]] = {}
    persons = ctx.session.execute(
        select(Attendee.invitation_id, Attendee.name, Attendee.position)
        .where(
            Attendee.invitation_id.in_([one.id for one, _ in rows]),
            Attendee.state == AttendeeState.ARRIVED,
            Attendee.name != "",
        )
        .order_by(Attendee.id)
    )
    for invitation_id, name, position in persons:
        there.setdefault(invitation_id, []).append(f"{name}（{position}）" if position else name)
    return [
        (
            house.name,
            house.kind.label,
            one.state.label,
            "、".join(there.get(one.id, [])) or (one.attendee if one.state is InvitationState.CHECKED_IN else ""),
        )
        for one, house in rows
    ]


def _talks(ctx: Context, rows: Sequence[Any]) -> list[Cells]:
    names = known_names(ctx, {one for row in rows for one in (row.need_organization_id, row.offer_organization_id)})
    return [
        (
            f"第 {row.slot + 1} 场 {row.table_number} 号桌",
            names.get(row.need_organization_id, row.need_organization),
            names.get(row.offer_organization_id, row.offer_organization),
            f"{row.need}；{row.achievement}",
            row.outcome.label if row.outcome is not None else row.state.label,
            _noted(ctx, row.id),
        )
        for row in rows
    ]


def _noted(ctx: Context, meeting_id: int) -> str:
    """The minutes of a talk, else what the sides whose word the actor may read wrote about it."""
    meeting = ctx.find(Meeting, meeting_id)
    if meeting.note:
        return meeting.note
    said = [f"{one.side.label}：{one.note}" for one in said_of(ctx, meeting).all if one.note]
    return "；".join(said) or (NOT_YET if meeting.state is MeetingState.CONFIRMED else "")


def _results(rows: Sequence[Any]) -> str:
    held = [row for row in rows if row.state is MeetingState.HELD]
    by = {one: sum(row.outcome is one for row in held) for one in MeetingOutcome}
    parts = "、".join(f"{one.label} {number} 场" for one, number in by.items())
    missed = sum(row.state is MeetingState.NOT_HELD for row in rows)
    waiting = len(rows) - len(held) - missed
    rest = f"；{waiting} 场还没有登记结果" if waiting else ""
    return f"共安排洽谈 {len(rows)} 场，举行 {len(held)} 场，未举行 {missed} 场。举行的洽谈中：{parts}{rest}。"


def _tasks(ctx: Context, event: HandshakeEvent) -> list[Cells]:
    rows = list(all_rows(ctx, FOLLOW_UPS, {"event": str(event.id), "sort": "due_on"}))
    return [
        (
            f"{in_words(row.kind, row.text)}（{row.need}）",
            row.owner or (row.owner_side.label if row.owner_side is not None else "双方"),
            row.due_on.isoformat(),
            row.state.label + (f"：{row.result}" if row.result else ""),
        )
        for row in rows
        if row.state is not FollowUpState.DROPPED
    ]


def minutes_word(made: Minutes) -> bytes:
    """The minutes as a Word document."""
    document = Document()
    paper.page(document)
    paper.title(document, made.title)
    paper.heading(document, "一、时间和地点")
    paper.body(document, f"{made.when}，{made.place}。{made.organizer}组织。")
    if made.event.theme:
        paper.body(document, f"主题：{made.event.theme}。")
    paper.heading(document, "二、参加单位与人员")
    _table(document, PEOPLE_HEADS, made.people, "没有可列出的参加单位。")
    paper.heading(document, "三、各桌洽谈情况")
    _table(document, TALK_HEADS, made.talks, "没有可列出的洽谈。")
    paper.heading(document, "四、结果统计")
    paper.body(document, made.results)
    if not made.whole:
        paper.body(document, "以上只含本单位参加的洽谈。")
    paper.heading(document, "五、下一步任务")
    _table(document, TASK_HEADS, made.tasks, "没有约定任务。")
    _signed(document, made.organizer, f"{made.event.ends_at.astimezone(SHANGHAI):%Y年%m月%d日}")
    mark = "（示例）" if made.event.is_demo else ""
    _foot(document, f"依据系统记录起草，签发前请核对{mark}")
    return paper.bytes_of(document, made.title, made.event.ends_at)


def as_document(made: Minutes) -> dict[str, Any]:
    """The minutes for programs."""
    return {
        "event_id": made.event.id,
        "title": made.title,
        "when": made.when,
        "place": made.place,
        "organizer": made.organizer,
        "people": [dict(zip(("organization", "kind", "state", "persons"), row, strict=True)) for row in made.people],
        "talks": [
            dict(zip(("seat", "need_organization", "offer_organization", "topic", "outcome", "note"), row, strict=True))
            for row in made.talks
        ],
        "results": made.results,
        "tasks": [dict(zip(("task", "owner", "due_on", "state"), row, strict=True)) for row in made.tasks],
        "is_whole": made.whole,
    }


def note_sheet(ctx: Context, meeting_id: int) -> tuple[str, bytes]:
    """The name and the content of the sheet on which one talk is noted by hand. Raises NotFound."""
    talk = meeting_detail(ctx, meeting_id)
    if talk.meeting.state is MeetingState.CANCELLED:
        raise NotFound("这场洽谈已取消，没有记录单。")
    begins = talk.begins.astimezone(SHANGHAI)
    title = f"洽谈记录单（第 {talk.meeting.slot + 1} 场 {talk.meeting.table_number} 号桌）"
    outcome = talk.meeting.outcome
    step = talk.next_step
    choices = "　".join(f"{'☑' if one is outcome else '□'} {one.label}" for one in MeetingOutcome)
    document = Document()
    paper.page(document)
    paper.title(document, title)
    rows = (
        ("活动", talk.event.title),
        ("时间地点", f"{begins:%Y-%m-%d %H:%M}，{talk.event.venue or '（未填）'}"),
        ("需求方", f"{talk.need_organization}：{talk.need_title}"),
        ("技术方", f"{talk.offer_organization}：{talk.achievement_title}"),
        ("结果", choices),
        ("谈了什么", talk.meeting.note or "\n\n\n"),
        ("下一步", step.text if step is not None else "\n"),
        ("谁来办", step.owner if step is not None else ""),
        ("什么时候之前", step.due_on.isoformat() if step is not None else ""),
        ("双方签字", "\n"),
    )
    paper.table(document, ("项目", "内容"), rows)
    _foot(document, "示例" if talk.meeting.is_demo else "请当场填写，交给组织方")
    return f"{title}.docx", paper.bytes_of(document, title, talk.begins)


def _table(document: Any, heads: Cells, rows: Sequence[Cells], nothing: str) -> None:
    if rows:
        paper.table(document, heads, rows)
    else:
        paper.body(document, nothing)


def _signed(document: Any, organizer: str, day: str) -> None:
    for text in (organizer, day):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paper.write(paragraph, text, paper.BODY_FONT, 16)


def _foot(document: Any, text: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.write(paragraph, text, paper.TABLE_FONT, 9)
