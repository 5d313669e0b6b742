"""What people do with cases: look, share, answer, note, close, open again.

Whatever a party is shown comes out of `case_report`, which holds nothing internal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import product
from typing import Final

from robot.domain.answer import refusal
from robot.domain.case import (
    CaseStanding,
    CaseStatus,
    EntryKind,
    PartyOrigin,
    Visibility,
)
from robot.domain.customer import Customer
from robot.errors import ActError
from robot.flow.case_port import CasesUnit, Links, LinkTrouble
from robot.flow.case_records import (
    CaseDocument,
    CaseEntry,
    CaseFilter,
    CaseParty,
    CaseRow,
    NewEntry,
)
from robot.flow.case_view import CaseReport, case_report, standing_of
from robot.flow.mailboxes import SharedMailboxes, demand_address_of
from robot.flow.store_port import Store, Unit
from robot.flow.view_port import Page

_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case as a listing shows it."""

    case: CaseRow
    standing: CaseStanding
    documents: tuple[CaseDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """A party with the people whom it stands for now."""

    party: CaseParty
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as the centre sees it, internal entries and all."""

    case: CaseRow
    standing: CaseStanding
    documents: tuple[CaseDocument, ...]
    parties: tuple[PartyView, ...]
    entries: tuple[CaseEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a listing shows; empty fields do not narrow it."""

    customer: str = ""
    #: Of these customers only; None: of all.
    customers: frozenset[str] | None = None
    status: CaseStatus | None = None
    #: Only cases that this address sees, by itself or through a shared mailbox.
    address: str = ""
    open_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReader:
    """Looks at cases.

    Args:
        store: The robot's own database.
        customers: All customers, as their rule files name them.
    """

    store: Store
    customers: Sequence[Customer]

    def view(self, number: str) -> CaseView:
        """One case as the centre sees it.

        Raises:
            ActError: There is no such case.
        """
        case = self.case(number)
        boxes = self.mailboxes()
        documents = self.store.cases.documents(case.number)
        return CaseView(
            case=case,
            standing=standing_of(case, documents),
            documents=tuple(documents),
            parties=tuple(
                PartyView(party=party, members=boxes.members(party.address))
                for party in self.store.cases.parties(case.number)
            ),
            entries=tuple(self.store.cases.entries(case.number, internal=True)),
        )

    def report(self, number: str) -> CaseReport:
        """One case as its parties see it.

        Raises:
            ActError: There is no such case.
        """
        case = self.case(number)
        return case_report(
            case,
            self.store.cases.documents(case.number),
            self.store.cases.entries(case.number, internal=False),
        )

    def listing(self, wanted: Wanted) -> Iterator[CaseLine]:
        """Cases by number, a page at a time."""
        seen = self.visible_to(wanted.address) if wanted.address else []
        if wanted.address and not seen:
            return
        which = CaseFilter(
            customer=wanted.customer,
            customers=wanted.customers,
            open_only=wanted.open_only,
            numbers=frozenset(seen),
        )
        page: list[CaseRow] = []
        for case in self.store.cases.listing(which):
            page.append(case)
            if len(page) == _PAGE:
                yield from self._lines(page, wanted.status)
                page = []
        yield from self._lines(page, wanted.status)

    def page(self, wanted: Wanted, *, number: int, size: int) -> Page[CaseLine]:
        """A page of a listing, what stands so for the longest first; `address` narrows nothing."""
        which = CaseFilter(
            customer=wanted.customer, customers=wanted.customers, open_only=wanted.open_only
        )
        stands = [
            it
            for it in self.store.cases.standings(which)
            if wanted.status is None or it.standing.status is wanted.status
        ]
        stands.sort(key=lambda it: (it.standing.since, it.number))
        shown = [it.number for it in stands[(number - 1) * size : number * size]]
        lines: dict[str, CaseLine] = {}
        if shown:
            cases = list(self.store.cases.listing(CaseFilter(numbers=frozenset(shown))))
            lines = {line.case.number: line for line in self._lines(cases, None)}
        return Page(
            rows=[lines[it] for it in shown if it in lines],
            total=len(stands),
            number=number,
            size=size,
        )

    def visible_to(self, address: str) -> list[str]:
        """The numbers of the cases that an address sees, by itself or through a mailbox."""
        return self.store.cases.visible_to(self.mailboxes().addresses_of(address))

    def may_see(self, address: str, number: str) -> bool:
        """Whether an address sees a case now."""
        return number in self.visible_to(address)

    def viewers(self, number: str) -> tuple[str, ...]:
        """All addresses that see a case now: its parties and the members of its mailboxes."""
        boxes = self.mailboxes()
        found: dict[str, None] = {}
        for party in self.store.cases.parties(number):
            box = boxes.get(party.address)
            if box is None or not box.closed:
                found[party.address] = None
            found |= dict.fromkeys(boxes.members(party.address))
        return tuple(found)

    def open_link(self, links: Links, token: str) -> CaseReport | LinkTrouble:
        """What a signed link shows, and nothing once its receiver no longer sees the case."""
        claim = links.read(token)
        if isinstance(claim, LinkTrouble):
            return claim
        if not self.may_see(claim.address, claim.case_number):
            return LinkTrouble.WITHDRAWN
        return self.report(claim.case_number)

    def case(self, number: str) -> CaseRow:
        """One case.

        Raises:
            ActError: There is none with this number.
        """
        try:
            return self.store.cases.get(number.strip().upper())
        except KeyError:
            raise refusal(
                ActError,
                "no-such-case",
                hint="`invoice-robot case list` shows them, like SAM-2026-000123",
                case=number,
            ) from None

    def customer_of(self, case: CaseRow) -> Customer:
        """The customer of a case.

        Raises:
            ActError: No rule file names it any more.
        """
        for customer in self.customers:
            if customer.bogfoeringskreds == case.customer:
                return customer
        raise refusal(ActError, "customer-gone", customer=case.customer)

    def mailboxes(self) -> SharedMailboxes:
        """The shared mailboxes as they stand now."""
        return SharedMailboxes.of(self.store.cases, self.customers)

    def _lines(self, cases: Sequence[CaseRow], status: CaseStatus | None) -> Iterator[CaseLine]:
        documents = self.store.cases.documents_of([case.number for case in cases])
        for case in cases:
            mine = documents[case.number]
            standing = standing_of(case, mine)
            if status is None or standing.status is status:
                yield CaseLine(case=case, standing=standing, documents=tuple(mine))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClerk:
    """Acts on cases; each is in the audit trail under the clerk's name.

    Args:
        reader: Looks at cases.
        name: Who acts.
    """

    reader: CaseReader
    name: str

    def share(self, number: str, address: str) -> None:
        """Let an address of the customer's see a case; a shared mailbox lets its members see it.

        Raises:
            ActError: There is no such case, the address is not the customer's, or it sees the case
                already.
        """
        case = self.reader.case(number)
        demand_address_of(self.reader.customer_of(case), address)
        boxes = self.reader.mailboxes()
        box = boxes.get(address)
        if box is not None and box.closed:
            raise refusal(ActError, "mailbox-was-closed", address=box.address)
        with self._writing() as unit:
            if not unit.cases.add_party(
                case.number,
                address,
                kind=boxes.kind_of(address),
                origin=PartyOrigin.SHARED,
            ):
                raise refusal(
                    ActError, "sees-it-already", address=address.lower(), case=case.number
                )
            self._done(unit.cases, case, EntryKind.SHARED, address.lower())

    def unshare(self, number: str, address: str) -> None:
        """Take an address off a case.

        Raises:
            ActError: There is no such case, or the address is no party of it.
        """
        case = self.reader.case(number)
        with self._writing() as unit:
            if not unit.cases.remove_party(case.number, address):
                raise refusal(
                    ActError,
                    "no-party",
                    hint="`invoice-robot case show` names them; who sees it as a member of a "
                    "mailbox is removed from the mailbox",
                    address=address.lower(),
                    case=case.number,
                )
            self._done(unit.cases, case, EntryKind.UNSHARED, address.lower())

    def note(self, number: str, text: str) -> None:
        """Write something that only the centre sees.

        Raises:
            ActError: There is no such case, or no text.
        """
        case = self.reader.case(number)
        self._say(case, EntryKind.NOTE, Visibility.INTERNAL, text)

    def answer(self, number: str, text: str) -> None:
        """Write something that all parties see.

        Raises:
            ActError: There is no such case, or no text.
        """
        case = self.reader.case(number)
        self._say(case, EntryKind.ANSWER, Visibility.EXTERNAL, text)

    def close(self, number: str, reason: str) -> None:
        """Close a case: nobody is reminded any more. The reason is for the centre only.

        Raises:
            ActError: There is no such open case, or no reason.
        """
        case = self.reader.case(number)
        _demand(reason, "no-case-reason")
        with self._writing() as unit:
            if not unit.cases.close(case.number, why=reason):
                raise refusal(ActError, "case-is-closed", case=case.number)
            self._done(unit.cases, case, EntryKind.CLOSED, "")
            unit.cases.say(self._entry(case, EntryKind.NOTE, Visibility.INTERNAL, reason))

    def reopen(self, number: str, reason: str) -> None:
        """Open a closed case again.

        Raises:
            ActError: There is no such closed case, or no reason.
        """
        case = self.reader.case(number)
        _demand(reason, "no-case-reason")
        with self._writing() as unit:
            if not unit.cases.reopen(case.number, why=reason):
                raise refusal(ActError, "case-is-open", case=case.number)
            self._done(unit.cases, case, EntryKind.REOPENED, "")
            unit.cases.say(self._entry(case, EntryKind.NOTE, Visibility.INTERNAL, reason))

    def _say(self, case: CaseRow, kind: EntryKind, visibility: Visibility, text: str) -> None:
        _demand(text, "no-text")
        with self._writing() as unit:
            unit.cases.say(self._entry(case, kind, visibility, text))

    def _done(self, unit: CasesUnit, case: CaseRow, kind: EntryKind, text: str) -> None:
        unit.say(self._entry(case, kind, Visibility.EXTERNAL, text))

    def _entry(
        self, case: CaseRow, kind: EntryKind, visibility: Visibility, text: str
    ) -> NewEntry:
        return NewEntry(
            case_number=case.number,
            author=self.name,
            kind=kind,
            visibility=visibility,
            text=text.strip(),
        )

    def _writing(self) -> AbstractContextManager[Unit]:
        return self.reader.store.writing(actor=self.name)


def share_with(
    unit: CasesUnit,
    boxes: SharedMailboxes,
    numbers: Iterable[str],
    addresses: Iterable[str],
    origin: PartyOrigin,
) -> None:
    """Make the addresses of a mail parties of its cases: mailboxes for all their members.

    Args:
        unit: The transaction.
        boxes: The shared mailboxes as they stand.
        numbers: The cases.
        addresses: Who got the notice, or who wrote the reply and to whom.
        origin: Which of the two it was.
    """
    for number, address in product(numbers, addresses):
        unit.add_party(number, address, kind=boxes.kind_of(address), origin=origin)


def _demand(text: str, code: str) -> None:
    if not text.strip():
        raise refusal(ActError, code)
