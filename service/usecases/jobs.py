"""Look after background jobs: try a dead one again, ask for a fresh ranking."""

from __future__ import annotations

from models import Job, JobState
from service.context import Context
from service.errors import Conflict


def retry_job(ctx: Context, job_id: int) -> Job:
    """Queue a dead job again from its first attempt. Raises Conflict unless it is dead."""
    ctx.demand("keep_jobs")
    job = ctx.find(Job, job_id)
    if job.state is not JobState.DEAD:
        raise Conflict(f"这项任务当前为“{job.state.label}”，只有“{JobState.DEAD.label}”的任务可以重试。")
    job.state, job.attempts = JobState.QUEUED, 0
    job.run_at, job.lease_until = ctx.now, None
    ctx.audit("retry_job", job, job=job.name)
    return job


def request_matching(ctx: Context) -> None:
    """Queue a ranking of every open posting; one that still waits is enough."""
    ctx.demand("run_matching")
    ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    ctx.audit("request_matching")
