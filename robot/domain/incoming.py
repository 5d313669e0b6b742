"""A mail that came in, sorted: what it is, where it goes and what its writer wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class MailKind(StrEnum):
    """What a mail is."""

    REPLY = "reply"
    FORWARD = "forward"
    NEW_MAIL = "new-mail"
    AUTO_REPLY = "auto-reply"
    DELIVERY_FAILURE = "delivery-failure"
    #: Not delivered yet; the server goes on trying.
    DELIVERY_DELAY = "delivery-delay"
    #: Delivered, or handed on to a system that reports nothing.
    DELIVERY_REPORT = "delivery-report"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    BULK = "bulk"
    #: Written by a robot of this kind: answering it could go on for ever.
    LOOP = "loop"
    UNREADABLE = "unreadable"


class Route(StrEnum):
    """Where a mail goes. No way leads to posting, paying or a changed invoice."""

    CASE = "case"
    #: The sender is not known, or not proven: a person decides.
    QUARANTINE = "quarantine"
    #: A person reads it and says where it belongs.
    TRIAGE = "triage"
    #: Kept and shown; nobody has to act.
    NOTED = "noted"
    #: Kept, and left alone.
    PARKED = "parked"
    #: Too big to be read whole; a person opens it in the mailbox.
    SET_ASIDE = "set-aside"


class Intent(StrEnum):
    """What the writer of a reply wants."""

    NONE = ""
    COMMENT = "comment"
    #: Says that it is corrected in the source; only the source can prove that.
    FIXED = "fixed"
    RECHECK = "recheck"
    MORE_TIME = "more-time"
    #: Waits for the supplier.
    SUPPLIER = "supplier"
    STATUS = "status"


#: Routes that a person has to look at.
FOR_A_PERSON = frozenset({Route.QUARANTINE, Route.TRIAGE, Route.SET_ASIDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One address that a mail did not reach, as a server reported it."""

    address: str
    #: Enhanced status code (RFC 3463), such as `5.1.1`; empty when the report has none.
    code: str
    #: The server's own words, shortened.
    words: str
    #: The address is wrong for good; otherwise it may work again (full, refused, busy).
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of the robot's own, found by its Message-ID."""

    customer: str
    #: Lower case.
    recipients: tuple[str, ...]
    cases: tuple[str, ...]
    sent_at: datetime | None = None


class Threads(Protocol):
    """Reads the marks that tie a mail to a case; gives None for anything forged."""

    def case_of_address(self, address: str, /) -> str | None:
        """The case of a reply address."""

    def case_of_message_id(self, message_id: str, /) -> str | None:
        """The case of a Message-ID."""


class KnownThreads(Protocol):
    """What the store knows of cases and of the robot's own mails."""

    def customer_of(self, case: str, /) -> str | None:
        """The customer (bogføringskreds) of a case; None when there is no such case."""

    def sent(self, message_id: str, /) -> SentMail | None:
        """The robot's own mail with this Message-ID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortContext:
    """What it takes to sort a mail, besides the mail. Addresses and domains are lower case."""

    #: Addresses of the robot itself.
    own_addresses: frozenset[str]
    #: The name of this installation, as it stands in the mails that it writes.
    instance: str
    threads: Threads
    known: KnownThreads
    #: Address to the customers (bogføringskredse) that it may write for.
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Mail domain to the customers whose it is.
    domains: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: The name under which the own border server writes Authentication-Results; empty: there is
    #: none, and senders are taken by their From alone.
    authserv_id: str = ""
    #: How many Received lines own servers add; what stands below them may be forged.
    own_hops: int = 1
    #: When the mail came in, aware; tells quick automatic answers.
    received_at: datetime | None = None
    #: False when the mail was too big and only its headers and first part were fetched.
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A sorted mail."""

    kind: MailKind
    route: Route
    intent: Intent = Intent.NONE
    #: The cases it is attached to (route case) or noted on.
    cases: tuple[str, ...] = ()
    #: What the writer wrote: no quotation, no signature.
    text: str = ""
    #: Why it went there, in words for the centre.
    reason: str = ""
    customer: str | None = None
    #: Lower case; empty when it can't be told.
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    #: Cases that it may be about; a person decides.
    suggested: tuple[str, ...] = ()
    #: From a domain of the customer's, but an address that nobody has named.
    new_sender: bool = False
    #: Of a delivery failure of the robot's own mail.
    undelivered: tuple[Undelivered, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> str | None:
        """The case, when there is exactly one."""
        return self.cases[0] if len(self.cases) == 1 else None


class Sorter(Protocol):
    """Sorts mails."""

    def __call__(self, raw: bytes, context: SortContext, /) -> Sorted:
        """Say what a mail is and where it goes; never raises, and changes nothing."""
