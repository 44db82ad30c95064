"""A database with the seeds loaded, and a way to compare two moments of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base
from service.config import Settings
from service.context import SYSTEM, Context
from service.database import open_engine
from service.policy import demand
from service.resources import SEEDS
from service.seeding import load_demo, load_seeds
from tests.conftest import OpenContext

LATER = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)
"""When the 示例 story has been told to its end."""


@pytest.fixture
def empty(open_ctx: OpenContext) -> Context:
    """The system's context on a database without a row."""
    return open_ctx(now=LATER)


@pytest.fixture
def seeded(empty: Context) -> Context:
    """The same after the seeds were loaded and committed."""
    load_seeds(empty)
    empty.commit()
    return empty


def _loaded(template: Path, folder: Path, *, demo: bool) -> Iterator[Context]:
    shutil.copyfile(template, folder / "woshou.db")
    engine = open_engine(f"sqlite:///{folder / 'woshou.db'}")
    with Session(engine) as session:
        ctx = Context(session=session, now=LATER, actor=SYSTEM, settings=Settings(data_dir=folder), demands=demand)
        load_seeds(ctx)
        if demo:
            load_demo(ctx)
        ctx.commit()
        yield ctx
    engine.dispose()


@pytest.fixture(scope="session")
def facts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The seeds in an embedded database that tests share: to be read only."""
    yield from _loaded(sqlite_template, tmp_path_factory.mktemp("facts"), demo=False)


@pytest.fixture(scope="session")
def shown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The seeds and the 示例 set in an embedded database that tests share: to be read only."""
    yield from _loaded(sqlite_template, tmp_path_factory.mktemp("shown"), demo=True)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the seed files that a test may edit."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first ``old`` in a seed file, which must hold it."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def everything(ctx: Context, *, but: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in an order of their own, without the tables named in ``but``."""
    ctx.flush()
    return {
        table.name: sorted((tuple(row) for row in ctx.session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }
