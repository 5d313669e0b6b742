"""Master data and setup as posting needs them; a record is read once, as long as it holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Row, select

from robot.adapters.navision.bank_details import Payee, bank_details_hash
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.creditors import read_account_rows
from robot.adapters.navision.currencies import exchange_rates
from robot.adapters.navision.periods import PostingCalendar, read_calendar
from robot.adapters.navision.schema.masterdata import (
    CURRENCY,
    DEFAULT_DIMENSION,
    DIMENSION,
    DIMENSION_COMBINATION,
    DIMENSION_VALUE,
    DIMENSION_VALUE_COMBINATION,
    GL_ACCOUNT,
    PAYMENT_TERMS,
    VENDOR,
)
from robot.adapters.navision.schema.model import Table
from robot.adapters.navision.schema.setup import (
    GENERAL_LEDGER_SETUP,
    GENERAL_POSTING_SETUP,
    PURCHASES_PAYABLES_SETUP,
    VAT_POSTING_SETUP,
    VENDOR_POSTING_GROUP,
)
from robot.domain.money import ZERO

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDimension:
    """A row of table 352."""

    dimension: str
    value: str
    posting: int


class Record:
    """One row by NAV's column names."""

    __slots__ = ("_values",)

    def __init__(self, row: Row[*tuple[Any, ...]]) -> None:
        self._values: Mapping[str, Any] = row._asdict()

    def code(self, column: str) -> str:
        """A Code or Text field."""
        return cast("str", self._values[column])

    def option(self, column: str) -> int:
        """An Option or Integer field."""
        return cast("int", self._values[column])

    def flag(self, column: str) -> bool:
        """A Boolean field."""
        return cast("bool", self._values[column])

    def amount(self, column: str) -> Decimal:
        """A Decimal field."""
        return cast("Decimal", self._values[column])

    def flag_or_no(self, column: str) -> bool:
        """A Boolean field that not every version has."""
        return cast("bool", self._values.get(column, False))

    def amount_or_zero(self, column: str) -> Decimal:
        """A Decimal field that not every version has."""
        return cast("Decimal", self._values.get(column, ZERO))


class MasterData:
    """One company's master data, read from one connection when it is asked for."""

    def __init__(self, connection: Connection, tables: CompanyTables, posting_user: str) -> None:
        self.connection = connection
        self._tables = tables
        self._posting_user = posting_user
        self._kept: dict[Hashable, Any] = {}

    def calendar(self) -> PostingCalendar:
        """When the posting user may post."""
        return self._once(
            "calendar", lambda: read_calendar(self.connection, self._tables, self._posting_user)
        )

    def ledger_setup(self) -> Record | None:
        """General Ledger Setup."""
        return self._record(GENERAL_LEDGER_SETUP, "")

    def purchases_setup(self) -> Record | None:
        """Purchases & Payables Setup."""
        return self._record(PURCHASES_PAYABLES_SETUP, "")

    def vendor(self, number: str) -> Record | None:
        """A creditor."""
        return self._record(VENDOR, number)

    def bank_details_hash(self, number: str, payee: Record) -> str:
        """Where a vendor is paid now, as the decision has it."""
        rows = self._once(
            ("bank accounts", number),
            lambda: read_account_rows(self.connection, self._tables, [number]).get(number, ()),
        )
        paid = Payee(
            number=number,
            payment_method=payee.code("Payment Method Code"),
            creditor_number=payee.code("Creditor No_"),
            preferred_account=payee.code("Preferred Bank Account Code"),
        )
        return bank_details_hash(paid, rows)

    def vendor_posting_group(self, code: str) -> Record | None:
        """The posting group of a creditor."""
        return self._record(VENDOR_POSTING_GROUP, code)

    def payment_terms(self, code: str) -> Record | None:
        """Payment terms."""
        return self._record(PAYMENT_TERMS, code)

    def currency(self, code: str) -> Record | None:
        """A currency that is set up."""
        return self._record(CURRENCY, code)

    def account(self, number: str) -> Record | None:
        """A G/L account."""
        return self._record(GL_ACCOUNT, number)

    def general_posting_setup(self, business: str, product: str) -> Record | None:
        """The row of General Posting Setup."""
        return self._record(GENERAL_POSTING_SETUP, business, product)

    def vat_posting_setup(self, business: str, product: str) -> Record | None:
        """The row of VAT Posting Setup."""
        return self._record(VAT_POSTING_SETUP, business, product)

    def dimension(self, code: str) -> Record | None:
        """A dimension."""
        return self._record(DIMENSION, code)

    def dimension_value(self, dimension: str, code: str) -> Record | None:
        """A value of a dimension."""
        return self._record(DIMENSION_VALUE, dimension, code)

    def combination(self, first: str, second: str) -> Record | None:
        """The restriction on two dimensions, the alphabetically first one first."""
        return self._record(DIMENSION_COMBINATION, first, second)

    def value_combination(self, *key: str) -> Record | None:
        """A forbidden pair of values: dimension, value, dimension, value."""
        return self._record(DIMENSION_VALUE_COMBINATION, *key)

    def default_dimensions(self, table: int, number: str) -> Sequence[DefaultDimension]:
        """The default dimensions of a record; an empty number is for the whole table."""
        return self._once(
            (DEFAULT_DIMENSION.name, table, number), lambda: self._defaults(table, number)
        )

    def rate(self, currency: str, day: date) -> Decimal | None:
        """The exchange rate on a day, None when there is none."""

        def read() -> Decimal | None:
            found = exchange_rates(self.connection, self._tables, [currency], day, day)
            return found[currency][0][1] if found.get(currency) else None

        return self._once(("rate", currency, day), read)

    def _defaults(self, table: int, number: str) -> Sequence[DefaultDimension]:
        defaults = self._tables[DEFAULT_DIMENSION]
        statement = (
            select(
                defaults.c["Dimension Code"],
                defaults.c["Dimension Value Code"],
                defaults.c["Value Posting"],
            )
            .where(defaults.c["Table ID"] == table, defaults.c["No_"] == number)
            .order_by(defaults.c["Dimension Code"])
        )
        return [
            DefaultDimension(dimension=dimension, value=value, posting=posting)
            for dimension, value, posting in self.connection.execute(statement)
        ]

    def _record(self, table: Table, *key: str) -> Record | None:
        return self._once((table.name, *key), lambda: self._read(self._tables[table], key))

    def _read(self, table: sa.Table, key: Sequence[str]) -> Record | None:
        columns = zip(table.primary_key.columns, key, strict=True)
        statement = select(table).where(*(column == value for column, value in columns))
        row = self.connection.execute(statement).one_or_none()
        return None if row is None else Record(row)

    def _once(self, key: Hashable, read: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = read()
        return cast("T", self._kept[key])
