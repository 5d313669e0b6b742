"""Indexes for the lists of the dashboard: latest versions, customers, dates, service goals."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_document_document_key_id", "document", ["document_key", "id"]),
    ("ix_document_customer_state_id", "document", ["customer", "state", "id"]),
    ("ix_document_changed_at", "document", ["changed_at"]),
    ("ix_document_due_date", "document", ["due_date"]),
    ("ix_document_clock_goal_at", "document_clock", ["goal_at"]),
)


def upgrade() -> None:
    """Take the step."""
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take the step back; lists get slower."""
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
