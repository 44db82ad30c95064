"""Fixtures every test may use: a migrated database of its own, and contexts of people who act in it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from models import OrganizationKind, Role
from models.migrations.commands import upgrade
from models.sealed import KEY_RING
from service.app import create_app
from service.config import Settings
from service.context import ANONYMOUS, SYSTEM, Actor, Context
from service.database import open_engine
from service.keys import key_of
from service.policy import demand
from tests.factories import NOW, actor_for, add_account, add_organization, add_regions
from tests.parts import POSTGRES_URL, SECRET, need_part

OpenContext = Callable[..., Context]

hypothesis_settings.register_profile("woshou", deadline=None, derandomize=True, database=None, max_examples=60)
hypothesis_settings.load_profile("woshou")


def pytest_configure() -> None:
    """No setting of the shell that started the tests reaches them; sealed columns open with the tests' own key."""
    for name in [name for name in os.environ if name.startswith("WOSHOU_") and not name.startswith("WOSHOU_TEST_")]:
        del os.environ[name]
    KEY_RING.use(key_of(Settings(secret_key=SECRET), "columns"))


@pytest.fixture(autouse=True)
def own_key() -> None:
    """The tests' own key is at hand again, whatever a command run in this process has laid there before."""
    KEY_RING.use(key_of(Settings(secret_key=SECRET), "columns"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated embedded database that tests copy."""
    path = tmp_path_factory.mktemp("template") / "woshou.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Connection]:
    """A connection that may create and drop databases; each statement stands on its own."""
    need_part("postgresql")
    engine = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        _drop_left_overs(connection)
        yield connection
    engine.dispose()


def _drop_left_overs(server: Connection) -> None:
    """Drop databases of test processes of this machine that were killed before they could."""
    if server.engine.url.host not in ("127.0.0.1", "localhost"):
        return
    for name in server.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'woshou\\_test\\_%'")).all():
        owner = re.fullmatch(r"woshou_test_[a-z0-9]+_([0-9]+)(?:_copy)?", name)
        if owner is not None and not Path("/proc", owner[1]).exists():
            server.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Connection) -> Iterator[URL]:
    """A migrated database that tests copy; one for each process that runs tests."""
    name = f"woshou_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    url = make_url(POSTGRES_URL).set(database=name)
    postgres_server.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    yield url
    postgres_server.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an embedded database of this test's own, migrated and empty."""
    path = tmp_path / "data" / "woshou.db"
    path.parent.mkdir()
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: Connection, postgres_template: URL) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own, migrated and empty."""
    url = postgres_template.set(database=f"{postgres_template.database}_copy")
    postgres_server.execute(text(f"CREATE DATABASE {url.database} TEMPLATE {postgres_template.database}"))
    yield url.render_as_string(hide_password=False)
    postgres_server.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database of this test's own; each test runs on both kinds.

    ``tests.parts.ONLY_SQLITE`` and ``ONLY_POSTGRESQL`` keep a test to one of them.
    """
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The service's own engine on this test's database."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation on this test's database."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url, worker=False, secret_key=SECRET)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Where the service answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def open_ctx(engine: Engine, settings: Settings) -> Iterator[OpenContext]:
    """``open_ctx(actor=SYSTEM, now=NOW, own_session=False)`` opens a context on this test's database.

    Contexts share one session, so that rows one actor wrote are at once there for the next; ``own_session=True``
    gives a context a transaction of its own, as another request would have. An embedded database has one writer:
    commit the shared session before a second one begins.
    """
    shared = Session(engine)
    opened = [shared]

    def open_one(actor: Actor = SYSTEM, now: datetime = NOW, *, own_session: bool = False) -> Context:
        session = shared
        if own_session:
            session = Session(engine)
            opened.append(session)
        return Context(session=session, now=now, actor=actor, settings=settings, demands=demand)

    yield open_one
    for session in opened:
        session.close()


@pytest.fixture
def ctx(open_ctx: OpenContext) -> Context:
    """The system's own context; the minimal regions are there."""
    system = open_ctx()
    add_regions(system)
    return system


def _somebody(ctx: Context, open_ctx: OpenContext, role: Role, kind: OrganizationKind, name: str) -> Context:
    organization = add_organization(ctx, kind=kind, name=name)
    scope = "150600" if role is Role.ORGANIZER else None
    return open_ctx(actor_for(ctx, add_account(ctx, role, organization=organization, region_code=scope)))


@pytest.fixture
def organizer(ctx: Context, open_ctx: OpenContext) -> Context:
    """An organizer of region 150600."""
    return _somebody(ctx, open_ctx, Role.ORGANIZER, OrganizationKind.AGENCY, "鄂尔多斯市科学技术局")


@pytest.fixture
def enterprise(ctx: Context, open_ctx: OpenContext) -> Context:
    """Someone who posts needs."""
    return _somebody(ctx, open_ctx, Role.ENTERPRISE, OrganizationKind.ENTERPRISE, "北疆制氢装备有限公司")


@pytest.fixture
def institute(ctx: Context, open_ctx: OpenContext) -> Context:
    """Someone who posts achievements."""
    return _somebody(ctx, open_ctx, Role.INSTITUTE, OrganizationKind.INSTITUTE, "高原能源技术研究院")


@pytest.fixture
def broker(ctx: Context, open_ctx: OpenContext) -> Context:
    """A technology broker."""
    return _somebody(ctx, open_ctx, Role.BROKER, OrganizationKind.BROKERAGE, "河套技术转移中心")


@pytest.fixture
def leader(ctx: Context, open_ctx: OpenContext) -> Context:
    """Someone who reads figures and reports."""
    return _somebody(ctx, open_ctx, Role.LEADER, OrganizationKind.AGENCY, "鄂尔多斯市人民政府办公室")


@pytest.fixture
def admin(ctx: Context, open_ctx: OpenContext) -> Context:
    """The administrator of the installation."""
    return _somebody(ctx, open_ctx, Role.ADMIN, OrganizationKind.AGENCY, "市科技信息中心")


@pytest.fixture
def auditor(ctx: Context, open_ctx: OpenContext) -> Context:
    """Someone who reads the audit log."""
    return _somebody(ctx, open_ctx, Role.AUDITOR, OrganizationKind.AGENCY, "市科技局机关纪委")


@pytest.fixture
def anonymous(ctx: Context, open_ctx: OpenContext) -> Context:
    """A visitor who has not signed in; depends on ``ctx`` so that the regions are there."""
    assert ctx.session is not None
    return open_ctx(ANONYMOUS)
