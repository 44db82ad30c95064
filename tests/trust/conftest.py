"""Browsers and programs, as the tests of the doors have them, and the service standing on a whole world."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, text

from service.config import Settings
from tests.doors.conftest import app_client, bearer, browse
from tests.parts import SECRET
from tests.trust.standing import Standing, standing_on

__all__ = ["app_client", "bearer", "browse"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """One service for all tests of a module, which must leave the world as they found it.

    On PostgreSQL with fewer variants: what it must show is that the same conditions hold there.
    """
    folder = tmp_path_factory.mktemp("standing")
    whole = request.param == "sqlite"
    with pytest.MonkeyPatch.context() as patch:
        if whole:
            template: Path = request.getfixturevalue("sqlite_template")
            shutil.copyfile(template, folder / "woshou.db")
            url = f"sqlite:///{folder / 'woshou.db'}"
        else:
            server: Connection = request.getfixturevalue("postgres_server")
            kept: URL = request.getfixturevalue("postgres_template")
            copy = kept.set(database=f"{kept.database}_trust")
            server.execute(text(f"CREATE DATABASE {copy.database} TEMPLATE {kept.database}"))
            url = copy.render_as_string(hide_password=False)
        settings = Settings(data_dir=folder, database_url=url, worker=False, secret_key=SECRET)
        with standing_on(settings, whole=whole, patch=patch) as opened:
            yield opened
        if not whole:
            server.execute(text(f"DROP DATABASE {copy.database} WITH (FORCE)"))
