"""The documents of one company that are looked up together, and lists cut for SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from robot.domain.customer import Customer
from robot.domain.document import SourceStatement
from robot.domain.invoice import Invoice
from robot.domain.rows import rounding_to_post

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One readable document: what was invoiced, what the source says, and when it is posted."""

    invoice: Invoice
    statement: SourceStatement
    customer: Customer
    posting_date: date

    @property
    def posted_total(self) -> Decimal:
        """What the ledger holds when it is posted: with VAT, and a rounding that was coded."""
        coding = self.statement.coding or ()
        return self.invoice.total + rounding_to_post(self.invoice, coding)


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`.

    A statement's parameters are limited (SQL Server takes 2,100), so a longer batch costs one
    more statement for each further `size` values.
    """
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
