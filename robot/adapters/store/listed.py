"""What is kept beside documents so that lists of them are quick: latest versions, text, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, update

from robot.adapters.store.columns import SEARCHED
from robot.adapters.store.schema import document, document_code
from robot.flow.records import DocumentCore

#: Rows in one IN list; SQL Server takes 2,100 parameters.
IN_LIST: Final = 500


def parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The values in lists short enough for an IN."""
    return (values[start : start + IN_LIST] for start in range(0, len(values), IN_LIST))


def searched(core: DocumentCore) -> str:
    """What of a document is searched, in small letters: SQLite knows only those of English."""
    supplier = "" if core.confidential else core.supplier
    texts = (core.number, core.source_id, supplier)
    return " ".join(text for text in texts if text).lower()[:SEARCHED]


def follow(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """New rows of documents, marked as the latest versions, which those before are no more."""
    latest = {row["document_key"]: row["id"] for row in rows}
    for part in parts(list(latest)):
        connection.execute(
            update(document).where(document.c.document_key.in_(part)).values(latest=False)
        )
    return [row | {"latest": latest[row["document_key"]] == row["id"]} for row in rows]


def write_codes(
    connection: Connection, codes: Mapping[int, str], *, had: Sequence[int] = ()
) -> None:
    """The error types of documents, by row id; `had` are those that may have had others."""
    for part in parts(had):
        connection.execute(delete(document_code).where(document_code.c.document_id.in_(part)))
    found = [
        {"document_id": number, "code": code}
        for number, text in codes.items()
        for code in text.split()
    ]
    if found:
        connection.execute(insert(document_code), found)
