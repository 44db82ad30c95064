"""Every column of text stands in the registry of personal data, or on the list of those that hold none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, String, Table, TypeDecorator

from models import Base
from service.config import Settings
from service.personal_data.registry import ERASURES, fields, fields_in_force, free_of_personal_data, titles
from tests.house.personal_data import DOCUMENT, written
from tests.parts import SECRET


def _holds_text(column: Column[Any]) -> bool:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, String | JSON | LargeBinary) and not isinstance(kind, Enum)


def _unlisted(metadata: MetaData) -> set[tuple[str, str]]:
    there = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if _holds_text(column)
    }
    return there - {(one.table, one.column) for one in fields()} - set(free_of_personal_data())


def test_every_column_of_text_is_listed_once_and_every_listed_column_is_there() -> None:
    personal = [(one.table, one.column) for one in fields()]
    known = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}

    assert _unlisted(Base.metadata) == set()
    assert len(personal) == len(set(personal)) > 80
    assert set(personal) & set(free_of_personal_data()) == set()
    assert (set(personal) | set(free_of_personal_data())) - known == set()


def test_a_new_column_is_missed() -> None:
    metadata = MetaData()
    Table("accounts", metadata, Column("email", String(200)), Column("nickname", String(50)))

    assert _unlisted(metadata) == {("accounts", "nickname")}


@pytest.mark.parametrize("field", fields(), ids=lambda one: f"{one.table}.{one.column}")
def test_a_field_says_what_for_on_what_basis_how_long_and_who_sees_it(field: Any) -> None:
    said = (field.label, field.purpose, field.term, field.at_end, field.seen_by)

    assert all(len(one) >= 2 for one in said), field
    assert field.basis in ("同意", "合同", "法定职责")
    assert field.erase in ERASURES
    assert field.erase != "keep" or field.at_end.startswith("留存：")
    assert field.record == titles()[field.table]


def test_the_notice_shows_this_installation_s_own_terms() -> None:
    shown = fields_in_force(Settings(secret_key=SECRET, contact_days=365, sign_in_log_days=200))

    assert [one.term for one in shown if "WOSHOU_" in one.term] == []
    terms = {(one.table, one.column): one.term for one in shown}
    assert terms["needs", "contact_phone"] == "需求结束后 365 天"
    assert terms["sign_in_failures", "address"] == "200 天"


def test_the_document_says_what_the_registry_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == written(), "python -m tests.house.personal_data writes it anew"


def test_what_holds_none_says_why() -> None:
    assert [where for where, because in free_of_personal_data().items() if len(because) < 3] == []
