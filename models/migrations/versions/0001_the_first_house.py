"""The first house: every record, its constraints and indexes, and the triggers that keep the books append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# What an embedded database's INSERT OR REPLACE would push out without asking the DELETE trigger.
UNIQUE = {
    "investment_entries": ("id", "reverses_id"),
    "state_changes": ("id",),
    "audit_entries": ("id", "previous_digest", "digest"),
}
# table, what is refused, the rows that may go all the same
APPEND_ONLY = (
    ("investment_entries", "UPDATE", None),
    ("investment_entries", "DELETE", "is_demo"),
    ("state_changes", "UPDATE", None),
    ("state_changes", "DELETE", "is_demo"),
    ("audit_entries", "UPDATE", None),
    ("audit_entries", "DELETE", None),
)


def _guard(table: str, verb: str, exempt: str | None) -> None:
    """A trigger that refuses ``verb`` on ``table``, except for rows whose column ``exempt`` is true."""
    name = f"{table}_refuse_{verb.lower()}"
    message = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        when = f"WHEN NOT OLD.{exempt} " if exempt else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    when = f"WHEN (NOT OLD.{exempt}) " if exempt else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION woshou_refuse('{message}')"
    )


def _guards() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION woshou_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
        )
        for table in sorted({table for table, _, _ in APPEND_ONLY}):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION woshou_refuse('{table} is append-only')"
            )
    else:
        for table, columns in UNIQUE.items():
            same = " OR ".join(f"{column} = NEW.{column}" for column in columns)
            # the names come from this file's own tables, never from a request; DDL takes no bound parameters
            op.execute(
                f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "  # nosec B608
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    for table, verb, exempt in APPEND_ONLY:
        _guard(table, verb, exempt)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", BIG, nullable=True),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entries_digest")),
        sa.UniqueConstraint("previous_digest", name=op.f("uq_audit_entries_previous_digest")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_record", ["record_type", "record_id", "at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("unique_key", sa.String(length=200), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "QUEUED",
                "RUNNING",
                "DONE",
                "DEAD",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_jobs_unique_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_due", ["state", "run_at"], unique=False)

    op.create_table(
        "key_technologies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("industry", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_technologies")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_key_technologies_seed_key")),
    )
    with op.batch_alter_table("key_technologies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_technologies_industry"), ["industry"], unique=False)

    op.create_table(
        "match_runs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("trigger", sa.String(length=32), nullable=False),
        sa.Column("index_version", sa.String(length=64), nullable=False),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("needs_ranked", sa.Integer(), nullable=False),
        sa.Column("achievements_ranked", sa.Integer(), nullable=False),
        sa.Column("pairs_kept", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_runs_started_at"), ["started_at"], unique=False)

    op.create_table(
        "programmes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subtype", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_programmes_seed_key")),
    )
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_subtype"), ["subtype"], unique=False)

    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_code", sa.String(length=6), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["regions.code"], name=op.f("fk_regions_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regions_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "sources",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_table(
        "state_changes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_changes")),
    )
    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.create_index("ix_state_changes_record", ["record_type", "record_id", "at"], unique=False)
        batch_op.create_index("ix_state_changes_to_state", ["record_type", "to_state", "at"], unique=False)

    op.create_table(
        "taxonomies",
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", name=op.f("pk_taxonomies")),
    )
    op.create_table(
        "categories",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("aliases", DOCUMENT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id")),
        sa.ForeignKeyConstraint(["scheme"], ["taxonomies.scheme"], name=op.f("fk_categories_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("path", name=op.f("uq_categories_path")),
        sa.UniqueConstraint("scheme", "code", name=op.f("uq_categories_scheme_code")),
    )
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.create_index("ix_categories_listing", ["scheme", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_categories_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "citations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source_key", sa.String(length=32), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("origin_key", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_key"], ["sources.key"], name=op.f("fk_citations_source_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
        sa.UniqueConstraint(
            "record_type", "record_id", "origin_key", name=op.f("uq_citations_record_type_record_id_origin_key")
        ),
    )
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.create_index("ix_citations_record", ["record_type", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citations_source_key"), ["source_key"], unique=False)

    op.create_table(
        "indicators",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value_text", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column(
            "comparator",
            sa.Enum(
                "EQUAL",
                "AT_LEAST",
                "MORE_THAN",
                "AT_MOST",
                "LESS_THAN",
                "ABOUT",
                "RANGE",
                name="comparator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_indicators_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_indicators_seed_key")),
    )
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicators_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicators_region_code"), ["region_code"], unique=False)

    op.create_table(
        "organizations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ENTERPRISE",
                "INSTITUTE",
                "AGENCY",
                "BROKERAGE",
                "INVESTOR",
                name="organization_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("aliases", DOCUMENT, nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("status_note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_organizations_name_given")),
        sa.CheckConstraint(
            "uscc IS NULL OR (length(uscc) = 18 AND uscc = upper(uscc))", name=op.f("ck_organizations_uscc_form")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_organizations_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_organizations_seed_key")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organizations_uscc")),
    )
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.create_index("ix_organizations_listing", ["kind", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organizations_region_code"), ["region_code"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "ENTERPRISE",
                "INSTITUTE",
                "BROKER",
                "ORGANIZER",
                "LEADER",
                "ADMIN",
                "AUDITOR",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_lower")),
        sa.CheckConstraint("length(password_hash) > 0", name=op.f("ck_accounts_password_set")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_accounts_organization_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_accounts_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_role"), ["role"], unique=False)

    op.create_table(
        "handshake_events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("point_id", BIG, nullable=True),
        sa.Column("organizer_id", BIG, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PLANNED",
                "OPEN",
                "SCHEDULED",
                "HELD",
                "ARCHIVED",
                "CANCELLED",
                name="handshake_event_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 240", name=op.f("ck_handshake_events_break_minutes_range")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_handshake_events_title_given")),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_handshake_events_slot_minutes_range")),
        sa.CheckConstraint("slots BETWEEN 1 AND 48", name=op.f("ck_handshake_events_slots_range")),
        sa.CheckConstraint("tables BETWEEN 1 AND 500", name=op.f("ck_handshake_events_tables_range")),
        sa.ForeignKeyConstraint(["organizer_id"], ["organizations.id"], name=op.f("fk_handshake_events_organizer_id")),
        sa.ForeignKeyConstraint(["point_id"], ["categories.id"], name=op.f("fk_handshake_events_point_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_handshake_events_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handshake_events")),
    )
    with op.batch_alter_table("handshake_events", schema=None) as batch_op:
        batch_op.create_index("ix_handshake_events_listing", ["state", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handshake_events_organizer_id"), ["organizer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handshake_events_point_id"), ["point_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handshake_events_region_code"), ["region_code"], unique=False)
        batch_op.create_index("ix_handshake_events_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "scientists",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_scientists_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scientists")),
    )
    with op.batch_alter_table("scientists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scientists_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "achievements",
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("advantages", sa.Text(), nullable=False),
        sa.Column("application", sa.Text(), nullable=False),
        sa.Column("trl", sa.Integer(), nullable=True),
        sa.Column("ip_summary", sa.Text(), nullable=False),
        sa.Column("conversion_modes", DOCUMENT, nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("price_negotiable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("posted_on_behalf", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("masked_name", sa.String(length=100), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("keywords", DOCUMENT, nullable=False),
        sa.Column(
            "confidentiality",
            sa.Enum(
                "PUBLIC",
                "MEMBERS",
                "COUNTERPARTS",
                "ORGANIZERS",
                name="confidentiality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=50), nullable=False),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("stage_hint", sa.String(length=100), nullable=False),
        sa.Column("review_remark", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "DRAFT",
                "SUBMITTED",
                "RETURNED",
                "PUBLISHED",
                "ENGAGED",
                "CLOSED_WON",
                "CLOSED",
                "EXPIRED",
                "TAKEN_DOWN",
                name="posting_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_achievements_title_given")),
        sa.CheckConstraint("price_fen IS NULL OR price_fen >= 0", name=op.f("ck_achievements_price_not_negative")),
        sa.CheckConstraint("trl IS NULL OR trl BETWEEN 1 AND 9", name=op.f("ck_achievements_trl_range")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_achievements_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_achievements_organization_id")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_achievements_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievements")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_achievements_seed_key")),
    )
    with op.batch_alter_table("achievements", schema=None) as batch_op:
        batch_op.create_index("ix_achievements_listing", ["state", "published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_achievements_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_achievements_owner", ["organization_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_achievements_region_code"), ["region_code"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_api_tokens")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_account_id"), ["account_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handshake_event_id", BIG, nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("attendee", sa.String(length=100), nullable=False),
        sa.Column("reply_note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "SENT",
                "ACCEPTED",
                "DECLINED",
                "LAPSED",
                "CHECKED_IN",
                "NO_SHOW",
                name="invitation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("seats BETWEEN 1 AND 50", name=op.f("ck_invitations_seats_range")),
        sa.ForeignKeyConstraint(
            ["handshake_event_id"], ["handshake_events.id"], name=op.f("fk_invitations_handshake_event_id")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_invitations_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "handshake_event_id", "organization_id", name=op.f("uq_invitations_handshake_event_id_organization_id")
        ),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_invitations_state", ["state"], unique=False)

    op.create_table(
        "needs",
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("present_state", sa.Text(), nullable=False),
        sa.Column("target_indicators", sa.Text(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("cooperation_modes", DOCUMENT, nullable=False),
        sa.Column("is_bottleneck", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("posted_on_behalf", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("masked_name", sa.String(length=100), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("keywords", DOCUMENT, nullable=False),
        sa.Column(
            "confidentiality",
            sa.Enum(
                "PUBLIC",
                "MEMBERS",
                "COUNTERPARTS",
                "ORGANIZERS",
                name="confidentiality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=50), nullable=False),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("stage_hint", sa.String(length=100), nullable=False),
        sa.Column("review_remark", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "DRAFT",
                "SUBMITTED",
                "RETURNED",
                "PUBLISHED",
                "ENGAGED",
                "CLOSED_WON",
                "CLOSED",
                "EXPIRED",
                "TAKEN_DOWN",
                name="posting_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint("budget_fen IS NULL OR budget_fen >= 0", name=op.f("ck_needs_budget_not_negative")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_needs_title_given")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_needs_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_needs_organization_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_needs_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_needs_seed_key")),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index("ix_needs_listing", ["state", "published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_needs_owner", ["organization_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_needs_region_code"), ["region_code"], unique=False)

    op.create_table(
        "sign_in_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_sessions")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "achievement_categories",
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("category_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_achievement_categories_category_id")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["achievements.id"], name=op.f("fk_achievement_categories_posting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("posting_id", "category_id", name=op.f("pk_achievement_categories")),
    )
    with op.batch_alter_table("achievement_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_achievement_categories_category_id"), ["category_id"], unique=False)

    op.create_table(
        "matches",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("achievement_id", BIG, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("contributions", DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "SUGGESTED",
                "SHORTLISTED",
                "MUTUAL",
                "DISMISSED",
                name="match_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("need_agrees", sa.Boolean(), nullable=True),
        sa.Column("offer_agrees", sa.Boolean(), nullable=True),
        sa.Column(
            "dismissed_by",
            sa.Enum("NEED", "OFFER", "ORGANIZER", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "dismissal_reason",
            sa.Enum(
                "FIELD",
                "INDICATORS",
                "MATURITY",
                "PRICE",
                "TIMING",
                "KNOWN",
                "CONFLICT",
                "OTHER",
                name="dismissal_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "state <> 'DISMISSED' OR (dismissal_reason IS NOT NULL AND dismissed_by IS NOT NULL)",
            name=op.f("ck_matches_dismissal_has_reason"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 10000", name=op.f("ck_matches_score_range")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_matches_achievement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_matches_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["match_runs.id"], name=op.f("fk_matches_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("need_id", "achievement_id", name=op.f("uq_matches_need_id_achievement_id")),
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index("ix_matches_for_achievement", ["achievement_id", "score"], unique=False)
        batch_op.create_index("ix_matches_for_need", ["need_id", "score"], unique=False)
        batch_op.create_index("ix_matches_listing", ["state", "score", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matches_run_id"), ["run_id"], unique=False)

    op.create_table(
        "need_categories",
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("category_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_need_categories_category_id")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["needs.id"], name=op.f("fk_need_categories_posting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("posting_id", "category_id", name=op.f("pk_need_categories")),
    )
    with op.batch_alter_table("need_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_categories_category_id"), ["category_id"], unique=False)

    op.create_table(
        "meetings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handshake_event_id", BIG, nullable=False),
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PROPOSED",
                "CONFIRMED",
                "HELD",
                "NOT_HELD",
                "CANCELLED",
                name="meeting_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "NONE",
                "CONTINUE",
                "INTENT",
                "SIGNED",
                name="meeting_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=500), nullable=False),
        sa.Column("next_step_owner", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("(state = 'HELD') = (held_at IS NOT NULL)", name=op.f("ck_meetings_time_when_held")),
        sa.CheckConstraint("(state = 'HELD') = (outcome IS NOT NULL)", name=op.f("ck_meetings_outcome_when_held")),
        sa.CheckConstraint("slot >= 0", name=op.f("ck_meetings_slot_range")),
        sa.CheckConstraint("table_number >= 1", name=op.f("ck_meetings_table_range")),
        sa.ForeignKeyConstraint(
            ["handshake_event_id"], ["handshake_events.id"], name=op.f("fk_meetings_handshake_event_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_meetings_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_listing", ["state", "held_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_match_id"), ["match_id"], unique=False)
        batch_op.create_index("ix_meetings_outcome", ["outcome"], unique=False)
        batch_op.create_index(
            "uq_meetings_pair",
            ["handshake_event_id", "match_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'CANCELLED'"),
            postgresql_where=sa.text("state <> 'CANCELLED'"),
        )
        batch_op.create_index(
            "uq_meetings_seat",
            ["handshake_event_id", "slot", "table_number"],
            unique=True,
            sqlite_where=sa.text("state <> 'CANCELLED'"),
            postgresql_where=sa.text("state <> 'CANCELLED'"),
        )

    op.create_table(
        "projects",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("meeting_id", BIG, nullable=True),
        sa.Column("direct_reason", sa.String(length=500), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("point_id", BIG, nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "SELF",
                "TRANSFER",
                "LICENSE",
                "JOINT",
                "EQUITY",
                "OTHER",
                name="conversion_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("trl_start", sa.Integer(), nullable=True),
        sa.Column("trl_now", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("acceptance_note", sa.Text(), nullable=False),
        sa.Column("termination_reason", sa.Text(), nullable=False),
        sa.Column("in_good_faith", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("contracted_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "INTENT",
                "CONTRACTED",
                "ACTIVE",
                "ACCEPTED",
                "TERMINATED",
                name="project_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "state <> 'TERMINATED' OR length(trim(termination_reason)) > 0", name=op.f("ck_projects_end_has_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('CONTRACTED', 'ACTIVE', 'ACCEPTED') OR contracted_on IS NOT NULL",
            name=op.f("ck_projects_contracted_has_date"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_projects_dates_in_order")
        ),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_projects_title_given")),
        sa.CheckConstraint(
            "meeting_id IS NOT NULL OR length(trim(direct_reason)) > 0", name=op.f("ck_projects_origin_given")
        ),
        sa.CheckConstraint("trl_now IS NULL OR trl_now BETWEEN 1 AND 9", name=op.f("ck_projects_trl_now_range")),
        sa.CheckConstraint("trl_start IS NULL OR trl_start BETWEEN 1 AND 9", name=op.f("ck_projects_trl_start_range")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_projects_meeting_id")),
        sa.ForeignKeyConstraint(["point_id"], ["categories.id"], name=op.f("fk_projects_point_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_projects_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_projects_meeting_id")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index("ix_projects_contracted_on", ["contracted_on"], unique=False)
        batch_op.create_index("ix_projects_listing", ["state", "opened_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_point_id"), ["point_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_region_code"), ["region_code"], unique=False)

    op.create_table(
        "contracts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "DEVELOPMENT",
                "TRANSFER",
                "LICENSE",
                "CONSULTING",
                "SERVICE",
                name="contract_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("buyer_id", BIG, nullable=False),
        sa.Column("seller_id", BIG, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("technology_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "payment_mode",
            sa.Enum(
                "ONCE",
                "INSTALMENTS",
                "ROYALTY",
                "ROYALTY_WITH_FEE",
                name="payment_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registration_number", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_contracts_amount_positive")),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_contracts_two_parties")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_contracts_title_given")),
        sa.CheckConstraint(
            "registration_number IS NULL OR length(registration_number) = 16",
            name=op.f("ck_contracts_registration_length"),
        ),
        sa.CheckConstraint("technology_amount_fen BETWEEN 0 AND amount_fen", name=op.f("ck_contracts_technology_part")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_contracts_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["organizations.id"], name=op.f("fk_contracts_buyer_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_contracts_project_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["organizations.id"], name=op.f("fk_contracts_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("registration_number", name=op.f("uq_contracts_registration_number")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_seller_id"), ["seller_id"], unique=False)
        batch_op.create_index("ix_contracts_signed_on", ["signed_on"], unique=False)

    op.create_table(
        "project_parties",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "DEMAND",
                "TECHNOLOGY",
                "FUNDING",
                "ORGANIZING",
                name="party_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_project_parties_organization_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_parties_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_parties")),
        sa.UniqueConstraint(
            "project_id", "organization_id", "role", name=op.f("uq_project_parties_project_id_organization_id_role")
        ),
    )
    with op.batch_alter_table("project_parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_parties_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "investment_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("contract_id", BIG, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "COMMITTED",
                "RECEIVED",
                "SPENT",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "ENTERPRISE",
                "FISCAL",
                "SOCIAL",
                "FINANCIAL",
                "OTHER",
                name="fund_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("entered_by_id", BIG, nullable=True),
        sa.Column("entered_by_name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_investment_entries_sign_follows_reversal"),
        ),
        sa.CheckConstraint("length(trim(evidence)) > 0", name=op.f("ck_investment_entries_evidence_given")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_investment_entries_contract_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_investment_entries_project_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["investment_entries.id"], name=op.f("fk_investment_entries_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_entries")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_investment_entries_reverses_id")),
    )
    with op.batch_alter_table("investment_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investment_entries_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index("ix_investment_entries_project", ["project_id", "kind", "occurred_on"], unique=False)
        batch_op.create_index("ix_investment_entries_report", ["kind", "occurred_on"], unique=False)

    _guards()


def downgrade() -> None:
    with op.batch_alter_table("investment_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_investment_entries_report")
        batch_op.drop_index("ix_investment_entries_project")
        batch_op.drop_index(batch_op.f("ix_investment_entries_contract_id"))

    op.drop_table("investment_entries")
    with op.batch_alter_table("project_parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_parties_organization_id"))

    op.drop_table("project_parties")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index("ix_contracts_signed_on")
        batch_op.drop_index(batch_op.f("ix_contracts_seller_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_project_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_buyer_id"))

    op.drop_table("contracts")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_projects_region_code"))
        batch_op.drop_index(batch_op.f("ix_projects_point_id"))
        batch_op.drop_index("ix_projects_listing")
        batch_op.drop_index("ix_projects_contracted_on")

    op.drop_table("projects")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meetings_seat",
            sqlite_where=sa.text("state <> 'CANCELLED'"),
            postgresql_where=sa.text("state <> 'CANCELLED'"),
        )
        batch_op.drop_index(
            "uq_meetings_pair",
            sqlite_where=sa.text("state <> 'CANCELLED'"),
            postgresql_where=sa.text("state <> 'CANCELLED'"),
        )
        batch_op.drop_index("ix_meetings_outcome")
        batch_op.drop_index(batch_op.f("ix_meetings_match_id"))
        batch_op.drop_index("ix_meetings_listing")

    op.drop_table("meetings")
    with op.batch_alter_table("need_categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_categories_category_id"))

    op.drop_table("need_categories")
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matches_run_id"))
        batch_op.drop_index("ix_matches_listing")
        batch_op.drop_index("ix_matches_for_need")
        batch_op.drop_index("ix_matches_for_achievement")

    op.drop_table("matches")
    with op.batch_alter_table("achievement_categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_achievement_categories_category_id"))

    op.drop_table("achievement_categories")
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_sessions_expires_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_sessions_account_id"))

    op.drop_table("sign_in_sessions")
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_needs_region_code"))
        batch_op.drop_index("ix_needs_owner")
        batch_op.drop_index(batch_op.f("ix_needs_organization_id"))
        batch_op.drop_index("ix_needs_listing")

    op.drop_table("needs")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_invitations_state")
        batch_op.drop_index(batch_op.f("ix_invitations_organization_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_account_id"))

    op.drop_table("api_tokens")
    with op.batch_alter_table("achievements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_achievements_region_code"))
        batch_op.drop_index("ix_achievements_owner")
        batch_op.drop_index(batch_op.f("ix_achievements_organization_id"))
        batch_op.drop_index("ix_achievements_listing")

    op.drop_table("achievements")
    with op.batch_alter_table("scientists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scientists_organization_id"))

    op.drop_table("scientists")
    with op.batch_alter_table("handshake_events", schema=None) as batch_op:
        batch_op.drop_index("ix_handshake_events_starts_at")
        batch_op.drop_index(batch_op.f("ix_handshake_events_region_code"))
        batch_op.drop_index(batch_op.f("ix_handshake_events_point_id"))
        batch_op.drop_index(batch_op.f("ix_handshake_events_organizer_id"))
        batch_op.drop_index("ix_handshake_events_listing")

    op.drop_table("handshake_events")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_role"))
        batch_op.drop_index(batch_op.f("ix_accounts_organization_id"))

    op.drop_table("accounts")
    with op.batch_alter_table("organizations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organizations_region_code"))
        batch_op.drop_index("ix_organizations_listing")

    op.drop_table("organizations")
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicators_region_code"))
        batch_op.drop_index(batch_op.f("ix_indicators_kind"))

    op.drop_table("indicators")
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citations_source_key"))
        batch_op.drop_index("ix_citations_record")

    op.drop_table("citations")
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_categories_parent_id"))
        batch_op.drop_index("ix_categories_listing")

    op.drop_table("categories")
    op.drop_table("taxonomies")
    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_state_changes_to_state")
        batch_op.drop_index("ix_state_changes_record")

    op.drop_table("state_changes")
    op.drop_table("sources")
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regions_parent_code"))

    op.drop_table("regions")
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_subtype"))

    op.drop_table("programmes")
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_runs_started_at"))

    op.drop_table("match_runs")
    with op.batch_alter_table("key_technologies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_technologies_industry"))

    op.drop_table("key_technologies")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_due")

    op.drop_table("jobs")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_record")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION woshou_refuse()")
