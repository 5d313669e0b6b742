"""Events of documents, payment files, deadlines, commands from the dashboard and its sessions."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from robot.adapters.store.columns import Code, Hash, Id, Instant, Long, Short
from robot.adapters.store.schema.base import metadata
from robot.adapters.store.schema.core import document

#: What happened to a document, from supplier to cleared. Append-only: a corrected time is a new
#: event that names the one it replaces.
journey_event = Table(
    "journey_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("document_key", Hash, nullable=False),
    Column("document_id", Id, ForeignKey(document.c.id), index=True),
    #: The instant, or midnight in Copenhagen when only the day is known.
    Column("at", Instant, nullable=False),
    #: `second` or `day`.
    Column("precision", Code, nullable=False),
    Column("event", Code, nullable=False),
    #: `sdi`, `indfak`, `robot`, `navision`, `bank`, `mail`, `case`.
    Column("system", Code, nullable=False),
    #: `robot`, `sam`, `customer`, `supplier`, `bank` or `system`.
    Column("actor", Code, nullable=False),
    Column("actor_name", Short, nullable=False),
    #: Names the record of the source, so that reading it again adds nothing.
    Column("source_ref", Short, nullable=False),
    Column("detail", Long, nullable=False),
    Column("supersedes", Id),
    Column("recorded_at", Instant, nullable=False, index=True),
    UniqueConstraint("document_key", "event", "source_ref"),
    Index("ix_journey_event_document_key_at", "document_key", "at"),
    Index("ix_journey_event_event_at", "event", "at"),
)

#: Dates that a document is measured against, computed once.
document_clock = Table(
    "document_clock",
    metadata,
    Column("document_id", Id, ForeignKey(document.c.id), primary_key=True, autoincrement=False),
    Column("approved_at", Instant),
    #: The centre's service goal.
    Column("goal_at", Instant, index=True),
    #: When the payment has to be at the bank to be in time.
    Column("pay_by", Date),
    Column("late_at_receipt", Boolean(create_constraint=False), nullable=False),
)

#: What became of a document, in columns that the database sums up: its journey so far, measured
#: when it was told. It follows from journeys and clocks and is made anew when they are measured
#: otherwise.
document_measure = Table(
    "document_measure",
    metadata,
    Column("document_key", Hash, primary_key=True),
    Column("customer", Code, nullable=False),
    #: When it was approved, else pulled (Copenhagen).
    Column("day", Date, nullable=False),
    #: Bits of `robot.flow.measure_port.Mark`.
    Column("marks", Integer, nullable=False),
    #: Some of it goes on with the time.
    Column("moving", Boolean(create_constraint=False), nullable=False),
    #: Something is left to be done.
    Column("waiting", Boolean(create_constraint=False), nullable=False),
    Column("bounces", Integer, nullable=False),
    Column("preventable", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("unmapped", Integer, nullable=False),
    #: Working hours at the centre of what was dealt with.
    Column("centre_hours", Double),
    Column("turnaround_hours", Double),
    Column("payment_lead_days", Double),
    Column("customer_days", Double, nullable=False),
    Column("centre_days", Double, nullable=False),
    Column("bank_days", Double, nullable=False),
    Column("supplier_days", Double, nullable=False),
    #: Who has the ball, since when; empty when the journey has ended.
    Column("ball", Code, nullable=False),
    Column("ball_since", Instant),
    Column("due", Date),
    Column("goal_at", Instant),
    #: Error types that it met, in order, separated by spaces.
    Column("codes", Long, nullable=False),
    #: Its events in order, and the days between them, separated by spaces.
    Column("path", Long, nullable=False),
    Column("path_days", Long, nullable=False),
    Index("ix_document_measure_day_customer", "day", "customer"),
)

#: Files of the bank that were read.
payment_file = Table(
    "payment_file",
    metadata,
    Column("content_hash", Hash, primary_key=True),
    Column("name", Short, nullable=False),
    #: `pain.002` or `camt.054`.
    Column("kind", Code, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
    #: Rows that belong to no known document.
    Column("unmatched", Integer, nullable=False),
    Column("problem", Long, nullable=False),
)

#: What people ask for on the dashboard; the robot carries it out.
command = Table(
    "command",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", Code, nullable=False),
    Column("argument", Long, nullable=False),
    Column("reason", Long, nullable=False),
    Column("asked_by", Short, nullable=False),
    Column("asked_at", Instant, nullable=False),
    #: `waiting`, `done` or `refused`.
    Column("status", Code, nullable=False, index=True),
    Column("outcome", Long, nullable=False),
    Column("done_at", Instant),
    #: A form sent twice is one command.
    Column("once", Hash, nullable=False, unique=True),
)

web_session = Table(
    "web_session",
    metadata,
    #: SHA-256 of the secret in the cookie.
    Column("id", Hash, primary_key=True),
    Column("person", Short, nullable=False),
    #: Roles and customers: JSON.
    Column("rights", Long, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("person", Short, nullable=False, index=True),
    Column("name", Short, nullable=False),
    Column("page", Code, nullable=False),
    Column("query", Long, nullable=False),
    UniqueConstraint("person", "page", "name"),
)
