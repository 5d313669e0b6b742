"""A customer served: the master data of its rule file (*drejebog*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address that is told. `purpose` is `all`, `notices`, `reminders` or `escalation`."""

    address: str
    kind: str = "shared"  # or `personal`
    members: tuple[str, ...] = ()
    purpose: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A person on the customer's authorisation declaration, up to an amount in DKK (None: any)."""

    person: str
    limit: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """An institution, known by its bogføringskreds, GLNs and CVR."""

    name: str
    bogfoeringskreds: str
    cvr: str | None = None
    glns: tuple[str, ...] = ()
    #: The company in the ERP; the customer's name when the file does not say.
    company: str = ""
    #: `sdi` or `indfak`: decides the click path in notices.
    source_system: str = "sdi"
    language: str = "da"
    mailboxes: tuple[Mailbox, ...] = ()
    #: Mail domains that replies may come from; those of the mailboxes when empty.
    domains: tuple[str, ...] = ()
    #: Dimension codes in the order that Navision uses.
    dimensions: tuple[str, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    #: Whether invoice management (*fakturamanager*) is bought from the centre.
    fakturamanager: bool = False
    paused: bool = False
    #: Whether it is told that a document which it has put right is posted.
    closing_mails: bool = True

    def mandates_on(self, day: date) -> list[Mandate]:
        """The mandates in force on a day."""
        return [
            mandate
            for mandate in self.mandates
            if (mandate.valid_from is None or mandate.valid_from <= day)
            and (mandate.valid_to is None or day <= mandate.valid_to)
        ]

    def on_declaration(self, day: date) -> list[str]:
        """Who is on the customer's declaration (*bemyndigelseserklæring*) on a day, by name."""
        return sorted(mandate.person for mandate in self.mandates_on(day))
