"""The coding against the invoice and against what the ERP allows, line by line.

Checks of the account follow NAV's posting: it exists, takes postings, is not blocked and allows
direct posting (table 15); the VAT code is set up (table 325); dimensions as in `dimensions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from robot.checks.arithmetic import deviating_lines
from robot.checks.dimensions import dimension_problems, hangs_on_creditor
from robot.checks.invoice import KRONER
from robot.checks.parties import is_foreign
from robot.checks.rows import Row, amount_to_code, coded_rows, uncoded_rows
from robot.checks.values import Values, money
from robot.checks.vat import REVERSE_CHARGE
from robot.checks.wording import names_asset, names_reminder_fee
from robot.domain.customer import Customer
from robot.domain.document import CodingLine, SourceStatement
from robot.domain.facts import Coding, Creditor, Facts
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice, Kind
from robot.domain.money import ZERO

#: In DKK without VAT; a customer's own threshold is a rule over `lines.net`.
ASSET_THRESHOLD: Final = Decimal(50_000)
#: Standard accounts 10 to 29 are operations, 50 to 69 are assets already.
_OPERATIONS: Final = ("1", "2")
_PREFIX: Final = "dimensions."

_STATED: Final = ("coded", "coded_amount", "account", "vat_code")
_ACCOUNT: Final = (
    "account_name",
    "account_known",
    "account_blocked",
    "account_posting",
    "account_direct",
)
_VAT_CODE: Final = ("vat_code_known", "vat_code_fits")
_DIMENSION: Final = (
    "dimensions_missing",
    "dimension_unknown",
    "dimension_blocked",
    "dimension_wrong",
    "combination_blocked",
)
_CHECKED_UNKNOWN: Final[Values] = dict.fromkeys((*_ACCOUNT, *_VAT_CODE, *_DIMENSION), UNKNOWN)
_ALL_UNKNOWN: Final[Values] = {**dict.fromkeys(_STATED, UNKNOWN), **_CHECKED_UNKNOWN}
_NO_ACCOUNT: Final[Values] = {
    "account_name": None,
    "account_known": True,
    "account_blocked": False,
    "account_posting": True,
    "account_direct": True,
}
_NO_VAT_CODE: Final[Values] = {"vat_code_known": True, "vat_code_fits": True}
_SUMMARY: Final = (
    "coding.present",
    "coding.complete",
    "coding.balanced",
    "coding.difference",
    "coding.lines_unknown",
    "coding.vat_matches",
)
_SUMMARY_UNKNOWN: Final[Values] = dict.fromkeys(_SUMMARY, UNKNOWN)


def _account_values(number: str | None, coding: Coding) -> Values:
    if number is None:
        return _NO_ACCOUNT
    account = coding.accounts.get(number)
    if account is None:
        return _NO_ACCOUNT | {"account_known": False}
    return {
        "account_name": account.name or None,
        "account_known": True,
        "account_blocked": account.blocked,
        "account_posting": account.posting,
        "account_direct": account.direct_posting,
    }


def _line_rate(invoice: Invoice, row: Row) -> Decimal | Unknown:
    """The row's VAT rate, else the only one of the document, else none when there is no VAT."""
    if row.vat_rate is not None:
        return row.vat_rate
    if invoice.vat == 0:
        return ZERO
    stated = {tax.rate for tax in invoice.taxes if tax.rate is not None and tax.tax == "VAT"}
    return stated.pop() if len(stated) == 1 else UNKNOWN


def _fits(invoice: Invoice, row: Row, code: str, coding: Coding) -> bool | Unknown:
    """Whether a VAT code gives the VAT that the line has.

    A reverse-charge code carries the full rate on a line without VAT: it fits where the invoice
    says reverse charge, and on a line without VAT from abroad.
    """
    reverse = code in coding.reverse_charge
    if row.vat_category in REVERSE_CHARGE:
        return reverse
    rate = _line_rate(invoice, row)
    if isinstance(rate, Unknown):
        return UNKNOWN
    if not reverse:
        return coding.vat_rates[code] == rate
    return False if rate != 0 else is_foreign(invoice.seller)


def _vat_values(invoice: Invoice, row: Row, code: str | None, coding: Coding) -> Values:
    if code is None:
        return _NO_VAT_CODE
    if code not in coding.vat_rates:
        return {"vat_code_known": False, "vat_code_fits": True}
    return {"vat_code_known": True, "vat_code_fits": _fits(invoice, row, code, coding)}


def _dimension_values(
    entry: CodingLine | None, coding: Coding, creditor: Creditor | Unknown | None
) -> Values:
    if entry is None:
        return dict.fromkeys(_DIMENSION)
    values = {name: value for name, value in entry.dimensions if value}
    found = dimension_problems(entry.account, values, coding, creditor)
    none = UNKNOWN if hangs_on_creditor(coding, creditor) else None
    return {
        "dimensions_missing": ", ".join(found.missing) or none,
        "dimension_unknown": ", ".join(found.unknown) or None,
        "dimension_blocked": ", ".join(found.blocked) or None,
        "dimension_wrong": ", ".join(found.wrong) or none,
        "combination_blocked": "; ".join(found.combination) or None,
    }


class _RowChecks:
    """The checks of one document's rows; rows that are coded alike are checked once."""

    def __init__(self, invoice: Invoice, facts: Facts, customer: Customer | None) -> None:
        self._invoice = invoice
        self._facts = facts
        self._names = [_PREFIX + name for name in customer.dimensions] if customer else []
        self._deviating = deviating_lines(invoice) if invoice.differences else frozenset()
        self._of_account: dict[str | None, Values] = {}
        self._of_dimensions: dict[object, Values] = {}

    def said(self, row: Row) -> Values:
        """What the document says about the row."""
        currency, line = self._invoice.currency, row.line
        is_fee = (
            row.text is not None
            and row.net != 0
            and self._invoice.kind is Kind.INVOICE
            and names_reminder_fee(row.text)
        )
        values: Values = {
            "number": row.number,
            "text": row.text,
            "net": money(row.net, currency),
            "vat_rate": row.vat_rate,
            "vat_category": row.vat_category,
            "reminder_fee": is_fee,
        }
        if line is None:
            values |= _NO_LINE
            return values
        values["quantity"] = line.quantity
        values["unit"] = line.unit
        values["price"] = money(line.price, currency)
        values["net_differs"] = line.number in self._deviating
        values["order_line"] = line.order_line
        values["order_reference"] = line.order_reference
        values["accounting_cost"] = line.accounting_cost
        return values

    def uncoded(self, row: Row) -> Values:
        """The row when the source says nothing about the coding."""
        values = self.said(row)
        values |= _ALL_UNKNOWN
        for name in self._names:
            values[name] = UNKNOWN
        values["asset_suspected"] = UNKNOWN if self._may_be_asset(row) is not False else False
        return values

    def coded(self, row: Row) -> Values:
        """The row with its coding and what the ERP says about that."""
        values, entry = self.said(row), row.coding
        for name in self._names:
            values[name] = None
        if entry is not None:
            for name, value in entry.dimensions:
                values[_PREFIX + name] = value or None
        account = (entry.account or None) if entry is not None else None
        code = (entry.vat_code or None) if entry is not None else None
        values["coded"] = account is not None
        values["coded_amount"] = money(row.coded, self._invoice.currency)
        values["account"] = account
        values["vat_code"] = code
        values["asset_suspected"] = self._asset(row, account)
        coding = self._facts.coding
        if isinstance(coding, Unknown):
            values |= _CHECKED_UNKNOWN
            return values
        values |= self._account(account, coding)
        values |= _vat_values(self._invoice, row, code, coding)
        values |= self._dimensions(entry, coding)
        return values

    def _account(self, number: str | None, coding: Coding) -> Values:
        values = self._of_account.get(number)
        if values is None:
            values = self._of_account[number] = _account_values(number, coding)
        return values

    def _dimensions(self, entry: CodingLine | None, coding: Coding) -> Values:
        key = None if entry is None else (entry.account, entry.dimensions)
        values = self._of_dimensions.get(key)
        if values is None:
            values = _dimension_values(entry, coding, self._facts.creditor)
            self._of_dimensions[key] = values
        return values

    def _may_be_asset(self, row: Row) -> bool | Unknown:
        """By text and amount, whatever the account."""
        invoice, text = self._invoice, row.text
        if row.net <= 0 or text is None or invoice.kind is Kind.CREDIT_NOTE:
            return False
        rate: Decimal | Unknown | None = self._facts.rate_to_dkk
        if invoice.currency == KRONER:
            if row.net < ASSET_THRESHOLD:
                return False
        elif isinstance(rate, Decimal):
            if row.net * rate < ASSET_THRESHOLD:
                return False
        else:
            return UNKNOWN if names_asset(text) else False
        return names_asset(text)

    def _asset(self, row: Row, account: str | None) -> bool | Unknown:
        if account is None or not account.startswith(_OPERATIONS):
            return False
        return self._may_be_asset(row)


_NO_LINE: Final[Values] = {
    "quantity": None,
    "unit": None,
    "price": None,
    "net_differs": False,
    "order_line": None,
    "order_reference": None,
    "accounting_cost": None,
}


def _summary(invoice: Invoice, rows: Sequence[Row], lines: Sequence[Values]) -> Values:
    coded = sum((row.coded for row in rows if row.coded is not None), ZERO)
    difference = coded - amount_to_code(invoice)
    fits = [line["vat_code_fits"] for line in lines]
    vat: Scalar = UNKNOWN if UNKNOWN in fits else True
    return {
        "coding.present": any(row.coding is not None for row in rows),
        "coding.complete": all(
            row.net == 0 or (row.coding is not None and bool(row.coding.account)) for row in rows
        ),
        "coding.balanced": difference == 0,
        "coding.difference": money(difference, invoice.currency),
        "coding.lines_unknown": any(row.stray for row in rows),
        "coding.vat_matches": False if False in fits else vat,
    }


def coding_values(
    invoice: Invoice, statement: SourceStatement, facts: Facts, customer: Customer | None
) -> tuple[Values, tuple[Values, ...]]:
    """Fields `coding.*`, and the fields of every line."""
    checks = _RowChecks(invoice, facts, customer)
    if statement.coding is None:
        return _SUMMARY_UNKNOWN, tuple(checks.uncoded(row) for row in uncoded_rows(invoice))
    rows = coded_rows(invoice, statement.coding)
    lines = tuple(checks.coded(row) for row in rows)
    return _summary(invoice, rows, lines), lines
