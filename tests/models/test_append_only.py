"""The books are written once: neither the service nor anyone at the database's own prompt changes a line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from models import Base, ProjectState
from service.context import Context
from tests.factories import add_entry, add_project
from tests.models.everything import write_everything
from tests.parts import ONLY_POSTGRESQL, ONLY_SQLITE

BOOKS = ("investment_entries", "state_changes", "audit_entries")


@pytest.fixture
def books(ctx: Context, engine: Engine) -> Iterator[Connection]:
    write_everything(ctx)
    ctx.session.close()
    with engine.begin() as connection:
        yield connection


def _refused(connection: Connection, statement: str) -> str:
    with pytest.raises(DBAPIError) as refusal, connection.begin_nested():
        connection.execute(text(statement))
    return str(refusal.value.orig)


@pytest.mark.parametrize("table", BOOKS)
def test_a_line_is_neither_changed_nor_removed(books: Connection, table: str) -> None:
    before = books.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
    assert before

    for column in Base.metadata.tables[table].columns:
        statement = f"UPDATE {table} SET {column.name} = {column.name}"
        assert f"{table} is append-only" in _refused(books, statement)
    assert f"{table} is append-only" in _refused(books, f"DELETE FROM {table}")

    assert books.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before


@ONLY_SQLITE
@pytest.mark.parametrize("table", BOOKS)
def test_a_line_is_not_replaced(books: Connection, table: str) -> None:
    said = _refused(books, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    assert f"{table} is append-only" in said


@ONLY_SQLITE
@pytest.mark.parametrize(("table", "key"), [("audit_entries", "digest"), ("investment_entries", "reverses_id")])
def test_a_line_is_not_replaced_by_way_of_another_key(books: Connection, table: str, key: str) -> None:
    columns = ", ".join(name for name in Base.metadata.tables[table].columns.keys() if name != "id")  # noqa: SIM118
    statement = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {key} IS NOT NULL"

    assert f"{table} is append-only" in _refused(books, statement)


@ONLY_POSTGRESQL
@pytest.mark.parametrize("table", BOOKS)
def test_a_book_is_not_emptied_at_once(books: Connection, table: str) -> None:
    assert f"{table} is append-only" in _refused(books, f"TRUNCATE {table} CASCADE")


def test_demo_lines_may_be_removed_but_not_changed(ctx: Context, engine: Engine) -> None:
    project = add_project(ctx, is_demo=True)
    add_entry(ctx, project=project)
    project.termination_reason = "示例结束"
    ctx.log(project.move_to(ProjectState.TERMINATED, "示例结束"))
    add_entry(ctx)
    ctx.commit()
    ctx.session.close()

    with engine.begin() as connection:
        for table in ("investment_entries", "state_changes"):
            assert "append-only" in _refused(connection, f"UPDATE {table} SET is_demo = NOT is_demo")
            connection.execute(text(f"DELETE FROM {table} WHERE is_demo"))
            demo = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE is_demo"))
            assert demo == 0
        assert connection.scalar(text("SELECT count(*) FROM investment_entries")) == 1


HIDING = (("state_changes", "reason", "to_state"), ("investment_entries", "note", "amount_fen"))


@pytest.mark.parametrize(("table", "words", "other"), HIDING)
def test_an_erased_person_is_hidden_in_words_and_nothing_else_changes(
    books: Connection, table: str, words: str, other: str
) -> None:
    hidden = "材料由〔已注销用户-7〕补齐"
    changed = f"{other} * 2" if other == "amount_fen" else "'CLOSED'"
    columns = ", ".join(name for name in Base.metadata.tables[table].columns.keys() if name != words)  # noqa: SIM118
    before = books.execute(text(f"SELECT {columns} FROM {table} ORDER BY id")).all()

    assert "append-only" in _refused(books, f"UPDATE {table} SET {words} = '换个说法'")
    assert "append-only" in _refused(books, f"UPDATE {table} SET {words} = '{hidden}', {other} = {changed}")
    books.execute(text(f"UPDATE {table} SET {words} = :hidden"), {"hidden": hidden})

    assert set(books.scalars(text(f"SELECT {words} FROM {table}"))) == {hidden}
    assert books.execute(text(f"SELECT {columns} FROM {table} ORDER BY id")).all() == before
