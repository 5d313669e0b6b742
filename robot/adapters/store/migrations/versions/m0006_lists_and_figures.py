"""Latest versions and searched text of documents, an index for each list, measures of journeys."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH = sa.String(64)
CODE = sa.String(100)
LONG = sa.UnicodeText().with_variant(mssql.NVARCHAR(), "mssql")
INSTANT = sa.String(32)
TRUTH = sa.Boolean(create_constraint=False)
_PAGE = 5_000
_SEARCHED = 300
_BEFORE = ("ix_document_customer_state_id", "document", ["customer", "state", "id"])
_INDEXES = (
    (
        "ix_document_customer_state_latest_id",
        "document",
        ["customer", "state", "latest", "id"],
    ),
    ("ix_document_state_latest_id", "document", ["state", "latest", "id"]),
    (
        "ix_document_customer_searched",
        "document",
        ["customer", "searched", "receipt", "latest", "id"],
    ),
    ("ix_audit_act_seq", "audit", ["act", "seq"]),
    ("ix_audit_actor_seq", "audit", ["actor", "seq"]),
)


def upgrade() -> None:
    """Take the step."""
    op.add_column("document", sa.Column("latest", TRUTH, server_default=sa.true(), nullable=False))
    op.add_column(
        "document", sa.Column("searched", sa.Unicode(_SEARCHED), server_default="", nullable=False)
    )
    op.create_table(
        "document_code",
        sa.Column("code", CODE, nullable=False),
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_document_code_document_id_document"),
        ),
        sa.PrimaryKeyConstraint("code", "document_id", name=op.f("pk_document_code")),
    )
    op.create_index(op.f("ix_document_code_document_id"), "document_code", ["document_id"])
    if not op.get_context().as_sql:
        _fill(op.get_bind())
    op.create_table(
        "document_measure",
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("moving", TRUTH, nullable=False),
        sa.Column("waiting", TRUTH, nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("preventable", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("unmapped", sa.Integer(), nullable=False),
        sa.Column("centre_hours", sa.Double(), nullable=True),
        sa.Column("turnaround_hours", sa.Double(), nullable=True),
        sa.Column("payment_lead_days", sa.Double(), nullable=True),
        sa.Column("customer_days", sa.Double(), nullable=False),
        sa.Column("centre_days", sa.Double(), nullable=False),
        sa.Column("bank_days", sa.Double(), nullable=False),
        sa.Column("supplier_days", sa.Double(), nullable=False),
        sa.Column("ball", CODE, nullable=False),
        sa.Column("ball_since", INSTANT, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("goal_at", INSTANT, nullable=True),
        sa.Column("codes", LONG, nullable=False),
        sa.Column("path", LONG, nullable=False),
        sa.Column("path_days", LONG, nullable=False),
        sa.PrimaryKeyConstraint("document_key", name=op.f("pk_document_measure")),
    )
    op.create_index("ix_document_measure_day_customer", "document_measure", ["day", "customer"])
    op.drop_index(_BEFORE[0], _BEFORE[1])
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take the step back; lists get slower and figures are gone."""
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    op.create_index(*_BEFORE)
    op.drop_index("ix_document_measure_day_customer", "document_measure")
    op.drop_table("document_measure")
    op.drop_table("document_code")
    op.drop_column("document", "searched", mssql_drop_default=True)
    op.drop_column("document", "latest", mssql_drop_default=True)
    op.execute("DELETE FROM counter WHERE name IN ('measured-event', 'measured-by')")


def _fill(connection: sa.Connection) -> None:
    connection.execute(
        sa.text(
            "UPDATE document SET latest = :no WHERE EXISTS (SELECT 1 FROM document later"
            " WHERE later.document_key = document.document_key AND later.id > document.id)"
        ).bindparams(sa.bindparam("no", False, TRUTH))
    )
    page = sa.text(
        "SELECT id, number, source_id, supplier, confidential, codes FROM document"
        " WHERE id > :after AND id <= :until"
    )
    change = sa.text("UPDATE document SET searched = :searched WHERE id = :id")
    add = sa.text("INSERT INTO document_code (code, document_id) VALUES (:code, :id)")
    last = connection.execute(sa.text("SELECT MAX(id) FROM document")).scalar() or 0
    for after in range(0, last, _PAGE):
        rows = connection.execute(page, {"after": after, "until": after + _PAGE}).all()
        codes = [{"id": row.id, "code": code} for row in rows for code in row.codes.split()]
        if rows:
            connection.execute(change, [_searched(row) for row in rows])
        if codes:
            connection.execute(add, codes)


def _searched(row: sa.Row[Any]) -> dict[str, Any]:
    supplier = "" if row.confidential else row.supplier
    text = " ".join(text for text in (row.number, row.source_id, supplier) if text)
    return {"id": row.id, "searched": text.lower()[:_SEARCHED]}
