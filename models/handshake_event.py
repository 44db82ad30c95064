"""A held 握手 occasion and the organizations asked to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import DOCUMENT, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.lifecycle import Lifecycle, Stateful
from models.organization import Organization


class HandshakeEventState(Labelled):
    """From the first plan to the archive."""

    PLANNED = "PLANNED", "筹备", "neutral"
    OPEN = "OPEN", "邀约", "info"
    SCHEDULED = "SCHEDULED", "已排定", "progress"
    HELD = "HELD", "已举办", "success"
    ARCHIVED = "ARCHIVED", "归档", "neutral"
    CANCELLED = "CANCELLED", "取消", "danger"


E = HandshakeEventState

HANDSHAKE_EVENT_LIFECYCLE = Lifecycle(
    E.PLANNED,
    {
        E.PLANNED: frozenset({E.OPEN, E.CANCELLED}),
        E.OPEN: frozenset({E.SCHEDULED, E.CANCELLED}),
        E.SCHEDULED: frozenset({E.OPEN, E.HELD, E.CANCELLED}),
        E.HELD: frozenset({E.ARCHIVED}),
        E.ARCHIVED: frozenset(),
        E.CANCELLED: frozenset(),
    },
)

HELD_STATES = frozenset({E.HELD, E.ARCHIVED})
"""Events that count as one "次"."""
SEATING_STATES = frozenset({E.OPEN, E.SCHEDULED})
"""Events at which meetings may be seated or moved."""


def break_words(one: Mapping[str, Any]) -> str:
    """A longer pause as people write it: “第 4 场后 茶歇 20 分钟”."""
    return f"第 {int(one['after']) + 1} 场后 {one.get('name') or '休息'} {int(one['minutes'])} 分钟"


class HandshakeEvent(Base, Stateful, Versioned, Timed, DemoMarked):
    """One held occasion (握手活动): the "次" of "开展握手行动百余次".

    Slots are counted from 0; slot i begins ``i * (slot_minutes + break_minutes)`` minutes after ``starts_at``, later by
    each of ``breaks`` before it: ``{"after": slot, "minutes": minutes, "name": "茶歇"}`` is a longer pause.
    Tables are numbered from 1; EventTable says what is special about one. ``minimum_talks`` and ``maximum_talks`` are
    per person, None being no limit. A talk is worth ``score_weight`` × the match's score (0–1) plus ``wanted_weight``
    for each side that wants it. ``letter`` is the organizer's own text of the invitation, empty for the usual one.
    """

    title_zh = "握手活动"
    LIFECYCLE = HANDSHAKE_EVENT_LIFECYCLE

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(120))
    theme: Mapped[str] = mapped_column(Text, default="")
    point_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organizer: Mapped[Organization] = relationship(lazy="raise")
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    venue: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    slots: Mapped[int]
    slot_minutes: Mapped[int]
    break_minutes: Mapped[int] = mapped_column(default=0)
    tables: Mapped[int]
    breaks: Mapped[list[dict[str, Any]]] = mapped_column(DOCUMENT, default=list, server_default="[]")
    reply_by: Mapped[datetime | None]
    minimum_talks: Mapped[int] = mapped_column(default=0, server_default="0")
    maximum_talks: Mapped[int | None]
    score_weight: Mapped[int] = mapped_column(default=100, server_default="100")
    wanted_weight: Mapped[int] = mapped_column(default=40, server_default="40")
    letter: Mapped[str] = mapped_column(Text, default="", server_default="")
    state: Mapped[HandshakeEventState] = mapped_column(choice(HandshakeEventState), default=HandshakeEventState.PLANNED)

    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0", name="title_given"),
        CheckConstraint("slots BETWEEN 1 AND 48", name="slots_range"),
        CheckConstraint("tables BETWEEN 1 AND 500", name="tables_range"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes_range"),
        CheckConstraint("break_minutes BETWEEN 0 AND 240", name="break_minutes_range"),
        CheckConstraint("minimum_talks BETWEEN 0 AND 48", name="minimum_talks_range"),
        CheckConstraint("maximum_talks IS NULL OR maximum_talks BETWEEN 1 AND 48", name="maximum_talks_range"),
        CheckConstraint("score_weight BETWEEN 0 AND 1000", name="score_weight_range"),
        CheckConstraint("wanted_weight BETWEEN 0 AND 1000", name="wanted_weight_range"),
        Index("ix_handshake_events_listing", "state", "starts_at"),
        Index("ix_handshake_events_starts_at", "starts_at"),
    )

    def begins(self, slot: int) -> datetime:
        """When slot ``slot`` begins; counted from 0."""
        longer = sum(int(one["minutes"]) for one in self.breaks or () if int(one["after"]) < slot)
        return self.starts_at + timedelta(minutes=slot * (self.slot_minutes + self.break_minutes) + longer)

    def ends(self, slot: int) -> datetime:
        """When slot ``slot`` is over."""
        return self.begins(slot) + timedelta(minutes=self.slot_minutes)

    @property
    def ends_at(self) -> datetime:
        """When the last slot is over."""
        return self.ends(self.slots - 1)


class InvitationState(Labelled):
    """An organization's answer, and whether it came."""

    SENT = "SENT", "待复", "warning"
    ACCEPTED = "ACCEPTED", "接受", "success"
    DECLINED = "DECLINED", "婉拒", "neutral"
    LAPSED = "LAPSED", "未复", "neutral"
    CHECKED_IN = "CHECKED_IN", "签到", "info"
    NO_SHOW = "NO_SHOW", "缺席", "danger"


I = InvitationState  # noqa: E741 - reads as a table heading below

COMING_STATES = (I.ACCEPTED, I.CHECKED_IN)
"""Organizations that come, or have come."""
INVITATION_LIFECYCLE = Lifecycle(
    I.SENT,
    {
        I.SENT: frozenset({I.ACCEPTED, I.DECLINED, I.LAPSED}),
        I.ACCEPTED: frozenset({I.DECLINED, I.CHECKED_IN, I.NO_SHOW}),
        I.DECLINED: frozenset({I.ACCEPTED}),
        I.LAPSED: frozenset({I.ACCEPTED, I.CHECKED_IN}),
        I.CHECKED_IN: frozenset({I.NO_SHOW, I.ACCEPTED}),
        I.NO_SHOW: frozenset({I.CHECKED_IN, I.ACCEPTED}),
    },
)


class Invitation(Base, Stateful, Versioned, Timed, DemoMarked):
    """An organization asked to an event (邀请). ``seats`` people may sit at different tables in one slot."""

    title_zh = "邀请"
    LIFECYCLE = INVITATION_LIFECYCLE

    id: Mapped[Id]
    handshake_event_id: Mapped[int] = mapped_column(ForeignKey("handshake_events.id"))
    handshake_event: Mapped[HandshakeEvent] = relationship(lazy="raise")
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organization: Mapped[Organization] = relationship(lazy="raise")
    seats: Mapped[int] = mapped_column(default=1)
    attendee: Mapped[str] = mapped_column(String(100), default="")
    reply_note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState), default=InvitationState.SENT)
    replied_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("handshake_event_id", "organization_id"),
        CheckConstraint("seats BETWEEN 1 AND 50", name="seats_range"),
        Index("ix_invitations_state", "state"),
    )
