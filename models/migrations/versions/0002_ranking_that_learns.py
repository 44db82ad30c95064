"""Ranking that is fast and learns: numbered changes of the catalogue, statistics, weights, searches that are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

OPEN = "('PUBLISHED', 'ENGAGED')"
# table of postings, its table of categories
POSTINGS = (("needs", "need_categories"), ("achievements", "achievement_categories"))
# columns whose change alone (a version counted up, a remark) says nothing new to the ranking
SPOKEN = {
    "needs": (
        "title", "organization_id", "posted_on_behalf", "region_code", "keywords", "state", "is_demo", "problem",
        "present_state", "target_indicators", "budget_fen", "deadline", "cooperation_modes", "wanted_trl",
        "confidentiality", "masked_name",
    ),
    "achievements": (
        "title", "organization_id", "posted_on_behalf", "region_code", "keywords", "state", "is_demo", "abstract",
        "advantages", "application", "trl", "conversion_modes", "price_fen", "confidentiality", "masked_name",
    ),
}

# table of searched records, what search calls their kind, column of the record's number ("" is all of the kind)
SEARCHED = (
    ("needs", "needs", "id"),
    ("achievements", "achievements", "id"),
    ("organizations", "organizations", "id"),
    ("handshake_events", "handshake_events", "id"),
    ("projects", "projects", "id"),
    ("project_parties", "projects", "project_id"),
    ("contracts", "contracts", "id"),
    ("key_technologies", "key_technologies", "id"),
    ("programmes", "programmes", "id"),
    ("indicators", "indicators", "id"),
    ("categories", "categories", "id"),
    ("sources", "sources", ""),
    ("synonyms", "synonyms", "id"),
)


def upgrade() -> None:
    _catalogue()
    _weights()
    _searches()
    for column in (
        sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("new_pairs", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("gone_pairs", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("match_runs", column)
    op.execute("UPDATE match_runs SET finished_at = started_at")
    for column in (
        sa.Column("first_run_id", BIG, nullable=True),
        sa.Column("need_rank", sa.Integer(), nullable=True),
        sa.Column("offer_rank", sa.Integer(), nullable=True),
        sa.Column("judged_rank", sa.Integer(), nullable=True),
    ):
        op.add_column("matches", column)
    op.execute("UPDATE matches SET first_run_id = run_id")
    op.create_index(op.f("ix_matches_first_run_id"), "matches", ["first_run_id"], unique=False)
    op.execute(
        "ALTER TABLE needs ADD COLUMN wanted_trl INTEGER CONSTRAINT ck_needs_wanted_trl_range "
        "CHECK (wanted_trl IS NULL OR wanted_trl BETWEEN 1 AND 9)"
    )
    _triggers()
    _search_triggers()


def _catalogue() -> None:
    op.create_table(
        "catalogue_states",
        sa.Column("id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_states_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_states")),
    )
    op.execute("INSERT INTO catalogue_states (id, seq, stamp) VALUES (1, 0, '')")
    op.create_table(
        "catalogue_changes",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_catalogue_changes")),
    )
    op.create_index("ix_catalogue_changes_posting", "catalogue_changes", ["kind", "posting_id"], unique=False)
    op.create_table(
        "ranking_statistics",
        sa.Column("id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_statistics")),
    )


def _weights() -> None:
    op.create_table(
        "ranking_weights",
        sa.Column("id", BIG, nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "HAND", "LEARNED", "SHIPPED", name="weights_origin", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "ACTIVE", "RETIRED", "REJECTED", name="weights_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("weights", DOCUMENT, nullable=False),
        sa.Column("metrics", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_weights")),
    )
    in_force = sa.text("state = 'ACTIVE'")
    op.create_index(
        "uq_ranking_weights_in_force",
        "ranking_weights",
        ["state"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _searches() -> None:
    op.create_table(
        "search_states",
        sa.Column("id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_states_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_states")),
    )
    op.execute("INSERT INTO search_states (id, seq, stamp) VALUES (1, 0, '')")
    op.create_table(
        "search_changes",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_changes")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("filters", DOCUMENT, nullable=False),
        sa.Column("alerts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("checked_seq", BIG, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen", DOCUMENT, nullable=False),
        sa.Column("fresh", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_searches_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(op.f("ix_saved_searches_account_id"), "saved_searches", ["account_id"], unique=False)
    op.create_table(
        "synonyms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("words", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonyms")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_synonyms_seed_key")),
    )


def _triggers() -> None:
    """Each change of an open posting, or of its categories, gets the next number within its own transaction."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION woshou_note_change(changed_kind text, changed_id bigint) RETURNS void LANGUAGE plpgsql AS "
            "$$ BEGIN "
            "UPDATE catalogue_states SET seq = seq + 1, stamp = md5(random()::text || clock_timestamp()) WHERE id = 1; "
            "INSERT INTO catalogue_changes (seq, kind, posting_id, stamp) "
            "SELECT seq, changed_kind, changed_id, stamp FROM catalogue_states WHERE id = 1; END $$"
        )
    for kind, links in POSTINGS:
        spoken = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in SPOKEN[kind])
        rules = (
            (kind, "INSERT", f"NEW.state IN {OPEN}", "NEW.id"),
            (kind, "UPDATE", f"(OLD.state IN {OPEN} OR NEW.state IN {OPEN}) AND ({spoken})", "NEW.id"),
            (kind, "DELETE", f"OLD.state IN {OPEN}", "OLD.id"),
            (links, "INSERT", "", "NEW.posting_id"),
            (links, "DELETE", "", "OLD.posting_id"),
        )
        for table, verb, when, posting in rules:
            name = f"{table}_note_{verb.lower()}"
            if sqlite:
                condition = f"WHEN {when.replace('IS DISTINCT FROM', 'IS NOT')} " if when else ""
                # the names come from this file's own tables, never from a request; DDL takes no bound parameters
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {verb} ON {table} {condition}BEGIN "  # nosec B608
                    "UPDATE catalogue_states SET seq = seq + 1, stamp = lower(hex(randomblob(16))) WHERE id = 1; "
                    "INSERT INTO catalogue_changes (seq, kind, posting_id, stamp) "
                    f"SELECT seq, '{kind}', {posting}, stamp FROM catalogue_states WHERE id = 1; END"
                )
                continue
            condition = f"WHEN ({when}) " if when else ""
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN PERFORM woshou_note_change('{kind}', {posting}); RETURN NULL; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION {name}()")


def _search_triggers() -> None:
    """Each change of a searched record gets the next number within its own transaction."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION woshou_note_searched() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE changed jsonb; BEGIN "
            "IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD); ELSE changed := to_jsonb(NEW); END IF; "
            "UPDATE search_states SET seq = seq + 1, stamp = md5(random()::text || clock_timestamp()) WHERE id = 1; "
            "INSERT INTO search_changes (seq, kind, record_id, stamp) "
            "SELECT seq, TG_ARGV[0], coalesce((changed ->> TG_ARGV[1])::bigint, 0), stamp "
            "FROM search_states WHERE id = 1; RETURN NULL; END $$"
        )
    for table, kind, column in SEARCHED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            name = f"{table}_searched_{verb.lower()}"
            if not sqlite:
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW "
                    f"EXECUTE FUNCTION woshou_note_searched('{kind}', '{column}')"
                )
                continue
            record = f"{'OLD' if verb == 'DELETE' else 'NEW'}.{column}" if column else "0"
            # the names come from this file's own tables, never from a request; DDL takes no bound parameters
            op.execute(
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN "  # nosec B608
                "UPDATE search_states SET seq = seq + 1, stamp = lower(hex(randomblob(16))) WHERE id = 1; "
                "INSERT INTO search_changes (seq, kind, record_id, stamp) "
                f"SELECT seq, '{kind}', {record}, stamp FROM search_states WHERE id = 1; END"
            )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute("DROP FUNCTION woshou_note_searched() CASCADE")
    for table, _, _ in SEARCHED if sqlite else ():
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {table}_searched_{verb}")
    for kind, links in POSTINGS:
        for table, verbs in ((kind, ("insert", "update", "delete")), (links, ("insert", "delete"))):
            for verb in verbs:
                name = f"{table}_note_{verb}"
                op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION {name}() CASCADE")
    if not sqlite:
        op.execute("DROP FUNCTION woshou_note_change(text, bigint)")
    op.drop_index(op.f("ix_matches_first_run_id"), table_name="matches")
    for table, columns in (
        ("needs", ("wanted_trl",)),
        ("matches", ("first_run_id", "need_rank", "offer_rank", "judged_rank")),
        ("match_runs", ("total", "done", "new_pairs", "gone_pairs", "finished_at")),
    ):
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in (
        "synonyms", "saved_searches", "ranking_weights", "ranking_statistics", "catalogue_changes", "catalogue_states",
        "search_changes", "search_states",
    ):
        op.drop_table(table)
