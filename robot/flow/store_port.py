"""What the flow needs of the robot's own database.

Reading is by subject. Writing is by `Unit`: everything that belongs together is committed
together, under the lease, with the audit trail in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from robot.domain.notice import MailPurpose, OutgoingMail
from robot.domain.state import EffectStatus, State
from robot.flow.case_port import Cases, CasesUnit
from robot.flow.command_port import Commands, CommandsUnit
from robot.flow.contact_port import Contacts, ContactsUnit
from robot.flow.inbox_port import Inbox, InboxUnit
from robot.flow.journey_port import Journeys, JourneysUnit
from robot.flow.measure_port import Measures, MeasuresUnit
from robot.flow.radar_port import Noted
from robot.flow.records import (
    AuditRow,
    DecisionRow,
    DocumentCore,
    DocumentFilter,
    DocumentRow,
    EffectHistoryRow,
    EffectRow,
    KnownVersion,
    Lease,
    MailRow,
    Move,
    NewEffect,
    NoticeRow,
    PauseRow,
    Recorded,
    RunRow,
    Settlement,
    Standing,
    TrailProof,
    Twin,
)
from robot.flow.reported_port import ReportedErrors, ReportedErrorsUnit
from robot.flow.rule_port import RuleChanges, RuleChangesUnit
from robot.flow.session_port import Sessions
from robot.flow.sheet_port import Sheets, SheetsUnit
from robot.flow.view_port import Views


class Unit(Protocol):
    """One transaction. Leaving it normally commits; an exception rolls all of it back.

    Every method that changes a state raises TransitionError when the row is not where the change
    starts from; then nothing of the unit is written.
    """

    @property
    def rules(self) -> RuleChangesUnit:
        """Proposals, approvals and shadows, written in this transaction."""

    @property
    def contacts(self) -> ContactsUnit:
        """Whether mail reaches addresses, written in this transaction."""

    @property
    def cases(self) -> CasesUnit:
        """What is said on cases and done with them, written in this transaction."""

    @property
    def inbox(self) -> InboxUnit:
        """Mails that came in, written in this transaction."""

    @property
    def reported(self) -> ReportedErrorsUnit:
        """What customers' own mails are about, written in this transaction."""

    @property
    def commands(self) -> CommandsUnit:
        """What people ask for on the dashboard, written in this transaction."""

    @property
    def journeys(self) -> JourneysUnit:
        """Events of documents, written in this transaction."""

    @property
    def measures(self) -> MeasuresUnit:
        """What became of documents, written in this transaction."""

    @property
    def sheets(self) -> SheetsUnit:
        """Re-posting sheets that came in, written in this transaction."""

    def record(self, documents: Sequence[Recorded]) -> list[int]:
        """Write versions with decisions, findings and effects; row ids in the same order.

        Effects of an earlier decision that were not sent are cancelled.
        """

    def move(self, moves: Sequence[Move]) -> None:
        """Take documents along the table of transitions."""

    def add_effects(self, effects: Sequence[tuple[int, NewEffect]]) -> None:
        """Write more effects for documents (by id) that are recorded already."""

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Take effects one step further."""

    def open_cases(
        self, documents: Sequence[int], year: int, causes: Mapping[int, str] | None = None
    ) -> list[str]:
        """The case numbers of bounced documents: given once for a document key, then kept.

        Args:
            documents: Row ids.
            year: Part of a new number.
            causes: Row id to the hash of the cause that one repair removes: the document joins the
                customer's open case of this cause, if there is one. A case that the document has
                already is opened again.
        """

    def freeze_mail(self, mail: OutgoingMail, customer: str, notices: Sequence[int]) -> int:
        """Keep a mail as it will leave, with the notices that it carries; the mail's id."""

    def settle_mail(self, mail: int, step: Settlement) -> None:
        """Take a mail and, when it is done or cancelled, its notices one step further.

        When it is done, the customer's clock starts for the documents that it tells about.
        """

    def release_notices(self, mail: int) -> int:
        """Take its notices out of a mail that reaches nobody; another one will carry them."""

    def request(
        self, document: int, *, released_by: str | None = None, sent_back_by: str | None = None
    ) -> None:
        """Note what a clerk wants of a held document; the next run looks at it again."""

    def keep_ruleset(self, ruleset: str, customer: str, text: str) -> None:
        """Keep the text of a rule set under its hash, once."""

    def pause(self, scope: str, reason: str) -> None:
        """Set a kill switch."""

    def resume(self, scope: str) -> bool:
        """Take a kill switch away; whether there was one."""

    def skip_numbers(self, many: int) -> None:
        """Leave out case numbers and fencing tokens that a lost store may have given out."""

    def begin_run(self, slot: str, owner: str) -> int:
        """Write a new run and give its number; what the unit writes from here on belongs to it."""

    def finish_run(self, run: int, status: str, summary: Mapping[str, Any]) -> None:
        """Close a run."""

    def audit(
        self, act: str, detail: Mapping[str, Any] | None = None, document: int | None = None
    ) -> None:
        """Add a row to the trail that no other method writes by itself."""


class Documents(Protocol):
    """Reading documents."""

    def known(self, document_keys: Sequence[str]) -> dict[str, list[KnownVersion]]:
        """All versions under each key, oldest first; keys without any are left out."""

    def twins(self, cores: Sequence[DocumentCore]) -> list[Twin]:
        """The first of those that share a number mark or a likeness mark with one of these.

        Only of those whose state claims their number, in the order in which they came; one of
        each number and total under a number mark, one under a likeness mark.
        """

    def in_state(self, states: frozenset[State]) -> Iterator[KnownVersion]:
        """All versions in these states, in the order in which they came."""

    def listing(self, which: DocumentFilter) -> Iterator[DocumentRow]:
        """Documents in the order in which they came; the result is read as it is consumed."""

    def versions(self, document_key: str, /) -> list[DocumentRow]:
        """All versions under a key, oldest first."""

    def get(self, document: int, /) -> DocumentRow:
        """One version.

        Raises:
            KeyError: There is none with this id.
        """

    def decisions(self, document: int, /) -> list[DecisionRow]:
        """All decisions about one version, oldest first."""

    def effects(self, document: int, /) -> list[EffectHistoryRow]:
        """All effects of one version, oldest first."""

    def posted_without(self, company: str, receipts: Sequence[str], act: str) -> list[int]:
        """Ids of documents posted under these numbers whose trail has no such act yet."""

    def count_open_cases(self) -> dict[str, int]:
        """Bogføringskreds to the number of bounced documents that no later version followed."""


class Effects(Protocol):
    """Reading what is to be carried out."""

    def of(self, documents: Sequence[int], status: EffectStatus) -> list[EffectRow]:
        """Postings and rejections of these documents in one status."""

    def unsettled(self, *, after: int, limit: int) -> list[EffectRow]:
        """Postings and rejections that were sent and not settled, by id, a page at a time."""

    def notices_to_tell(self, after_customer: str) -> list[NoticeRow]:
        """Bounced documents not told yet, of the next customer after the one named."""

    def notices_that_reached_nobody(self) -> list[str]:
        """Cases of bounced documents whose notice was handed over and came back undelivered."""


class Mails(Protocol):
    """Reading mails."""

    def unsent(self, *, after: int, limit: int) -> list[MailRow]:
        """Mails that are pending, sent without an answer or of unknown outcome, by id."""

    def of_document(self, document: int, /) -> list[MailRow]:
        """Mails that carried a notice about one version."""

    def of_cases(self, numbers: Collection[str]) -> dict[str, list[MailRow]]:
        """The mails that refer to these cases and were handed over, oldest first, by case."""

    def cases_of(self, mail: int, /) -> tuple[str, ...]:
        """The cases that a mail refers to."""

    def written_since(
        self, instant: datetime, customer: str
    ) -> list[tuple[MailPurpose, tuple[str, ...]]]:
        """Purpose and receivers of the customer's mails that were written then or later."""

    def came_back(self, message_id: str, /) -> bool:
        """Whether the copy of a mail lies in the robot's own mailbox: it was taken then."""

    def all(self) -> Iterator[MailRow]:
        """Every mail, oldest first."""


class Trail(Protocol):
    """Reading the audit trail."""

    def verify(self) -> TrailProof:
        """Walk the whole chain."""

    def rows(
        self,
        *,
        document: int | None = None,
        run: int | None = None,
        after: int = 0,
        acts: Sequence[str] = (),
    ) -> Iterator[AuditRow]:
        """Rows in order, of everything or of one document or run; later than one, of some acts."""

    def page(
        self, limit: int, *, act: str = "", actor: str = "", before: int = 0, after: int = 0
    ) -> list[AuditRow]:
        """The newest rows, newest first, of an act and of whoever's name holds a text.

        `before` leaves out that row and later ones; `after` gives the oldest that are later.
        """


class Runs(Protocol):
    """Reading runs."""

    def has_slot(self, slot: str) -> bool:
        """Whether a run for this slot was done."""

    def last(self, limit: int = 1, *, offset: int = 0) -> list[RunRow]:
        """The latest runs, newest first; without so many of the newest."""

    def count(self) -> int:
        """How many runs there were."""

    def get(self, run: int, /) -> RunRow | None:
        """One run; None when there is none with this id."""

    def ruleset_text(self, ruleset: str, /) -> str | None:
        """The exact text of a rule set that was ever used, by its hash."""

    def pauses(self) -> list[PauseRow]:
        """The kill switches that are set."""


class Store(Protocol):
    """The robot's own database."""

    documents: Documents
    effects: Effects
    mails: Mails
    trail: Trail
    runs: Runs
    rules: RuleChanges
    contacts: Contacts
    cases: Cases
    inbox: Inbox
    reported: ReportedErrors
    noted: Noted
    journeys: Journeys
    measures: Measures
    commands: Commands
    sessions: Sessions
    views: Views
    sheets: Sheets
    #: Several robots may work at once, each on its shares; else one robot has it all.
    shared: bool

    def join(self, *, owner: str, seconds: int) -> Lease:
        """Take a seat beside other robots, without any share yet.

        Raises:
            LeaseHeldError: A robot of this very name is at work.
        """

    def take_shares(self, lease: Lease, wanted: Sequence[str]) -> Lease:
        """Take the companies among these that are free, as long as no robot holds fewer.

        Raises:
            LeaseLostError: Somebody else took what it held.
        """

    def hand_on(self, lease: Lease, shares: Collection[str], *, done: bool) -> Lease:
        """Give companies up: done with, or for another robot to go on with.

        Raises:
            LeaseLostError: Somebody else took what it held.
        """

    def standing(self, lease: Lease, shares: Collection[str]) -> Standing:
        """Who else is at work, and what became of these shares."""

    def acquire(self, *, name: str, owner: str, seconds: int) -> Lease:
        """Take the lease when nobody holds it.

        Raises:
            LeaseHeldError: Somebody holds it.
        """

    def renew(self, lease: Lease) -> None:
        """Hold it for its full time again; every unit under a lease does so too.

        Raises:
            LeaseLostError: Somebody else took it.
        """

    def release(self, lease: Lease) -> None:
        """Give it back; harmless when it is lost."""

    def claimed(self, *, name: str, owner: str, seconds: int) -> AbstractContextManager[Lease]:
        """Hold a lease of work that goes on beside runs; given back at the end.

        Raises:
            LeaseHeldError: Somebody holds it.
        """

    def writing(
        self, *, actor: str, run: int | None = None, lease: Lease | None = None
    ) -> AbstractContextManager[Unit]:
        """Begin a unit. Under a lease its first act is to prove that the lease is still held.

        Raises:
            LeaseLostError: The lease was lost; nothing is written.
            StoreError: The database can't be used.
        """
