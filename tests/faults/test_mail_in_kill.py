"""A robot killed while it receives mail, and started again, ends where an undisturbed one ends."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import pytest

from robot.adapters.store.store import SqlStore, open_store
from robot.domain.document import ApprovedDocument
from robot.domain.thread import ThreadKeys
from robot.flow import failpoint
from robot.flow.context import RunOptions
from robot.flow.failpoint import OF_MAIL_IN
from robot.flow.inbox import poll
from robot.flow.inbox_records import IncomingFilter
from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES, StoreEngine
from tests.faults.report import RECEIVED
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_in import ROBOT, ListMailbox, a_mail, a_reception

KEYS = ThreadKeys([b"a key of the faults' mail threads, 1"])
CASE = "SAM-2026-000001"
#: Come in together, so what is done with all at once is done once.
MAILS = 4
TIMES = {
    "mail-in-fetched": 1,
    "mail-in-filed": 1,
    "mail-in-noting": 1,
    "mail-in-noted": 1,
    "mail-in-sorted": MAILS,
    "mail-in-acting": MAILS,
    "mail-in-done": MAILS,
}
#: What is on the case, what came in and what was answered.
End = tuple[list[object], list[object], list[str]]


def _mails() -> list[bytes]:
    to = KEYS.reply_address(ROBOT, CASE)
    return [
        a_mail("Hvad mangler?", to=to, message_id="<1@k.test>"),
        a_mail("STATUS", to=to, message_id="<2@k.test>"),
        a_mail("Det er rettet.", to=to, message_id="<3@k.test>"),
        a_mail("Køb nu", sender="x@fremmed.test", message_id="<4@k.test>"),
    ]


class WorldOnAnEngine(FlowWorld):
    """The flow's small world with its store at an address."""

    def __init__(self, folder: Path, store: str, *documents: ApprovedDocument) -> None:
        self._address = store
        super().__init__(folder, *documents)

    def open(self) -> SqlStore:
        return open_store(self._address, self.clock)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a robot that receives mail lives."""

    folder: Path
    store: str

    def receive(self, point: str = "") -> None:
        world = WorldOnAnEngine(self.folder, self.store)
        customer = a_served_customer(domains=("example.test",))
        reception = a_reception(self.folder, ListMailbox(_mails()), customer)
        failpoint.arm(point)
        try:
            ports = replace(world.ports, threads=KEYS, reception=reception)
            poll(ports, RunOptions(owner=f"robot-{os.getpid()}"))
        finally:
            failpoint.arm("")
            world.store.close()

    def is_killed(self, point: str) -> bool:
        """Receive in a process of its own that dies at a moment; whether it did."""
        child = os.fork()
        if child == 0:
            try:
                self.receive(point)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def end(self) -> End:
        world = WorldOnAnEngine(self.folder, self.store)
        try:
            entries = world.store.cases.entries(CASE, internal=True)
            rows = world.store.inbox.listing(IncomingFilter())
            assert world.store.trail.verify().broken_at is None
            return (
                [(entry.author, entry.kind, entry.text) for entry in entries],
                [(row.uid, row.status, row.route, row.intent) for row in rows],
                [row.mail.message_id for row in world.store.mails.all()],
            )
        finally:
            world.store.close()


@dataclass(frozen=True, kw_only=True)
class Told:
    """A robot that has told a customer of one invoice, before any mail comes in."""

    place: Place
    #: What it comes to when nothing goes wrong, and how often each moment is got to.
    end: End
    moments: Counter[str]


@pytest.fixture(scope="module")
def told_on(tmp_path_factory: pytest.TempPathFactory) -> Callable[[StoreEngine], Told]:
    made: dict[str, Told] = {}

    def tell_once(engine: StoreEngine) -> Told:
        if engine.name not in made:
            made[engine.name] = _tell(engine, tmp_path_factory.mktemp(engine.name))
        return made[engine.name]

    return tell_once


def _tell(engine: StoreEngine, folder: Path) -> Told:
    place = Place(folder=folder / "told", store=engine.empty_store(folder / "told"))
    engine.keep(place.store)
    world = WorldOnAnEngine(place.folder, place.store, an_approved("F-1", "bounce wrong-year"))
    world.run()
    world.store.close()
    undisturbed = _copy(place, engine, folder / "undisturbed")
    moments: Counter[str] = Counter()
    failpoint.watch(lambda name, _effects: moments.update([name]))
    try:
        undisturbed.receive()
    finally:
        failpoint.watch(None)
    return Told(place=place, end=undisturbed.end(), moments=moments)


@pytest.fixture
def told(told_on: Callable[[StoreEngine], Told], engine: StoreEngine) -> Iterator[Told]:
    yield told_on(engine)
    engine.clear_away()


def _copy(place: Place, engine: StoreEngine, folder: Path) -> Place:
    copytree(place.folder, folder)
    store = engine.empty_store(folder) if engine.name == "sqlite" else engine.backup(place.store)
    return Place(folder=folder, store=store)


on_engines = pytest.mark.parametrize(
    "engine",
    ["sqlite", *(pytest.param(it, marks=pytest.mark.faults) for it in ENGINES[1:])],
    indirect=True,
)


@on_engines
def test_the_undisturbed_robot_says_each_mail_once(told: Told) -> None:
    entries, rows, mails = told.end
    assert len(rows) == MAILS
    assert len(mails) == 3
    assert len(entries) == len(set(entries))


@on_engines
def test_every_moment_of_receiving_has_its_kill(told: Told) -> None:
    assert tuple(TIMES) == OF_MAIL_IN
    assert told.moments == TIMES


@on_engines
@pytest.mark.parametrize(
    ("point", "time"), [(point, n + 1) for point, times in TIMES.items() for n in range(times)]
)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_repeated(
    told: Told, engine: StoreEngine, tmp_path: Path, tally: Tally, point: str, time: int
) -> None:
    robot = _copy(told.place, engine, tmp_path / "robot")
    assert robot.is_killed(f"{point}:{time}")
    engine.let_leases_run_out(robot.store)
    robot.receive()
    assert robot.end() == told.end
    tally("killed", engine.name, point=point, effects=RECEIVED)
