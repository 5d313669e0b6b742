"""What the flow needs of the store and of the signer about cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from robot.domain.case import PartyKind, PartyOrigin
from robot.flow.case_records import (
    BouncedCauses,
    CaseDocument,
    CaseEntry,
    CaseFilter,
    CaseParty,
    CaseRow,
    CaseStand,
    DocumentOnCase,
    FixBy,
    MailboxRow,
    MemberChange,
    NewEntry,
)


class Cases(Protocol):
    """Reading cases; `store.cases`. Addresses are compared in lower case."""

    def get(self, number: str, /) -> CaseRow:
        """One case.

        Raises:
            KeyError: There is none with this number.
        """

    def listing(self, which: CaseFilter) -> Iterator[CaseRow]:
        """Cases by number; the result is read as it is consumed."""

    def standings(self, which: CaseFilter) -> list[CaseStand]:
        """How cases stand, all at once; their numbers are not asked for."""

    def of_documents(self, document_keys: Sequence[str]) -> dict[str, str]:
        """Document key to case number; keys without a case are left out."""

    def documents(self, number: str, /) -> list[CaseDocument]:
        """The documents of a case, each as its latest version stands, in the order they joined."""

    def documents_of(self, numbers: Collection[str]) -> dict[str, list[CaseDocument]]:
        """The same for many cases at once; every number is there."""

    def entries(self, number: str, *, internal: bool) -> list[CaseEntry]:
        """What was said and done, oldest first; without `internal` only what the customer sees."""

    def parties(self, number: str, /) -> list[CaseParty]:
        """The addresses that see a case now, in the order in which they came."""

    def visible_to(self, addresses: Collection[str]) -> list[str]:
        """The numbers of all cases that at least one of these addresses is a party of.

        A person's addresses are its own and those of the shared mailboxes that it is a member of:
        `robot.flow.mailboxes.SharedMailboxes.addresses_of` gives them.
        """

    def by_message_ids(self, message_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Message-IDs of our mails and of entries to the cases that they refer to."""

    def message_ids(self, number: str, /) -> tuple[str, ...]:
        """The Message-IDs of our mails that refer to a case, oldest first."""

    def due(self, until: date) -> list[DocumentOnCase]:
        """Bounced documents, told, of open cases, whose fix is due on this day or earlier."""

    def to_close(self) -> list[DocumentOnCase]:
        """Posted documents whose customer was told of a bounce and has no closing mail yet."""

    def causes(self, documents: Sequence[int]) -> list[BouncedCauses]:
        """Why these documents (row ids) are to be bounced; in the order of the ids given."""

    def mailboxes(self, customer: str = "") -> list[MailboxRow]:
        """Shared mailboxes that were created or closed by command, by address."""

    def members(self, mailbox: str = "") -> list[MemberChange]:
        """What commands did to members, of one mailbox or of all, by mailbox and person."""


class CasesUnit(Protocol):
    """Writing about cases in the transaction of a unit; `unit.cases`. Each act is audited."""

    def say(self, entry: NewEntry) -> int:
        """Add an entry; its id."""

    def add_party(
        self, number: str, address: str, *, kind: PartyKind, origin: PartyOrigin
    ) -> bool:
        """Let an address see a case; whether it did not before. Writes no entry."""

    def remove_party(self, number: str, address: str) -> bool:
        """Take an address off a case; whether it was on it. Writes no entry."""

    def close(self, number: str, *, why: str) -> bool:
        """Close a case; whether it was open."""

    def reopen(self, number: str, *, why: str) -> bool:
        """Open a case again; whether it was closed."""

    def note_fixed(self, number: str) -> None:
        """The customer says that it is fixed."""

    def wait_until(self, number: str, day: date | None) -> None:
        """The customer asks for time until this day; None takes it back."""

    def wait_for_supplier(self, number: str, *, waits: bool = True) -> None:
        """The customer says that it waits for the supplier, or does no longer."""

    def fix_by(self, days: Sequence[FixBy]) -> None:
        """Keep the dates that customers are told; written with the mail that tells them."""

    def told(self, document_keys: Sequence[str]) -> None:
        """The notice was handed over: the customer's clock starts now, unless it runs already."""

    def not_told(self, document_keys: Sequence[str]) -> None:
        """The notice reached nobody: the customer's clock does not run."""

    def reminded(self, document_keys: Sequence[str], on: date) -> None:
        """A reminder was written; counts it."""

    def escalated(self, document_keys: Sequence[str], on: date) -> None:
        """The second contact role was told."""

    def closing_written(self, document_keys: Sequence[str]) -> None:
        """The closing mail was written."""

    def refer(self, mail: int, numbers: Collection[str]) -> None:
        """Keep which cases a mail refers to."""

    def create_mailbox(self, address: str, customer: str) -> bool:
        """Create a shared mailbox or open it again; whether it was not open before."""

    def close_mailbox(self, address: str, customer: str) -> bool:
        """Close a shared mailbox, also one that only the rule file names; whether it was open."""

    def add_member(self, mailbox: str, person: str) -> bool:
        """Give a person access to a shared mailbox; whether no command had before."""

    def remove_member(self, mailbox: str, person: str) -> bool:
        """Take a person's access away; whether no command had before."""


class LinkTrouble(StrEnum):
    """Why a link opens nothing."""

    ALTERED = "altered"
    EXPIRED = "expired"
    #: Its receiver is no party of the case any more.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClaim:
    """What a good link says: this address may read this case. It gives no other right."""

    case_number: str
    #: Lower case.
    address: str
    made_at: datetime


class Links(Protocol):
    """Makes and reads signed links that expire."""

    def make(self, case_number: str, address: str) -> str:
        """The address of the page on which this receiver reads this case."""

    def read(self, token: str) -> LinkClaim | LinkTrouble:
        """What the last part of such an address says, or why it opens nothing.

        A good claim is not enough: `robot.flow.cases.CaseReader.open_link` also asks whether the
        address still sees the case.
        """
