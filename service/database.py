"""The engine: SQLite as a careful ledger keeper would have it, or PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

READ_ONLY = {"woshou_reads": True}
BUSY_MILLISECONDS = 15_000
"""How long a writer of an embedded database waits for the one before."""


def open_engine(url: str) -> Engine:
    """An engine for ``url``; creates the folder of an embedded database.

    SQLite runs in WAL mode with synchronous=FULL and foreign keys on, and overwrites what is deleted. Its transactions
    begin IMMEDIATE, so that a writer never fails half-way for want of the lock; those of
    ``engine.execution_options(**READ_ONLY)`` begin deferred and do not wait for writers.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, json_serializer=_as_written)
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False}, json_serializer=_as_written)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def brief_write(engine: Engine, statement: Executable) -> bool:
    """Write down something small beside a request that reads, such as when somebody was last seen.

    It gives up rather than wait for other writers, and never fails the request; False when it gave up.
    """
    with engine.execution_options(**READ_ONLY).connect() as connection:
        embedded = engine.dialect.name == "sqlite"
        try:
            if embedded:
                connection.exec_driver_sql("PRAGMA busy_timeout=50")
            else:
                connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
        finally:
            if embedded:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
                connection.rollback()
    return True


def empty_the_log(engine: Engine) -> None:
    """Write an embedded database's log back into its file and cut it to nothing, so that no old page stays in it.

    Raises OperationalError while somebody still reads an earlier state; it may be tried again.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    finally:
        raw.close()
    if busy:
        raise OperationalError("PRAGMA wal_checkpoint(TRUNCATE)", None, RuntimeError("the log is still being read"))


def _as_written(value: Any) -> str:
    """JSON with Chinese as it is written, so that a search finds it."""
    return json.dumps(value, ensure_ascii=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("woshou_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
