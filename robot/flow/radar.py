"""Gathers the daily list: what was said to the centre where nobody listens, and what got lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from robot.domain.calendar import COPENHAGEN
from robot.domain.case import EntryKind
from robot.domain.incoming import Intent, Route
from robot.domain.radar import RadarItem, Signal
from robot.domain.state import State
from robot.flow.case_records import CaseDocument, CaseFilter, CaseRow
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
        return self.beginning(self.ports.calendar.add_working_days(self.ports.today(), -1))

    def beginning(self, day: date) -> datetime:
        """Midnight in Copenhagen."""
        return datetime.combine(day, time(), COPENHAGEN)

    def items(self, since: datetime) -> Iterator[RadarItem]:
        """What came up since then, and what stands so still, by signal."""
        yield from self._remarks(since)
        yield from self._replies(since)
        yield from self._said_fixed()
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

    def _said_fixed(self) -> Iterator[RadarItem]:
        looked = [run.started_at for run in self.ports.store.runs.last(_RUNS) if run.finished_at]
        if not looked:
            return
        cases = self.ports.store.cases
        said = (
            case
            for case in cases.listing(CaseFilter(open_only=True))
            if case.marks.said_fixed_at is not None and case.marks.said_fixed_at < max(looked)
        )
        while page := list(islice(said, _CASES_AT_A_TIME)):
            documents = cases.documents_of([case.number for case in page])
            for case in page:
                yield from self._still_wrong(case, documents)

    def _still_wrong(
        self, case: CaseRow, documents: Mapping[str, list[CaseDocument]]
    ) -> Iterator[RadarItem]:
        said_at = case.marks.said_fixed_at
        for document in documents[case.number]:
            if said_at is None or document.state is not State.BOUNCED:
                continue
            came_again = document.since > said_at
            yield RadarItem(
                signal=Signal.STILL_WRONG if came_again else Signal.NOT_FIXED,
                customer=case.customer,
                case_number=case.number,
                document=f"{document.system} {document.source_id}",
                address=self._who_said_it(case.number),
                at=said_at,
                words="" if document.confidential else ", ".join(document.codes),
            )

    def _who_said_it(self, number: str) -> str:
        entries = self.ports.store.cases.entries(number, internal=False)
        said = [entry.author for entry in entries if entry.kind is EntryKind.FIXED]
        return said[-1] if said else ""

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
