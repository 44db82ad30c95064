"""What was noted at an event's door, as it was noted: the arrivals are computed from it, in whatever order it came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id, Labelled, choice


class DoorMarkKind(Labelled):
    """What somebody noted of a person at the door."""

    ARRIVED = "ARRIVED", "签到", "success"
    UNDONE = "UNDONE", "撤销签到", "neutral"
    ABSENT = "ABSENT", "缺席", "danger"


class DoorMark(Base):
    """One note at the door (签到记录), made on a phone that may have had no network at the time.

    ``key`` is the phone's own number for it, so that one sent twice is one. ``at`` is when it was noted and
    ``received_at`` when it came. ``attendee_id`` is None while nobody at the event has that ``badge``.
    """

    title_zh = "签到记录"

    id: Mapped[Id]
    handshake_event_id: Mapped[int] = mapped_column(ForeignKey("handshake_events.id", ondelete="CASCADE"))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    badge: Mapped[str] = mapped_column(String(12))
    kind: Mapped[DoorMarkKind] = mapped_column(choice(DoorMarkKind))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(BIG)

    __table_args__ = (Index("ix_door_marks_badge", "handshake_event_id", "badge"),)
