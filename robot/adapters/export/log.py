"""The log that is exported: events with the objects that they touch, without names of people.

Persons stand as pseudonyms that are the same within one export and mean nothing outside of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from robot.domain.journey import JourneyEvent
from robot.flow.view_port import DocumentLine

#: Attributes that events and objects have, all of them text.
EVENT_ATTRIBUTES: Final = ("system", "actor", "person", "precision", "outcome", "codes", "reason")
OBJECT_ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "Invoice": ("number", "kind", "total", "currency", "due", "state"),
    "Customer": (),
    "Supplier": (),
    "Case": (),
    "RuleSet": (),
    "Payment": (),
}
#: Objects that an event's detail names, by its key.
_NAMED: Final = (("case", "Case"), ("ruleset", "RuleSet"), ("payment", "Payment"))
_ID: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LogObject:
    """A thing that events are about."""

    id: str
    type: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """An event with the ids of its objects by what they are to it."""

    id: str
    type: str
    at: datetime
    attributes: Mapping[str, str]
    objects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Everything that is exported; every event's objects are in it."""

    objects: tuple[LogObject, ...]
    events: tuple[LogEvent, ...]


def log_of(documents: Iterable[DocumentLine], events: Iterable[JourneyEvent]) -> Log:
    """The log of some documents; events of others are left out."""
    lines = {line.document_key: line for line in documents}
    salt = secrets.token_bytes(16)
    objects: dict[str, LogObject] = {}
    found = []
    for number, event in enumerate(_of(events, lines), start=1):
        line = lines[event.document_key]
        touched = [*_of_document(line), *_of_event(event)]
        for thing in touched:
            objects.setdefault(thing.id, thing)
        found.append(
            LogEvent(
                id=f"e{number}",
                type=event.event.value,
                at=event.at,
                attributes=_attributes(event, salt),
                objects=tuple((thing.id, thing.type.lower()) for thing in touched),
            )
        )
    return Log(objects=tuple(objects.values()), events=tuple(found))


def _of(
    events: Iterable[JourneyEvent], lines: Mapping[str, DocumentLine]
) -> Iterator[JourneyEvent]:
    return (event for event in events if event.document_key in lines)


def _of_document(line: DocumentLine) -> Iterator[LogObject]:
    yield LogObject(
        id=f"invoice:{line.document_key[:_ID]}",
        type="Invoice",
        attributes={
            "number": line.number,
            "kind": line.kind,
            "total": "" if line.total is None else f"{line.total:f}",
            "currency": line.currency,
            "due": line.due_date.isoformat() if line.due_date else "",
            "state": line.state.value,
        },
    )
    if line.customer:
        yield LogObject(id=f"customer:{line.customer}", type="Customer")
    if line.supplier and not line.confidential:
        yield LogObject(id=f"supplier:{line.supplier}", type="Supplier")


def _of_event(event: JourneyEvent) -> Iterator[LogObject]:
    for key, kind in _NAMED:
        name = event.detail.get(key)
        if name:
            yield LogObject(id=f"{kind.lower()}:{str(name)[:64]}", type=kind)


def _attributes(event: JourneyEvent, salt: bytes) -> dict[str, str]:
    person = ""
    if event.actor_name:
        person = hashlib.sha256(salt + event.actor_name.encode()).hexdigest()[:12]
    return {
        "system": event.system,
        "actor": event.actor.value,
        "person": person,
        "precision": event.precision.value,
        "outcome": str(event.detail.get("outcome", "")),
        "codes": " ".join(event.detail.get("codes", ())),
        # Words of clerks may name people, so that there was a reason is all that is told.
        "reason": "yes" if event.detail.get("reason") else "",
    }
