"""Which currencies are set up and what one unit is worth: tables 4 and 330."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, func, literal, select

from robot.adapters.navision.batch import Inquiry, chunks
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.schema.masterdata import CURRENCY, CURRENCY_EXCHANGE_RATE
from robot.adapters.navision.schema.sqltypes import NO_DATE, Day, as_code
from robot.domain.fields import UNKNOWN, Unknown

_DKK: Final = "DKK"
_CODES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """Exchange rates to the local currency, by currency, latest first."""

    local_currency: str
    currencies: frozenset[str]
    rates: Mapping[str, Sequence[tuple[date, Decimal]]]

    def to_dkk(self, currency: str, day: date) -> Decimal | Unknown | None:
        """DKK for one unit on a day: None for DKK, UNKNOWN where the ERP has no such rate."""
        if currency == _DKK:
            return None
        if self.local_currency != _DKK:
            return UNKNOWN
        for start, rate in self.rates.get(currency, ()):
            if start <= day:
                return rate
        return UNKNOWN


def read_rates(
    connection: Connection,
    tables: CompanyTables,
    inquiries: Sequence[Inquiry],
    local_currency: str,
) -> RateTable:
    """Look up the currencies of a batch: two statements."""
    codes = set(connection.scalars(select(tables.read(CURRENCY).c["Code"])))
    foreign = {inquiry.invoice.currency for inquiry in inquiries} & codes
    days = [inquiry.posting_date for inquiry in inquiries]
    return RateTable(
        local_currency=local_currency,
        currencies=frozenset(codes | {local_currency}),
        rates=exchange_rates(connection, tables, foreign, min(days), max(days)),
    )


def exchange_rates(
    connection: Connection,
    tables: CompanyTables,
    currencies: Iterable[str],
    first: date,
    last: date,
) -> Mapping[str, Sequence[tuple[date, Decimal]]]:
    """The rates that hold on any day from `first` to `last`, latest first.

    A rate in terms of another foreign currency is left out: it is not one to the local currency.
    """
    table = tables.read(CURRENCY_EXCHANGE_RATE)
    earlier = tables.read(CURRENCY_EXCHANGE_RATE, "earlier")
    start = table.c["Starting Date"]
    holds_on_first = (
        select(func.max(earlier.c["Starting Date"]))
        .where(
            earlier.c["Currency Code"] == table.c["Currency Code"],
            earlier.c["Starting Date"] <= first,
        )
        .scalar_subquery()
    )
    rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for chunk in chunks(sorted(map(as_code, currencies)), _CODES):
        statement = (
            select(
                table.c["Currency Code"],
                start,
                table.c["Exchange Rate Amount"],
                table.c["Relational Exch_ Rate Amount"],
            )
            .where(
                table.c["Currency Code"].in_(chunk),
                table.c["Relational Currency Code"] == "",
                start <= last,
                start >= func.coalesce(holds_on_first, literal(NO_DATE, Day())),
            )
            .order_by(table.c["Currency Code"], start.desc())
        )
        for code, day, units, price in connection.execute(statement):
            if units and price:
                rates[code].append((day or NO_DATE, price / units))
    return rates
