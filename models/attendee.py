"""The people who come to an event for an organization, what they speak for and whom they wish to meet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import BIG, DOCUMENT, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.handshake_event import Invitation
from models.lifecycle import Lifecycle, Stateful
from models.sealed import Sealed


class AttendeeState(Labelled):
    """Whether a person will come, and came."""

    ASKED = "ASKED", "待复", "warning"
    COMING = "COMING", "参加", "success"
    NOT_COMING = "NOT_COMING", "不来", "neutral"
    ARRIVED = "ARRIVED", "已到", "info"
    ABSENT = "ABSENT", "缺席", "danger"


A = AttendeeState

ATTENDEE_LIFECYCLE = Lifecycle(
    A.ASKED,
    {
        A.ASKED: frozenset({A.COMING, A.NOT_COMING, A.ARRIVED, A.ABSENT}),
        A.COMING: frozenset({A.NOT_COMING, A.ARRIVED, A.ABSENT}),
        A.NOT_COMING: frozenset({A.COMING, A.ARRIVED}),
        A.ARRIVED: frozenset({A.ABSENT, A.COMING}),
        A.ABSENT: frozenset({A.ARRIVED, A.COMING}),
    },
)

STAYS_AWAY = frozenset({A.NOT_COMING, A.ABSENT})
"""People who are not seated."""


class Attendee(Base, Stateful, Versioned, Timed, DemoMarked):
    """One person of an invited organization (参会人), who can hold one talk at a time.

    ``link_digest`` is the SHA-256 of the personal link's secret, so that no account is needed; ``badge`` the short code
    on the name card. ``away_slots`` are the slots (from 0) the person cannot make, ``equipment`` what must stand at
    their tables. ``minimum_talks`` and ``maximum_talks`` are this person's own limits, None for the event's.
    ``stands_in_for`` names who was expected before a colleague was sent. ``satisfaction`` runs from 1 to 5.
    """

    title_zh = "参会人"
    LIFECYCLE = ATTENDEE_LIFECYCLE

    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    invitation: Mapped[Invitation] = relationship(lazy="raise")
    scientist_id: Mapped[int | None] = mapped_column(ForeignKey("scientists.id"), index=True)
    name: Mapped[str] = mapped_column(String(50), default="")
    position: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(Sealed())
    phone: Mapped[str | None] = mapped_column(Sealed())
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    badge: Mapped[str] = mapped_column(String(12), default="")
    away_slots: Mapped[list[int]]
    equipment: Mapped[list[str]] = mapped_column(DOCUMENT, default=list)
    minimum_talks: Mapped[int | None]
    maximum_talks: Mapped[int | None]
    stands_in_for: Mapped[str] = mapped_column(String(50), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_walk_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[AttendeeState] = mapped_column(choice(AttendeeState), default=AttendeeState.ASKED)
    replied_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    satisfaction: Mapped[int | None]
    feedback: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name="satisfaction_range"),
        CheckConstraint("minimum_talks IS NULL OR minimum_talks BETWEEN 0 AND 48", name="minimum_talks_range"),
        CheckConstraint("maximum_talks IS NULL OR maximum_talks BETWEEN 0 AND 48", name="maximum_talks_range"),
        Index("ix_attendees_state", "state"),
    )


class AttendeeTopic(Base):
    """A need or an achievement the person speaks for (one of the two); without any, all of the organization's."""

    title_zh = "参会人负责的内容"

    id: Mapped[Id]
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id", ondelete="CASCADE"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    achievement_id: Mapped[int | None] = mapped_column(ForeignKey("achievements.id", ondelete="CASCADE"), index=True)

    __table_args__ = (
        UniqueConstraint("attendee_id", "need_id"),
        UniqueConstraint("attendee_id", "achievement_id"),
        CheckConstraint("(need_id IS NULL) <> (achievement_id IS NULL)", name="one_topic"),
    )


class WishLevel(Labelled):
    """How much a side wishes to meet a counterpart at an event."""

    WANTED = "WANTED", "想见", "success"
    WILLING = "WILLING", "可见", "info"
    UNWANTED = "UNWANTED", "不见", "danger"


class Wish(Base, Timed, Versioned, DemoMarked):
    """What one side says about meeting the other side of a match at an event (意愿). Without one, nothing is known."""

    title_zh = "会面意愿"

    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"), index=True)
    attendee_id: Mapped[int | None] = mapped_column(BIG)
    level: Mapped[WishLevel] = mapped_column(choice(WishLevel))
    reason: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (UniqueConstraint("invitation_id", "match_id"),)
