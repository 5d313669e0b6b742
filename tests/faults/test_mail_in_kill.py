"""A robot killed while it receives mail, and started again, ends where an undisturbed one ends."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from robot.domain.thread import ThreadKeys
from robot.flow import failpoint
from robot.flow.context import RunOptions
from robot.flow.failpoint import OF_MAIL_IN
from robot.flow.inbox import poll
from robot.flow.inbox_records import IncomingFilter
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_in import ROBOT, ListMailbox, a_mail, a_reception

KEYS = ThreadKeys([b"a key of the faults' mail threads, 1"])
CASE = "SAM-2026-000001"
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


def _receive(folder: Path, point: str = "") -> None:
    world = FlowWorld(folder)
    customer = a_served_customer(domains=("example.test",))
    reception = a_reception(folder, ListMailbox(_mails()), customer)
    failpoint.arm(point)
    try:
        ports = replace(world.ports, threads=KEYS, reception=reception)
        poll(ports, RunOptions(owner=f"robot-{os.getpid()}"))
    finally:
        failpoint.arm("")
        world.store.close()


def _killed(folder: Path, point: str) -> bool:
    """Receive in a process of its own that dies at a moment; whether it did."""
    child = os.fork()
    if child == 0:
        try:
            _receive(folder, point)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _end(folder: Path) -> End:
    world = FlowWorld(folder)
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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A robot that has told a customer of one invoice, before any mail comes in."""
    folder = tmp_path_factory.mktemp("told")
    world = FlowWorld(folder, an_approved("F-1", "bounce dimension-missing"))
    world.run()
    world.store.close()
    return folder


@pytest.fixture(scope="module")
def undisturbed(told: Path, tmp_path_factory: pytest.TempPathFactory) -> End:
    folder = Path(copytree(told, tmp_path_factory.mktemp("undisturbed") / "robot"))
    _receive(folder)
    return _end(folder)


def test_the_undisturbed_robot_says_each_mail_once(undisturbed: End) -> None:
    entries, rows, mails = undisturbed
    assert len(rows) == 4
    assert len(mails) == 3
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize("time", [1, 2, 3])
@pytest.mark.parametrize("point", OF_MAIL_IN)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_repeated(
    tmp_path: Path, told: Path, undisturbed: End, point: str, time: int
) -> None:
    folder = Path(copytree(told, tmp_path / "robot"))
    once_a_batch = {"mail-in-fetched", "mail-in-filed", "mail-in-noting", "mail-in-noted"}
    assert _killed(folder, f"{point}:{time}") is (point not in once_a_batch or time == 1)
    _receive(folder)
    assert _end(folder) == undisturbed
