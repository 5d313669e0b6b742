"""A store with months behind it, of as many documents as asked for, of which some are open.

Written as the demo's past is: versions, decisions, journeys, the trail, one run a working day. Two
of a hundred are held and two are with their customers, each with a case; mails wait for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from robot import bootstrap, settings
from robot.adapters.store.store import SqlStore
from robot.cli.demo import placed_in, tell_past
from robot.cli.demo_past import PastClock
from robot.domain.calendar import Calendar
from robot.domain.canonical import sha256_hex
from robot.domain.state import State
from robot.domain.taxonomy import Taxonomy
from robot.flow.journey import Teller
from robot.flow.journey_port import Clocks, NoBank, NoPayments
from robot.flow.measuring import bring_up_to_date
from robot.flow.records import Move, Recorded
from robot.flow.store_port import Unit
from robot.rulebook.calendar import load_calendar
from robot.settings import Settings
from tests.support.inbox import came_in
from tests.support.recorded import DECISION, a_core

_DAYS: Final = 150
#: Documents that one a day on an ordinary day comes to, over all days.
_PER_DAILY: Final = 138
#: Of a hundred documents so many are held, and as many bounced.
_OPEN: Final = 2
_MAILS: Final = 100
_PAGE: Final = 500


def dashboard_world(folder: Path, many: int) -> Settings:
    """Settings of a world in a folder that holds about so many documents; written once."""
    placed = placed_in(settings.load(), folder)
    if tell_past(placed, _DAYS, max(1, many // _PER_DAILY)):
        clock = PastClock(bootstrap.FixedClock().now() - timedelta(hours=20))
        store = bootstrap.open_store(placed.store.url, clock)
        book = bootstrap.rulebook(placed, store.rules)
        kreds = [it.bogfoeringskreds for it in book.customers]
        _leave_open(store, many * _OPEN // 100, kreds, clock)
        for number in range(_MAILS):
            came_in(store, number, clock.now(), customer=kreds[number % len(kreds)])
        _tell(store, load_calendar(placed.rules.directory / "calendar.yaml"), book.taxonomy)
        store.close()
    return placed


def _tell(store: SqlStore, calendar: Calendar, taxonomy: Taxonomy) -> None:
    """As each run ends: tell journeys and measure them."""
    writing = partial(store.writing, actor="robot")
    Teller(
        journeys=store.journeys,
        writing=writing,
        taxonomy=taxonomy,
        calendar=calendar,
        payments=NoPayments(),
        bank=NoBank(),
        today=DECISION.decided_on,
    ).tell()
    bring_up_to_date(store, writing, calendar, taxonomy)


def _leave_open(store: SqlStore, each: int, customers: list[str], clock: PastClock) -> None:
    for state in (State.HELD, State.BOUNCED):
        for start in range(0, each, _PAGE):
            some = list(_documents(range(start, min(start + _PAGE, each)), state, customers))
            with store.writing(actor="robot") as unit:
                ids = unit.record(some)
                unit.journeys.set_clocks(
                    [
                        Clocks(
                            document=it,
                            approved_at=clock.now(),
                            goal_at=clock.now() + timedelta(hours=it % 60),
                            pay_by=None,
                        )
                        for it in ids
                    ]
                )
                if state is State.BOUNCED:
                    _send_back(unit, ids)


def _documents(numbers: range, state: State, customers: list[str]) -> Iterator[Recorded]:
    for number in numbers:
        name = f"ÅBEN-{state.value}-{number:05}"
        core = a_core(
            name,
            document_key=sha256_hex(name),
            version=sha256_hex(name + " 1"),
            customer=customers[number % len(customers)],
            number=f"Å{number:05}",
            number_mark=None,
            likeness_mark=None,
            due_date=DECISION.decided_on + timedelta(days=number % 40 - 5),
        )
        first = State.DECIDED if state is State.BOUNCED else state
        yield Recorded(
            known=None,
            core=core,
            state=first,
            digest=sha256_hex("digest " + name),
            decision=replace(DECISION, facts_hash=sha256_hex("facts " + name)),
        )


def _send_back(unit: Unit, ids: list[int]) -> None:
    for origin, to in ((State.DECIDED, State.REJECTING), (State.REJECTING, State.BOUNCED)):
        unit.move([Move(document=it, origin=origin, to=to, act=to.value) for it in ids])
    unit.open_cases(ids, DECISION.decided_on.year)
