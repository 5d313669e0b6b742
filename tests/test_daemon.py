"""The service: calendar, catch-up, heartbeat and a clean stop, in a real process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time as clock
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from robot.daemon import CalendarTrigger, Daemon, Work, alive
from robot.domain.calendar import COPENHAGEN, Calendar, RunSlot

TWICE = Calendar(
    slots=(
        RunSlot(name="morning", at=time(6, 30)),
        RunSlot(name="midday", at=time(12, 30)),
    )
)
#: A service whose run works on one document after another until it is told to stop.
SERVICE = """
import sys, threading, time
from datetime import UTC, datetime, time as clock_time, timedelta
from pathlib import Path
from robot.daemon import Daemon, Work
from robot.domain.calendar import COPENHAGEN, Calendar, RunSlot

folder = Path(sys.argv[1])
now = lambda: datetime(2026, 11, 24, 7, 0, tzinfo=COPENHAGEN)
done = []

def run(slot: str, stop: threading.Event) -> None:
    (folder / "slots").open("a").write(slot + "\\n")
    while not stop.is_set():
        time.sleep(0.2)
        done.append(1)
    (folder / "finished").write_text(str(len(done)))

calendar = Calendar(slots=(RunSlot(name="morning", at=clock_time(6, 30)),))
work = Work(run=run, has_run=lambda key: bool(sys.argv[2:]), progress=lambda: now(), now=now)
Daemon(calendar, work, heartbeat=folder / "heartbeat", catch_up_hours=20).serve()
"""


def at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=COPENHAGEN)


def daemon(folder: Path, now: datetime, ran: frozenset[str] = frozenset()) -> Daemon:
    work = Work(
        run=lambda _slot, _stop: None,
        has_run=ran.__contains__,
        progress=lambda: None,
        now=lambda: now,
    )
    return Daemon(TWICE, work, heartbeat=folder / "heartbeat", catch_up_hours=20)


@pytest.fixture(name="service")
def _service(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603  # our own text
        [sys.executable, "-c", SERVICE, str(tmp_path)], stderr=subprocess.DEVNULL
    )
    yield process
    process.kill()
    process.wait()


def wait_for(path: Path, seconds: float = 15) -> None:
    deadline = clock.monotonic() + seconds
    while not path.exists():
        assert clock.monotonic() < deadline, f"{path.name} did not come"
        clock.sleep(0.05)


def test_runs_fall_on_the_slots_of_working_days() -> None:
    trigger = CalendarTrigger(TWICE)
    friday = trigger.get_next_fire_time(None, at(7, 0, 27))
    assert friday == at(12, 30, 27)
    assert trigger.get_next_fire_time(friday, at(7, 0, 27)) == at(6, 30, 30)


def test_a_missed_run_is_caught_up(tmp_path: Path) -> None:
    due = daemon(tmp_path, at(11, 0)).missed()
    assert due is not None
    assert due.key == "2026-11-24/morning"


def test_several_missed_runs_are_caught_up_as_one(tmp_path: Path) -> None:
    due = daemon(tmp_path, at(13, 0)).missed()
    assert due is not None
    assert due.key == "2026-11-24/midday"


def test_a_run_that_any_process_has_done_is_not_done_again(tmp_path: Path) -> None:
    assert daemon(tmp_path, at(11, 0), frozenset({"2026-11-24/morning"})).missed() is None


def test_a_run_missed_long_ago_is_left(tmp_path: Path) -> None:
    assert daemon(tmp_path, at(11, 0, 29)).missed() is None


def test_sigterm_lets_the_work_in_hand_finish_and_stops_within_ten_seconds(
    service: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_for(tmp_path / "slots")
    service.send_signal(signal.SIGTERM)
    assert service.wait(timeout=10) == 0
    assert (tmp_path / "finished").exists()
    assert not (tmp_path / "heartbeat").exists()


def test_the_service_beats_while_it_runs(service: subprocess.Popen[bytes], tmp_path: Path) -> None:
    wait_for(tmp_path / "heartbeat")
    assert service.poll() is None
    assert alive(tmp_path / "heartbeat", at(7, 0)) == (True, "alive")


def test_no_heartbeat_means_not_running(tmp_path: Path) -> None:
    assert alive(tmp_path / "heartbeat", at(7, 0)) == (
        False,
        "no heartbeat: the daemon is not running",
    )


def test_an_old_heartbeat_means_dead(tmp_path: Path) -> None:
    beat = tmp_path / "heartbeat"
    beat.write_text('{"at": "2026-11-24T06:00:00+00:00", "progress": null}')
    ok, why = alive(beat, datetime(2026, 11, 24, 6, 5, tzinfo=UTC))
    assert not ok
    assert "300 seconds old" in why


def test_a_run_without_progress_means_stuck(tmp_path: Path) -> None:
    beat = tmp_path / "heartbeat"
    now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    long_ago = now - timedelta(hours=1)
    beat.write_text(f'{{"at": "{now.isoformat()}", "progress": "{long_ago.isoformat()}"}}')
    ok, why = alive(beat, now)
    assert not ok
    assert "no progress" in why


def test_a_damaged_heartbeat_is_no_sign_of_life(tmp_path: Path) -> None:
    beat = tmp_path / "heartbeat"
    beat.write_text("{")
    assert alive(beat, at(7, 0)) == (False, "the heartbeat can't be read")


def test_mail_is_received_between_runs_and_a_broken_mailbox_stops_nothing(tmp_path: Path) -> None:
    looks: list[int] = []

    def receive(_stop: object) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise OSError("the mailbox is gone")
        service.stop.set()

    work = Work(
        run=lambda _slot, _stop: None,
        has_run=lambda _key: True,
        progress=lambda: None,
        now=lambda: at(7, 0),
        receive=receive,
        receive_seconds=1,
    )
    service = Daemon(TWICE, work, heartbeat=tmp_path / "heartbeat", catch_up_hours=20)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        service.serve()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(looks) == 2


ORDERS = """
import sys, threading
from datetime import datetime, time as clock_time
from pathlib import Path
from robot.daemon import Daemon, Work
from robot.domain.calendar import COPENHAGEN, Calendar, RunSlot

folder = Path(sys.argv[1])
now = lambda: datetime(2026, 11, 24, 7, 0, tzinfo=COPENHAGEN)
times = []

def run(slot: str, stop: threading.Event) -> None:
    (folder / "running").touch()
    stop.wait()

def carry_out() -> None:
    times.append(1)
    if len(times) == 1:
        raise OSError("the database is away")
    (folder / "carried-out").touch()

calendar = Calendar(slots=(RunSlot(name="morning", at=clock_time(6, 30)),))
work = Work(
    run=run, has_run=lambda _: False, progress=now, now=now, carry_out=carry_out
)
Daemon(calendar, work, heartbeat=folder / "heartbeat", catch_up_hours=20).serve()
"""


def test_orders_of_the_dashboard_are_carried_out_beside_a_run_and_after_a_fault(
    tmp_path: Path,
) -> None:
    process = subprocess.Popen([sys.executable, "-c", ORDERS, str(tmp_path)])  # noqa: S603
    try:
        until = clock.monotonic() + 60
        while clock.monotonic() < until and not (tmp_path / "carried-out").exists():
            assert process.poll() is None
            clock.sleep(0.1)
        assert (tmp_path / "running").exists()
        assert (tmp_path / "carried-out").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
