"""The rows that a posted document makes, by NAV's column names. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from robot.adapters.navision.options import (
    DetailedEntryType,
    GenPostingType,
    PurchaseLineType,
    SourceType,
)
from robot.adapters.navision.posting.amounts import GlLine, LedgerAmounts
from robot.adapters.navision.posting.document import Document, Line
from robot.adapters.navision.posting.master import Record
from robot.adapters.navision.posting.numbers import ReservedNumber
from robot.adapters.navision.schema.purchase import PURCH_INV_HEADER
from robot.domain.money import ZERO

#: NAV's source code of purchase posting in a Danish company.
SOURCE_CODE: Final = "KØB"
#: As many decimals as the small Navision keeps of a currency factor.
_FACTOR_PLACES: Final = Decimal(10) ** -PURCH_INV_HEADER.field("Currency Factor").places


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A checked document with everything that is needed to write it."""

    document: Document
    amounts: LedgerAmounts
    draft: ReservedNumber
    posted: ReservedNumber
    vat_setup: Mapping[str, Record]
    header_set: int
    #: Dimension sets of the lines and of the general ledger entries, in their order.
    line_sets: Sequence[int]
    entry_sets: Sequence[int]
    #: The two global dimensions, copied to columns of their own.
    global_dimensions: tuple[str, str]
    #: NAV's posting description.
    description: str
    user: str
    prior_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNumbers:
    """The first free numbers of the ledgers."""

    vendor_entry: int
    detailed: int
    gl: int
    transaction: int


def header_row(posting: Posting, numbers: EntryNumbers) -> dict[str, Any]:
    """The posted header."""
    document = posting.document
    header: dict[str, Any] = {
        "No_": posting.posted.number,
        "Buy-from Vendor No_": document.vendor_number,
        "Pay-to Vendor No_": document.payee_number,
        "Posting Date": document.posting_date,
        "Document Date": document.document_date,
        "Due Date": document.due_date,
        "Currency Code": document.currency,
        # NAV's factor: units of the document's currency for one unit of the local one.
        "Currency Factor": _factor(document.rate) if document.currency else ZERO,
        "Pre-Assigned No_ Series": posting.draft.series,
        "Pre-Assigned No_": posting.draft.number,
        "User ID": posting.user,
        "Dimension Set ID": posting.header_set,
        "Vendor Ledger Entry No_": numbers.vendor_entry,
    }
    if document.is_credit:
        return header | {
            "Vendor Cr_ Memo No_": document.external_number,
            "Applies-to Doc_ No_": document.applies_to[:20],
        }
    return header | {
        "Vendor Invoice No_": document.external_number,
        "Payment Method Code": document.payee.code("Payment Method Code"),
        "No_ Series": posting.posted.series,
        "Source Code": SOURCE_CODE,
        "Creditor No_": document.payee.code("Creditor No_"),
        "Payment Reference": document.payment_reference,
    }


def _factor(rate: Decimal) -> Decimal:
    return (1 / rate).quantize(_FACTOR_PLACES)


def line_row(posting: Posting, line: Line, set_id: int) -> dict[str, Any]:
    """A posted line."""
    document = posting.document
    setup = posting.vat_setup[line.vat_code]
    return {
        "Document No_": posting.posted.number,
        "Line No_": line.number,
        "Buy-from Vendor No_": document.vendor_number,
        "Pay-to Vendor No_": document.payee_number,
        "Type": PurchaseLineType.GL_ACCOUNT.value,
        "No_": line.account_number,
        "Description": line.text,
        "Quantity": Decimal(1),
        "Direct Unit Cost": line.amount,
        "VAT _": setup.amount("VAT _"),
        "Amount": line.amount,
        "Amount Including VAT": line.amount + line.vat_amount,
        "VAT Base Amount": line.amount,
        "Line Amount": line.amount,
        "Shortcut Dimension 1 Code": line.dimensions.get(posting.global_dimensions[0], ""),
        "Shortcut Dimension 2 Code": line.dimensions.get(posting.global_dimensions[1], ""),
        "Dimension Set ID": set_id,
        "Gen_ Bus_ Posting Group": document.vendor.code("Gen_ Bus_ Posting Group"),
        "Gen_ Prod_ Posting Group": line.account.code("Gen_ Prod_ Posting Group"),
        "VAT Calculation Type": setup.option("VAT Calculation Type"),
        "VAT Bus_ Posting Group": document.vendor.code("VAT Bus_ Posting Group"),
        "VAT Prod_ Posting Group": line.vat_code,
        "Posting Date": document.posting_date,
    }


def vendor_entry_row(posting: Posting, numbers: EntryNumbers) -> dict[str, Any]:
    """The creditor's entry."""
    document, amounts = posting.document, posting.amounts
    return {
        "Entry No_": numbers.vendor_entry,
        "Vendor No_": document.payee_number,
        "Posting Date": document.posting_date,
        "Document Date": document.document_date,
        "Document Type": document.ledger_type.value,
        "Document No_": posting.posted.number,
        "External Document No_": document.external_number,
        "Description": posting.description,
        "Currency Code": document.currency,
        "Open": amounts.amount != ZERO,
        "Due Date": document.due_date,
        "Positive": amounts.amount > ZERO,
        "Vendor Posting Group": document.payee.code("Vendor Posting Group"),
        "Buy-from Vendor No_": document.vendor_number,
        "Purchase (LCY)": amounts.purchase_lcy,
        "User ID": posting.user,
        "Source Code": SOURCE_CODE,
        "Transaction No_": numbers.transaction,
        "No_ Series": posting.posted.series,
        "Creditor No_": document.payee.code("Creditor No_"),
        "Payment Reference": document.payment_reference,
        "Payment Method Code": document.payee.code("Payment Method Code"),
        "Recipient Bank Account": document.payee.code("Preferred Bank Account Code"),
        "Dimension Set ID": posting.header_set,
    }


def detailed_row(posting: Posting, numbers: EntryNumbers) -> dict[str, Any]:
    """The detailed entry that holds the creditor entry's amount."""
    document, amounts = posting.document, posting.amounts
    return {
        "Entry No_": numbers.detailed,
        "Vendor Ledger Entry No_": numbers.vendor_entry,
        "Entry Type": DetailedEntryType.INITIAL.value,
        "Posting Date": document.posting_date,
        "Document Type": document.ledger_type.value,
        "Document No_": posting.posted.number,
        "Amount": amounts.amount,
        "Amount (LCY)": amounts.amount_lcy,
        "Vendor No_": document.payee_number,
        "Currency Code": document.currency,
        "Debit Amount": max(amounts.amount, ZERO),
        "Credit Amount": max(-amounts.amount, ZERO),
        "Transaction No_": numbers.transaction,
        "Initial Entry Due Date": document.due_date,
        "Initial Document Type": document.ledger_type.value,
        "Applied Vend_ Ledger Entry No_": 0,
        "Ledger Entry Amount": True,
    }


def gl_rows(posting: Posting, numbers: EntryNumbers) -> list[dict[str, Any]]:
    """The general ledger entries."""
    return [
        _gl_row(posting, numbers, entry, offset)
        for offset, entry in enumerate(posting.amounts.entries)
    ]


def _gl_row(posting: Posting, numbers: EntryNumbers, entry: GlLine, offset: int) -> dict[str, Any]:
    document, line = posting.document, entry.line
    return {
        "Entry No_": numbers.gl + offset,
        "G_L Account No_": entry.account,
        "Posting Date": document.posting_date,
        "Document Type": document.ledger_type.value,
        "Document No_": posting.posted.number,
        "Description": entry.description or posting.description,
        "Amount": entry.amount,
        "Global Dimension 1 Code": entry.dimensions.get(posting.global_dimensions[0], ""),
        "Global Dimension 2 Code": entry.dimensions.get(posting.global_dimensions[1], ""),
        "User ID": posting.user,
        "Source Code": SOURCE_CODE,
        "System-Created Entry": entry.system_created,
        "Prior-Year Entry": posting.prior_year,
        "VAT Amount": entry.vat_amount,
        "Gen_ Posting Type": (GenPostingType.PURCHASE if line else GenPostingType.NONE).value,
        "Gen_ Bus_ Posting Group": document.vendor.code("Gen_ Bus_ Posting Group") if line else "",
        "Gen_ Prod_ Posting Group": line.account.code("Gen_ Prod_ Posting Group") if line else "",
        "Transaction No_": numbers.transaction,
        "Debit Amount": max(entry.amount, ZERO),
        "Credit Amount": max(-entry.amount, ZERO),
        "Document Date": document.document_date,
        "External Document No_": document.external_number,
        "Source Type": SourceType.VENDOR.value,
        "Source No_": document.payee_number,
        "VAT Bus_ Posting Group": document.vendor.code("VAT Bus_ Posting Group") if line else "",
        "VAT Prod_ Posting Group": line.vat_code if line else "",
        "Dimension Set ID": posting.entry_sets[offset],
    }
