"""Events of documents, payment files, deadlines, and what the dashboard keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH = sa.String(64)
CODE = sa.String(100)
SHORT = sa.Unicode(200)
LONG = sa.UnicodeText().with_variant(mssql.NVARCHAR(), "mssql")
INSTANT = sa.String(32)
AMOUNT = sa.String(60)


def upgrade() -> None:
    """Take the step."""
    op.add_column("document", sa.Column("steps", LONG, server_default="", nullable=False))
    op.create_table(
        "command",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("argument", LONG, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("asked_by", SHORT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("outcome", LONG, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("once", HASH, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
        sa.UniqueConstraint("once", name=op.f("uq_command_once")),
    )
    op.create_index(op.f("ix_command_status"), "command", ["status"])
    op.create_table(
        "payment_file",
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("name", SHORT, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("unmatched", sa.Integer(), nullable=False),
        sa.Column("problem", LONG, nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_payment_file")),
    )
    op.create_table(
        "reposting_sheet",
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("name", SHORT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", AMOUNT, nullable=False),
        sa.Column("problems", LONG, nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_reposting_sheet")),
    )
    op.create_index(op.f("ix_reposting_sheet_customer"), "reposting_sheet", ["customer"])
    op.create_table(
        "saved_filter",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person", SHORT, nullable=False),
        sa.Column("name", SHORT, nullable=False),
        sa.Column("page", CODE, nullable=False),
        sa.Column("query", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint(
            "person", "page", "name", name=op.f("uq_saved_filter_person_page_name")
        ),
    )
    op.create_index(op.f("ix_saved_filter_person"), "saved_filter", ["person"])
    op.create_table(
        "web_session",
        sa.Column("id", HASH, nullable=False),
        sa.Column("person", SHORT, nullable=False),
        sa.Column("rights", LONG, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
    )
    op.create_table(
        "document_clock",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("goal_at", INSTANT, nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("late_at_receipt", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_clock_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_clock")),
    )
    op.create_table(
        "journey_event",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("precision", CODE, nullable=False),
        sa.Column("event", CODE, nullable=False),
        sa.Column("system", CODE, nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("actor_name", SHORT, nullable=False),
        sa.Column("source_ref", SHORT, nullable=False),
        sa.Column("detail", LONG, nullable=False),
        sa.Column("supersedes", ID, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_journey_event_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey_event")),
        sa.UniqueConstraint(
            "document_key",
            "event",
            "source_ref",
            name=op.f("uq_journey_event_document_key_event_source_ref"),
        ),
    )
    op.create_index(op.f("ix_journey_event_document_id"), "journey_event", ["document_id"])
    op.create_index("ix_journey_event_document_key_at", "journey_event", ["document_key", "at"])
    op.create_index("ix_journey_event_event_at", "journey_event", ["event", "at"])
    op.create_index(op.f("ix_journey_event_recorded_at"), "journey_event", ["recorded_at"])


def downgrade() -> None:
    """Take the step back; the journeys can be told anew."""
    for table in (
        "reposting_sheet",
        "saved_filter",
        "web_session",
        "command",
        "payment_file",
        "document_clock",
        "journey_event",
    ):
        op.drop_table(table)
    op.drop_column("document", "steps", mssql_drop_default=True)
