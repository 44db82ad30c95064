"""Personal data: a session remembers a second proof, and an erased person can be hidden in the books' words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004_files"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HIDDEN = "〔已注销用户"
# table, columns that never change, texts in which somebody may be hidden
BOOKS = (
    (
        "state_changes",
        ("id", "record_type", "record_id", "from_state", "to_state", "actor_id", "at", "is_demo"),
        ("reason", "actor_name"),
    ),
    (
        "investment_entries",
        (
            "id",
            "project_id",
            "contract_id",
            "kind",
            "source",
            "amount_fen",
            "occurred_on",
            "reverses_id",
            "entered_by_id",
            "created_at",
            "is_demo",
        ),
        ("evidence", "note", "entered_by_name"),
    ),
)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _hides(fixed: tuple[str, ...], texts: tuple[str, ...]) -> str:
    """The condition that nothing changed but words in which somebody is hidden now."""
    same = "NEW.{0} IS OLD.{0}" if _sqlite() else "NEW.{0} IS NOT DISTINCT FROM OLD.{0}"
    holds = f"instr(NEW.{{0}}, '{HIDDEN}') > 0" if _sqlite() else f"position('{HIDDEN}' in NEW.{{0}}) > 0"
    kept = [same.format(name) for name in fixed]
    either = [f"({same.format(name)} OR {holds.format(name)})" for name in texts]
    changed = " OR ".join(f"NOT ({same.format(name)})" for name in texts)
    return " AND ".join([*kept, *either, f"({changed})"])


def _guard(table: str, condition: str) -> None:
    name, message = f"{table}_refuse_update", f"{table} is append-only"
    if _sqlite():
        when = f"WHEN NOT ({condition}) " if condition else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    when = f"WHEN (NOT ({condition})) " if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW {when}EXECUTE FUNCTION woshou_refuse('{message}')"
    )


def _unguard(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_refuse_update" + ("" if _sqlite() else f" ON {table}"))


def upgrade() -> None:
    op.add_column("sign_in_sessions", sa.Column("confirmed_at", MOMENT, nullable=True))
    for table, fixed, texts in BOOKS:
        _unguard(table)
        _guard(table, _hides(fixed, texts))


def downgrade() -> None:
    for table, _, _ in BOOKS:
        _unguard(table)
        _guard(table, "")
    op.drop_column("sign_in_sessions", "confirmed_at")
