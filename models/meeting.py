"""A talk between the two sides of a match, at one table in one slot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.handshake_event import HandshakeEvent
from models.lifecycle import Lifecycle, Stateful
from models.match import Match


class MeetingState(Labelled):
    """From a proposal to a talk that took place, or not."""

    PROPOSED = "PROPOSED", "拟定", "neutral"
    CONFIRMED = "CONFIRMED", "已确认", "progress"
    HELD = "HELD", "已举行", "success"
    NOT_HELD = "NOT_HELD", "未举行", "warning"
    CANCELLED = "CANCELLED", "取消", "danger"


class MeetingOutcome(Labelled):
    """How a talk ended."""

    NONE = "NONE", "暂无意向", "neutral"
    CONTINUE = "CONTINUE", "继续谈", "info"
    INTENT = "INTENT", "达成意向", "progress"
    SIGNED = "SIGNED", "签约", "success"

    @property
    def may_open_project(self) -> bool:
        """Whether a project may come of it."""
        return self in (MeetingOutcome.INTENT, MeetingOutcome.SIGNED)


S = MeetingState

MEETING_LIFECYCLE = Lifecycle(
    S.PROPOSED,
    {
        S.PROPOSED: frozenset({S.CONFIRMED, S.CANCELLED}),
        S.CONFIRMED: frozenset({S.HELD, S.NOT_HELD, S.CANCELLED, S.PROPOSED}),
        S.HELD: frozenset(),
        S.NOT_HELD: frozenset({S.CONFIRMED}),
        S.CANCELLED: frozenset(),
    },
)


class Meeting(Base, Stateful, Versioned, Timed, DemoMarked):
    """One pair at one table in one slot (对接洽谈), and its outcome.

    ``need_attendee_id`` and ``offer_attendee_id`` are the people who sit for each side, None while nobody is named.
    A ``locked`` talk stays where it is when the event is seated anew. What was agreed to happen next is a FollowUp.
    """

    title_zh = "对接洽谈"
    LIFECYCLE = MEETING_LIFECYCLE

    id: Mapped[Id]
    handshake_event_id: Mapped[int] = mapped_column(ForeignKey("handshake_events.id"))
    handshake_event: Mapped[HandshakeEvent] = relationship(lazy="raise")
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"), index=True)
    match: Mapped[Match] = relationship(lazy="raise")
    slot: Mapped[int]
    table_number: Mapped[int]
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState), default=MeetingState.PROPOSED)
    outcome: Mapped[MeetingOutcome | None] = mapped_column(choice(MeetingOutcome))
    note: Mapped[str] = mapped_column(Text, default="")
    held_at: Mapped[datetime | None]
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    need_attendee_id: Mapped[int | None] = mapped_column(BIG, index=True)
    offer_attendee_id: Mapped[int | None] = mapped_column(BIG, index=True)

    __table_args__ = (
        CheckConstraint("slot >= 0", name="slot_range"),
        CheckConstraint("table_number >= 1", name="table_range"),
        CheckConstraint("(state = 'HELD') = (outcome IS NOT NULL)", name="outcome_when_held"),
        CheckConstraint("(state = 'HELD') = (held_at IS NOT NULL)", name="time_when_held"),
        Index(
            "uq_meetings_seat",
            "handshake_event_id",
            "slot",
            "table_number",
            unique=True,
            sqlite_where=text("state <> 'CANCELLED'"),
            postgresql_where=text("state <> 'CANCELLED'"),
        ),
        Index(
            "uq_meetings_pair",
            "handshake_event_id",
            "match_id",
            unique=True,
            sqlite_where=text("state <> 'CANCELLED'"),
            postgresql_where=text("state <> 'CANCELLED'"),
        ),
        Index("ix_meetings_listing", "state", "held_at"),
        Index("ix_meetings_outcome", "outcome"),
    )
