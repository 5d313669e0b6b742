"""Who may see and do what on the dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is on the dashboard; a person may have several."""

    VIEWER = "viewer"
    CLERK = "clerk"
    RULE_AUTHOR = "rule-author"
    #: Approves rule sets of others, never their own.
    APPROVER = "approver"
    ADMIN = "admin"


class Right(StrEnum):
    """What an act on the dashboard needs."""

    SEE = "see"
    #: Decide held documents, answer cases, sort mails.
    WORK = "work"
    PROPOSE_RULES = "propose-rules"
    APPROVE_RULES = "approve-rules"
    #: Have a proposed rule set tried on the past, before it is approved.
    TRY_RULES = "try-rules"
    #: Kill switches, the whole trail, everybody's sessions.
    ADMINISTER = "administer"


_RIGHTS: Final = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.CLERK: frozenset({Right.SEE, Right.WORK}),
    Role.RULE_AUTHOR: frozenset({Right.SEE, Right.PROPOSE_RULES, Right.TRY_RULES}),
    Role.APPROVER: frozenset({Right.SEE, Right.APPROVE_RULES, Right.TRY_RULES}),
    # Approving the rules of money stays with those who are trusted with it.
    Role.ADMIN: frozenset({Right.SEE, Right.WORK, Right.ADMINISTER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The customers that somebody may see, by bogføringskreds; None stands for all.

    Documents whose customer nobody knows are in the scope of those who see all.
    """

    customers: frozenset[str] | None = None

    def covers(self, customer: str) -> bool:
        """Whether a customer's documents may be seen."""
        return self.customers is None or customer in self.customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at the dashboard, as the organisation's login names them."""

    name: str
    roles: frozenset[Role]
    scope: Scope = Scope(customers=frozenset())

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives this right."""
        return any(right in _RIGHTS[role] for role in self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a group or a person of the login is given; `customers` None stands for all."""

    roles: frozenset[Role]
    group: str = ""
    person: str = ""
    customers: frozenset[str] | None = None


def person_of(name: str, groups: Iterable[str], grants: Iterable[Grant]) -> Person | None:
    """The person with everything that is granted to them or their groups; None without a grant.

    A wider scope of one grant widens the others: roles and customers are each summed up.
    """
    wanted, belongs = name.casefold(), {group.casefold() for group in groups}
    given = [
        grant
        for grant in grants
        if (grant.person and grant.person.casefold() == wanted)
        or (grant.group and grant.group.casefold() in belongs)
    ]
    if not name or not given:
        return None
    limited = [grant.customers for grant in given if grant.customers is not None]
    everything = len(limited) < len(given)
    return Person(
        name=name,
        roles=frozenset(role for grant in given for role in grant.roles),
        scope=Scope(customers=None if everything else frozenset().union(*limited)),
    )
