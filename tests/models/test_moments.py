"""Moments keep their instant on both databases; a moment without a time zone is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import StatementError

from models import Job
from models.lifecycle import StateChange
from tests.factories import NOW

ZONES = st.integers(min_value=-12 * 60, max_value=14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(moment=st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=ZONES))  # noqa: DTZ001 - bounds are naive by contract
def test_a_moment_comes_back_as_the_same_instant_in_utc(engine: Engine, moment: datetime) -> None:
    columns = {"name": "rank", "payload": {}, "attempts": 0, "last_error": "", "created_at": NOW, "run_at": moment}
    with engine.begin() as connection:
        number = connection.execute(insert(Job).values(**columns)).inserted_primary_key[0]
        read = connection.scalar(select(Job.run_at).where(Job.id == number))

        assert read == moment
        assert read.tzinfo is UTC
        assert connection.scalar(select(Job.id).where(Job.id == number, Job.run_at == moment.astimezone(UTC))) == number


def test_no_moment_comes_back_as_none(engine: Engine) -> None:
    columns = {"name": "rank", "payload": {}, "attempts": 0, "last_error": "", "created_at": NOW, "run_at": NOW}
    with engine.begin() as connection:
        connection.execute(insert(Job).values(**columns))

        assert connection.execute(select(Job.lease_until)).one() == (None,)


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    naive = NOW.replace(tzinfo=None)
    with engine.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(select(StateChange.id).where(StateChange.at == naive))
