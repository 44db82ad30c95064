"""A dead job is tried again by the administrator alone; a ranking is asked for once however often one presses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import AuditEntry, Job, JobState
from service.context import Context
from service.errors import Conflict, Forbidden
from service.usecases.jobs import request_matching, retry_job
from tests.factories import NOW


def _add_job(ctx: Context, **columns: Any) -> Job:
    values: dict[str, Any] = {
        "name": "refresh_matches",
        "payload": {},
        "state": JobState.DEAD,
        "attempts": 5,
        "run_at": NOW - timedelta(days=1),
        "created_at": NOW - timedelta(days=1),
        "last_error": "OperationalError: disk full",
        **columns,
    }
    return ctx.add(Job(**values))


def test_retry_job_queues_a_dead_job_from_its_first_attempt(admin: Context) -> None:
    job = _add_job(admin)

    retry_job(admin, job.id)
    admin.commit()

    assert (job.state, job.attempts, job.run_at, job.lease_until) == (JobState.QUEUED, 0, NOW, None)
    assert job.last_error == "OperationalError: disk full"
    entry = admin.session.scalars(select(AuditEntry).where(AuditEntry.action == "retry_job")).one()
    assert (entry.record_type, entry.record_id, entry.details) == ("Job", job.id, {"job": "refresh_matches"})


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_retry_job_refuses_a_job_that_is_not_dead(admin: Context, state: JobState) -> None:
    job = _add_job(admin, state=state)

    with pytest.raises(Conflict, match=state.label):
        retry_job(admin, job.id)

    assert (job.state, job.attempts) == (state, 5)


def test_retry_job_is_the_administrators(organizer: Context) -> None:
    job = _add_job(organizer)

    with pytest.raises(Forbidden):
        retry_job(organizer, job.id)

    assert job.state is JobState.DEAD


def test_request_matching_queues_one_ranking_however_often_it_is_asked_for(admin: Context) -> None:
    request_matching(admin)
    admin.flush()
    request_matching(admin)
    admin.commit()

    assert [job.name for job in admin.session.scalars(select(Job))] == ["refresh_matches"]


def test_request_matching_is_refused_to_those_who_only_read(leader: Context) -> None:
    with pytest.raises(Forbidden):
        request_matching(leader)

    assert leader.session.scalars(select(Job)).all() == []
