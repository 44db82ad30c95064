"""The worker: takes one due job at a time, under a lease, until it is told to stop."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from models import Job, JobState
from service.context import SYSTEM, Context
from service.jobs.registry import DAILY, JOBS, WEEKLY
from service.queries.saved_searches import searches_due
from service.web.installation import Installation

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5
PAUSE_SECONDS = 1.0
SETTLED = timedelta(seconds=20)
"""How long changes may gather before the kept searches are looked through again."""


class Worker(threading.Thread):
    """Runs jobs beside the web process, or alone as ``woshou worker``."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(name="woshou-worker", daemon=True)
        self._installation = installation
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = run_one(self._installation)
            except Exception:
                log.exception("the worker stumbled and goes on")
                worked = False
            if not worked:
                self._stopping.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        self._stopping.set()
        if self.is_alive():
            self.join(timeout=30)


def run_one(installation: Installation) -> bool:
    """Take the next due job and run it; False when there was none."""
    taken = _take(installation)
    if taken is None:
        return False
    job_id, name, payload = taken
    try:
        with installation.session() as session:
            ctx = installation.context(session, SYSTEM)
            JOBS[name](ctx, payload)
            job = ctx.find(Job, job_id)
            job.state, job.unique_key, job.finished_at = JobState.DONE, None, ctx.now
            ctx.commit()
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, name)
        _set_back(installation, job_id, error)
    return True


def _take(installation: Installation) -> tuple[int, str, dict[str, object]] | None:
    with installation.session() as session:
        ctx = installation.context(session, SYSTEM)
        _queue_regular(ctx)
        waiting = or_(Job.state == JobState.QUEUED, Job.state == JobState.RUNNING)
        due = or_(Job.lease_until.is_(None), Job.lease_until < ctx.now)
        job = session.scalar(
            select(Job)
            .where(waiting, due, Job.run_at <= ctx.now, Job.name.in_(JOBS))
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            ctx.commit()
            return None
        job.state, job.attempts, job.lease_until = JobState.RUNNING, job.attempts + 1, ctx.now + LEASE
        job.unique_key = None
        taken = (job.id, job.name, dict(job.payload))
        ctx.commit()
        return taken


def _set_back(installation: Installation, job_id: int, error: Exception) -> None:
    """Try again later, a little later each time; after MOST_ATTEMPTS leave it for a person."""
    with installation.session() as session:
        ctx = installation.context(session, SYSTEM)
        job = ctx.find(Job, job_id)
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        job.lease_until = None
        job.state = JobState.DEAD if job.attempts >= MOST_ATTEMPTS else JobState.QUEUED
        job.run_at = _later(ctx.now, job.attempts)
        ctx.commit()


def _later(now: datetime, attempts: int) -> datetime:
    return now + timedelta(seconds=30 * 2**attempts)


def _queue_regular(ctx: Context) -> None:
    """Once a day each daily job is queued, once a week each weekly one; its payload says for which day or week."""
    year, week, _ = ctx.today.isocalendar()
    for period, names, now in (("day", DAILY, ctx.today.isoformat()), ("week", WEEKLY, f"{year}-W{week:02d}")):
        for name in names:
            done = select(Job.id).where(Job.name == name, Job.payload[period].as_string() == now)
            if ctx.session.scalar(done.limit(1)) is None:
                payload: dict[str, Any] = {period: now}
                ctx.enqueue(name, unique_key=f"{name}:{now}", **payload)
    if searches_due(ctx):
        ctx.enqueue("check_searches", unique_key="check_searches", run_at=ctx.now + SETTLED)
