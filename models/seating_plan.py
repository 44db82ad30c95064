"""What is special about a table, and the seatings that were computed for an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice


class EventTable(Base, Timed, Versioned):
    """A table of an event about which there is something to say (桌子); the others are equal and have no row.

    ``chairs`` None is any number. ``equipment`` lists what stands there (投影, 视频会议, …). ``zone`` is where it is:
    people walk between zones. ``closed_slots`` are the slots (from 0) in which it cannot be used.
    """

    title_zh = "桌子"

    id: Mapped[Id]
    handshake_event_id: Mapped[int] = mapped_column(ForeignKey("handshake_events.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(50), default="")
    chairs: Mapped[int | None]
    equipment: Mapped[list[str]]
    remote_link: Mapped[str] = mapped_column(String(500), default="")
    zone: Mapped[str] = mapped_column(String(50), default="")
    closed_slots: Mapped[list[int]]
    note: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("handshake_event_id", "number"),
        CheckConstraint("number >= 1", name="number_range"),
        CheckConstraint("chairs IS NULL OR chairs BETWEEN 2 AND 100", name="chairs_range"),
    )


class SeatingStatus(Labelled):
    """What the solver could say; a plan waits until it has said something."""

    WAITING = "WAITING", "正在计算", "progress"
    OPTIMAL = "OPTIMAL", "最优", "success"
    FEASIBLE = "FEASIBLE", "可行（未证明最优）", "info"
    INFEASIBLE = "INFEASIBLE", "排不出来", "danger"
    UNKNOWN = "UNKNOWN", "时间不够，没有结论", "warning"


class SeatingPlan(Base, Timed, Versioned, DemoMarked):
    """One computed seating of an event (排桌方案), kept as it was shown; applying it writes its talks.

    ``kind``: "new" seats from the start, "change" keeps as much as possible of what people hold. ``result`` is the
    whole answer: meetings, changes, conflict and repairs. ``basis`` is a SHA-256 over all it was computed from: a plan
    whose basis has changed is not applied. ``utility``, ``bound`` are in 1/100 points.
    """

    title_zh = "排桌方案"

    id: Mapped[Id]
    handshake_event_id: Mapped[int] = mapped_column(ForeignKey("handshake_events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[SeatingStatus] = mapped_column(choice(SeatingStatus))
    settings: Mapped[dict[str, Any]]
    basis: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]]
    utility: Mapped[int | None] = mapped_column(BIG)
    bound: Mapped[int | None] = mapped_column(BIG)
    worst_served: Mapped[int | None]
    milliseconds: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(BIG)
    applied_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
