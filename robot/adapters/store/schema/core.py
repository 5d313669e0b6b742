"""Runs, documents, decisions, effects, rules and the trail."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Unicode,
    UniqueConstraint,
    true,
)

from robot.adapters.store.columns import (
    SEARCHED,
    Amount,
    Code,
    Hash,
    Id,
    Instant,
    Long,
    Short,
)
from robot.adapters.store.schema.base import metadata

#: Numbers given out in order: row ids, case numbers, fencing tokens.
counter = Table(
    "counter",
    metadata,
    Column("name", Code, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Code, primary_key=True),
    Column("owner", Short, nullable=False),
    Column("token", BigInteger, nullable=False),
    #: Seconds since 1970 by the database's clock.
    Column("expires_at", BigInteger, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("slot", Code, nullable=False, index=True),
    Column("owner", Short, nullable=False),
    Column("status", Code, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("summary", Long, nullable=False),
)

ruleset = Table(
    "ruleset",
    metadata,
    Column("hash", Hash, primary_key=True),
    Column("customer", Code, nullable=False),
    Column("text", Long, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)

#: One row per version of a document.
document = Table(
    "document",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("document_key", Hash, nullable=False),
    Column("version", Hash, nullable=False),
    Column("generation", Code, nullable=False),
    Column("system", Code, nullable=False),
    Column("company", Short, nullable=False),
    Column("customer", Code, nullable=False),
    Column("source_id", Short, nullable=False),
    Column("name", Long, nullable=False),
    Column("content_hash", Hash, nullable=False),
    Column("kind", Code, nullable=False),
    Column("number", Long, nullable=False),
    Column("supplier", Long, nullable=False),
    Column("issue_date", Date),
    Column("due_date", Date),
    Column("total", Amount),
    Column("payable", Amount),
    Column("currency", Code, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("confidential", Boolean(create_constraint=False), nullable=False),
    Column("number_mark", Hash, index=True),
    Column("likeness_mark", Hash, index=True),
    #: What the source states of its way to the centre: JSON.
    Column("steps", Long, nullable=False, server_default=""),
    Column("state", Code, nullable=False),
    Column("outcome", Code, nullable=False),
    #: Error types of the decision that stands, separated by spaces.
    Column("codes", Long, nullable=False),
    Column("digest", Hash, nullable=False),
    Column("ruleset", Hash, nullable=False),
    Column("receipt", Code),
    #: Decisions so far, which numbers its effects.
    Column("turn", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("recheck", Boolean(create_constraint=False), nullable=False),
    Column("released_by", Short),
    Column("sent_back_by", Short),
    #: The last run that changed it.
    Column("run_id", Id, index=True),
    Column("fence", BigInteger, nullable=False),
    Column("pulled_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    #: No later version of the document followed.
    Column("latest", Boolean(create_constraint=False), nullable=False, server_default=true()),
    #: What lists are searched in: number, id in the source and, unless it is confidential, the
    #: supplier, in small letters.
    Column("searched", Unicode(SEARCHED), nullable=False, server_default=""),
    UniqueConstraint("document_key", "version"),
    Index("ix_document_state_id", "state", "id"),
    Index("ix_document_document_key_id", "document_key", "id"),
    Index("ix_document_customer_state_latest_id", "customer", "state", "latest", "id"),
    # No index begins with `latest`: SQLite would take it for a choice of few.
    Index("ix_document_state_latest_id", "state", "latest", "id"),
    # A search reads this index from end to end, not the documents.
    Index("ix_document_customer_searched", "customer", "searched", "receipt", "latest", "id"),
    Index("ix_document_changed_at", "changed_at"),
    Index("ix_document_due_date", "due_date"),
)

#: The same error types one by one, to find documents by them.
document_code = Table(
    "document_code",
    metadata,
    Column("code", Code, primary_key=True),
    Column("document_id", Id, ForeignKey(document.c.id), primary_key=True, autoincrement=False),
    Index("ix_document_code_document_id", "document_id"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("document_id", Id, ForeignKey(document.c.id), nullable=False, index=True),
    Column("run_id", Id),
    Column("decided_at", Instant, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("outcome", Code, nullable=False),
    Column("ruleset", Hash, nullable=False),
    Column("facts_hash", Hash, nullable=False),
    #: Results of the rules, what let it through, the posting date: JSON.
    Column("body", Long, nullable=False),
    #: What the ERP and the calendars said, as the decision saw it: JSON.
    Column("facts", Long),
)

finding = Table(
    "finding",
    metadata,
    Column("decision_id", Id, ForeignKey(decision.c.id), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    #: `cause`, `suppressed` or `note`.
    Column("role", Code, nullable=False),
    Column("code", Code, nullable=False),
    Column("path", Short, nullable=False),
    Column("seen", Long, nullable=False),
    Column("expected", Long, nullable=False),
    Column("rule", Short, nullable=False),
)

mail = Table(
    "mail",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Short, nullable=False, unique=True),
    Column("customer", Code, nullable=False),
    Column("recipients", Long, nullable=False),
    Column("sender", Short, nullable=False),
    Column("subject", Long, nullable=False),
    Column("plain", Long, nullable=False),
    Column("html", Long, nullable=False),
    Column("language", Code, nullable=False),
    Column("headers", Long, nullable=False),
    Column("status", Code, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("outcome", Long, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    #: `digest`, `single`, `reminder`, `escalation`, `closing`, `status` or `acknowledgement`.
    Column("purpose", Code, nullable=False, server_default="digest"),
    #: Not handed over again before this instant, after a refusal that passes.
    Column("not_before", Instant),
)

#: What is to change the world, written with the decision that wants it.
effect = Table(
    "effect",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("document_id", Id, ForeignKey(document.c.id), nullable=False, index=True),
    Column("kind", Code, nullable=False),
    Column("key", Short, nullable=False),
    Column("payload", Long, nullable=False),
    Column("payload_hash", Hash, nullable=False),
    Column("status", Code, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("outcome", Long, nullable=False),
    Column("mail_id", Id, ForeignKey(mail.c.id), index=True),
    Column("fence", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("kind", "key"),
    Index("ix_effect_status_kind_id", "status", "kind", "id"),
)

#: The number under which the customer and the centre talk about a document.
case_file = Table(
    "case_file",
    metadata,
    Column("number", Code, primary_key=True),
    Column("document_key", Hash, nullable=False, unique=True),
    Column("customer", Code, nullable=False),
    Column("opened_at", Instant, nullable=False),
    #: Equal for documents that one repair puts right; None: a case of this document alone.
    Column("cause", Hash, index=True),
    Column("closed_at", Instant),
    Column("closed_by", Short),
    #: The customer asked for time until this day.
    Column("waits_until", Date),
    #: Since when it waits for the supplier.
    Column("supplier_since", Instant),
    #: When the customer last said that it is fixed.
    Column("said_fixed_at", Instant),
)

pause = Table(
    "pause",
    metadata,
    #: A bogføringskreds, or empty for everything.
    Column("scope", Code, primary_key=True),
    Column("reason", Long, nullable=False),
    Column("set_by", Short, nullable=False),
    Column("set_at", Instant, nullable=False),
)

#: Append-only: triggers refuse to change or delete a row.
audit = Table(
    "audit",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("run_id", Id, index=True),
    Column("actor", Short, nullable=False),
    Column("act", Code, nullable=False),
    Column("document_id", Id, index=True),
    Column("detail", Long, nullable=False),
    Column("hash", Hash, nullable=False),
    Index("ix_audit_act_seq", "act", "seq"),
    Index("ix_audit_actor_seq", "actor", "seq"),
)

#: One row: where the chain ends.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Hash, nullable=False),
)

#: Rule sets that were proposed, with the approval of somebody else when there is one.
rule_proposal = Table(
    "rule_proposal",
    metadata,
    Column("hash", Hash, primary_key=True),
    Column("customer", Code, nullable=False),
    Column("text", Long, nullable=False),
    #: All names of who wrote or proposed it: JSON.
    Column("authors", Long, nullable=False),
    Column("proposed_by", Short, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("note", Long, nullable=False),
    Column("approved_by", Short),
    Column("approved_at", Instant),
    Column("reason", Long),
    Column("commit_id", Code),
)

#: What proposed sets would have decided otherwise, the latest trial of each.
rule_backtest = Table(
    "rule_backtest",
    metadata,
    Column("hash", Hash, primary_key=True),
    #: The set that it was compared with.
    Column("against", Hash, nullable=False),
    Column("customer", Code, nullable=False),
    Column("made_by", Short, nullable=False),
    Column("made_at", Instant, nullable=False),
    #: First and last day of the decisions that were looked at; empty: as far as they go.
    Column("since", Date),
    Column("until", Date),
    #: As `rules backtest --json` prints it.
    Column("result", Long, nullable=False),
)

#: Candidates that decide beside the rules in force.
shadow = Table(
    "shadow",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("directory", Long, nullable=False),
    #: Bogføringskredse, JSON; an empty list stands for all.
    Column("customers", Long, nullable=False),
    Column("text", Long, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("runs_done", Integer, nullable=False),
    Column("status", Code, nullable=False),
    Column("started_by", Short, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("words", Long, nullable=False),
)

shadow_decision = Table(
    "shadow_decision",
    metadata,
    Column("shadow_id", Id, ForeignKey(shadow.c.id), primary_key=True, autoincrement=False),
    Column("document_key", Hash, primary_key=True),
    Column("version", Hash, primary_key=True),
    Column("run_id", Id),
    Column("customer", Code, nullable=False),
    Column("source_id", Short, nullable=False),
    Column("number", Long, nullable=False),
    Column("supplier", Long, nullable=False),
    #: Total with VAT in DKK.
    Column("amount", Amount),
    Column("old_outcome", Code, nullable=False),
    Column("new_outcome", Code, nullable=False),
    #: Error types and rules: JSON.
    Column("old_codes", Long, nullable=False),
    Column("new_codes", Long, nullable=False),
    Column("old_rules", Long, nullable=False),
    Column("new_rules", Long, nullable=False),
)
