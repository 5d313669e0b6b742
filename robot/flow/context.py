"""What every step of a run shares: the ports, the settings, the lease and who looks on."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from robot.domain.answer import saying
from robot.domain.calendar import COPENHAGEN
from robot.domain.taxonomy import Taxonomy
from robot.domain.thread import ThreadKeys
from robot.flow.case_port import Links
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.history_port import History, NoHistory
from robot.flow.journey_port import Bank, NoBank, NoPayments, Payments
from robot.flow.order import company_of
from robot.flow.ports import (
    Clock,
    ErpPoster,
    ErpReader,
    Mailer,
    NobodyReverses,
    Renderer,
    Reversals,
    RuleBook,
    Source,
    WorkCalendar,
)
from robot.flow.reception import Reception
from robot.flow.records import Lease
from robot.flow.shadow import LoadCandidate, ShadowWatch
from robot.flow.sheets import SheetDesk
from robot.flow.store_port import Store, Unit
from robot.flow.topics import MailTopics

#: Technical faults in a row after which a target is left alone until the next run.
BREAKER: Final = 5
#: Error type of a run that left something alone.
STOPPED: Final = "target-stopped"
#: The source among the targets, next to the companies.
SOURCE: Final = "the source"
#: The ERP of all companies among the targets: one server that is away is away for each of them.
ERP: Final = "Navision"
#: Whoever takes the mails among the targets.
MAIL: Final = "the mail server"
#: What is asked of a target besides to act: tables may answer while their ERP's door does not.
READING: Final = "reading"
#: A kill switch works after this long in the middle of a step, without a look at each document.
_PAUSE_SECONDS: Final = 1.0


class Observer(Protocol):
    """Who looks on: the console, the log, the daemon's heartbeat."""

    def progress(self, step: str, done: int) -> None:
        """A step has come this far: `reconcile`, `pull`, `decide`, `act`, `notify`."""

    def fault(self, error: Exception, about: str) -> None:
        """Something failed that the run survives; `about` names the document or customer."""


class NobodyLooks:
    """The observer that is nobody."""

    def progress(self, step: str, done: int) -> None:
        """Say nothing."""

    def fault(self, error: Exception, about: str) -> None:
        """Say nothing; the fault is in the summary all the same."""


def unmapped(_refusal: str) -> str:
    """The error type of a refusal when no table maps the ERP's texts."""
    return ERP_UNMAPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as `bootstrap` joins it."""

    source: Source
    reader: ErpReader
    poster: ErpPoster
    store: Store
    mailer: Mailer
    renderer: Renderer
    rulebook: RuleBook
    taxonomy: Taxonomy
    calendar: WorkCalendar
    clock: Clock
    observer: Observer = field(default_factory=NobodyLooks)
    #: The error type of the ERP's own text when it refuses.
    map_refusal: Callable[[str], str] = unmapped
    #: Keeps what decisions saw, for backtests.
    history: History = field(default_factory=NoHistory)
    reversals: Reversals = field(default_factory=NobodyReverses)
    #: What becomes of posted documents: the ERP's ledger and the bank's files.
    payments: Payments = field(default_factory=NoPayments)
    bank: Bank = field(default_factory=NoBank)
    #: Makes the rules of a candidate that decides in the shadow.
    load_candidate: LoadCandidate | None = None
    #: Ties mails to cases; without a kept secret only as long as this robot lives.
    threads: ThreadKeys = field(default_factory=lambda: ThreadKeys([secrets.token_bytes(32)]))
    #: Makes links to cases for mails; None: mails have none.
    links: Links | None = None
    #: Says what customers' own mails are about; None: nobody does.
    topics: MailTopics | None = None
    #: The robot's own mailbox; None when it reads no mail.
    reception: Reception | None = None
    #: Takes re-posting sheets in; None where nobody does.
    sheets: SheetDesk | None = None
    #: Whether the ERP posts general journals for the robot; if not, a clerk imports them.
    posts_repostings: bool = True

    def today(self) -> date:
        """The date in Copenhagen."""
        return self.clock.now().astimezone(COPENHAGEN).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run behaves."""

    #: Who runs: host and process, for the lease and the trail.
    owner: str
    #: Date and slot of the calendar, or a word for a run by hand.
    slot: str = "by-hand"
    batch_size: int = 1000
    #: Effects that are claimed and settled together.
    chunk_size: int = 50
    lease_seconds: int = 90
    #: How long a run waits at its end for what the ERP has taken and not finished.
    confirm_seconds: int = 0
    #: After so many requests of which the ERP shows nothing, a posting's key is closed.
    give_up_after: int = 6
    lease_name: str = "run"
    #: Right-hand side of every Message-ID.
    mail_domain: str = "invoice-robot.invalid"
    #: The robot's own address; answers about a case go to it with the case added.
    mail_sender: str = ""
    #: Mails of a kind to one address in a day; None: no limit.
    digests_a_day: int | None = None
    singles_a_day: int = 5
    #: Whether customers are reminded, and told at last that it is posted.
    reminds: bool = True
    #: Set from a signal handler: the run stops between two documents.
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, kw_only=True)
class Run:
    """A run at work: what it holds and what it has counted."""

    ports: Ports
    options: RunOptions
    lease: Lease
    id: int
    today: date
    rulesets: dict[str, str] = field(default_factory=dict)
    #: Documents left unpulled because their customer is paused, by bogføringskreds.
    paused: Counter[str] = field(default_factory=Counter)
    #: Other robots may be at work on other companies.
    shared: bool = False
    #: Companies that other robots worked on, or were to, when this run came by.
    passed_over: set[str] = field(default_factory=set)
    #: Companies that were seen in another robot's hands.
    with_others: set[str] = field(default_factory=set)
    #: Companies whose documents are all through, by this robot or another.
    through: set[str] = field(default_factory=set)
    #: What a person has to know, in words.
    problems: list[str] = field(default_factory=list)
    #: Errors that belong to no single document (`mail-contact-missing`, ...), by code.
    errors: Counter[str] = field(default_factory=Counter)
    notices: int = 0
    #: The candidate that decides beside the rules in force, when there is one.
    shadow: ShadowWatch | None = None
    _failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    _broken: set[str] = field(default_factory=set)
    _pauses: Mapping[str, str] = field(default_factory=dict)
    _pauses_read_at: datetime | None = None

    def stopping(self) -> bool:
        """Whether the run was asked to stop."""
        return self.options.stop.is_set()

    def company(self, customer: str) -> str:
        """The company of a customer (bogføringskreds); empty when nobody knows the customer."""
        try:
            return company_of(self.ports.rulebook.for_customer(customer).customer)
        except KeyError:
            return ""

    def unit(self) -> AbstractContextManager[Unit]:
        """A transaction under the lease of this run."""
        return self.ports.store.writing(actor=self.options.owner, run=self.id, lease=self.lease)

    def renew(self) -> None:
        """Prove and prolong the lease before a step that may take long."""
        self.ports.store.renew(self.lease)

    def fault(self, error: Exception, about: str) -> None:
        """Tell the observer; the run goes on."""
        self.ports.observer.fault(error, about)

    def failed(self, target: str, part: str = "") -> None:
        """Count a technical fault of a company, `ERP`, `SOURCE` or `MAIL`; the last one alerts.

        Args:
            target: Whose fault it is.
            part: What of it was asked (`READING`); faults in a row are those of one part, since
                one that works says nothing about the other.
        """
        self._failures[target, part] += 1
        if self._failures[target, part] >= BREAKER and target not in self._broken:
            self._broken.add(target)
            self.errors[STOPPED] += 1
            self.problems.append(saying("left-alone", target=target, faults=BREAKER))

    def worked(self, target: str, part: str = "") -> None:
        """A target answered: its count begins anew, unless it is left alone already."""
        if not self.broken(target, part):
            self._failures.pop((target, part), None)

    def broken(self, target: str, part: str | None = None) -> bool:
        """Whether so many calls failed in a row that the target, or this part, is left alone."""
        if part is None:
            return target in self._broken
        return self._failures[target, part] >= BREAKER

    def unread(self, company: str) -> None:
        """Count that a company's tables gave no answer; the fifth company in a row is the ERP's.

        Each waits for its own time-outs, and a centre has hundreds of companies.
        """
        if not self._failures[company, READING]:
            self.failed(ERP, READING)
        self.failed(company, READING)

    def read(self, company: str) -> None:
        """A company's tables answered, so the ERP is there."""
        self.worked(company, READING)
        self.worked(ERP, READING)

    def unreadable(self, company: str) -> bool:
        """Whether the company, or the whole ERP, is left alone."""
        return self.broken(company) or self.broken(ERP)

    def pauses(self) -> Mapping[str, str]:
        """Scopes with a kill switch to its reason, read now; the empty scope stops everything."""
        self._pauses = {row.scope: row.reason for row in self.ports.store.runs.pauses()}
        self._pauses_read_at = self.ports.clock.now()
        return self._pauses

    def is_paused(self, customer: str) -> bool:
        """Whether a kill switch holds a customer back, as known for at most a second."""
        read_at = self._pauses_read_at
        age = None if read_at is None else (self.ports.clock.now() - read_at).total_seconds()
        # A clock that was set back says nothing about the age.
        if age is None or not 0 <= age < _PAUSE_SECONDS:
            self.pauses()
        return "" in self._pauses or customer in self._pauses
