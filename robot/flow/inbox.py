"""Receiving mail: keep it, sort it, act on it; nothing is lost and nothing is done twice.

The raw message is in its file before anything about it is written, and noted before it is sorted.
What it brings about is written in one transaction with where it went, so a crash at any moment
leaves it either unsorted or done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from typing import Final

from robot.domain.incoming import FOR_A_PERSON, MailKind, Route, SortContext, Sorted
from robot.errors import LeaseHeldError, LeaseLostError, RobotError, StoreError
from robot.flow.context import Ports, Run, RunOptions
from robot.flow.failpoint import failpoint
from robot.flow.inbox_acts import Acts
from robot.flow.inbox_records import IncomingMail, KeptMail
from robot.flow.mailbox_port import Position, RawMail
from robot.flow.reception import BATCH, BATCH_BYTES, Reception, writers_of
from robot.flow.records import Lease
from robot.flow.store_port import Unit

#: The lease under which one process at a time reads the mailbox.
LEASE: Final = "mail-in"
#: A mail that fails so often is given to a person.
_MOST_ATTEMPTS: Final = 3
_PAGE: Final = 100


@dataclass(slots=True, kw_only=True)
class Received:
    """What came in and what became of it."""

    mails: int = 0
    routes: Counter[str] = field(default_factory=Counter)
    #: Answers that were written: status and acknowledgements.
    answers: int = 0
    problems: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def for_a_person(self) -> int:
        """How many of them a person has to look at."""
        return sum(self.routes[route.value] for route in FOR_A_PERSON)


def receive(run: Run) -> Received:
    """Receive mail as a step of a run. Trouble with the mailbox stops nothing else.

    Raises:
        LeaseLostError: Another robot took over.
        StoreError: The robot's own database can't be used.
    """
    reception = run.ports.reception
    if reception is None:
        return Received()
    if run.shared:
        found = poll(run.ports, run.options)
    else:
        found = _Receiver(run.ports, reception, run.unit, run.stopping).work()
    run.problems.extend(found.problems)
    run.errors.update(found.errors)
    return found


def poll(ports: Ports, options: RunOptions) -> Received:
    """Receive mail between runs, unless another process does so already.

    Raises:
        LeaseLostError: Another robot took over.
        StoreError: The robot's own database can't be used.
    """
    reception = ports.reception
    if reception is None:
        return Received()
    store = ports.store
    try:
        lease = store.acquire(name=LEASE, owner=options.owner, seconds=options.lease_seconds)
    except LeaseHeldError:
        return Received()
    try:
        return _Receiver(
            ports, reception, lambda: _unit(ports, options, lease), options.stop.is_set
        ).work()
    finally:
        store.release(lease)


def _unit(ports: Ports, options: RunOptions, lease: Lease) -> AbstractContextManager[Unit]:
    return ports.store.writing(actor=options.owner, lease=lease)


class _Receiver:
    """Fetches what is new and sorts what is unsorted."""

    def __init__(
        self,
        ports: Ports,
        reception: Reception,
        unit: Callable[[], AbstractContextManager[Unit]],
        stopping: Callable[[], bool],
    ) -> None:
        self._ports = ports
        self._reception = reception
        self._unit = unit
        self._stopping = stopping
        self._received = Received()

    def work(self) -> Received:
        """Sort what was left, fetch folder by folder, and sort that."""
        self._sort_all()
        for folder in self._reception.mailbox.folders:
            try:
                self._fetch(folder)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - the mailbox is tried again, nothing is lost
                self._trouble(error, folder)
        self._sort_all()
        return self._received

    def _fetch(self, folder: str) -> None:
        position = self._ports.store.inbox.position(folder)
        mails = self._reception.mailbox.fetch(position)
        with closing(_batches(mails, self._stopping)) as batches:
            for batch in batches:
                position = self._keep(batch, position)

    def _keep(self, batch: Sequence[RawMail], position: Position) -> Position:
        """Files first, then rows and position: a crash between the two leaves files to spare."""
        failpoint("mail-in-fetched")
        hashes = self._reception.files.keep([mail.content for mail in batch])
        failpoint("mail-in-filed")
        known = set(self._ports.store.inbox.known(hashes))
        kept: list[KeptMail] = []
        for mail, content_hash in zip(batch, hashes, strict=True):
            position = Position(folder=mail.folder, validity=mail.validity, last_uid=mail.uid)
            if content_hash not in known:
                known.add(content_hash)
                kept.append(self._row(mail, content_hash))
        with self._unit() as unit:
            unit.inbox.keep(kept, position)
            failpoint("mail-in-noting")
        failpoint("mail-in-noted")
        self._received.mails += len(kept)
        return position

    def _row(self, mail: RawMail, content_hash: str) -> KeptMail:
        return KeptMail(
            folder=mail.folder,
            validity=mail.validity,
            uid=mail.uid,
            content_hash=content_hash,
            size=mail.size,
            received_at=mail.received_at or self._ports.clock.now(),
            complete=mail.complete,
        )

    def _sort_all(self) -> None:
        after = 0
        acts: Acts | None = None
        while not self._stopping():
            page = self._ports.store.inbox.unsorted(after=after, limit=_PAGE)
            if not page:
                return
            acts = acts or self._acts()
            for mail in page:
                if self._stopping():
                    return
                after = mail.id
                self._sort(mail, acts)

    def _acts(self) -> Acts:
        customers = self._reception.customers()
        return Acts(
            self._ports,
            self._reception,
            writers_of(self._ports.store.cases, customers),
            self._received.problems.append,
        )

    def _sort(self, mail: IncomingMail, acts: Acts) -> None:
        try:
            result = self._judged(mail, acts)
            failpoint("mail-in-sorted")
            with self._unit() as unit:
                self._received.answers += acts.carry_out(unit, mail, result)
                failpoint("mail-in-acting")
            failpoint("mail-in-done")
            self._received.routes[result.route.value] += 1
        except LeaseLostError:
            raise
        except Exception as error:  # noqa: BLE001 - one mail never stops the others
            self._trouble(error, f"mail {mail.id}")
            with self._unit() as unit:
                unit.inbox.tried(mail.id)

    def _judged(self, mail: IncomingMail, acts: Acts) -> Sorted:
        if mail.attempts >= _MOST_ATTEMPTS:
            return Sorted(
                kind=MailKind.UNREADABLE,
                route=Route.TRIAGE,
                reason="the robot failed on it several times; open the original",
            )
        raw = self._reception.files.read(mail.content_hash)
        result = self._reception.sorter(raw, self._context(mail, acts))
        copy = self._ports.store.inbox.copies(mail, result)
        if copy is not None:
            return replace(
                result, route=Route.NOTED, undelivered=(), reason=f"a further copy of mail {copy}"
            )
        return result

    def _context(self, mail: IncomingMail, acts: Acts) -> SortContext:
        reception = self._reception
        return SortContext(
            own_addresses=reception.own_addresses,
            instance=reception.instance,
            threads=self._ports.threads,
            known=self._ports.store.inbox,
            people=acts.writers.people,
            domains=acts.writers.domains,
            authserv_id=reception.authserv_id,
            own_hops=reception.own_hops,
            received_at=mail.received_at,
            complete=mail.complete,
        )

    def _trouble(self, error: Exception, about: str) -> None:
        code = error.reference if isinstance(error, RobotError) else "robot-fault"
        self._received.errors[code] += 1
        words = str(error) if isinstance(error, RobotError) else type(error).__name__
        self._received.problems.append(f"{about}: {words}")
        self._ports.observer.fault(error, about)


def _batches(
    mails: Iterator[RawMail], stopping: Callable[[], bool]
) -> Generator[list[RawMail], None, None]:
    """Mails in batches of bounded size; those before a fault are given before it is raised."""
    batch: list[RawMail] = []
    size = 0
    try:
        for mail in mails:
            batch.append(mail)
            size += len(mail.content)
            if len(batch) < BATCH and size < BATCH_BYTES:
                continue
            yield batch
            batch, size = [], 0
            if stopping():
                return
    except RobotError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
