"""Whom the robot may write to: only addresses that the customer's own file names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.customer import Customer
from robot.domain.notice import MailPurpose
from robot.flow.contact_port import ContactState

#: Which mailboxes get a mail, by what they are for in the customer's file. The second role comes
#: in when the first can't be reached; nobody else is ever written to.
_ROLES: Final[Mapping[MailPurpose, tuple[frozenset[str], ...]]] = {
    MailPurpose.REMINDER: (
        frozenset({"all", "notices", "reminders"}),
        frozenset({"escalation"}),
    ),
    MailPurpose.ESCALATION: (
        frozenset({"escalation"}),
        frozenset({"all", "notices", "reminders"}),
    ),
}
_TOLD: Final = (frozenset({"all", "notices"}), frozenset({"escalation", "reminders"}))
#: Answers to what somebody wrote: the customer's domains are enough.
_ANSWERS: Final = frozenset({MailPurpose.STATUS, MailPurpose.ACKNOWLEDGEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Who gets a mail, and who of the customer's file does not and why."""

    addresses: tuple[str, ...]
    dead: tuple[str, ...] = ()
    #: Not in the domains that the file itself names.
    strange: tuple[str, ...] = ()


def receivers(
    customer: Customer, purpose: MailPurpose, states: Mapping[str, ContactState]
) -> Receivers:
    """The customer's addresses for a mail; the next role when nobody of the first is reached.

    Args:
        customer: Whose file names the addresses.
        purpose: What the mail is for.
        states: Of the customer's addresses; one that is left out is right.
    """
    roles = _ROLES.get(purpose, _TOLD)
    dead: list[str] = []
    strange: list[str] = []
    for role in roles:
        found: list[str] = []
        for address in _of_role(customer, role):
            if not in_domains(address, customer.domains):
                strange.append(address)
            elif states.get(address) is ContactState.DEAD:
                dead.append(address)
            else:
                found.append(address)
        # Nobody was named for the first role: that is for a person to see, not to get round.
        if found or (roles is _TOLD and not dead):
            return Receivers(addresses=tuple(found), dead=tuple(dead), strange=tuple(strange))
    return Receivers(addresses=(), dead=tuple(dead), strange=tuple(strange))


def told_addresses(customer: Customer) -> tuple[str, ...]:
    """The addresses that notices go to first, each once."""
    return _of_role(customer, _TOLD[0])


def all_addresses(customer: Customer) -> tuple[str, ...]:
    """Every address of the customer's mailboxes, each once."""
    addresses = (mailbox.address for mailbox in customer.mailboxes)
    return tuple({address.casefold(): address for address in addresses}.values())


def in_domains(address: str, domains: Sequence[str]) -> bool:
    """Whether an address is in one of the domains or below it; any is when none are named."""
    domain = address.rpartition("@")[2].casefold()
    named = [name.casefold().lstrip(".") for name in domains]
    return not named or any(domain == name or domain.endswith(f".{name}") for name in named)


def may_write(customer: Customer, addresses: Collection[str], purpose: MailPurpose) -> bool:
    """Whether a mail that was written earlier may still go to these addresses.

    The customer's file may have changed since: an address that it no longer names gets nothing.
    """
    if purpose in _ANSWERS:
        domains = customer.domains or tuple(
            address.rpartition("@")[2] for address in all_addresses(customer)
        )
        members = {
            member.casefold() for mailbox in customer.mailboxes for member in mailbox.members
        }
        return bool(domains) and all(
            in_domains(address, domains) or address.casefold() in members for address in addresses
        )
    named = {address.casefold() for address in all_addresses(customer)}
    return all(
        address.casefold() in named and in_domains(address, customer.domains)
        for address in addresses
    )


def _of_role(customer: Customer, role: Collection[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for mailbox in customer.mailboxes:
        if mailbox.purpose in role:
            found.setdefault(mailbox.address.casefold(), mailbox.address)
    return tuple(found.values())
