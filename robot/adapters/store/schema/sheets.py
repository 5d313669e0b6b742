"""Filled re-posting sheets (*omposteringsark*): the files, the answers, what they move."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, Table

from robot.adapters.store.columns import Amount, Code, Hash, Instant, Long, Short
from robot.adapters.store.schema.base import metadata

#: Sheets that came in.
reposting_sheet = Table(
    "reposting_sheet",
    metadata,
    #: SHA-256 of the file.
    Column("content_hash", Hash, primary_key=True),
    #: Bogføringskreds; empty until the sheet was read, when nobody said it.
    Column("customer", Code, nullable=False, index=True),
    Column("name", Short, nullable=False),
    Column("received_at", Instant, nullable=False),
    #: `waiting`, `accepted`, `returned` or `refused`.
    Column("status", Code, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("total", Amount, nullable=False),
    #: What is wrong with its cells, or why it was refused: JSON.
    Column("problems", Long, nullable=False),
)

#: The files themselves, apart so that lists do not read them.
reposting_file = Table(
    "reposting_file",
    metadata,
    Column("content_hash", Hash, ForeignKey(reposting_sheet.c.content_hash), primary_key=True),
    #: `dashboard`, `folder` or `command-line`.
    Column("way", Code, nullable=False),
    Column("handed_in_by", Short, nullable=False),
    Column("author", Short, nullable=False),
    Column("answered_at", Instant),
    Column("content", LargeBinary, nullable=False),
    #: The copy with its wrong cells marked.
    Column("marked", LargeBinary),
)

#: What an accepted sheet moves on one posting date. The number is that of what is moved, so that
#: the same re-posting can't be accepted twice, whatever file it comes in.
reposting_part = Table(
    "reposting_part",
    metadata,
    Column("number", Code, primary_key=True),
    Column(
        "content_hash",
        Hash,
        ForeignKey(reposting_sheet.c.content_hash),
        nullable=False,
        index=True,
    ),
    Column("document_key", Hash, nullable=False),
    Column("posting_date", Date, nullable=False),
    #: The rows: JSON.
    Column("lines", Long, nullable=False),
)
