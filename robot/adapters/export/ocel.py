"""OCEL 2.0 as JSON and as SQLite.

Source: OCEL (Object-Centric Event Log) 2.0 Specification, 2023, §4 (relational) and §6 (JSON).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from robot.adapters.export.log import EVENT_ATTRIBUTES, OBJECT_ATTRIBUTES, Log, LogObject

#: Attributes of objects have a time from which they hold: always.
_ALWAYS: Final = "1970-01-01T00:00:00.000Z"


def write_json(log: Log, path: Path) -> None:
    """Write the log as one JSON file."""
    types = sorted({event.type for event in log.events})
    whole: dict[str, Any] = {
        "objectTypes": [
            {"name": name, "attributes": [_text(attribute) for attribute in attributes]}
            for name, attributes in OBJECT_ATTRIBUTES.items()
        ],
        "eventTypes": [
            {"name": name, "attributes": [_text(attribute) for attribute in EVENT_ATTRIBUTES]}
            for name in types
        ],
        "objects": [
            {
                "id": thing.id,
                "type": thing.type,
                "attributes": [
                    {"name": name, "time": _ALWAYS, "value": value}
                    for name, value in thing.attributes.items()
                ],
                "relationships": [],
            }
            for thing in log.objects
        ],
        "events": [
            {
                "id": event.id,
                "type": event.type,
                "time": _moment(event.at),
                "attributes": [
                    {"name": name, "value": value} for name, value in event.attributes.items()
                ],
                "relationships": [
                    {"objectId": thing, "qualifier": qualifier}
                    for thing, qualifier in event.objects
                ],
            }
            for event in log.events
        ],
    }
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def write_sqlite(log: Log, path: Path) -> None:
    """Write the log as an SQLite database; one that is there is replaced."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        for statement in _TABLES:
            database.execute(statement)
        _write_events(database, log)
        _write_objects(database, log.objects)


_TABLES: Final = (
    "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
    "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
    "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT)",
    "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT)",
    """CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier))""",
    """CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier))""",
)


def _write_events(database: sqlite3.Connection, log: Log) -> None:
    columns = ", ".join(f'"{name}" TEXT' for name in EVENT_ATTRIBUTES)
    for name in sorted({event.type for event in log.events}):
        database.execute("INSERT INTO event_map_type VALUES (?, ?)", (name, name))
        database.execute(
            f'CREATE TABLE "event_{name}"'
            f" (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP, {columns})"
        )
        _insert(
            database,
            f"event_{name}",
            (
                (event.id, _moment(event.at), *(event.attributes[it] for it in EVENT_ATTRIBUTES))
                for event in log.events
                if event.type == name
            ),
            2 + len(EVENT_ATTRIBUTES),
        )
    _insert(database, "event", ((event.id, event.type) for event in log.events), 2)
    related = ((event.id, *pair) for event in log.events for pair in event.objects)
    _insert(database, "event_object", related, 3)


def _write_objects(database: sqlite3.Connection, objects: Sequence[LogObject]) -> None:
    _insert(database, "object", ((thing.id, thing.type) for thing in objects), 2)
    for name, attributes in OBJECT_ATTRIBUTES.items():
        database.execute("INSERT INTO object_map_type VALUES (?, ?)", (name, name))
        columns = "".join(f', "{attribute}" TEXT' for attribute in attributes)
        database.execute(
            f'CREATE TABLE "object_{name}"'
            f" (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT{columns})"
        )
        _insert(
            database,
            f"object_{name}",
            (
                (thing.id, _ALWAYS, None, *(thing.attributes[it] for it in attributes))
                for thing in objects
                if thing.type == name
            ),
            3 + len(attributes),
        )


def _insert(
    database: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]], width: int
) -> None:
    marks = ", ".join("?" * width)
    # Table names come from the two enumerations of this module's log.
    database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608


def _text(name: str) -> dict[str, str]:
    return {"name": name, "type": "string"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
