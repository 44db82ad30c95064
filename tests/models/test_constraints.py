"""What a record may not be is refused by the database itself, whoever writes to it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, Engine, Enum, Table, inspect, text
from sqlalchemy.exc import IntegrityError

from models import Base
from service.context import Context
from tests.models.everything import write_everything

APPEND_ONLY = {"investment_entries", "state_changes", "audit_entries"}

# table, where, the wrong values, the constraint that refuses them
CHECKS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("organizations", "", {"name": "   "}, "name_given"),
    ("organizations", "", {"uscc": "9115060012345678"}, "uscc_form"),
    ("organizations", "", {"uscc": "91150600ma0abcdexy"}, "uscc_form"),
    ("accounts", "", {"email": "Zhang@Example.cn"}, "email_lower"),
    ("accounts", "", {"password_hash": ""}, "password_set"),
    ("needs", "", {"title": "  "}, "title_given"),
    ("needs", "", {"budget_fen": -1}, "budget_not_negative"),
    ("needs", "", {"wanted_trl": 0}, "wanted_trl_range"),
    ("needs", "", {"wanted_trl": 10}, "wanted_trl_range"),
    ("catalogue_states", "", {"id": 2}, "one_row"),
    ("search_states", "", {"id": 2}, "one_row"),
    ("achievements", "", {"title": ""}, "title_given"),
    ("achievements", "", {"trl": 10}, "trl_range"),
    ("achievements", "", {"trl": 0}, "trl_range"),
    ("achievements", "", {"price_fen": -1}, "price_not_negative"),
    ("matches", "", {"score": 10_001}, "score_range"),
    ("matches", "", {"score": -1}, "score_range"),
    ("matches", "", {"state": "DISMISSED"}, "dismissal_has_reason"),
    ("matches", "", {"state": "DISMISSED", "dismissal_reason": "PRICE"}, "dismissal_has_reason"),
    ("matches", "", {"state": "DISMISSED", "dismissed_by": "NEED"}, "dismissal_has_reason"),
    ("handshake_events", "", {"title": " "}, "title_given"),
    ("handshake_events", "", {"slots": 0}, "slots_range"),
    ("handshake_events", "", {"slots": 49}, "slots_range"),
    ("handshake_events", "", {"tables": 0}, "tables_range"),
    ("handshake_events", "", {"tables": 501}, "tables_range"),
    ("handshake_events", "", {"slot_minutes": 4}, "slot_minutes_range"),
    ("handshake_events", "", {"break_minutes": -1}, "break_minutes_range"),
    ("handshake_events", "", {"minimum_talks": -1}, "minimum_talks_range"),
    ("handshake_events", "", {"maximum_talks": 0}, "maximum_talks_range"),
    ("handshake_events", "", {"score_weight": 1001}, "score_weight_range"),
    ("handshake_events", "", {"wanted_weight": -1}, "wanted_weight_range"),
    ("attendees", "", {"minimum_talks": 49}, "minimum_talks_range"),
    ("attendees", "", {"maximum_talks": -1}, "maximum_talks_range"),
    ("attendees", "", {"satisfaction": 6}, "satisfaction_range"),
    ("attendee_topics", "", {"need_id": None}, "one_topic"),
    ("event_tables", "", {"number": 0}, "number_range"),
    ("event_tables", "", {"chairs": 1}, "chairs_range"),
    ("meeting_opinions", "", {"fit": 5}, "fit_range"),
    ("meeting_opinions", "", {"satisfaction": 0}, "satisfaction_range"),
    ("follow_ups", "", {"state": "DONE"}, "done_has_time"),
    ("invitations", "", {"seats": 0}, "seats_range"),
    ("invitations", "", {"seats": 51}, "seats_range"),
    ("meetings", "state = 'CONFIRMED'", {"slot": -1}, "slot_range"),
    ("meetings", "state = 'CONFIRMED'", {"table_number": 0}, "table_range"),
    ("meetings", "state = 'CONFIRMED'", {"outcome": "INTENT"}, "outcome_when_held"),
    ("meetings", "state = 'HELD'", {"outcome": None}, "outcome_when_held"),
    ("meetings", "state = 'CONFIRMED'", {"held_at": "2025-06-15 02:00:00"}, "time_when_held"),
    ("meetings", "state = 'HELD'", {"held_at": None}, "time_when_held"),
    ("projects", "", {"title": ""}, "title_given"),
    ("projects", "", {"meeting_id": None, "direct_reason": " "}, "origin_given"),
    ("projects", "", {"starts_on": "2025-05-02", "ends_on": "2025-05-01"}, "dates_in_order"),
    ("projects", "", {"trl_start": 10}, "trl_start_range"),
    ("projects", "", {"trl_now": 0}, "trl_now_range"),
    ("projects", "", {"state": "TERMINATED", "termination_reason": " "}, "end_has_reason"),
    ("projects", "", {"contracted_on": None}, "contracted_has_date"),
    ("contracts", "", {"title": " "}, "title_given"),
    ("contracts", "", {"amount_fen": 0, "technology_amount_fen": 0}, "amount_positive"),
    ("contracts", "", {"technology_amount_fen": 200_000_001}, "technology_part"),
    ("contracts", "", {"technology_amount_fen": -1}, "technology_part"),
    ("contracts", "", {"valid_from": "2025-05-02", "valid_to": "2025-05-01"}, "dates_in_order"),
    ("contracts", "", {"registration_number": "2025150600"}, "registration_length"),
    ("investment_entries", "reverses_id IS NULL", {"amount_fen": -1}, "sign_follows_reversal"),
    ("investment_entries", "reverses_id IS NULL", {"amount_fen": 0}, "sign_follows_reversal"),
    ("investment_entries", "reverses_id IS NOT NULL", {"amount_fen": 1}, "sign_follows_reversal"),
    ("investment_entries", "reverses_id IS NULL", {"evidence": "  "}, "evidence_given"),
    ("attachments", "", {"size": -1}, "size_known"),
    ("audit_heads", "", {"id": 2}, "one_row"),
    ("blacklist_entries", "", {"reason": " "}, "reason_given"),
    ("blacklist_entries", "", {"starts_on": "2025-05-02", "ends_on": "2025-05-01"}, "term_in_order"),
)
CHECKED_WITH_THE_ROW = {
    "ck_contracts_two_parties",
    "ck_organization_ties_two_organizations",
    "ck_blacklist_entries_two_organizations",
}
"""Checks between two columns of one row, tested by a test of their own below."""

# table, the columns that may not be the same in two rows, and what tells the rows apart otherwise
UNIQUE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("accounts", ("email",)),
    ("accounts", ("oidc_issuer", "oidc_subject")),
    ("account_invitations", ("token_digest",)),
    ("api_tokens", ("handle",)),
    ("idempotent_requests", ("owner", "key")),
    ("introductions", ("match_id",)),
    ("known_devices", ("token_digest",)),
    ("organization_ties", ("organization_id", "other_id", "kind", "person_name")),
    ("privacy_notices", ("number",)),
    ("sensitive_words", ("seed_key",)),
    ("sensitive_words", ("word",)),
    ("sign_in_sessions", ("handle",)),
    ("organizations", ("uscc",)),
    ("organizations", ("seed_key",)),
    ("needs", ("seed_key",)),
    ("achievements", ("seed_key",)),
    ("categories", ("path",)),
    ("categories", ("scheme", "code")),
    ("citations", ("record_type", "record_id", "origin_key")),
    ("contracts", ("registration_number",)),
    ("indicators", ("seed_key",)),
    ("investment_entries", ("reverses_id",)),
    ("invitations", ("handshake_event_id", "organization_id")),
    ("attendees", ("link_digest",)),
    ("attendee_topics", ("attendee_id", "need_id")),
    ("attendee_topics", ("attendee_id", "achievement_id")),
    ("wishes", ("invitation_id", "match_id")),
    ("door_marks", ("key",)),
    ("event_tables", ("handshake_event_id", "number")),
    ("meeting_opinions", ("meeting_id", "side")),
    ("follow_ups", ("meeting_id", "kind")),
    ("jobs", ("unique_key",)),
    ("key_technologies", ("seed_key",)),
    ("matches", ("need_id", "achievement_id")),
    ("meetings", ("handshake_event_id", "slot", "table_number")),
    ("meetings", ("handshake_event_id", "match_id")),
    ("programmes", ("seed_key",)),
    ("project_parties", ("project_id", "organization_id", "role")),
    ("projects", ("meeting_id",)),
    ("ranking_weights", ("state",)),
    ("synonyms", ("seed_key",)),
    ("audit_entries", ("digest",)),
    ("audit_entries", ("previous_digest",)),
)
STANDS_IN = {
    "seed_key": "'X1'",
    "registration_number": "'2025150600000001'",
    "uscc": "'91150600MA0N000001'",
    "oidc_issuer": "'https://id.example.cn'",
    "oidc_subject": "'subject'",
    "link_digest": "'link'",
}
"""A value for unique columns that are empty in the row a test begins with."""


def _attempt(connection: Connection, statement: str, values: dict[str, Any]) -> str:
    """What the database said when it refused; empty when it did not refuse."""
    try:
        with connection.begin_nested():
            connection.execute(text(statement), values)
    except IntegrityError as error:
        return str(error.orig)
    return ""


def _copy_statement(table: Table, where: str, changed: dict[str, str]) -> str:
    """An INSERT of a copy of one row under a new id, with some columns' expressions changed."""
    columns = [column.name for column in table.columns if column.name != "id"]
    picked = ", ".join(changed.get(name, name) for name in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {picked} FROM {table.name} {where} LIMIT 1"


def _write_wrong(connection: Connection, table: str, where: str, values: dict[str, Any]) -> str:
    if table in APPEND_ONLY:
        changed = {name: f":{name}" for name in values}
        free_of_copies = {"reverses_id": "(SELECT max(id) FROM investment_entries)"} if "NOT NULL" in where else {}
        statement = _copy_statement(Base.metadata.tables[table], f"WHERE {where}", {**free_of_copies, **changed})
    else:
        sets = ", ".join(f"{name} = :{name}" for name in values)
        statement = f"UPDATE {table} SET {sets} WHERE {where or '1 = 1'}"
    return _attempt(connection, statement, values)


def _checks() -> set[str]:
    """Every named CHECK of the mapping, without those of labelled choices."""
    return {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and not constraint._type_bound
    }


@pytest.fixture
def filled(ctx: Context, engine: Engine) -> Any:
    write_everything(ctx)
    ctx.session.close()
    with engine.begin() as connection:
        yield connection


@pytest.mark.parametrize("table", sorted({case[0] for case in CHECKS}))
def test_wrong_values_are_refused(filled: Connection, table: str) -> None:
    for _, where, values, constraint in (case for case in CHECKS if case[0] == table):
        said = _write_wrong(filled, table, where, values)

        assert f"ck_{table}_{constraint}" in said, (values, said)


def test_right_values_are_taken_by_the_same_statements(filled: Connection) -> None:
    for table, where, values in (
        ("needs", "", {"budget_fen": 0}),
        ("achievements", "", {"trl": 9}),
        ("matches", "", {"state": "DISMISSED", "dismissal_reason": "PRICE", "dismissed_by": "NEED"}),
        ("meetings", "state = 'HELD'", {"outcome": "SIGNED"}),
        ("contracts", "", {"technology_amount_fen": 200_000_000}),
        ("investment_entries", "reverses_id IS NULL", {"amount_fen": 1}),
    ):
        assert _write_wrong(filled, table, where, values) == ""


def test_a_contract_needs_two_parties(filled: Connection) -> None:
    said = _attempt(filled, "UPDATE contracts SET seller_id = buyer_id", {})

    assert "ck_contracts_two_parties" in said


@pytest.mark.parametrize("table", ["organization_ties", "blacklist_entries"])
def test_a_conflict_is_between_two_organizations(filled: Connection, table: str) -> None:
    said = _attempt(filled, f"UPDATE {table} SET other_id = organization_id", {})

    assert f"ck_{table}_two_organizations" in said


def test_every_check_of_the_mapping_is_tested() -> None:
    tested = {f"ck_{table}_{constraint}" for table, _, _, constraint in CHECKS} | CHECKED_WITH_THE_ROW

    assert tested == _checks()


def test_a_choice_outside_its_values_is_refused(filled: Connection) -> None:
    choices = [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    ]
    assert len(choices) > 15

    for table, column in choices:
        if table.name in APPEND_ONLY:
            if filled.dialect.name == "sqlite":  # the books' own guard would speak before the CHECK
                filled.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_refuse_replace"))
            where = "reverses_id IS NULL" if "reverses_id" in table.columns else "1 = 1"
            said = _write_wrong(filled, table.name, where, {column.name: "SOMETHING"})
        else:
            said = _write_wrong(filled, table.name, "", {column.name: "SOMETHING"})
        assert "ck_" in said, f"{table.name}.{column.name}: {said}"


def test_a_required_column_left_empty_is_refused(filled: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name in APPEND_ONLY:
            continue
        for column in table.columns:
            if not column.nullable:
                said = _attempt(filled, f"UPDATE {table.name} SET {column.name} = NULL", {})
                assert "null" in said.lower() or said == "datatype mismatch", f"{table.name}.{column.name}: {said}"


def test_a_second_row_of_the_same_key_is_refused(filled: Connection) -> None:
    for table, columns in UNIQUE:
        once_more = filled.begin_nested()
        if filled.dialect.name == "sqlite":  # the books' own guard would speak first; here the key itself is asked
            filled.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuse_replace"))
        said = _copy_a_key(filled, Base.metadata.tables[table], columns)
        once_more.rollback()

        assert "unique" in said.lower(), (table, columns, said)
        assert all(name in said for name in columns) or _index_of(Base.metadata.tables[table], columns) in said, said


def _copy_a_key(connection: Connection, table: Table, columns: tuple[str, ...]) -> str:
    """What the database says to a second row that differs from the first in every key but ``columns``."""
    same = {name: STANDS_IN[name] for name in columns if name in STANDS_IN}
    if same:
        changed = ", ".join(f"{name} = {value}" for name, value in same.items())
        connection.execute(text(f"UPDATE {table.name} SET {changed} WHERE id = (SELECT min(id) FROM {table.name})"))
    given = [f"{name} IS NOT NULL" for name in columns]
    where = f"WHERE {' AND '.join(given)}" + (" AND state = 'CONFIRMED'" if table.name == "meetings" else "")
    return _attempt(connection, _copy_statement(table, where, _what_else_is_unique(table, columns)), {})


def _what_else_is_unique(table: Table, columns: tuple[str, ...]) -> dict[str, str]:
    """Expressions that keep a copied row apart from the first in every unique column but ``columns``."""
    fresh = {
        "uscc": "NULL",
        "seed_key": "NULL",
        "registration_number": "NULL",
        "unique_key": "NULL",
        "reverses_id": "NULL",
        "meeting_id": "NULL",
        "path": "path || '/x'",
        "code": "code || 'x'",
        "digest": "'d'",
        "previous_digest": "'p'",
        "email": "'x' || email",
        "oidc_subject": "'x'",
        "token_digest": "'x'",
        "handle": "'x'",
        "word": "'x'",
    }
    if table.name in ("api_tokens", "sign_in_sessions"):  # their key in the table is no number
        fresh["token_digest"] = "'x'"
    if table.name == "investment_entries":
        fresh.pop("reverses_id")
    if table.name == "projects":
        fresh["direct_reason"] = "'直接登记'"
    if table.name == "meetings":
        fresh = {"slot": "slot + 1"} if "match_id" in columns else {"match_id": "(SELECT max(id) FROM matches)"}
    return {name: value for name, value in fresh.items() if name in table.columns and name not in columns}


def _index_of(table: Table, columns: tuple[str, ...]) -> str:
    named = [item for item in (*table.constraints, *table.indexes) if tuple(c.name for c in item.columns) == columns]  # type: ignore[attr-defined]
    return str(named[0].name) if named else "no such key"


def test_every_unique_key_of_the_mapping_is_tested(engine: Engine) -> None:
    there = set()
    for table in Base.metadata.tables:
        reflected = inspect(engine)
        there |= {(table, tuple(key["column_names"])) for key in reflected.get_unique_constraints(table)}
        there |= {(table, tuple(index["column_names"])) for index in reflected.get_indexes(table) if index["unique"]}

    assert there == set(UNIQUE)


def test_the_seat_of_a_cancelled_talk_may_be_taken_again(filled: Connection) -> None:
    statement = _copy_statement(Base.metadata.tables["meetings"], "WHERE state = 'CONFIRMED'", {})
    assert _attempt(filled, statement, {}) != ""

    filled.execute(text("UPDATE meetings SET state = 'CANCELLED' WHERE state = 'CONFIRMED'"))

    statement = _copy_statement(Base.metadata.tables["meetings"], "WHERE state = 'CANCELLED'", {"state": "'PROPOSED'"})
    assert _attempt(filled, statement, {}) == ""


def test_a_link_to_nothing_is_refused(filled: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name in APPEND_ONLY:
            continue
        for key in table.foreign_keys:
            nobody = "'999999'" if key.column.name in ("code", "key", "scheme") else "999999"
            one = next(iter(table.primary_key.columns)).name
            topic = table.name == "attendee_topics" and key.parent.name == "achievement_id"
            instead = ", need_id = NULL" if topic else ""
            statement = (
                f"UPDATE {table.name} SET {key.parent.name} = {nobody}{instead} "
                f"WHERE {one} = (SELECT min({one}) FROM {table.name})"
            )
            said = _attempt(filled, statement, {})
            assert "foreign key" in said.lower(), f"{table.name}.{key.parent.name}: {said}"
