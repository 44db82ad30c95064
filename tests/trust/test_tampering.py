"""Whoever touches the audit log is found out: a thousand changes at random, and an older copy put back."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from models import AuditEntry
from service.chain import GENESIS, Verdict, digest_of, drop_anchor, seal_chain, verify_chain
from service.config import Settings
from service.context import Context
from tests.factories import add_need
from tests.parts import ONLY_POSTGRESQL, ONLY_SQLITE

ENTRIES = 24
TAMPERINGS = 1000
COLUMNS = (
    "at", "actor_id", "actor_name", "action", "record_type", "record_id", "details", "form", "address", "outcome",
    "previous_digest", "digest",
)  # fmt: skip


def _written(ctx: Context) -> None:
    ctx.address = "192.0.2.10"
    for number in range(ENTRIES):
        ctx.audit("edit", add_need(ctx), changed=["title", f"第 {number} 次"], ratio=number / 7)
        if number % 5 == 0:
            ctx.commit()
    ctx.commit()


@pytest.fixture
def book(organizer: Context, settings: Settings, tmp_path: Path) -> tuple[Path, Settings]:
    """An embedded database with a chain and an anchor, the guards gone: what somebody with the file has."""
    _written(organizer)
    drop_anchor(organizer.session, settings, organizer.now)
    organizer.session.close()
    path = tmp_path / "taken.db"
    with sqlite3.connect(settings.data_dir / "woshou.db") as source, sqlite3.connect(path) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # everything in the one file
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f"DROP TRIGGER {name}")
        copy.execute("PRAGMA foreign_keys = OFF")
    return path, settings


def _verdict(path: Path, settings: Settings) -> Verdict:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with Session(engine) as session:
        found = verify_chain(session, settings)
    engine.dispose()
    return found


def _changed(value: Any, chance: random.Random) -> Any:
    """Another value, as little different as can be."""
    if value is None:
        return chance.randrange(1, 99)
    if isinstance(value, int):
        return value + chance.choice((-1, 1))
    at = chance.randrange(len(value)) if value else 0
    other = chance.choice([c for c in "0123456789abcdefxyz" if not value or c != value[at]])
    return value[:at] + other + value[at + 1 :]


def _edit(db: sqlite3.Connection, ids: list[int], chance: random.Random) -> str:
    column, number = chance.choice(COLUMNS), chance.choice(ids)
    (value,) = db.execute(f"SELECT {column} FROM audit_entries WHERE id = ?", (number,)).fetchone()
    if column == "details":
        told = json.loads(value)
        key = chance.choice(list(told) or ["new"])
        told[key] = _changed(str(told.get(key, "")), chance)
        value = json.dumps(told, ensure_ascii=False)
    elif column == "at":
        microsecond = int(value[-6:] if "." in value else 0)
        value = f"{value[:19]}.{(microsecond + 1) % 10**6:06d}"
    elif column == "outcome":
        value = "REFUSED" if value == "DONE" else "DONE"
    elif column == "form":
        value = 1
    else:
        value = _changed(value, chance)
    db.execute(f"UPDATE audit_entries SET {column} = ? WHERE id = ?", (value, number))
    return f"edit {column}"


def _delete(db: sqlite3.Connection, ids: list[int], chance: random.Random) -> str:
    some = chance.sample(ids, chance.randrange(1, 4))
    db.execute(f"DELETE FROM audit_entries WHERE id IN ({', '.join(map(str, some))})")
    return "delete"


def _truncate(db: sqlite3.Connection, ids: list[int], chance: random.Random) -> str:
    """Cut the end off, and half the time set the head back to what it would have been."""
    cut = chance.choice(ids)
    db.execute("DELETE FROM audit_entries WHERE id >= ?", (cut,))
    if chance.random() < 0.5:
        row = db.execute("SELECT id, digest FROM audit_entries ORDER BY id DESC LIMIT 1").fetchone() or (0, GENESIS)
        (count,) = db.execute("SELECT count(*) FROM audit_entries").fetchone()
        db.execute("UPDATE audit_heads SET entries = ?, last_entry_id = ?, digest = ?", (count, *row))
        if chance.random() < 0.3:
            db.execute("DELETE FROM audit_heads")
    return "truncate"


def _swap(db: sqlite3.Connection, ids: list[int], chance: random.Random) -> str:
    left, right = chance.sample(ids, 2)
    for before, after in ((left, -1), (right, left), (-1, right)):
        db.execute("UPDATE audit_entries SET id = ? WHERE id = ?", (after, before))
    return "swap"


def _forge(db: sqlite3.Connection, ids: list[int], chance: random.Random, path: Path) -> str:
    """Change an entry and recompute every digest after it, as somebody who has read the program would."""
    start = chance.choice(ids)
    db.execute("UPDATE audit_entries SET action = 'nothing' WHERE id = ?", (start,))
    db.commit()
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with Session(engine) as session:
        last = GENESIS
        for entry in session.query(AuditEntry).order_by(AuditEntry.id):
            entry.previous_digest = last
            entry.digest = last = digest_of(entry)
            session.flush()
        session.commit()
    engine.dispose()
    if chance.random() < 0.5:
        db.execute("UPDATE audit_heads SET digest = ?", (last,))
    return "forge"


@ONLY_SQLITE
def test_a_thousand_tamperings_are_a_thousand_found(book: tuple[Path, Settings], tmp_path: Path) -> None:
    path, settings = book
    assert _verdict(path, settings).holds
    chance = random.Random(20261127)
    kinds: dict[str, int] = {}
    missed: list[str] = []

    for number in range(TAMPERINGS):
        touched = tmp_path / "touched.db"
        shutil.copyfile(path, touched)
        db = sqlite3.connect(touched)
        ids = [row[0] for row in db.execute("SELECT id FROM audit_entries ORDER BY id")]
        how: Callable[..., str] = chance.choices((_edit, _delete, _truncate, _swap, _forge), (60, 15, 15, 5, 5))[0]
        done = how(db, ids, chance, touched) if how is _forge else how(db, ids, chance)
        db.commit()
        db.close()
        kinds[done] = kinds.get(done, 0) + 1
        if _verdict(touched, settings).holds:
            missed.append(f"{number}: {done}")

    print(f"tamperings: {TAMPERINGS}, found: {TAMPERINGS - len(missed)}; {kinds}")
    assert missed == []
    assert len(kinds) >= len(COLUMNS)


@ONLY_SQLITE
def test_an_older_copy_put_back_is_found_by_the_anchor(organizer: Context, settings: Settings, tmp_path: Path) -> None:
    _written(organizer)
    database = settings.data_dir / "woshou.db"
    older = tmp_path / "older.db"
    with sqlite3.connect(database) as source, sqlite3.connect(older) as copy:
        source.backup(copy)
    organizer.audit("edit", add_need(organizer))
    organizer.commit()
    drop_anchor(organizer.session, settings, organizer.now)
    organizer.session.close()

    now, then = _verdict(database, settings), _verdict(older, settings)

    assert now.holds
    assert "锚点" in then.fault


@ONLY_POSTGRESQL
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET address = '203.0.113.1' WHERE id = (SELECT min(id) FROM audit_entries)",
        "UPDATE audit_entries SET details = jsonb_set(details, '{ratio}', '9')",
        "DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries)",
        "DELETE FROM audit_entries",
        "UPDATE audit_heads SET seal = repeat('0', 64)",
    ],
)  # fmt: skip
def test_tampering_is_found_on_postgresql(organizer: Context, settings: Settings, statement: str) -> None:
    _written(organizer)
    session = organizer.session
    assert verify_chain(session, settings).holds
    session.execute(text("SET session_replication_role = replica"))

    session.execute(text(statement))
    session.expire_all()

    assert not verify_chain(session, settings).holds
    session.rollback()
    session.execute(text("SET session_replication_role = DEFAULT"))


def test_the_head_cannot_go_back(organizer: Context) -> None:
    _written(organizer)

    for statement in ("UPDATE audit_heads SET entries = entries - 1", "DELETE FROM audit_heads"):
        with pytest.raises(Exception, match="only grows"):
            organizer.session.execute(text(statement))
        organizer.session.rollback()


def test_a_chain_from_before_there_were_heads_is_sealed_once(organizer: Context, settings: Settings) -> None:
    seal_chain(organizer.session, settings)
    assert verify_chain(organizer.session, settings).entries == 0
    _written(organizer)
    seal_chain(organizer.session, settings)

    assert verify_chain(organizer.session, settings).holds


@ONLY_SQLITE
def test_the_command_exits_with_one_when_the_log_was_touched(organizer: Context, settings: Settings) -> None:
    _written(organizer)
    organizer.session.close()
    environment = {
        "WOSHOU_DATA_DIR": str(settings.data_dir),
        "WOSHOU_SECRET_KEY": settings.secret_key,
        "PATH": "/usr/bin:/bin",
    }
    asked = [sys.executable, "-c", "from service.cli import main; main()", "verify", "--json"]

    before = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    with sqlite3.connect(settings.data_dir / "woshou.db") as db:
        db.execute("DROP TRIGGER audit_entries_refuse_update")
        db.execute("UPDATE audit_entries SET action = 'nothing' WHERE id = 3")
    after = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)

    assert (before.returncode, json.loads(before.stdout)["holds"]) == (0, True), before.stderr
    assert (after.returncode, json.loads(after.stdout)["broken_at"]) == (1, 3)
