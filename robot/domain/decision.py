"""What was decided about one document, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.fields import FieldValues

#: What `seen` and `expected` of a finding hold for a value that is not there.
ABSENT: Final = "–"


class Outcome(StrEnum):
    """The three ways on, and the two for what is no invoice."""

    POST = "post"
    BOUNCE = "bounce"
    HOLD = "hold"
    UNREADABLE = "unreadable"
    NOT_AN_INVOICE = "not-an-invoice"


class Truth(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What a rule does when its condition holds."""

    POST = "post"
    BOUNCE = "bounce"
    HOLD = "hold"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An error type met on this document.

    `path` is the field (`lines[2].dimensions.delregnskab`), `seen` and `expected` are ready for a
    reader; neither holds account numbers or CPR numbers unmasked.
    """

    code: str
    path: str
    seen: str
    expected: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """How one rule came out: kept for every rule that was true or unknown."""

    rule: str
    effect: Effect
    truth: Truth
    error_type: str | None
    #: Fields whose value was not known, when unknown.
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingLine:
    """One line to post. `amount` is without VAT in the document's currency, signed as invoiced."""

    account: str
    dimensions: tuple[tuple[str, str], ...]
    vat_code: str | None
    amount: Decimal
    vat_amount: Decimal
    text: str
    #: The customer's own voucher number, in a re-posting.
    voucher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingOrder:
    """What the ERP is asked to post; its hash is the payload hash under the document key.

    Of a re-posting (`kind`) there is no creditor, the external number is the document number that
    its ledger entries are to have, and `total` is all that is debited.
    """

    document_key: str
    company: str
    kind: str
    creditor: str
    external_number: str
    issue_date: date
    due_date: date | None
    posting_date: date
    currency: str
    total: Decimal
    payable: Decimal
    payment_reference: str | None
    payment_channel: str
    lines: tuple[PostingLine, ...]
    applies_to: str | None = None
    #: Hash over where the creditor is paid, as it stood at the decision; the ERP refuses when it
    #: is another one by then. Empty when the facts did not say.
    bank_details_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of the pure `decide`. `findings` are the causes; `suppressed` the follow-ons."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    results: tuple[RuleResult, ...] = ()
    #: Rules that let it through, when posted.
    posted_by: tuple[str, ...] = ()
    #: Content hash of the effective rule set, hex.
    ruleset: str = ""
    #: SHA-256 over the canonical facts, hex.
    facts_hash: str = ""
    decided_on: date
    #: The posting date to use (a dispensation may move it).
    posting_date: date | None = None
    #: The field values that the rules saw; None when no rules were asked. Kept by the history
    #: only, and no part of what a decision is.
    values: FieldValues | None = field(default=None, compare=False, repr=False)


class RuleSet(Protocol):
    """The effective, compiled rules of one customer."""

    @property
    def hash(self) -> str:
        """Content hash, hex; the exact text can be had back by it."""

    @property
    def customer(self) -> Customer:
        """Whose rules these are."""

    @property
    def text(self) -> str:
        """The exact text of all files that the set was made from."""

    def decide(self, document: ApprovedDocument, facts: Facts, today: date) -> Decision:
        """Decide one document. Pure: the same input gives the same decision."""
