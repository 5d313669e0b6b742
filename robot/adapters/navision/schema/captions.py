"""Captions of the options that several tables share, by value."""

from __future__ import annotations

from typing import Final

LEDGER_DOCUMENT_TYPES: Final = (
    "",
    "Payment",
    "Invoice",
    "Credit Memo",
    "Finance Charge Memo",
    "Reminder",
    "Refund",
)
PURCHASE_DOCUMENT_TYPES: Final = (
    "Quote",
    "Order",
    "Invoice",
    "Credit Memo",
    "Blanket Order",
    "Return Order",
)
PURCHASE_LINE_TYPES: Final = ("", "G/L Account", "Item", "", "Fixed Asset", "Charge (Item)")
VAT_CALCULATION_TYPES: Final = (
    "Normal VAT",
    "Reverse Charge VAT",
    "Full VAT",
    "Sales Tax",
    "No Taxable VAT",
)
