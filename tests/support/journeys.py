"""A small world of four documents whose figures are computed by hand in the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from robot.adapters.store.store import open_store
from robot.domain.calendar import COPENHAGEN
from robot.domain.journey import Actor, EventName, JourneyEvent, Precision, in_order
from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.journey_port import Clocks
from robot.flow.measure_port import Extent, Measure, Measures, Subject
from robot.flow.measuring import measure
from robot.flow.view_port import DocumentLine
from tests.support.fakes import SetClock
from tests.support.notices import real_calendar, real_taxonomy

#: All measures of a store.
EVER = Extent(scope=Scope(), customer="", first=date(2000, 1, 1), last=date(2099, 12, 31))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GOAL = datetime(2026, 11, 3, 16, tzinfo=COPENHAGEN).astimezone(UTC)


def at(text: str) -> datetime:
    """A Danish time of November 2026, `02 09:00`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=COPENHAGEN).astimezone(UTC)


def a_line(key: str, state: State, due: date | None = None, **more: Any) -> DocumentLine:  # noqa: ANN401 - overrides
    values: dict[str, Any] = {
        "id": ord(key),
        "document_key": key,
        "customer": "99001",
        "source_id": f"SDI-{key}",
        "number": f"F-{key}",
        "supplier": "Dansk Kontor A/S",
        "kind": "invoice",
        "state": state,
        "codes": (),
        "due_date": due,
        "total": Decimal(1000),
        "currency": "DKK",
        "receipt": "",
        "case_number": "",
        "confidential": False,
        "pulled_at": at("02 09:30"),
        "changed_at": at("03 12:00"),
        "goal_at": GOAL,
    }
    return DocumentLine(**values | more)


def happened(key: str, name: EventName, when: str, **detail: Any) -> JourneyEvent:  # noqa: ANN401 - details
    actor = detail.pop("actor", Actor.ROBOT)
    return JourneyEvent(
        document_key=key,
        document=ord(key),
        at=at(when),
        event=name,
        system="robot",
        actor=actor,
        source_ref=f"{name}:{when}",
        precision=Precision.DAY if when.endswith("00:00") else Precision.SECOND,
        detail=detail,
    )


LINES = [
    a_line("a", State.POSTED, date(2026, 11, 15)),
    a_line("b", State.POSTED, date(2026, 11, 18)),
    a_line("c", State.POSTED),
    a_line("d", State.DROPPED),
    a_line("e", State.HELD, date(2026, 11, 25), codes=("outside-criteria",)),
]
EVENTS = [
    # a: touchless, one hour at the centre, paid in time.
    happened("a", EventName.APPROVED, "02 09:00", actor=Actor.CUSTOMER),
    happened("a", EventName.CHECKED, "02 09:30"),
    happened("a", EventName.POSTED, "02 10:00"),
    happened("a", EventName.SETTLED, "10 00:00", actor=Actor.BANK),
    # b: two hours, six at the customer, three hours; paid two days late.
    happened("b", EventName.APPROVED, "02 09:00", actor=Actor.CUSTOMER),
    happened("b", EventName.CHECKED, "02 10:00", codes=["dimension-missing"]),
    happened("b", EventName.BOUNCED, "02 11:00", codes=["dimension-missing"]),
    happened("b", EventName.APPROVED, "03 09:00", actor=Actor.CUSTOMER),
    happened("b", EventName.CHECKED, "03 10:00"),
    happened("b", EventName.POSTED, "03 12:00"),
    happened("b", EventName.SETTLED, "20 00:00", actor=Actor.BANK),
    # c: eleven hours, a clerk released it.
    happened("c", EventName.APPROVED, "02 09:00", actor=Actor.CUSTOMER),
    happened("c", EventName.CHECKED, "02 10:00", codes=["outside-criteria"]),
    happened("c", EventName.HELD, "02 10:00", codes=["outside-criteria"]),
    happened("c", EventName.RELEASED, "03 10:00", actor=Actor.SAM),
    happened("c", EventName.POSTED, "03 12:00"),
    # d: two hours, a clerk took it out.
    happened("d", EventName.APPROVED, "02 15:00", actor=Actor.CUSTOMER),
    happened("d", EventName.HELD, "02 15:30", codes=["outside-criteria"]),
    happened("d", EventName.DROPPED, "03 09:00", actor=Actor.SAM),
    # e: approved today, open.
    happened("e", EventName.APPROVED, "24 09:00", actor=Actor.CUSTOMER),
    happened("e", EventName.HELD, "24 09:30", codes=["outside-criteria"]),
]
CLOCKS = {
    line.id: Clocks(document=line.id, approved_at=None, goal_at=GOAL, pay_by=None)
    for line in LINES
    if line.document_key != "e"
}


def subjects() -> list[Subject]:
    """The documents of the small world, as measuring takes them."""
    return [
        Subject(
            document_key=line.document_key,
            customer=line.customer,
            state=line.state,
            due_date=line.due_date,
            pulled_at=line.pulled_at,
            goal_at=CLOCKS[line.id].goal_at if line.id in CLOCKS else None,
            late_at_receipt=False,
        )
        for line in LINES
    ]


def measures() -> list[Measure]:
    """What became of them."""
    calendar, taxonomy = real_calendar(), real_taxonomy()
    return [
        measure(
            subject,
            in_order(it for it in EVENTS if it.document_key == subject.document_key),
            calendar,
            taxonomy,
        )
        for subject in subjects()
    ]


def measured(folder: Path) -> Measures:
    """A store that holds these measures."""
    store = open_store(f"sqlite:///{folder / 'measured.db'}", SetClock())
    with store.writing(actor="robot") as unit:
        unit.measures.keep(measures())
    return store.measures
