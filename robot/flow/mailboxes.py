"""Shared mailboxes: who has access, by the customer's rule file and by command.

A case that is sent from or to a shared mailbox is shared with all who are members at the moment of
looking: whoever joins later sees it too, whoever has left does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from robot.domain.answer import refusal
from robot.domain.case import PartyKind
from robot.domain.customer import Customer, Mailbox
from robot.errors import ActError
from robot.flow.case_port import Cases
from robot.flow.case_records import MailboxRow, MemberChange, SharedMailbox
from robot.flow.ports import RuleBook
from robot.flow.store_port import Store

_SHARED: Final = "shared"
_ADDRESS: Final = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMailboxes:
    """The shared mailboxes as they stand at one moment; addresses in lower case."""

    customers: tuple[Customer, ...]
    boxes: tuple[SharedMailbox, ...]

    @classmethod
    def of(cls, cases: Cases, customers: Sequence[Customer]) -> SharedMailboxes:
        """Those of the rule files, with what commands did to them, and those made by command."""
        named = {
            box.address.lower(): (customer, box)
            for customer in customers
            for box in customer.mailboxes
            if box.kind == _SHARED
        }
        rows = {row.address: row for row in cases.mailboxes()}
        changes: dict[str, list[MemberChange]] = {}
        for change in cases.members():
            changes.setdefault(change.mailbox, []).append(change)
        boxes = [
            _standing(address, named.get(address), rows.get(address), changes.get(address, ()))
            for address in sorted({*named, *rows})
        ]
        return cls(customers=tuple(customers), boxes=tuple(boxes))

    def get(self, address: str) -> SharedMailbox | None:
        """The shared mailbox with this address, also when it is closed."""
        return next((box for box in self.boxes if box.address == address.lower()), None)

    def members(self, address: str) -> tuple[str, ...]:
        """Who has access to a shared mailbox now; nobody to one that is closed or is none."""
        box = self.get(address)
        return box.members if box is not None and not box.closed else ()

    def addresses_of(self, person: str) -> frozenset[str]:
        """Under which addresses a person sees cases: its own and its open shared mailboxes'."""
        own = person.lower()
        shared = {box.address for box in self.boxes if not box.closed and own in box.members}
        known = self.get(own)
        return frozenset(shared if known is not None and known.closed else {own, *shared})

    def kind_of(self, address: str) -> PartyKind:
        """Whether an address stands for all members of a mailbox or for one person."""
        box = self.get(address)
        open_box = box is not None and not box.closed
        return PartyKind.MAILBOX if open_box else PartyKind.PERSON

    def without_closed(self, customer: Customer) -> Customer:
        """The customer as it is told: closed mailboxes left out, members as they are now."""
        kept: list[Mailbox] = []
        for mailbox in customer.mailboxes:
            box = self.get(mailbox.address) if mailbox.kind == _SHARED else None
            if box is None:
                kept.append(mailbox)
            elif not box.closed:
                kept.append(replace(mailbox, members=box.members))
        return replace(customer, mailboxes=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxClerk:
    """The five acts on a shared mailbox; each is in the audit trail under the clerk's name.

    Args:
        store: The robot's own database.
        customers: All customers, as their rule files name them.
        name: Who acts.
    """

    store: Store
    customers: Sequence[Customer]
    name: str

    def create(self, address: str, customer: str, members: Sequence[str] = ()) -> SharedMailbox:
        """Create a shared mailbox, or open a closed one again.

        Raises:
            ActError: Nobody knows the customer, an address is not the customer's, or the mailbox
                is there already.
        """
        whose = self._customer(customer)
        known = self._boxes().get(address)
        if known is not None and known.customer != whose.bogfoeringskreds:
            raise ActError(f"{known.address} belongs to customer {known.customer}")
        if known is not None and not known.closed:
            raise ActError(
                f"{known.address} is there already",
                hint="add a person with `invoice-robot mailbox add`",
            )
        for one in (address, *members):
            demand_address_of(whose, one)
        with self.store.writing(actor=self.name) as unit:
            unit.cases.create_mailbox(address, whose.bogfoeringskreds)
            for person in members:
                unit.cases.add_member(address, person)
        return self.find(address)

    def add(self, address: str, person: str) -> SharedMailbox:
        """Give a person access: it sees all cases of the mailbox, earlier ones too.

        Raises:
            ActError: There is no such open mailbox, the person has access already, or its address
                is not the customer's.
        """
        box = self._open(address)
        demand_address_of(self._customer(box.customer), person)
        if person.lower() == box.address:
            raise ActError("a mailbox is no member of itself")
        if person.lower() in box.members:
            raise ActError(f"{person.lower()} has access already")
        with self.store.writing(actor=self.name) as unit:
            unit.cases.add_member(box.address, person)
        return self.find(address)

    def remove(self, address: str, person: str) -> SharedMailbox:
        """Take a person's access away, from all cases that it saw through the mailbox.

        Raises:
            ActError: There is no such open mailbox, or the person has no access.
        """
        box = self._open(address)
        if person.lower() not in box.members:
            raise ActError(
                f"{person.lower()} has no access to {box.address}",
                hint="`invoice-robot mailbox list` shows who has",
            )
        with self.store.writing(actor=self.name) as unit:
            unit.cases.remove_member(box.address, person)
        return self.find(address)

    def close(self, address: str) -> SharedMailbox:
        """Close a shared mailbox: nobody sees cases through it, and no notice goes there any more.

        Raises:
            ActError: There is no such open mailbox, or its customer would have no mailbox left
                that notices go to.
        """
        box = self._open(address)
        customer = self._boxes().without_closed(self._customer(box.customer))
        told = [mailbox.address.lower() for mailbox in customer.mailboxes if _is_told(mailbox)]
        if told == [box.address]:
            raise ActError(
                f"{box.address} is the only mailbox that {customer.name} is told by",
                hint="name another one in the customer's rule file first",
            )
        with self.store.writing(actor=self.name) as unit:
            unit.cases.close_mailbox(box.address, box.customer)
            for change in box.changes:
                # Opened again one day, it begins with those that are named then.
                if change.present:
                    unit.cases.remove_member(box.address, change.person)
        return self.find(address)

    def listing(self, customer: str = "") -> list[SharedMailbox]:
        """Shared mailboxes with who has access, of one customer or of all."""
        return [box for box in self._boxes().boxes if customer in {"", box.customer}]

    def find(self, address: str) -> SharedMailbox:
        """One shared mailbox.

        Raises:
            ActError: There is none.
        """
        box = self._boxes().get(address)
        if box is None:
            raise ActError(
                f"there is no shared mailbox {address.lower()}",
                hint="`invoice-robot mailbox list` shows them",
            )
        return box

    def _open(self, address: str) -> SharedMailbox:
        box = self.find(address)
        if box.closed:
            raise ActError(
                f"{box.address} is closed",
                hint="`invoice-robot mailbox create` opens it again",
            )
        return box

    def _boxes(self) -> SharedMailboxes:
        return SharedMailboxes.of(self.store.cases, self.customers)

    def _customer(self, bogfoeringskreds: str) -> Customer:
        for customer in self.customers:
            if customer.bogfoeringskreds == bogfoeringskreds:
                return customer
        raise ActError(f"there is no customer {bogfoeringskreds}", hint="see rules/customers")


def customer_as_told(store: Store, rulebook: RuleBook, bogfoeringskreds: str) -> Customer:
    """A customer with its mailboxes as they stand now: closed ones get no mail.

    Raises:
        KeyError: No such customer.
    """
    customer = rulebook.for_customer(bogfoeringskreds).customer
    return SharedMailboxes.of(store.cases, rulebook.customers).without_closed(customer)


def domains_of(customer: Customer) -> frozenset[str]:
    """The mail domains of a customer's people, lower case; those of its mailboxes by default."""
    named = customer.domains or [
        address.rpartition("@")[2]
        for mailbox in customer.mailboxes
        for address in (mailbox.address, *mailbox.members)
    ]
    return frozenset(domain.lower() for domain in named if domain)


def demand_address_of(customer: Customer, address: str) -> None:
    """Refuse what is no address, or none of the customer's people.

    Raises:
        ActError: With what to do about it.
    """
    if not _ADDRESS.fullmatch(address.lower()):
        raise refusal(ActError, "no-address", address=address)
    domain = address.rpartition("@")[2].lower()
    if domain not in domains_of(customer):
        raise refusal(ActError, "foreign-domain", domain=domain, customer=customer.name)


def _is_told(mailbox: Mailbox) -> bool:
    return mailbox.purpose in {"all", "notices"}


def _standing(
    address: str,
    named: tuple[Customer, Mailbox] | None,
    row: MailboxRow | None,
    changes: Sequence[MemberChange],
) -> SharedMailbox:
    members = {member.lower() for member in named[1].members} if named is not None else set()
    for change in changes:
        (members.add if change.present else members.discard)(change.person)
    customer = named[0].bogfoeringskreds if named is not None else ""
    return SharedMailbox(
        address=address,
        customer=customer or (row.customer if row is not None else ""),
        members=tuple(sorted(members)),
        closed=row is not None and row.closed_at is not None,
        in_rule_file=named is not None,
        changes=tuple(changes),
    )
