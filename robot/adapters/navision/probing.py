"""Which tables and columns a database really has, and what can't be known without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from robot.adapters.navision.schema.ledger import DETAILED_VENDOR_LEDG_ENTRY, VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.masterdata import (
    CURRENCY,
    CURRENCY_EXCHANGE_RATE,
    DEFAULT_DIMENSION,
    DIMENSION,
    DIMENSION_COMBINATION,
    DIMENSION_VALUE,
    DIMENSION_VALUE_COMBINATION,
    GL_ACCOUNT,
    PAYMENT_METHOD,
    VENDOR,
    VENDOR_BANK_ACCOUNT,
)
from robot.adapters.navision.schema.model import Table
from robot.adapters.navision.schema.purchase import (
    PURCH_CR_MEMO_HDR,
    PURCH_INV_HEADER,
    PURCHASE_HEADER,
    PURCHASE_LINE,
)
from robot.adapters.navision.schema.setup import (
    ACCOUNTING_PERIOD,
    GENERAL_LEDGER_SETUP,
    USER_SETUP,
    VAT_POSTING_SETUP,
)


class Part(StrEnum):
    """A part of the facts, which is known as a whole or not at all."""

    CREDITOR = "the creditor"
    CODING = "the coding"
    POSTING = "the posting date"
    DUPLICATES = "duplicates"
    CURRENCIES = "currencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Columns of one table, by NAV's names of the fields."""

    table: Table
    fields: tuple[str, ...]


class HasColumns(Protocol):
    """What was found of a company's tables."""

    def has(self, table: Table, *fields: str) -> bool:
        """Whether the table is there with all these fields."""


def _need(table: Table, *fields: str) -> Need:
    return Need(table=table, fields=fields)


#: Without these the robot does not work on a company at all (the research's must-have set).
MUST_HAVE: Final = (
    _need(
        PURCHASE_HEADER,
        "Document Type",
        "No.",
        "Buy-from Vendor No.",
        "Pay-to Vendor No.",
        "Posting Date",
        "Document Date",
        "Due Date",
        "Vendor Invoice No.",
        "Vendor Cr. Memo No.",
        "Currency Code",
        "Status",
        "Job Queue Status",
        "Job Queue Entry ID",
        "Dimension Set ID",
    ),
    _need(
        PURCHASE_LINE,
        "Document Type",
        "Document No.",
        "Line No.",
        "Type",
        "No.",
        "Quantity",
        "Amount",
        "Amount Including VAT",
        "Dimension Set ID",
        "Gen. Bus. Posting Group",
        "Gen. Prod. Posting Group",
        "VAT Bus. Posting Group",
        "VAT Prod. Posting Group",
    ),
    _need(PURCH_INV_HEADER, "No.", "Pre-Assigned No."),
    _need(PURCH_CR_MEMO_HDR, "No.", "Pre-Assigned No."),
    _need(
        VENDOR_LEDGER_ENTRY,
        "Entry No.",
        "Vendor No.",
        "Document Type",
        "Document No.",
        "External Document No.",
        "Reversed",
        "Open",
    ),
    _need(VENDOR, "No.", "Blocked"),
)

#: What each part of the facts is read from. Fields of which a version's absence says something by
#: itself are not here: without "Privacy Blocked" (before NAV 2018) nobody is blocked so, without
#: "Payment Channel" (Business Central) the payment method's code alone names the channel.
NEEDS: Final[Mapping[Part, tuple[Need, ...]]] = {
    Part.CREDITOR: (
        _need(
            VENDOR,
            "Name",
            "VAT Registration No.",
            "GLN",
            "Country/Region Code",
            "Currency Code",
            "Payment Method Code",
            "Creditor No.",
            "Preferred Bank Account Code",
            "VAT Bus. Posting Group",
            "Pay-to Vendor No.",
        ),
        _need(
            VENDOR_BANK_ACCOUNT,
            "Vendor No.",
            "Code",
            "Bank Branch No.",
            "Bank Account No.",
            "IBAN",
            "SWIFT Code",
        ),
        _need(PAYMENT_METHOD, "Code"),
    ),
    Part.CODING: (
        _need(GL_ACCOUNT, "No.", "Name", "Account Type", "Blocked", "Direct Posting"),
        _need(DIMENSION, "Code", "Blocked"),
        _need(DIMENSION_VALUE, "Dimension Code", "Code", "Blocked", "Dimension Value Type"),
        _need(
            DEFAULT_DIMENSION,
            "Table ID",
            "No.",
            "Dimension Code",
            "Dimension Value Code",
            "Value Posting",
        ),
        _need(
            DIMENSION_COMBINATION,
            "Dimension 1 Code",
            "Dimension 2 Code",
            "Combination Restriction",
        ),
        _need(DIMENSION_VALUE_COMBINATION, *DIMENSION_VALUE_COMBINATION.key),
        _need(
            VAT_POSTING_SETUP,
            "VAT Bus. Posting Group",
            "VAT Prod. Posting Group",
            "VAT Calculation Type",
            "VAT %",
        ),
    ),
    Part.POSTING: (
        _need(USER_SETUP, "User ID", "Allow Posting From", "Allow Posting To"),
        _need(GENERAL_LEDGER_SETUP, "Allow Posting From", "Allow Posting To", "LCY Code"),
        _need(ACCOUNTING_PERIOD, "Starting Date", "Closed"),
    ),
    Part.DUPLICATES: (
        _need(VENDOR_LEDGER_ENTRY, "Posting Date", "Document Date", "Currency Code"),
        _need(
            DETAILED_VENDOR_LEDG_ENTRY, "Vendor Ledger Entry No.", "Amount", "Ledger Entry Amount"
        ),
    ),
    Part.CURRENCIES: (
        _need(CURRENCY, "Code"),
        _need(
            CURRENCY_EXCHANGE_RATE,
            "Currency Code",
            "Starting Date",
            "Exchange Rate Amount",
            "Relational Currency Code",
            "Relational Exch. Rate Amount",
        ),
    ),
}

#: Parts that can't be had without another: the setup names the ledger's own currency.
_RESTS_ON: Final[Mapping[Part, tuple[Part, ...]]] = {
    Part.CURRENCIES: (Part.POSTING,),
    Part.DUPLICATES: (Part.POSTING, Part.CREDITOR),
}


def missing(tables: HasColumns, needs: Iterable[Need]) -> Iterator[str]:
    """What is not there or not shown to the login, a phrase each, by NAV's own names."""
    for need in needs:
        if not tables.has(need.table):
            yield f"table '{need.table.name}'"
            continue
        lacking = [name for name in need.fields if not tables.has(need.table, name)]
        if lacking:
            names = ", ".join(f"'{name}'" for name in lacking)
            yield f"{names} of table '{need.table.name}'"


def unknown_parts(tables: HasColumns) -> Mapping[Part, tuple[str, ...]]:
    """The parts of the facts that this company can't give, and what each lacks."""
    lacking = {
        part: tuple(
            phrase
            for needed in (part, *_RESTS_ON.get(part, ()))
            for phrase in missing(tables, NEEDS[needed])
        )
        for part in Part
    }
    return {part: phrases for part, phrases in lacking.items() if phrases}
