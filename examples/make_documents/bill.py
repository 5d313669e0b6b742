"""An invoice or credit note before it is written in one of the formats, and its sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from examples.make_documents.attachments import Attachment
from examples.make_documents.payment import Payment
from examples.make_documents.world import Customer, Supplier


class Standard(StrEnum):
    """The format that a document is written in."""

    OIOUBL_2_02 = "OIOUBL-2.02"
    OIOUBL_2_1 = "OIOUBL-2.1"
    PEPPOL = "Peppol BIS Billing 3"


@dataclass(frozen=True, kw_only=True)
class Vat:
    """A VAT category: the letter of EN 16931, OIOUBL's word, the rate and why there is none."""

    letter: str
    word: str
    rate: Decimal
    exemption: str = ""


STANDARD_RATED = Vat(letter="S", word="StandardRated", rate=Decimal(25))
ZERO_RATED = Vat(letter="Z", word="ZeroRated", rate=Decimal(0))
REVERSE_CHARGE = Vat(
    letter="AE", word="ReverseCharge", rate=Decimal(0), exemption="Reverse charge"
)
INTRA_COMMUNITY = Vat(
    letter="K", word="ReverseCharge", rate=Decimal(0), exemption="Intra-community supply"
)
EXPORT = Vat(letter="G", word="ZeroRated", rate=Decimal(0), exemption="Export outside the EU")
GERMAN = Vat(letter="S", word="StandardRated", rate=Decimal(19))


@dataclass(frozen=True, kw_only=True)
class Coding:
    """How the customer codes a line; `amount` without VAT, None for the whole line."""

    account: str | None = None
    vat_code: str | None = "I25"
    dimensions: Mapping[str, str] | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """An allowance or (with `charge`) a charge; `percent` only says where the amount is from."""

    reason: str
    amount: Decimal
    charge: bool = False
    percent: Decimal | None = None
    base: Decimal | None = None
    vat: Vat = STANDARD_RATED
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. An allowance on it is part of the amount in Peppol and information in OIOUBL."""

    text: str
    quantity: Decimal
    price: Decimal
    unit: str = "EA"
    vat: Vat = STANDARD_RATED
    allowance: Adjustment | None = None
    codings: tuple[Coding, ...] = ()
    #: What the line says instead of quantity times price.
    misstated: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What one document says. A credit note's amounts are positive."""

    standard: Standard
    supplier: Supplier
    customer: Customer
    number: str
    issued: date
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...] = ()
    due: date | None = None
    credit_note: bool = False
    #: UNTDID 1001; the usual code of the document when None.
    type_code: str | None = None
    currency: str = "DKK"
    order: str | None = None
    #: The buyer's reference: a person.
    reference: str | None = "abe"
    contract: str | None = None
    project: str | None = None
    delivered: date | None = None
    period: tuple[date, date] | None = None
    adjustments: tuple[Adjustment, ...] = ()
    rounding: Decimal | None = None
    prepaid: Decimal | None = None
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    billing_reference: tuple[str, date] | None = None
    copy: bool = False
    #: Identifiers other than the parties' own, where that is what the document shows.
    receiver_gln: str | None = None
    supplier_cvr: str | None = None
    payee: Supplier | None = None
    #: How far off the stated VAT is, with everything that follows from it.
    vat_error: Decimal = Decimal(0)
    #: The known fault of transfers: lines and subtotal name the rate, the amounts are 0.
    vat_lost: bool = False
    #: How far off the stated total is, while its parts are right.
    total_error: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class TaxGroup:
    """One VAT category with its base and amount."""

    vat: Vat
    taxable: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The sums of a document, as it states them."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    tax: Decimal
    inclusive: Decimal
    payable: Decimal
    groups: tuple[TaxGroup, ...]


def cents(amount: Decimal) -> Decimal:
    """Two decimals, half up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def line_net(line: Line, standard: Standard) -> Decimal:
    """The line's amount without VAT (BT-131)."""
    if line.misstated is not None:
        return line.misstated
    net = cents(line.quantity * line.price)
    if standard is Standard.PEPPOL and line.allowance is not None:
        net += line.allowance.amount if line.allowance.charge else -line.allowance.amount
    return net


def _vat_amount(bill: Bill, vat: Vat, base: Decimal) -> Decimal:
    return Decimal(0) if bill.vat_lost else cents(base * vat.rate / 100)


def totals(bill: Bill) -> Totals:
    """The document's sums, by the rules of its format."""
    nets = [(line.vat, line_net(line, bill.standard)) for line in bill.lines]
    charges = [(one.vat, one.amount) for one in bill.adjustments if one.charge]
    allowances = [(one.vat, -one.amount) for one in bill.adjustments if not one.charge]
    bases: dict[Vat, Decimal] = {}
    for vat, amount in (*nets, *charges, *allowances):
        bases[vat] = bases.get(vat, Decimal(0)) + amount
    groups = [
        TaxGroup(vat=vat, taxable=base, amount=_vat_amount(bill, vat, base))
        for vat, base in bases.items()
    ]
    groups[0] = replace(groups[0], amount=groups[0].amount + bill.vat_error)
    net = sum(bases.values(), Decimal(0))
    tax = sum((group.amount for group in groups), Decimal(0))
    rounding = bill.rounding or Decimal(0)
    # OIOUBL counts the rounding in the amount with VAT (F-INV128), EN 16931 after it (BR-CO-16).
    inclusive = net + tax + (Decimal(0) if bill.standard is Standard.PEPPOL else rounding)
    payable = net + tax + rounding - (bill.prepaid or Decimal(0))
    return Totals(
        lines=sum((amount for _, amount in nets), Decimal(0)),
        allowances=-sum((amount for _, amount in allowances), Decimal(0)),
        charges=sum((amount for _, amount in charges), Decimal(0)),
        net=net,
        tax=tax,
        inclusive=inclusive + bill.total_error,
        payable=payable + bill.total_error,
        groups=tuple(groups),
    )
