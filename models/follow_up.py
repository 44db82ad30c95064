"""What comes after a talk: each side's opinion of it, the tasks that follow, and the letters people were sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.lifecycle import Lifecycle, Stateful
from models.match import DismissalReason, Side
from models.meeting import MeetingOutcome


class MeetingOpinion(Base, Timed, Versioned, DemoMarked):
    """What one side, or the table's host (``side`` ORGANIZER), says of a talk (会后评价).

    ``fit`` says how well the pair matched, from 1 (不相关) to 4 (正是所需); ``satisfaction`` runs from 1 to 5;
    ``reason`` says why it did not fit. The talk's own outcome is what was recorded last.
    """

    title_zh = "会后评价"

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    side: Mapped[Side] = mapped_column(choice(Side))
    attendee_id: Mapped[int | None] = mapped_column(BIG)
    outcome: Mapped[MeetingOutcome | None] = mapped_column(choice(MeetingOutcome))
    fit: Mapped[int | None]
    satisfaction: Mapped[int | None]
    reason: Mapped[DismissalReason | None] = mapped_column(choice(DismissalReason))
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("meeting_id", "side"),
        CheckConstraint("fit IS NULL OR fit BETWEEN 1 AND 4", name="fit_range"),
        CheckConstraint("satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name="satisfaction_range"),
    )


class FollowUpKind(Labelled):
    """Why a task came about."""

    NEXT_STEP = "NEXT_STEP", "会上约定", "progress"
    DAY_7 = "DAY_7", "7 天回访", "info"
    DAY_30 = "DAY_30", "30 天回访", "info"
    DAY_90 = "DAY_90", "90 天回访", "info"


class FollowUpState(Labelled):
    """Whether a task is done."""

    OPEN = "OPEN", "待办", "warning"
    DONE = "DONE", "已办", "success"
    DROPPED = "DROPPED", "不再跟进", "neutral"


F = FollowUpState


class FollowUp(Base, Stateful, Timed, Versioned, DemoMarked):
    """One thing to do after a talk (跟进任务), by whom and until when.

    ``owner_side`` says who is reminded, None being both sides; ``owner`` is the person or the unit in words.
    ``reminded_at``: the last reminder. What was agreed at the table is the task of kind NEXT_STEP, and nowhere else.
    """

    title_zh = "跟进任务"
    LIFECYCLE = Lifecycle(
        F.OPEN,
        {F.OPEN: frozenset({F.DONE, F.DROPPED}), F.DONE: frozenset({F.OPEN}), F.DROPPED: frozenset({F.OPEN})},
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    kind: Mapped[FollowUpKind] = mapped_column(choice(FollowUpKind))
    text: Mapped[str] = mapped_column(String(500), default="")
    owner: Mapped[str] = mapped_column(String(100), default="")
    owner_side: Mapped[Side | None] = mapped_column(choice(Side))
    due_on: Mapped[date]
    state: Mapped[FollowUpState] = mapped_column(choice(FollowUpState), default=FollowUpState.OPEN)
    result: Mapped[str] = mapped_column(String(500), default="")
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(BIG)
    reminded_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("meeting_id", "kind"),
        CheckConstraint("(state = 'DONE') = (done_at IS NOT NULL)", name="done_has_time"),
        Index("ix_follow_ups_due", "state", "due_on"),
    )


class LetterKind(Labelled):
    """What a letter is about."""

    INVITATION = "INVITATION", "邀请"
    REMINDER = "REMINDER", "催复"
    PROGRAMME = "PROGRAMME", "桌次通知"
    CHANGE = "CHANGE", "桌次变动"
    CANCELLATION = "CANCELLATION", "活动取消"
    FOLLOW_UP = "FOLLOW_UP", "会后回访"


class EventLetter(Base, DemoMarked):
    """One letter to one attendee (通知信): shown on the personal page, mailed when there is a server, else copied.

    ``mailed_at``: handed to the mail server's queue; ``copied_at``: an organizer says it was passed on by hand;
    ``seen_at``: opened on the personal page.
    """

    title_zh = "通知信"

    id: Mapped[Id]
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id", ondelete="CASCADE"))
    kind: Mapped[LetterKind] = mapped_column(choice(LetterKind))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    copied_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_event_letters_attendee", "attendee_id", "created_at"),)
