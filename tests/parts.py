"""The outside parts some tests need; a missing one skips the test, or fails it where CI=true."""

from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

SECRET = "only-for-tests-" * 3
"""The secret of every installation that tests open in their own process."""
POSTGRES_URL = os.environ.get("WOSHOU_TEST_POSTGRES", "postgresql+psycopg://127.0.0.1:5432/postgres")
CHROMIUM = os.environ.get("WOSHOU_TEST_CHROMIUM", "/usr/bin/chromium")

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test whose subject does not depend on the database."""
ONLY_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""For a test of what only PostgreSQL does, such as FOR UPDATE SKIP LOCKED."""


@functools.cache
def has_postgresql() -> bool:
    """Whether the server answers."""
    address = make_url(POSTGRES_URL).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def has_chromium() -> bool:
    """Whether there is a browser to drive."""
    return Path(CHROMIUM).is_file()


def has_soffice() -> bool:
    """Whether LibreOffice can turn documents into PDF."""
    return shutil.which("soffice") is not None


PARTS = {
    "postgresql": (has_postgresql, f"no PostgreSQL answers at {POSTGRES_URL}", "apt-get install postgresql"),
    "chromium": (has_chromium, f"no browser at {CHROMIUM}", "apt-get install chromium fonts-noto-cjk"),
    "soffice": (
        has_soffice,
        "no soffice on PATH",
        "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui",
    ),
}


def need_part(name: str) -> None:
    """Skip the running test when the part is missing; fail it instead where CI=true."""
    present, missing, how = PARTS[name]
    if present():
        return
    line = f"{missing}; get it with: {how} (.ci/run installs every part)"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(line, pytrace=False)
    pytest.skip(line)
