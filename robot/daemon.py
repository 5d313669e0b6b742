"""The scheduled service: runs by the calendar, catches up a missed one, stops cleanly."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from loguru import logger

from robot.domain.calendar import COPENHAGEN, Calendar, DueRun
from robot.log import fault

#: SIGTERM to exit; the document in hand is finished within it, or found again by the next run.
STOP_SECONDS: Final = 9.0
HEARTBEAT_SECONDS: Final = 15
#: How often what people ask for on the dashboard is carried out.
COMMAND_SECONDS: Final = 3
#: A heartbeat older than this means that the process is gone or stuck.
ALIVE_SECONDS: Final = 60
#: A run that has made no progress for this long is stuck, however well the heart beats.
STUCK_MINUTES: Final = 30


class CalendarTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler carries no types
    """Fires at the runs of the calendar: working days, slots and extra runs, DST-safe."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The run after the previous one, so that missed ones are seen and coalesced."""
        return self._calendar.next_run(previous or now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the daemon is given to do.

    `run` does one run for a slot key and returns; it looks at `stop` between documents.
    `has_run` says whether a slot key was run already, by any process.
    `progress` gives the instant of the last step of a run in hand, None when there is none.
    `carry_out` does what people ask for on the dashboard, beside a run; `carry_out_long` what
    takes minutes of it, beside both.
    """

    run: Callable[[str, threading.Event], None]
    has_run: Callable[[str], bool]
    progress: Callable[[], datetime | None]
    now: Callable[[], datetime]
    #: Receives mail between two runs; None: only runs do.
    receive: Callable[[threading.Event], None] | None = None
    receive_seconds: int = 60
    carry_out: Callable[[], object] = lambda: None
    carry_out_long: Callable[[], object] = lambda: None


@dataclass(slots=True)
class _Commands:
    """Commands of the dashboard that one thread carries out, and what was last in its way."""

    carry_out: Callable[[], object]
    at_work: threading.Lock = field(default_factory=threading.Lock)
    trouble: str = ""


class Daemon:
    """One scheduler process."""

    def __init__(
        self, calendar: Calendar, work: Work, *, heartbeat: Path, catch_up_hours: int
    ) -> None:
        self._calendar = calendar
        self._work = work
        self._heartbeat = heartbeat
        self._catch_up = timedelta(hours=catch_up_hours)
        self.stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._short = _Commands(work.carry_out)
        self._long = _Commands(work.carry_out_long)

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT; returns when the work in hand is finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        scheduler = self._scheduler()
        scheduler.start()
        self._beat()
        logger.bind(next_run=self._calendar.next_run(self._work.now()).isoformat()).info(
            "The robot is on duty"
        )
        self.stop.wait()
        scheduler.remove_all_jobs()
        if not self._idle.wait(STOP_SECONDS):
            logger.warning("The run did not stop in time; the next run takes up what it left")
            os._exit(0)
        # A command in hand is short; killed in it, the next daemon finds it again.
        self._short.at_work.acquire(timeout=1.0)
        scheduler.shutdown(wait=False)
        self._heartbeat.unlink(missing_ok=True)
        logger.info("The robot is off duty")
        if not self._long.at_work.acquire(timeout=0.5):
            logger.warning("A long command was cut off; it waits, and is done from its beginning")
            os._exit(0)

    def missed(self) -> DueRun | None:
        """The latest planned run when nobody has done it and it is not too old to catch up."""
        now = self._work.now()
        due = self._calendar.last_due(now)
        if due is None or now - due.at > self._catch_up or self._work.has_run(due.key):
            return None
        return due

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=COPENHAGEN,
            executors={
                "default": ThreadPoolExecutor(max_workers=1),
                "heart": ThreadPoolExecutor(max_workers=1),
                "commands": ThreadPoolExecutor(max_workers=1),
                "long commands": ThreadPoolExecutor(max_workers=1),
            },
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_listener(self._on_trouble, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        scheduler.add_job(self._run_due, CalendarTrigger(self._calendar), id="runs")
        scheduler.add_job(self._run_due, id="catch-up")
        if self._work.receive is not None:
            # In the runs' own thread: mail is never received beside a run of this process.
            scheduler.add_job(
                self._receive, "interval", seconds=self._work.receive_seconds, id="mail"
            )
        scheduler.add_job(
            self._beat, "interval", seconds=HEARTBEAT_SECONDS, id="heart", executor="heart"
        )
        for name, commands in (("commands", self._short), ("long commands", self._long)):
            scheduler.add_job(
                self._carry_out,
                "interval",
                args=(commands,),
                seconds=COMMAND_SECONDS,
                id=name,
                executor=name,
            )
        return scheduler

    def _run_due(self) -> None:
        due = self.missed()
        if due is None or self.stop.is_set():
            return
        with self._at_work("The run failed; the next one takes up what it left", slot=due.key):
            logger.bind(slot=due.key).info("A run begins")
            self._work.run(due.key, self.stop)

    def _receive(self) -> None:
        receive = self._work.receive
        if receive is None or self.stop.is_set():
            return
        with self._at_work("Mail was not received; the next look tries again"):
            receive(self.stop)

    @contextmanager
    def _at_work(self, trouble: str, **context: object) -> Iterator[None]:
        """Something that a stop waits for; the service outlives it when it fails."""
        self._idle.clear()
        try:
            yield
        except Exception as error:  # noqa: BLE001  # a broken run or mailbox; the next one is due
            fault(error, trouble, **context)
        finally:
            self._idle.set()

    def _carry_out(self, commands: _Commands) -> None:
        if self.stop.is_set() or not commands.at_work.acquire(blocking=False):
            return
        try:
            commands.carry_out()
            commands.trouble = ""
        except Exception as error:  # noqa: BLE001  # tried again in a few seconds
            # Said once, not every few seconds for as long as a database is away.
            if str(error) != commands.trouble:
                commands.trouble = str(error)
                fault(error, "Commands of the dashboard can't be carried out now")
        finally:
            commands.at_work.release()

    def _beat(self) -> None:
        progress = self._work.progress()
        beat = {
            "at": self._work.now().isoformat(),
            "progress": progress.isoformat() if progress else None,
        }
        self._heartbeat.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._heartbeat.with_suffix(".tmp")
        temporary.write_text(json.dumps(beat), encoding="utf-8")
        temporary.replace(self._heartbeat)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # loguru's lock may be held by the interrupted code, so nothing is logged here.
        del number
        self.stop.set()

    @staticmethod
    def _on_trouble(event: JobExecutionEvent) -> None:
        logger.bind(job=event.job_id).error("A scheduled job was missed or failed")


def alive(heartbeat: Path, now: datetime) -> tuple[bool, str]:
    """Whether the daemon that writes this heartbeat is alive, and why not."""
    try:
        beat = json.loads(heartbeat.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(beat["at"])
        progress = datetime.fromisoformat(beat["progress"]) if beat["progress"] else None
    except FileNotFoundError:
        return False, "no heartbeat: the daemon is not running"
    except (ValueError, KeyError, TypeError):
        return False, "the heartbeat can't be read"
    age = (now - at).total_seconds()
    if age > ALIVE_SECONDS:
        return False, f"the last heartbeat is {age:.0f} seconds old"
    if progress and now - progress > timedelta(minutes=STUCK_MINUTES):
        return False, f"the run has made no progress since {progress.isoformat()}"
    return True, "alive"
