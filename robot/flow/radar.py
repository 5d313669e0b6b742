"""Gathers the daily list: what was said to the centre where nobody listens, and what got lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from robot.domain.calendar import day_start
from robot.domain.case import EntryKind
from robot.domain.incoming import Intent, Route
from robot.domain.radar import RadarItem, Signal
from robot.domain.state import State
from robot.flow.case_records import CaseDocument, CaseEntry, CaseFilter, CaseRow
from robot.flow.contact_port import ContactState
from robot.flow.context import Ports
from robot.flow.inbox_records import IncomingFilter

#: The error type of a remark that speaks to the centre without the prefix.
REMARK_UNREAD: Final = "remark-unread"
_CASES_AT_A_TIME: Final = 200
_MOST_REPLIES: Final = 2_000
_RUNS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """Makes the list.

    Attributes:
        ports: The world.
        speaks_to_centre: Whether a text without the prefix speaks to the centre.
        quotable: Masks and shortens what others wrote.
    """

    ports: Ports
    speaks_to_centre: Callable[[str], bool]
    quotable: Callable[[str], str]

    def start(self) -> datetime:
        """Where the list begins when nobody says it: the last working day before today."""
        return day_start(self.ports.calendar.add_working_days(self.ports.today(), -1))

    def items(self, since: datetime) -> Iterator[RadarItem]:
        """What came up since then, and what stands so still, by signal."""
        yield from self._remarks(since)
        yield from self._replies(since)
        yield from self._said_fixed(since)
        yield from self._undeliverable()
        yield from self._unnamed()

    def _remarks(self, since: datetime) -> Iterator[RadarItem]:
        for noted in self.ports.store.noted.since(REMARK_UNREAD, since):
            yield RadarItem(
                signal=Signal.REMARK,
                customer=noted.customer,
                document=f"{noted.system} {noted.source_id}",
                at=noted.decided_at,
                words="" if noted.confidential else self.quotable(noted.number),
            )

    def _replies(self, since: datetime) -> Iterator[RadarItem]:
        which = IncomingFilter(routes=frozenset({Route.CASE}), limit=_MOST_REPLIES)
        for mail in self.ports.store.inbox.listing(which):
            if mail.received_at < since:
                break
            if mail.intent is Intent.COMMENT and self.speaks_to_centre(mail.text):
                yield RadarItem(
                    signal=Signal.REPLY,
                    customer=mail.customer or "",
                    case_number=mail.case_number or "",
                    address=mail.sender,
                    at=mail.received_at,
                    words=self.quotable(mail.text),
                )

    def _said_fixed(self, since: datetime) -> Iterator[RadarItem]:
        """What the customer says is fixed, where a run has looked since and it was not."""
        looked = [run.started_at for run in self.ports.store.runs.last(_RUNS) if run.finished_at]
        if not looked:
            return
        cases = self.ports.store.cases
        waiting = cases.listing(CaseFilter(open_only=True))
        while page := list(islice(waiting, _CASES_AT_A_TIME)):
            documents = cases.documents_of([case.number for case in page])
            for case in page:
                for document in documents[case.number]:
                    if document.state is State.BOUNCED:
                        yield from self._still_wrong(case, document, since, max(looked))

    def _still_wrong(
        self, case: CaseRow, document: CaseDocument, since: datetime, looked: datetime
    ) -> Iterator[RadarItem]:
        """The mark on the case is taken away when the document is bounced again."""
        said_at = case.marks.said_fixed_at
        if said_at is not None and document.since <= said_at < looked:
            signal, until = Signal.NOT_FIXED, looked
        elif said_at is None and document.since >= since:
            signal, until = Signal.STILL_WRONG, document.since
        else:
            return
        said = self._last_said_fixed(case.number, until)
        if said is None and signal is Signal.STILL_WRONG:
            return
        yield RadarItem(
            signal=signal,
            customer=case.customer,
            case_number=case.number,
            document=f"{document.system} {document.source_id}",
            address=said.author if said else "",
            at=said.at if said else said_at,
            words="" if document.confidential else ", ".join(document.codes),
        )

    def _last_said_fixed(self, number: str, until: datetime) -> CaseEntry | None:
        entries = self.ports.store.cases.entries(number, internal=False)
        said = [one for one in entries if one.kind is EntryKind.FIXED and one.at <= until]
        return said[-1] if said else None

    def _undeliverable(self) -> Iterator[RadarItem]:
        owners = {
            address.casefold(): customer.bogfoeringskreds
            for customer in self.ports.rulebook.customers
            for mailbox in customer.mailboxes
            for address in (mailbox.address, *mailbox.members)
        }
        for contact in self.ports.store.contacts.listing():
            if contact.state is not ContactState.OK:
                yield RadarItem(
                    signal=Signal.UNDELIVERABLE,
                    customer=owners.get(contact.address, ""),
                    address=contact.address,
                    at=contact.changed_at,
                    words=self.quotable(f"{contact.state} {contact.last_code} {contact.words}"),
                )

    def _unnamed(self) -> Iterator[RadarItem]:
        mails = self.ports.store.reported.unnamed(after=0, limit=_MOST_REPLIES)
        if mails:
            yield RadarItem(
                signal=Signal.UNNAMED,
                at=mails[0].received_at,
                words=f"{len(mails)} mails; see `invoice-robot mail topics`",
            )
