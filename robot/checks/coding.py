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
from robot.checks.values import Values, money
from robot.checks.vat import REVERSE_CHARGE
from robot.checks.wording import names_asset, names_reminder_fee
from robot.domain.customer import Customer
from robot.domain.document import CodingLine, SourceStatement
from robot.domain.facts import Coding, Creditor, Facts
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice, Kind
from robot.domain.money import ZERO
from robot.domain.rows import VAT, Row, amount_to_code, coded_rows, uncoded_rows

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
    if invoice.vat == 0 or row.vat_category in REVERSE_CHARGE:
        return ZERO
    stated = {tax.rate for tax in invoice.taxes if tax.rate is not None and tax.tax == VAT}
    return stated.pop() if len(stated) == 1 else UNKNOWN


def _fits(invoice: Invoice, row: Row, code: str, coding: Coding) -> bool | Unknown:
    """Whether a VAT code gives the VAT that the supplier charges on the line.

    Reverse charge has no VAT on the invoice: its codes fit where the invoice says so, and on a
    line without VAT from abroad. Where the ERP has such codes, an ordinary one does not fit there.
    """
    rate = _line_rate(invoice, row)
    if isinstance(rate, Unknown):
        return UNKNOWN
    reverse = code in coding.reverse_charge
    if rate != (ZERO if reverse else coding.vat_rates[code]):
        return False
    if row.vat_category in REVERSE_CHARGE:
        return reverse or not coding.reverse_charge
    return is_foreign(invoice.seller) if reverse else True


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


def _may_be_asset(invoice: Invoice, row: Row, rate: Decimal | Unknown | None) -> bool | Unknown:
    """By text and amount, whatever the account."""
    if row.text is None or invoice.kind is Kind.CREDIT_NOTE:
        return False
    if invoice.currency == KRONER:
        return row.net >= ASSET_THRESHOLD and names_asset(row.text)
    if row.net <= 0 or not names_asset(row.text):
        return False
    return row.net * rate >= ASSET_THRESHOLD if isinstance(rate, Decimal) else UNKNOWN


#: Fields that are filled in for each row; what is never filled in stays as it is here.
_NOTHING_SAID: Final[Values] = {
    **dict.fromkeys(
        (
            "number",
            "text",
            "quantity",
            "unit",
            "price",
            "net",
            "vat_rate",
            "vat_category",
            "order_line",
            "order_reference",
            "accounting_cost",
            "coded_amount",
        )
    ),
    "net_differs": False,
    "reminder_fee": False,
    "asset_suspected": False,
}


class _RowChecks:
    """The checks of one document's rows; rows that are coded alike are checked once."""

    def __init__(
        self, invoice: Invoice, facts: Facts, customer: Customer | None, *, fees: bool
    ) -> None:
        self._invoice = invoice
        self._facts = facts
        self._names = [_PREFIX + name for name in customer.dimensions] if customer else []
        self._deviating = deviating_lines(invoice) if invoice.differences else frozenset()
        self._fees = fees
        self._checked: dict[object, Values] = {}

    def _fill(self, values: Values, row: Row) -> None:
        """Put in what the document says about the row."""
        currency, line, text = self._invoice.currency, row.line, row.text
        values["number"] = row.number
        values["text"] = text
        values["net"] = money(row.net, currency)
        values["vat_rate"] = row.vat_rate
        values["vat_category"] = row.vat_category
        if self._fees:
            values["reminder_fee"] = text is not None and row.net != 0 and names_reminder_fee(text)
        if line is None:
            return
        values["quantity"] = line.quantity
        values["unit"] = line.unit
        values["price"] = money(line.price, currency)
        values["net_differs"] = row.number in self._deviating
        values["order_line"] = line.order_line
        values["order_reference"] = line.order_reference
        values["accounting_cost"] = line.accounting_cost

    def uncoded(self, row: Row) -> Values:
        """The row when the source says nothing about the coding."""
        values = {**_NOTHING_SAID, **_ALL_UNKNOWN, **dict.fromkeys(self._names, UNKNOWN)}
        self._fill(values, row)
        asset = _may_be_asset(self._invoice, row, self._facts.rate_to_dkk)
        values["asset_suspected"] = False if asset is False else UNKNOWN
        return values

    def coded(self, row: Row) -> Values:
        """The row with its coding and what the ERP says about that."""
        entry = row.coding
        key = (
            None
            if entry is None
            else (entry.account, entry.vat_code, entry.dimensions, row.vat_rate, row.vat_category)
        )
        checked = self._checked.get(key)
        if checked is None:
            checked = self._checked[key] = self._check(row)
        values = checked.copy()
        self._fill(values, row)
        values["coded_amount"] = (
            values["net"] if row.coded is row.net else money(row.coded, self._invoice.currency)
        )
        account = checked["account"]
        values["asset_suspected"] = (
            isinstance(account, str)
            and account.startswith(_OPERATIONS)
            and _may_be_asset(self._invoice, row, self._facts.rate_to_dkk)
        )
        return values

    def _check(self, row: Row) -> Values:
        """What only the coding and the VAT of a row decide."""
        entry, coding = row.coding, self._facts.coding
        values: Values = {**_NOTHING_SAID, **dict.fromkeys(self._names)}
        account = code = None
        if entry is not None:
            account, code = entry.account or None, entry.vat_code or None
            values |= {_PREFIX + name: value or None for name, value in entry.dimensions}
        values |= {"coded": account is not None, "account": account, "vat_code": code}
        if isinstance(coding, Unknown):
            return values | _CHECKED_UNKNOWN
        return {
            **values,
            **_account_values(account, coding),
            **_vat_values(self._invoice, row, code, coding),
            **_dimension_values(entry, coding, self._facts.creditor),
        }


def _summary(invoice: Invoice, rows: Sequence[Row], lines: Sequence[Values]) -> Values:
    coded = sum((row.coded for row in rows if row.coded is not None), ZERO)
    coding = [row.coding for row in rows if row.coding is not None]
    difference = coded - amount_to_code(invoice, coding)
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
    invoice: Invoice,
    statement: SourceStatement,
    facts: Facts,
    customer: Customer | None,
    *,
    fees: bool,
) -> tuple[Values, tuple[Values, ...]]:
    """Fields `coding.*`, and the fields of every line.

    Args:
        invoice: The invoice.
        statement: The source's word, with the coding.
        facts: What the ERP says.
        customer: Whose dimensions are named.
        fees: Whether the document has a reminder fee anywhere; only then lines are looked at.
    """
    checks = _RowChecks(invoice, facts, customer, fees=fees)
    if statement.coding is None:
        return _SUMMARY_UNKNOWN, tuple(checks.uncoded(row) for row in uncoded_rows(invoice))
    rows = coded_rows(invoice, statement.coding)
    lines = tuple(checks.coded(row) for row in rows)
    return _summary(invoice, rows, lines), lines
