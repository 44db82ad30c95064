"""The words of letters of invitation: the same in mail, in a chat and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import HandshakeEvent
from service.context import SHANGHAI, Context
from service.queries.attendees import Comer

WEEKDAYS = "一二三四五六日"
USUAL = (
    "活动安排企业家与科学家一对一洽谈。请在您的专属页面答复是否参加、哪些场次不便，并在推荐的对象里选出想见的；"
    "我们会据此排定桌次并告知您。"
)
"""What the letter says when the organizer has written nothing else."""


@dataclass(frozen=True)
class Letter:
    """The words of one letter."""

    subject: str
    greeting: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]]
    organizer: str
    day: str

    @property
    def text(self) -> str:
        """As it is mailed or pasted into a chat."""
        facts = [f"{name}：{value}" for name, value in self.facts]
        return "\n".join([self.greeting, *self.paragraphs, "", *facts, "", self.organizer, self.day])


def letter_to(ctx: Context, event: HandshakeEvent, organizer: str, person: Comer) -> Letter:
    """The invitation to one attendee."""
    begins, ends = (moment.astimezone(SHANGHAI) for moment in (event.starts_at, event.ends_at))
    when = f"{begins:%Y}年{begins.month}月{begins.day}日（星期{WEEKDAYS[begins.weekday()]}）{begins:%H:%M}—{ends:%H:%M}"
    opening = f"诚邀您参加“{event.title}”。" + (f"本次主题：{event.theme.rstrip('。')}。" if event.theme else "")
    own = [part for part in (line.strip() for line in event.letter.splitlines()) if part]
    about = [topic.title for topic in person.topics]
    spoken = [f"希望您介绍、洽谈：{'、'.join(f'《{title}》' for title in about[:5])}。"] if about else []
    until = event.reply_by.astimezone(SHANGHAI) if event.reply_by is not None else None
    length = f"共 {event.slots} 场，每场 {event.slot_minutes} 分钟"
    facts = [("时间", when), ("地点", event.venue or "另行通知"), ("安排", length)]
    if until is not None:
        facts.append(("答复期限", f"{until.month}月{until.day}日 {until:%H:%M} 前"))
    return Letter(
        subject=f"邀请函：{event.title}",
        greeting=_greeting(person),
        paragraphs=[opening, *(own or [USUAL]), *spoken],
        facts=facts,
        organizer=organizer,
        day=f"{ctx.today:%Y}年{ctx.today.month}月{ctx.today.day}日",
    )


def _greeting(person: Comer) -> str:
    name = person.attendee.name
    who = f"{name} {person.attendee.position}".strip() if name else "负责同志"
    return f"{person.organization.name} {who}："
