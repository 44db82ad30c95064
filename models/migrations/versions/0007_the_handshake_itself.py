"""Events planned, seated and followed up: who comes, what they wish, which tables, what was agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
RANGES = {
    "minimum_talks": "minimum_talks BETWEEN 0 AND 48",
    "maximum_talks": "maximum_talks IS NULL OR maximum_talks BETWEEN 1 AND 48",
    "score_weight": "score_weight BETWEEN 0 AND 1000",
    "wanted_weight": "wanted_weight BETWEEN 0 AND 1000",
}

NEXT_STEPS_BECOME_TASKS = """
INSERT INTO follow_ups
  (meeting_id, kind, text, owner, due_on, state, result, done_at, created_at, updated_at, version, is_demo)
SELECT id, 'NEXT_STEP', next_step, next_step_owner, COALESCE(due_on, {held_on}),
  CASE WHEN due_on IS NULL THEN 'DONE' ELSE 'OPEN' END, '', CASE WHEN due_on IS NULL THEN updated_at END,
  updated_at, updated_at, 1, is_demo
FROM meetings WHERE state = 'HELD' AND (next_step <> '' OR due_on IS NOT NULL)
"""
"""A next step was over once its day had been cleared."""
TASKS_BECOME_NEXT_STEPS = """
UPDATE meetings SET
  next_step = COALESCE((SELECT text FROM follow_ups WHERE meeting_id = meetings.id AND kind = 'NEXT_STEP'), ''),
  next_step_owner = COALESCE((SELECT owner FROM follow_ups WHERE meeting_id = meetings.id AND kind = 'NEXT_STEP'), ''),
  due_on = (SELECT due_on FROM follow_ups WHERE meeting_id = meetings.id AND kind = 'NEXT_STEP' AND state = 'OPEN')
"""


def upgrade() -> None:
    op.create_table(
        "event_tables",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handshake_event_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("chairs", sa.Integer(), nullable=True),
        sa.Column("equipment", DOCUMENT, nullable=False),
        sa.Column("remote_link", sa.String(length=500), nullable=False),
        sa.Column("zone", sa.String(length=50), nullable=False),
        sa.Column("closed_slots", DOCUMENT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("chairs IS NULL OR chairs BETWEEN 2 AND 100", name=op.f("ck_event_tables_chairs_range")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_event_tables_number_range")),
        sa.ForeignKeyConstraint(
            ["handshake_event_id"],
            ["handshake_events.id"],
            name=op.f("fk_event_tables_handshake_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_tables")),
        sa.UniqueConstraint("handshake_event_id", "number", name=op.f("uq_event_tables_handshake_event_id_number")),
    )
    op.create_table(
        "seating_plans",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handshake_event_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "WAITING",
                "OPTIMAL",
                "FEASIBLE",
                "INFEASIBLE",
                "UNKNOWN",
                name="seating_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("result", DOCUMENT, nullable=False),
        sa.Column("utility", BIG, nullable=True),
        sa.Column("bound", BIG, nullable=True),
        sa.Column("worst_served", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handshake_event_id"],
            ["handshake_events.id"],
            name=op.f("fk_seating_plans_handshake_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_plans")),
    )
    op.create_index(op.f("ix_seating_plans_handshake_event_id"), "seating_plans", ["handshake_event_id"], unique=False)

    op.create_table(
        "attendees",
        sa.Column("id", BIG, nullable=False),
        sa.Column("invitation_id", BIG, nullable=False),
        sa.Column("scientist_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("badge", sa.String(length=12), nullable=False),
        sa.Column("away_slots", DOCUMENT, nullable=False),
        sa.Column("equipment", DOCUMENT, nullable=False),
        sa.Column("minimum_talks", sa.Integer(), nullable=True),
        sa.Column("maximum_talks", sa.Integer(), nullable=True),
        sa.Column("stands_in_for", sa.String(length=50), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ASKED",
                "COMING",
                "NOT_COMING",
                "ARRIVED",
                "ABSENT",
                name="attendee_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("arrived_at", MOMENT, nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "maximum_talks IS NULL OR maximum_talks BETWEEN 0 AND 48", name=op.f("ck_attendees_maximum_talks_range")
        ),
        sa.CheckConstraint(
            "minimum_talks IS NULL OR minimum_talks BETWEEN 0 AND 48", name=op.f("ck_attendees_minimum_talks_range")
        ),
        sa.CheckConstraint(
            "satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name=op.f("ck_attendees_satisfaction_range")
        ),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_attendees_invitation_id")),
        sa.ForeignKeyConstraint(["scientist_id"], ["scientists.id"], name=op.f("fk_attendees_scientist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendees")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_attendees_link_digest")),
    )
    op.create_index(op.f("ix_attendees_invitation_id"), "attendees", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_attendees_scientist_id"), "attendees", ["scientist_id"], unique=False)
    op.create_index("ix_attendees_state", "attendees", ["state"], unique=False)

    op.create_table(
        "door_marks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handshake_event_id", BIG, nullable=False),
        sa.Column("attendee_id", BIG, nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("badge", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ARRIVED",
                "UNDONE",
                "ABSENT",
                name="door_mark_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_door_marks_attendee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["handshake_event_id"],
            ["handshake_events.id"],
            name=op.f("fk_door_marks_handshake_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_marks")),
        sa.UniqueConstraint("key", name=op.f("uq_door_marks_key")),
    )
    op.create_index(op.f("ix_door_marks_attendee_id"), "door_marks", ["attendee_id"], unique=False)
    op.create_index("ix_door_marks_badge", "door_marks", ["handshake_event_id", "badge"], unique=False)

    op.create_table(
        "attendee_topics",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attendee_id", BIG, nullable=False),
        sa.Column("need_id", BIG, nullable=True),
        sa.Column("achievement_id", BIG, nullable=True),
        sa.CheckConstraint("(need_id IS NULL) <> (achievement_id IS NULL)", name=op.f("ck_attendee_topics_one_topic")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_attendee_topics_achievement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_attendee_topics_attendee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_attendee_topics_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee_topics")),
        sa.UniqueConstraint("attendee_id", "achievement_id", name=op.f("uq_attendee_topics_attendee_id_achievement_id")),
        sa.UniqueConstraint("attendee_id", "need_id", name=op.f("uq_attendee_topics_attendee_id_need_id")),
    )
    op.create_index(op.f("ix_attendee_topics_achievement_id"), "attendee_topics", ["achievement_id"], unique=False)
    op.create_index(op.f("ix_attendee_topics_need_id"), "attendee_topics", ["need_id"], unique=False)

    op.create_table(
        "event_letters",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attendee_id", BIG, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "INVITATION",
                "REMINDER",
                "PROGRAMME",
                "CHANGE",
                "CANCELLATION",
                "FOLLOW_UP",
                name="letter_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("copied_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_event_letters_attendee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_letters")),
    )
    op.create_index("ix_event_letters_attendee", "event_letters", ["attendee_id", "created_at"], unique=False)

    op.create_table(
        "wishes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("invitation_id", BIG, nullable=False),
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("attendee_id", BIG, nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "WANTED", "WILLING", "UNWANTED", name="wish_level", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_wishes_invitation_id")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_wishes_match_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("invitation_id", "match_id", name=op.f("uq_wishes_invitation_id_match_id")),
    )
    op.create_index(op.f("ix_wishes_match_id"), "wishes", ["match_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meeting_id", BIG, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "NEXT_STEP",
                "DAY_7",
                "DAY_30",
                "DAY_90",
                name="follow_up_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column(
            "owner_side",
            sa.Enum("NEED", "OFFER", "ORGANIZER", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "OPEN", "DONE", "DROPPED", name="follow_up_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", BIG, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("(state = 'DONE') = (done_at IS NOT NULL)", name=op.f("ck_follow_ups_done_has_time")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_follow_ups_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("meeting_id", "kind", name=op.f("uq_follow_ups_meeting_id_kind")),
    )
    op.create_index("ix_follow_ups_due", "follow_ups", ["state", "due_on"], unique=False)

    op.create_table(
        "meeting_opinions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meeting_id", BIG, nullable=False),
        sa.Column(
            "side",
            sa.Enum("NEED", "OFFER", "ORGANIZER", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("attendee_id", BIG, nullable=True),
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
        sa.Column("fit", sa.Integer(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
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
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("fit IS NULL OR fit BETWEEN 1 AND 4", name=op.f("ck_meeting_opinions_fit_range")),
        sa.CheckConstraint(
            "satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name=op.f("ck_meeting_opinions_satisfaction_range")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_opinions_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_opinions")),
        sa.UniqueConstraint("meeting_id", "side", name=op.f("uq_meeting_opinions_meeting_id_side")),
    )
    op.add_column("handshake_events", sa.Column("breaks", DOCUMENT, server_default="[]", nullable=False))
    op.add_column("handshake_events", sa.Column("reply_by", MOMENT, nullable=True))
    op.add_column("handshake_events", sa.Column("letter", sa.Text(), server_default="", nullable=False))

    _add_ranged("minimum_talks", "INTEGER DEFAULT '0' NOT NULL")
    _add_ranged("maximum_talks", "INTEGER")
    _add_ranged("score_weight", "INTEGER DEFAULT '100' NOT NULL")
    _add_ranged("wanted_weight", "INTEGER DEFAULT '40' NOT NULL")
    op.add_column("meetings", sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("meetings", sa.Column("need_attendee_id", BIG, nullable=True))
    op.add_column("meetings", sa.Column("offer_attendee_id", BIG, nullable=True))
    op.create_index(op.f("ix_meetings_need_attendee_id"), "meetings", ["need_attendee_id"], unique=False)
    op.create_index(op.f("ix_meetings_offer_attendee_id"), "meetings", ["offer_attendee_id"], unique=False)
    day = "date(held_at)" if op.get_bind().dialect.name == "sqlite" else "CAST(held_at AS DATE)"
    op.execute(NEXT_STEPS_BECOME_TASKS.format(held_on=day))
    for name in ("next_step", "next_step_owner", "due_on"):
        op.drop_column("meetings", name)


def downgrade() -> None:
    op.add_column("meetings", sa.Column("next_step", sa.String(length=500), server_default="", nullable=False))
    op.add_column("meetings", sa.Column("next_step_owner", sa.String(length=100), server_default="", nullable=False))
    op.add_column("meetings", sa.Column("due_on", sa.Date(), nullable=True))
    op.execute(TASKS_BECOME_NEXT_STEPS)
    op.drop_index(op.f("ix_meetings_offer_attendee_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_need_attendee_id"), table_name="meetings")
    op.drop_column("meetings", "offer_attendee_id")
    op.drop_column("meetings", "need_attendee_id")
    op.drop_column("meetings", "locked")

    op.drop_column("handshake_events", "letter")
    op.drop_column("handshake_events", "wanted_weight")
    op.drop_column("handshake_events", "score_weight")
    op.drop_column("handshake_events", "maximum_talks")
    op.drop_column("handshake_events", "minimum_talks")
    op.drop_column("handshake_events", "reply_by")
    op.drop_column("handshake_events", "breaks")

    op.drop_table("meeting_opinions")
    op.drop_index("ix_follow_ups_due", table_name="follow_ups")

    op.drop_table("follow_ups")
    op.drop_index(op.f("ix_wishes_match_id"), table_name="wishes")

    op.drop_table("wishes")
    op.drop_index("ix_event_letters_attendee", table_name="event_letters")

    op.drop_table("event_letters")
    op.drop_index(op.f("ix_attendee_topics_need_id"), table_name="attendee_topics")
    op.drop_index(op.f("ix_attendee_topics_achievement_id"), table_name="attendee_topics")

    op.drop_table("attendee_topics")
    op.drop_index("ix_door_marks_badge", table_name="door_marks")
    op.drop_index(op.f("ix_door_marks_attendee_id"), table_name="door_marks")

    op.drop_table("door_marks")
    op.drop_index("ix_attendees_state", table_name="attendees")
    op.drop_index(op.f("ix_attendees_scientist_id"), table_name="attendees")
    op.drop_index(op.f("ix_attendees_invitation_id"), table_name="attendees")

    op.drop_table("attendees")
    op.drop_index(op.f("ix_seating_plans_handshake_event_id"), table_name="seating_plans")

    op.drop_table("seating_plans")
    op.drop_table("event_tables")


def _add_ranged(name: str, form: str) -> None:
    """A column with its check in one statement: SQLite adds none to a table that is there, unless with its column."""
    check = f"CONSTRAINT ck_handshake_events_{name}_range CHECK ({RANGES[name]})"
    op.execute(f"ALTER TABLE handshake_events ADD COLUMN {name} {form} {check}")
