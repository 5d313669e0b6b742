"""The invoice or credit note as the supplier sent it, in the terms of EN 16931.

Amounts are in the document's currency (BT-5) and positive for what the buyer owes on an invoice
and is owed on a credit note. `None` means that the document does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What the root element says that the document is; the type code does not decide."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"
    #: No document of a supplier: costs that the customer moves by a sheet (*omposteringsark*).
    REPOSTING = "reposting"


class Format(StrEnum):
    """The family whose semantics the amounts follow."""

    OIOUBL_2 = "oioubl-2"
    EN_16931 = "en-16931"


class PaymentChannel(StrEnum):
    """How the supplier asks to be paid."""

    FIK_01 = "fik-01"
    FIK_04 = "fik-04"
    FIK_15 = "fik-15"
    FIK_71 = "fik-71"
    FIK_73 = "fik-73"
    FIK_75 = "fik-75"
    BANK = "bank"
    IBAN = "iban"
    NEMKONTO = "nemkonto"
    CARD = "card"
    DIRECT_DEBIT = "direct-debit"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier of a party.

    `scheme` is the normalised scheme: `cvr`, `se`, `p`, `cpr`, `gln`, `duns`, `vat`, `iban` or
    `other`; `value` is normalised with it (digits only for Danish numbers). What stood in the
    document is kept in `raw_scheme` and `raw_value`.
    """

    scheme: str
    value: str
    raw_scheme: str
    raw_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller, buyer, payee or tax representative (BG-4, BG-7, BG-10, BG-11)."""

    name: str | None = None
    legal_name: str | None = None
    endpoint: Identifier | None = None
    identifiers: tuple[Identifier, ...] = ()
    legal_id: Identifier | None = None
    vat_id: Identifier | None = None
    country: str | None = None
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    contact_id: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None

    def number(self, scheme: str) -> str | None:
        """The first identifier of a normalised scheme: legal id, then VAT id, party, endpoint."""
        for identifier in (self.legal_id, self.vat_id, *self.identifiers, self.endpoint):
            if identifier is not None and identifier.scheme == scheme:
                return identifier.value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """One way to pay (BG-16).

    `account` is the FIK creditor number, giro number or bank account number (digits as given,
    leading zeros kept); `branch` the Danish registration number; `reference` the payment id
    (OCR line of a FIK card, BT-83).
    """

    code: str | None
    channel: PaymentChannel
    account: str | None = None
    branch: str | None = None
    iban: str | None = None
    bic: str | None = None
    reference: str | None = None
    due_date: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge:
    """An allowance (`charge` false) or a charge at document or line level (BG-20, 21, 27, 28)."""

    charge: bool
    amount: Decimal
    base: Decimal | None = None
    #: A percentage, whichever way the document family writes the multiplier.
    percent: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSubtotal:
    """VAT or another tax of one category and rate (BG-23).

    `category` is the EN 16931 letter (S, Z, E, AE, K, G, O, L, M) or None when the document's own
    word has none; `tax` is `VAT` or the scheme's own name for a duty.
    """

    taxable: Decimal | None
    amount: Decimal
    category: str | None
    rate: Decimal | None
    tax: str = "VAT"
    exemption_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An invoice line (BG-25). `net` is BT-131, never recomputed."""

    number: str
    text: str
    net: Decimal
    quantity: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None
    base_quantity: Decimal | None = None
    #: OIOUBL's OrderableUnitFactorRate; it has already absorbed the base quantity.
    price_factor: Decimal | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    vat_amount: Decimal | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    free_of_charge: bool = False
    order_line: str | None = None
    order_reference: str | None = None
    accounting_cost: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    item_id: str | None = None
    note: str | None = None
    source_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingReference:
    """An earlier document that this one refers to (BG-3)."""

    number: str
    issue_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What is attached; its content is never opened here (BG-24)."""

    name: str | None
    media_type: str | None
    #: Bytes after decoding, estimated from the base64 length; None for a link.
    size: int | None
    uri: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice or credit note, immutable."""

    kind: Kind
    format: Format
    #: CustomizationID (BT-24) and ProfileID (BT-23).
    profile: str | None = None
    business_process: str | None = None
    number: str
    uuid: str | None = None
    type_code: str | None = None
    copy: bool = False
    issue_date: date | None = None
    due_date: date | None = None
    tax_point_date: date | None = None
    currency: str
    tax_currency: str | None = None
    seller: Party
    buyer: Party
    payee: Party | None = None
    tax_representative: Party | None = None
    buyer_reference: str | None = None
    order_reference: str | None = None
    sales_order: str | None = None
    contract_reference: str | None = None
    project_reference: str | None = None
    accounting_cost: str | None = None
    delivery_start: date | None = None
    delivery_end: date | None = None
    delivery_date: date | None = None
    payment_means: tuple[PaymentMeans, ...] = ()
    payment_terms: tuple[str, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    taxes: tuple[VatSubtotal, ...] = ()
    #: BT-106 sum of line net amounts.
    line_total: Decimal | None = None
    #: BT-107 and BT-108.
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    #: BT-109 total without VAT; computed from lines, allowances and charges for OIOUBL 2.
    net: Decimal
    #: BT-110 total VAT in the document currency; duties are not part of it.
    vat: Decimal
    #: BT-111 total VAT in the tax currency.
    vat_in_tax_currency: Decimal | None = None
    #: BT-112 total with VAT.
    total: Decimal
    #: BT-113, BT-114.
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    #: BT-115 amount due for payment.
    payable: Decimal
    lines: tuple[Line, ...]
    billing_references: tuple[BillingReference, ...] = ()
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    #: Deviations that the reader met but that did not stop it, in words.
    remarks: tuple[str, ...] = ()
    #: What the document states minus what its parts give, where these differ: pairs of the part
    #: (`line_total`, `net`, `vat`, `total`, `payable`, `line:N`) and the difference.
    differences: tuple[tuple[str, Decimal], ...] = ()
    #: SHA-256 of the bytes, hex.
    content_hash: str
