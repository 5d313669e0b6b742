"""What the ERP and the calendars say about one document at one moment; read in bulk, immutable.

A part that was not looked up, or could not be, is `UNKNOWN`; a part that was looked up and is not
there is None or empty. The difference matters: unknown never posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from robot.domain.canonical import canonical_text
from robot.domain.fields import UNKNOWN, Unknown


class Blocked(StrEnum):
    """NAV table 23 field 39: `payment` blocks payments only, `all` blocks posting."""

    NO = "no"
    PAYMENT = "payment"
    ALL = "all"
    PRIVACY = "privacy"


class ValuePosting(StrEnum):
    """NAV table 352 field 5 (*værdibogføring*)."""

    FREE = "free"
    MANDATORY = "mandatory"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """A creditor's account in the ERP; digits only, leading zeros kept."""

    branch: str | None = None
    account: str | None = None
    iban: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """The supplier's row in the ERP (NAV table 23 Vendor, 288 Vendor Bank Account)."""

    number: str
    name: str
    cvr: str | None
    blocked: Blocked = Blocked.NO
    pay_to: str | None = None
    country: str | None = None
    currency: str | None = None
    gln: str | None = None
    #: NAV's payment method code, and the channel it stands for (a `PaymentChannel` value).
    payment_method: str | None = None
    payment_channel: str | None = None
    #: FIK creditor number.
    creditor_number: str | None = None
    #: Giro account, as Business Central's Danish app keeps it beside the creditor number.
    giro_account: str | None = None
    accounts: tuple[BankAccount, ...] = ()
    #: Hash over everything that says where the creditor is paid, hex; empty when not looked up.
    bank_details_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A G/L account (NAV table 15)."""

    number: str
    name: str = ""
    #: Account Type = Posting; sums and headings can't be posted to.
    posting: bool = True
    blocked: bool = False
    direct_posting: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionValue:
    """NAV table 349. `postable` is false for headings and totals."""

    dimension: str
    code: str
    blocked: bool = False
    postable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRule:
    """NAV table 352 Default Dimension; `owner` is the number, empty for the whole table."""

    table: str  # `account` or `creditor`
    owner: str
    dimension: str
    value: str | None
    posting: ValuePosting

    @property
    def only_value(self) -> str | None:
        """The one value that is taken; None when any is, or none."""
        return self.value or None if self.posting is ValuePosting.SAME else None

    @property
    def needs_value(self) -> bool:
        """Whether the dimension has to be there; otherwise a rule that is not free forbids it."""
        return self.posting is ValuePosting.MANDATORY or self.only_value is not None

    def binds(self, account: str | None, creditor: str | None) -> bool:
        """Whether it says something about an entry on this account to this creditor.

        As in NAV's posting (codeunit 408), the rows of a number and those for its whole table
        count both: the specific one does not override the general one. A table without a number
        in use is skipped.
        """
        number = account if self.table == "account" else creditor
        return (
            self.posting is not ValuePosting.FREE
            and number is not None
            and self.owner in {"", number}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedCombination:
    """NAV tables 350 and 351; None for the values blocks the two dimensions altogether."""

    first: str
    first_value: str | None
    second: str
    second_value: str | None

    def blocks(self, values: Mapping[str, str]) -> bool:
        """Whether an entry with these values (dimension to code) is refused for it."""
        first, second = values.get(self.first), values.get(self.second)
        if first is None or second is None:
            return False
        if self.first_value is None or self.second_value is None:
            return True
        return (first, second) == (self.first_value, self.second_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What the ERP allows for the accounts and dimensions that this document uses."""

    accounts: Mapping[str, Account]
    dimensions: frozenset[str]
    blocked_dimensions: frozenset[str] = frozenset()
    values: Mapping[tuple[str, str], DimensionValue] = field(default_factory=dict)
    rules: tuple[DimensionRule, ...] = ()
    combinations: tuple[BlockedCombination, ...] = ()
    #: VAT code -> rate in percent on the supplier's invoice (NAV table 325; 0 for reverse charge);
    #: a code that is not set up is not in it.
    vat_rates: Mapping[str, Decimal] = field(default_factory=dict)
    #: Those of the VAT codes whose calculation type is reverse charge (NAV 325.3 = 1).
    reverse_charge: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Whether the ERP takes the posting date (NAV tables 91, 98, 50)."""

    allowed_from: date | None
    allowed_to: date | None
    period_exists: bool
    year_closed: bool = False
    #: First date at or after the wanted one that is open, for the text to the customer.
    next_open: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Another document that this one repeats, or may repeat.

    `where` is `posted` (ledger), `draft` (unposted in the ERP) or `robot` (another document in
    the robot's own store or in the same batch).
    """

    number: str
    where: str
    exact: bool
    creditor: str
    amount: Decimal | None = None
    issue_date: date | None = None


@dataclass(frozen=True, kw_only=True)  # without slots, so that the text is kept
class Facts:
    """All of it for one document. The default is a document about which nothing was looked up."""

    creditor: Creditor | Unknown | None = UNKNOWN
    #: Other creditor rows with the same CVR: the choice is then not certain.
    creditor_candidates: int = 0
    coding: Coding | Unknown = UNKNOWN
    posting: Posting | Unknown = UNKNOWN
    duplicates: tuple[Duplicate, ...] | Unknown = UNKNOWN
    #: Currency codes that the ERP has set up, its own (LCY) included.
    currencies: frozenset[str] | Unknown = UNKNOWN
    #: Exchange rate to DKK for one unit of the document's currency; None when it is DKK.
    rate_to_dkk: Decimal | Unknown | None = UNKNOWN
    #: Posted invoices that a credit note's billing references name.
    referenced_posted: frozenset[str] | Unknown = UNKNOWN

    @cached_property
    def text(self) -> str:
        """The canonical text, which is hashed and kept with the decision."""
        return canonical_text(self)


NOTHING_KNOWN = Facts()
