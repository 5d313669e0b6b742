"""Filled re-posting sheets: the files, the answers to them, and what they move."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from robot.adapters.store.columns import Code, Hash, Instant, Long, Short

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SHEET = "reposting_sheet.content_hash"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "reposting_file",
        sa.Column("content_hash", Hash, sa.ForeignKey(_SHEET), primary_key=True),
        sa.Column("way", Code, nullable=False),
        sa.Column("handed_in_by", Short, nullable=False),
        sa.Column("author", Short, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("marked", sa.LargeBinary),
    )
    op.create_table(
        "reposting_part",
        sa.Column("number", Code, primary_key=True),
        sa.Column("content_hash", Hash, sa.ForeignKey(_SHEET), nullable=False),
        sa.Column("document_key", Hash, nullable=False),
        sa.Column("posting_date", sa.Date, nullable=False),
        sa.Column("lines", Long, nullable=False),
    )
    op.create_index("ix_reposting_part_content_hash", "reposting_part", ["content_hash"])


def downgrade() -> None:
    """Take the step back; sheets that came in are gone."""
    op.drop_index("ix_reposting_part_content_hash", "reposting_part")
    op.drop_table("reposting_part")
    op.drop_table("reposting_file")
