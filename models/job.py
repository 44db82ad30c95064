"""Work to be done outside a request, written in the same transaction as its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Labelled, choice


class JobState(Labelled):
    """From waiting to done, or set aside after too many tries."""

    QUEUED = "QUEUED", "排队", "neutral"
    RUNNING = "RUNNING", "执行中", "progress"
    DONE = "DONE", "完成", "success"
    DEAD = "DEAD", "失败待处理", "danger"


class Job(Base):
    """One piece of work (后台任务). ``unique_key`` keeps the same work from being queued twice."""

    title_zh = "后台任务"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_jobs_due", "state", "run_at"),)
