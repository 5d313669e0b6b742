"""Proposed and approved rule sets, and candidates that decide in the shadow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0002"
down_revision = "0001"
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
        "rule_proposal",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("authors", LONG, nullable=False),
        sa.Column("proposed_by", SHORT, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("note", LONG, nullable=False),
        sa.Column("approved_by", SHORT, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("reason", LONG, nullable=True),
        sa.Column("commit_id", CODE, nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_rule_proposal")),
    )
    op.create_table(
        "shadow",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("directory", LONG, nullable=False),
        sa.Column("customers", LONG, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("runs_done", sa.Integer(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("started_by", SHORT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("words", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow")),
    )
    op.create_table(
        "shadow_decision",
        sa.Column("shadow_id", ID, autoincrement=False, nullable=False),
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("version", HASH, nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("source_id", SHORT, nullable=False),
        sa.Column("number", LONG, nullable=False),
        sa.Column("supplier", LONG, nullable=False),
        sa.Column("amount", AMOUNT, nullable=True),
        sa.Column("old_outcome", CODE, nullable=False),
        sa.Column("new_outcome", CODE, nullable=False),
        sa.Column("old_codes", LONG, nullable=False),
        sa.Column("new_codes", LONG, nullable=False),
        sa.Column("old_rules", LONG, nullable=False),
        sa.Column("new_rules", LONG, nullable=False),
        sa.ForeignKeyConstraint(
            ["shadow_id"], ["shadow.id"], name=op.f("fk_shadow_decision_shadow_id_shadow")
        ),
        sa.PrimaryKeyConstraint(
            "shadow_id", "document_key", "version", name=op.f("pk_shadow_decision")
        ),
    )


def downgrade() -> None:
    """Take the step back; what was proposed and compared is gone."""
    for table in ("shadow_decision", "shadow", "rule_proposal"):
        op.drop_table(table)
