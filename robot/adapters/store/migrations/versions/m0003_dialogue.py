"""Cases of several documents, mails that came in, contacts and shared mailboxes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0003"
down_revision = "0002"
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
    op.create_table(
        "contact",
        sa.Column("address", SHORT, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("score", AMOUNT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("last_failure_on", sa.Date(), nullable=True),
        sa.Column("last_code", CODE, nullable=False),
        sa.Column("words", LONG, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_contact")),
    )
    op.create_table(
        "incoming",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("folder", SHORT, nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("route", CODE, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("intent", CODE, nullable=False),
        sa.Column("case_number", CODE, nullable=True),
        sa.Column("customer", CODE, nullable=True),
        sa.Column("sender", SHORT, nullable=False),
        sa.Column("subject", LONG, nullable=False),
        sa.Column("message_id", LONG, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("detail", LONG, nullable=False),
        sa.Column("handled_by", SHORT, nullable=True),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint(
            "folder", "validity", "uid", name=op.f("uq_incoming_folder_validity_uid")
        ),
    )
    op.create_index(op.f("ix_incoming_case_number"), "incoming", ["case_number"])
    op.create_index(op.f("ix_incoming_content_hash"), "incoming", ["content_hash"])
    op.create_index(op.f("ix_incoming_route"), "incoming", ["route"])
    op.create_index(op.f("ix_incoming_status"), "incoming", ["status"])
    op.create_table(
        "mailbox_member",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("mailbox", SHORT, nullable=False),
        sa.Column("person", SHORT, nullable=False),
        sa.Column("added_by", SHORT, nullable=True),
        sa.Column("added_at", INSTANT, nullable=True),
        sa.Column("removed_by", SHORT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_member")),
        sa.UniqueConstraint("mailbox", "person", name=op.f("uq_mailbox_member_mailbox_person")),
    )
    op.create_index(op.f("ix_mailbox_member_mailbox"), "mailbox_member", ["mailbox"])
    op.create_table(
        "mailbox_position",
        sa.Column("folder", SHORT, nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("folder", name=op.f("pk_mailbox_position")),
    )
    op.create_table(
        "shared_mailbox",
        sa.Column("address", SHORT, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("created_by", SHORT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("closed_by", SHORT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_shared_mailbox")),
    )
    op.create_index(op.f("ix_shared_mailbox_customer"), "shared_mailbox", ["customer"])
    op.create_table(
        "case_document",
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("case_number", CODE, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("fix_by", sa.Date(), nullable=True),
        sa.Column("fix_by_reason", CODE, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("closing_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"],
            ["case_file.number"],
            name=op.f("fk_case_document_case_number_case_file"),
        ),
        sa.PrimaryKeyConstraint("document_key", name=op.f("pk_case_document")),
    )
    op.create_index(op.f("ix_case_document_case_number"), "case_document", ["case_number"])
    op.create_table(
        "case_entry",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("case_number", CODE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", SHORT, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("visibility", CODE, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("message_id", SHORT, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case_file.number"], name=op.f("fk_case_entry_case_number_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
    )
    op.create_index(op.f("ix_case_entry_case_number"), "case_entry", ["case_number"])
    op.create_index(op.f("ix_case_entry_message_id"), "case_entry", ["message_id"])
    op.create_table(
        "case_party",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("case_number", CODE, nullable=False),
        sa.Column("address", SHORT, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("origin", CODE, nullable=False),
        sa.Column("added_by", SHORT, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("removed_by", SHORT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case_file.number"], name=op.f("fk_case_party_case_number_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_party")),
        sa.UniqueConstraint(
            "case_number", "address", name=op.f("uq_case_party_case_number_address")
        ),
    )
    op.create_index(op.f("ix_case_party_address"), "case_party", ["address"])
    op.create_index(op.f("ix_case_party_case_number"), "case_party", ["case_number"])
    op.create_table(
        "mail_case",
        sa.Column("mail_id", ID, autoincrement=False, nullable=False),
        sa.Column("case_number", CODE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case_file.number"], name=op.f("fk_mail_case_case_number_case_file")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_case_mail_id_mail")),
        sa.PrimaryKeyConstraint("mail_id", "case_number", name=op.f("pk_mail_case")),
    )
    op.create_index("ix_mail_case_case_number", "mail_case", ["case_number"])
    op.create_table(
        "reported_error",
        sa.Column("incoming_id", ID, autoincrement=False, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("found_by", CODE, nullable=False),
        sa.Column("confidence", AMOUNT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("decided_by", SHORT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_reported_error_incoming_id_incoming")
        ),
        sa.PrimaryKeyConstraint("incoming_id", name=op.f("pk_reported_error")),
    )
    op.create_index(op.f("ix_reported_error_code"), "reported_error", ["code"])
    op.add_column("case_file", sa.Column("cause", HASH, nullable=True))
    op.add_column("case_file", sa.Column("closed_at", INSTANT, nullable=True))
    op.add_column("case_file", sa.Column("closed_by", SHORT, nullable=True))
    op.add_column("case_file", sa.Column("waits_until", sa.Date(), nullable=True))
    op.add_column("case_file", sa.Column("supplier_since", INSTANT, nullable=True))
    op.add_column("case_file", sa.Column("said_fixed_at", INSTANT, nullable=True))
    op.create_index(op.f("ix_case_file_cause"), "case_file", ["cause"])
    op.add_column("mail", sa.Column("purpose", CODE, server_default="digest", nullable=False))
    op.add_column("mail", sa.Column("not_before", INSTANT, nullable=True))
    op.execute(
        "INSERT INTO case_document (document_key, case_number, joined_at, reminders)"
        " SELECT document_key, number, opened_at, 0 FROM case_file"
    )


def downgrade() -> None:
    """Take the step back; what customers wrote is gone."""
    for table in (
        "reported_error",
        "incoming",
        "mailbox_position",
        "contact",
        "mailbox_member",
        "shared_mailbox",
        "mail_case",
        "case_entry",
        "case_party",
        "case_document",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_case_file_cause"), "case_file")
    for column in (
        "cause",
        "closed_at",
        "closed_by",
        "waits_until",
        "supplier_since",
        "said_fixed_at",
    ):
        op.drop_column("case_file", column)
    for column in ("not_before", "purpose"):
        op.drop_column("mail", column, mssql_drop_default=True)
