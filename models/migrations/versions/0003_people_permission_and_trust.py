"""People, permission and trust: accounts that prove who they are, consent, conflicts, attachments, the chain's head."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ROLES = ("ENTERPRISE", "INSTITUTE", "BROKER", "ORGANIZER", "LEADER", "ADMIN", "AUDITOR")
SEALED = ("contact_name", "contact_phone")
TOKEN_DAYS = 365
TABLES = (
    "attachments",
    "audit_heads",
    "data_incidents",
    "idempotent_requests",
    "privacy_notices",
    "sensitive_words",
    "sign_in_failures",
    "single_sign_on_attempts",
    "blacklist_entries",
    "organization_ties",
    "account_invitations",
    "consents",
    "known_devices",
    "personal_data_requests",
    "recovery_codes",
    "used_passwords",
    "verification_codes",
    "introductions",
)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organization_id", BIG, nullable=True),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_attachments_size_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_created_by_id"), "attachments", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_attachments_organization_id"), "attachments", ["organization_id"], unique=False)
    op.create_index("ix_attachments_record", "attachments", ["record_type", "record_id"], unique=False)
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("id", BIG, nullable=False),
        sa.Column("entries", BIG, nullable=False),
        sa.Column("last_entry_id", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_heads_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "data_incidents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=True),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_incidents")),
    )
    op.create_table(
        "idempotent_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", DOCUMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_requests")),
        sa.UniqueConstraint("owner", "key", name=op.f("uq_idempotent_requests_owner_key")),
    )
    op.create_index(op.f("ix_idempotent_requests_expires_at"), "idempotent_requests", ["expires_at"], unique=False)

    op.create_table(
        "privacy_notices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("what_changed", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notices")),
        sa.UniqueConstraint("number", name=op.f("uq_privacy_notices_number")),
    )
    op.create_table(
        "sensitive_words",
        sa.Column("id", BIG, nullable=False),
        sa.Column("word", sa.String(length=50), nullable=False),
        sa.Column(
            "level",
            sa.Enum("PROMPT", "REFUSE", name="sensitive_level", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed_key", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_words")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_sensitive_words_seed_key")),
        sa.UniqueConstraint("word", name=op.f("uq_sensitive_words_word")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index("ix_sign_in_failures_account", "sign_in_failures", ["account_key", "at"], unique=False)
    op.create_index("ix_sign_in_failures_address", "sign_in_failures", ["address", "at"], unique=False)

    op.create_table(
        "single_sign_on_attempts",
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("browser_digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("code_verifier", sa.String(length=128), nullable=False),
        sa.Column("return_to", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_single_sign_on_attempts")),
    )
    op.create_index(
        op.f("ix_single_sign_on_attempts_expires_at"), "single_sign_on_attempts", ["expires_at"], unique=False
    )

    op.create_table(
        "blacklist_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_blacklist_entries_term_in_order")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_blacklist_entries_reason_given")),
        sa.CheckConstraint(
            "other_id IS NULL OR other_id <> organization_id", name=op.f("ck_blacklist_entries_two_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_blacklist_entries_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organizations.id"], name=op.f("fk_blacklist_entries_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blacklist_entries")),
    )
    op.create_index(
        op.f("ix_blacklist_entries_organization_id"), "blacklist_entries", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_blacklist_entries_other_id"), "blacklist_entries", ["other_id"], unique=False)

    op.create_table(
        "organization_ties",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organization_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SAME",
                "PARENT",
                "SHARED_PERSON",
                "AFFILIATED",
                name="tie_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_name", sa.String(length=50), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("organization_id <> other_id", name=op.f("ck_organization_ties_two_organizations")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_ties_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organizations.id"], name=op.f("fk_organization_ties_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_ties")),
        sa.UniqueConstraint(
            "organization_id",
            "other_id",
            "kind",
            "person_name",
            name=op.f("uq_organization_ties_organization_id_other_id_kind_person_name"),
        ),
    )
    op.create_index(
        op.f("ix_organization_ties_organization_id"), "organization_ties", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_organization_ties_other_id"), "organization_ties", ["other_id"], unique=False)

    op.create_table(
        "account_invitations",
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
                "SECURITY",
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
        sa.Column("is_organization_admin", sa.Boolean(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", BIG, nullable=True),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_invitations_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name=op.f("fk_account_invitations_invited_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_account_invitations_organization_id")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_account_invitations_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_invitations")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_account_invitations_token_digest")),
    )
    op.create_index(op.f("ix_account_invitations_email"), "account_invitations", ["email"], unique=False)
    op.create_index(
        op.f("ix_account_invitations_organization_id"), "account_invitations", ["organization_id"], unique=False
    )

    op.create_table(
        "consents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "PRIVACY",
                "CONTACT",
                "NO_SECRET",
                name="consent_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", BIG, nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_account", "consents", ["account_id", "kind", "notice_number"], unique=False)

    op.create_table(
        "known_devices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_known_devices_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_devices")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_known_devices_token_digest")),
    )
    op.create_index(op.f("ix_known_devices_account_id"), "known_devices", ["account_id"], unique=False)
    op.create_index(op.f("ix_known_devices_expires_at"), "known_devices", ["expires_at"], unique=False)

    op.create_table(
        "personal_data_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "CORRECT", "ERASE", "EXPLAIN", name="request_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "OPEN", "DONE", "REFUSED", name="request_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_personal_data_requests_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_data_requests")),
    )
    op.create_index(
        op.f("ix_personal_data_requests_account_id"), "personal_data_requests", ["account_id"], unique=False
    )

    op.create_table(
        "recovery_codes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"], unique=False)

    op.create_table(
        "used_passwords",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_used_passwords_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_passwords")),
    )
    op.create_index(op.f("ix_used_passwords_account_id"), "used_passwords", ["account_id"], unique=False)

    op.create_table(
        "verification_codes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "VERIFY_EMAIL",
                "RESET_PASSWORD",
                "CHANGE_EMAIL",
                "UNLOCK",
                name="code_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("code_digest", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_verification_codes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_codes")),
    )
    op.create_index(op.f("ix_verification_codes_account_id"), "verification_codes", ["account_id"], unique=False)
    op.create_index(op.f("ix_verification_codes_expires_at"), "verification_codes", ["expires_at"], unique=False)

    op.create_table(
        "introductions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("introduced_by_id", BIG, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("introduced_at", MOMENT, nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_introductions_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("match_id", name=op.f("uq_introductions_match_id")),
    )
    _accounts()
    _sessions()
    _tokens()
    for table in ("needs", "achievements"):
        op.add_column(table, sa.Column("edited_by_id", BIG, nullable=True))
        op.add_column(table, sa.Column("flagged_words", DOCUMENT, nullable=False, server_default="[]"))
        for column in SEALED if _postgresql() else ():
            op.alter_column(table, column, type_=sa.Text(), existing_nullable=False)
    op.add_column("audit_entries", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("audit_entries", sa.Column("address", sa.String(length=64), nullable=False, server_default=""))
    op.execute(
        "ALTER TABLE audit_entries ADD COLUMN outcome VARCHAR(32) DEFAULT 'DONE' NOT NULL "
        "CONSTRAINT ck_audit_entries_audit_outcome CHECK (outcome IN ('DONE', 'REFUSED'))"
    )
    _head_only_grows()


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _accounts() -> None:
    for column in (
        sa.Column("is_organization_admin", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("awaits_approval", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("email_verified_at", MOMENT, nullable=True),
        sa.Column("password_changed_at", MOMENT, nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", MOMENT, nullable=True),
        sa.Column("totp_last_step", BIG, nullable=True),
        sa.Column("oidc_issuer", sa.String(length=200), nullable=True),
        sa.Column("oidc_subject", sa.String(length=200), nullable=True),
        sa.Column("wants_recommendations", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("erased_at", MOMENT, nullable=True),
    ):
        op.add_column("accounts", column)
    op.create_index("ix_accounts_oidc", "accounts", ["oidc_issuer", "oidc_subject"], unique=True)
    _roles(ROLES, (*ROLES[:-1], "SECURITY", ROLES[-1]))


def _roles(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the CHECK on an account's role know the roles ``after``.

    An embedded database cannot alter a CHECK, and rebuilding a table that others point to would fire their ON DELETE;
    its own manual's way for a change that leaves the stored rows as they are is to rewrite the table's definition.
    """
    quoted = {roles: ", ".join(f"'{role}'" for role in roles) for roles in (before, after)}
    if _postgresql():
        op.drop_constraint(op.f("ck_accounts_role"), "accounts", type_="check")
        op.create_check_constraint(op.f("ck_accounts_role"), "accounts", f"role IN ({quoted[after]})")
        return
    bind = op.get_bind()
    definition = bind.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'accounts'"
    ).scalar()
    if not definition or f"IN ({quoted[before]})" not in definition:
        raise RuntimeError("accounts.role has no CHECK that lists the roles")
    mended = definition.replace(f"IN ({quoted[before]})", f"IN ({quoted[after]})")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'accounts'", (mended,))
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version or 0) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _sessions() -> None:
    """Sessions begin anew, so that each has its handle: everybody signs in once more."""
    op.drop_table("sign_in_sessions")
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "PASSWORD",
                "SINGLE_SIGN_ON",
                "INVITATION",
                "RESET",
                "DEMO",
                name="sign_in_method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("second_factor_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("handle", name=op.f("uq_sign_in_sessions_handle")),
    )
    op.create_index(op.f("ix_sign_in_sessions_account_id"), "sign_in_sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False)


def _tokens() -> None:
    """Tokens get a handle, all they could do so far as their scopes, and an end a year from now."""
    ends = datetime.now(UTC) + timedelta(days=TOKEN_DAYS)
    with op.batch_alter_table("api_tokens") as batch:
        batch.add_column(sa.Column("handle", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("scopes", DOCUMENT, nullable=False, server_default='["read", "write"]'))
        batch.add_column(sa.Column("last_used_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("revoked_at", MOMENT, nullable=True))
    tokens = sa.table(
        "api_tokens",
        sa.column("token_digest", sa.String),
        sa.column("handle", sa.String),
        sa.column("expires_at", MOMENT),
    )
    bind = op.get_bind()
    for digest in bind.scalars(sa.select(tokens.c.token_digest)).all():
        mine = tokens.c.token_digest == digest
        bind.execute(sa.update(tokens).where(mine).values(handle=secrets.token_hex(8)))
        bind.execute(sa.update(tokens).where(mine, tokens.c.expires_at.is_(None)).values(expires_at=ends))
    with op.batch_alter_table("api_tokens") as batch:
        batch.alter_column("handle", existing_type=sa.String(length=32), server_default=None)
        batch.alter_column("scopes", existing_type=DOCUMENT, server_default=None)
        batch.alter_column("expires_at", existing_type=MOMENT, nullable=False)
        batch.create_index(op.f("ix_api_tokens_handle"), ["handle"], unique=True)


def _head_only_grows() -> None:
    """The head of the audit chain is never removed and never goes back."""
    message = "the head of the audit chain only grows"
    rules = (("UPDATE", "NEW.entries < OLD.entries OR NEW.last_entry_id < OLD.last_entry_id"), ("DELETE", ""))
    for verb, when in rules:
        name = f"audit_heads_refuse_{verb.lower()}"
        if _postgresql():
            condition = f"WHEN ({when}) " if when else ""
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON audit_heads FOR EACH ROW {condition}"
                f"EXECUTE FUNCTION woshou_refuse('{message}')"
            )
            continue
        condition = f"WHEN {when} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON audit_heads {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def downgrade() -> None:
    op.execute("UPDATE accounts SET role = 'ADMIN', is_active = false WHERE role = 'SECURITY'")
    for table in reversed(TABLES):
        op.drop_table(table)
    for column in ("outcome", "address", "form"):
        op.drop_column("audit_entries", column)
    for table in ("needs", "achievements"):
        for column in ("flagged_words", "edited_by_id"):
            op.drop_column(table, column)
        for column in SEALED if _postgresql() else ():
            op.alter_column(table, column, type_=sa.String(length=50), postgresql_using=f"left({column}, 50)")
    with op.batch_alter_table("api_tokens") as batch:
        batch.drop_index(op.f("ix_api_tokens_handle"))
        batch.alter_column("expires_at", existing_type=MOMENT, nullable=True)
        for column in ("revoked_at", "last_used_at", "scopes", "handle"):
            batch.drop_column(column)
    _old_sessions()
    _roles((*ROLES[:-1], "SECURITY", ROLES[-1]), ROLES)
    op.drop_index("ix_accounts_oidc", table_name="accounts")
    for column in (
        "erased_at",
        "wants_recommendations",
        "oidc_subject",
        "oidc_issuer",
        "totp_last_step",
        "totp_confirmed_at",
        "totp_secret",
        "must_change_password",
        "password_changed_at",
        "email_verified_at",
        "awaits_approval",
        "is_organization_admin",
    ):
        op.drop_column("accounts", column)


def _old_sessions() -> None:
    op.drop_table("sign_in_sessions")
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_sessions")),
    )
    op.create_index(op.f("ix_sign_in_sessions_account_id"), "sign_in_sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False)
