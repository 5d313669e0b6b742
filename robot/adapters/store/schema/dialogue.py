"""Cases, mails that came in, contacts and shared mailboxes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from robot.adapters.store.columns import Amount, Code, Hash, Id, Instant, Long, Short
from robot.adapters.store.schema.base import metadata
from robot.adapters.store.schema.core import case_file, mail

#: The documents that a case is about, with the customer's clock for each.
case_document = Table(
    "case_document",
    metadata,
    Column("document_key", Hash, primary_key=True),
    Column("case_number", Code, ForeignKey(case_file.c.number), nullable=False, index=True),
    Column("joined_at", Instant, nullable=False),
    #: The last day on which a fix is in time; computed when the customer was told.
    Column("fix_by", Date),
    Column("fix_by_reason", Code),
    #: When the notice of this episode was handed over; the customer's clock starts here.
    Column("told_at", Instant),
    Column("reminders", Integer, nullable=False),
    Column("reminded_on", Date),
    Column("escalated_on", Date),
    #: When the closing mail was written.
    Column("closing_at", Instant),
)

#: Who sees a case. An address from a shared mailbox stands for all its members.
case_party = Table(
    "case_party",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_number", Code, ForeignKey(case_file.c.number), nullable=False, index=True),
    #: Lower case.
    Column("address", Short, nullable=False, index=True),
    #: `mailbox` (shared) or `person`.
    Column("kind", Code, nullable=False),
    #: `notice`, `reply` or `shared` (by hand).
    Column("origin", Code, nullable=False),
    Column("added_by", Short, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("removed_by", Short),
    Column("removed_at", Instant),
    UniqueConstraint("case_number", "address"),
)

#: What was said on a case, oldest first. Append-only by the code.
case_entry = Table(
    "case_entry",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_number", Code, ForeignKey(case_file.c.number), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    #: An address, a clerk's name or `robot`.
    Column("author", Short, nullable=False),
    Column("kind", Code, nullable=False),
    #: `external` (the customer sees it) or `internal`.
    Column("visibility", Code, nullable=False),
    Column("text", Long, nullable=False),
    #: The mail that carried it, in or out.
    Column("message_id", Short, index=True),
)

#: Cases that a mail refers to.
mail_case = Table(
    "mail_case",
    metadata,
    Column("mail_id", Id, ForeignKey(mail.c.id), primary_key=True, autoincrement=False),
    Column(
        "case_number", Code, ForeignKey(case_file.c.number), primary_key=True, autoincrement=False
    ),
    Index("ix_mail_case_case_number", "case_number"),
)

#: A shared mailbox of a customer; no row for those that its rule file names and nobody changed.
shared_mailbox = Table(
    "shared_mailbox",
    metadata,
    #: Lower case.
    Column("address", Short, primary_key=True),
    Column("customer", Code, nullable=False, index=True),
    Column("created_by", Short, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_by", Short),
    Column("closed_at", Instant),
)

#: Persons added to or removed from a shared mailbox by command, in order.
mailbox_member = Table(
    "mailbox_member",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("mailbox", Short, nullable=False, index=True),
    Column("person", Short, nullable=False),
    Column("added_by", Short),
    Column("added_at", Instant),
    Column("removed_by", Short),
    Column("removed_at", Instant),
    UniqueConstraint("mailbox", "person"),
)

#: Whether mail reaches an address.
contact = Table(
    "contact",
    metadata,
    #: Lower case.
    Column("address", Short, primary_key=True),
    #: `ok`, `soft` or `dead`.
    Column("state", Code, nullable=False),
    #: Failures of the last days, hard 1 and soft 0.5, at most one a day.
    Column("score", Amount, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("last_failure_on", Date),
    #: Enhanced status code and words of the last failure.
    Column("last_code", Code, nullable=False),
    Column("words", Long, nullable=False),
)

#: How far a folder of the robot's mailbox was read.
mailbox_position = Table(
    "mailbox_position",
    metadata,
    Column("folder", Short, primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
)

#: Every mail that came in. The raw message is in a file, kept before it is parsed.
incoming = Table(
    "incoming",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("folder", Short, nullable=False),
    Column("validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    #: SHA-256 of the raw message, which is also the name of its file.
    Column("content_hash", Hash, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    #: `new` until it was sorted.
    Column("status", Code, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    #: What it is: `reply`, `new-mail`, `auto-reply`, `delivery-failure`, `receipt`, `bulk`, …
    Column("kind", Code, nullable=False),
    #: Where it went: `case`, `quarantine`, `triage`, `noted`, `parked`, `set-aside`.
    Column("route", Code, nullable=False, index=True),
    Column("reason", Long, nullable=False),
    #: What the writer wants: `fixed`, `recheck`, `more-time`, `supplier`, `status`, `comment`.
    Column("intent", Code, nullable=False),
    Column("case_number", Code, index=True),
    Column("customer", Code),
    Column("sender", Short, nullable=False),
    Column("subject", Long, nullable=False),
    Column("message_id", Long, nullable=False),
    #: The reply without quotation and signature.
    Column("text", Long, nullable=False),
    #: What else was found out: JSON.
    Column("detail", Long, nullable=False),
    Column("handled_by", Short),
    Column("handled_at", Instant),
    UniqueConstraint("folder", "validity", "uid"),
)

#: The error type that a customer's own mail is about.
reported_error = Table(
    "reported_error",
    metadata,
    Column("incoming_id", Id, ForeignKey(incoming.c.id), primary_key=True, autoincrement=False),
    Column("code", Code, nullable=False, index=True),
    #: `rule`, `model` or `person`.
    Column("found_by", Code, nullable=False),
    #: From 0 to 1.
    Column("confidence", Amount, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("decided_by", Short, nullable=False),
)
