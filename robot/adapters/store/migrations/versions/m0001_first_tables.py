"""The first tables, and triggers that keep the audit trail append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH = sa.String(64)
CODE = sa.String(100)
SHORT = sa.Unicode(200)
LONG = sa.UnicodeText().with_variant(mssql.NVARCHAR(), "mssql")
#: ISO 8601 in UTC, and the shortest plain text of a decimal.
INSTANT = sa.String(32)
AMOUNT = sa.String(60)

REFUSAL = "the audit trail is append-only"
TRIGGERS = {
    "sqlite": (
        f"""CREATE TRIGGER audit_keep BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER audit_stay BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ),
    "postgresql": (
        f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        """CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_stay BEFORE TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ),
    "mssql": (
        # One event each: compatible servers may know no other.
        f"""CREATE TRIGGER audit_keep ON audit INSTEAD OF UPDATE AS
        BEGIN THROW 50000, '{REFUSAL}', 1; END""",
        f"""CREATE TRIGGER audit_stay ON audit INSTEAD OF DELETE AS
        BEGIN THROW 50000, '{REFUSAL}', 1; END""",
    ),
}


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "audit",
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("actor", SHORT, nullable=False),
        sa.Column("act", CODE, nullable=False),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("detail", LONG, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_document_id"), "audit", ["document_id"])
    op.create_index(op.f("ix_audit_run_id"), "audit", ["run_id"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "case_file",
        sa.Column("number", CODE, nullable=False),
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_file")),
        sa.UniqueConstraint("document_key", name=op.f("uq_case_file_document_key")),
    )
    op.create_table(
        "counter",
        sa.Column("name", CODE, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "document",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("document_key", HASH, nullable=False),
        sa.Column("version", HASH, nullable=False),
        sa.Column("generation", CODE, nullable=False),
        sa.Column("system", CODE, nullable=False),
        sa.Column("company", SHORT, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("source_id", SHORT, nullable=False),
        sa.Column("name", LONG, nullable=False),
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("number", LONG, nullable=False),
        sa.Column("supplier", LONG, nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("total", AMOUNT, nullable=True),
        sa.Column("payable", AMOUNT, nullable=True),
        sa.Column("currency", CODE, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("number_mark", HASH, nullable=True),
        sa.Column("likeness_mark", HASH, nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("codes", LONG, nullable=False),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("ruleset", HASH, nullable=False),
        sa.Column("receipt", CODE, nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("recheck", sa.Boolean(), nullable=False),
        sa.Column("released_by", SHORT, nullable=True),
        sa.Column("sent_back_by", SHORT, nullable=True),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("pulled_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "document_key", "version", name=op.f("uq_document_document_key_version")
        ),
    )
    op.create_index(op.f("ix_document_likeness_mark"), "document", ["likeness_mark"])
    op.create_index(op.f("ix_document_number_mark"), "document", ["number_mark"])
    op.create_index(op.f("ix_document_run_id"), "document", ["run_id"])
    op.create_index("ix_document_state_id", "document", ["state", "id"])
    op.create_table(
        "lease",
        sa.Column("name", CODE, nullable=False),
        sa.Column("owner", SHORT, nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "mail",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("message_id", SHORT, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("recipients", LONG, nullable=False),
        sa.Column("sender", SHORT, nullable=False),
        sa.Column("subject", LONG, nullable=False),
        sa.Column("plain", LONG, nullable=False),
        sa.Column("html", LONG, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("headers", LONG, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", LONG, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index(op.f("ix_mail_status"), "mail", ["status"])
    op.create_table(
        "pause",
        sa.Column("scope", CODE, nullable=False),
        sa.Column("reason", LONG, nullable=False),
        sa.Column("set_by", SHORT, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_pause")),
    )
    op.create_table(
        "ruleset",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("customer", CODE, nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.Column("first_used_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ruleset")),
    )
    op.create_table(
        "run",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("slot", CODE, nullable=False),
        sa.Column("owner", SHORT, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("summary", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_slot"), "run", ["slot"])
    op.create_table(
        "decision",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("ruleset", HASH, nullable=False),
        sa.Column("facts_hash", HASH, nullable=False),
        sa.Column("body", LONG, nullable=False),
        sa.Column("facts", LONG, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_decision_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_document_id"), "decision", ["document_id"])
    op.create_table(
        "effect",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("key", SHORT, nullable=False),
        sa.Column("payload", LONG, nullable=False),
        sa.Column("payload_hash", HASH, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", LONG, nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_effect_document_id_document")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_effect_mail_id_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_effect_kind_key")),
    )
    op.create_index(op.f("ix_effect_document_id"), "effect", ["document_id"])
    op.create_index(op.f("ix_effect_mail_id"), "effect", ["mail_id"])
    op.create_index("ix_effect_status_kind_id", "effect", ["status", "kind", "id"])
    op.create_table(
        "finding",
        sa.Column("decision_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("path", SHORT, nullable=False),
        sa.Column("seen", LONG, nullable=False),
        sa.Column("expected", LONG, nullable=False),
        sa.Column("rule", SHORT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_finding_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("decision_id", "position", name=op.f("pk_finding")),
    )
    for statement in TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
    columns = (sa.column("id", sa.Integer()), sa.column("seq", ID), sa.column("hash", HASH))
    head = sa.table("audit_head", *columns)
    op.execute(head.insert().values(id=1, seq=0, hash="0" * 64))


def downgrade() -> None:
    """There is no way back from the first step: an audit trail is not thrown away."""
    raise NotImplementedError("the first migration can't be undone")
