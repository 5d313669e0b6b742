"""What receiving mail takes: the mailbox, the sorter, who may write, and how answers are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from robot.domain.customer import Customer
from robot.domain.incoming import Sorter
from robot.domain.notice import OutgoingMail
from robot.flow.case_port import Cases
from robot.flow.case_view import CaseReport
from robot.flow.inbox_port import MailFiles
from robot.flow.mailbox_port import Mailbox
from robot.flow.mailboxes import SharedMailboxes

#: Mails that are fetched and noted together.
BATCH: Final = 50
BATCH_BYTES: Final = 30_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCase:
    """A case as its parties see it, and the page on which this receiver reads it."""

    report: CaseReport
    #: Empty when there is no page.
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the robot answers to a mail by itself."""

    #: Whether the status was asked for; otherwise it says that the mail has arrived.
    asked_status: bool
    language: str
    recipient: str
    cases: tuple[AnsweredCase, ...]
    #: The Message-ID of the mail that is answered.
    answers: str
    message_id: str
    #: Where replies go: an address with the token of the case.
    reply_to: str
    #: What was understood, an `Intent` value.
    understood: str = ""
    made_on: date


class Answerer(Protocol):
    """Turns answers into mails."""

    def __call__(self, answer: Answer, /) -> OutgoingMail:
        """One answer as plain text and HTML.

        Raises:
            TextError: A text is missing.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Everything that receiving mail needs beside the run's own ports."""

    mailbox: Mailbox
    files: MailFiles
    sorter: Sorter
    answerer: Answerer
    #: The customers in force.
    customers: Callable[[], Sequence[Customer]]
    #: The robot's own address, from which it answers.
    sender: str
    #: Other addresses that are its own.
    also_own: frozenset[str] = frozenset()
    instance: str
    authserv_id: str = ""
    own_hops: int = 1
    #: Whether a reply is answered by a line that says it has arrived.
    acknowledges: bool = True

    @property
    def own_addresses(self) -> frozenset[str]:
        """All addresses of the robot, lower case."""
        return frozenset({self.sender.lower(), *(a.lower() for a in self.also_own)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """Who may write for which customer, at one moment."""

    people: dict[str, frozenset[str]]
    domains: dict[str, frozenset[str]]
    shared: SharedMailboxes
    languages: dict[str, str]


def writers_of(cases: Cases, customers: Sequence[Customer]) -> Writers:
    """The people and domains of the customers: rule files, and members added by command."""
    shared = SharedMailboxes.of(cases, customers)
    people: dict[str, set[str]] = {}
    domains: dict[str, set[str]] = {}
    for customer in customers:
        kreds = customer.bogfoeringskreds
        addresses = {
            address.lower()
            for mailbox in customer.mailboxes
            for address in (mailbox.address, *mailbox.members)
        }
        addresses |= {
            address
            for box in shared.boxes
            if box.customer == kreds and not box.closed
            for address in (box.address, *box.members)
        }
        for address in addresses:
            people.setdefault(address, set()).add(kreds)
        own = customer.domains or tuple(
            box.address.rpartition("@")[2] for box in customer.mailboxes
        )
        for domain in own:
            domains.setdefault(domain.lower(), set()).add(kreds)
    return Writers(
        people={address: frozenset(kredse) for address, kredse in people.items()},
        domains={domain: frozenset(kredse) for domain, kredse in domains.items()},
        shared=shared,
        languages={customer.bogfoeringskreds: customer.language for customer in customers},
    )
