"""What proposed rule sets would have decided otherwise, for who approves them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    hashed = sa.String(64)
    code = sa.String(100)
    short = sa.Unicode(200)
    long = sa.UnicodeText().with_variant(mssql.NVARCHAR(), "mssql")
    op.create_table(
        "rule_backtest",
        sa.Column("hash", hashed, nullable=False),
        sa.Column("against", hashed, nullable=False),
        sa.Column("customer", code, nullable=False),
        sa.Column("made_by", short, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("result", long, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_rule_backtest")),
    )


def downgrade() -> None:
    """Take the step back; a backtest can be made again."""
    op.drop_table("rule_backtest")
