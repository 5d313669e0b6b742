"""NAV's field types as SQLAlchemy types: exact amounts, NAV's empty values on both sides.

Nothing here ever turns an amount into a float. SQLite has no decimal type, so there an amount is
a whole number of its smallest unit, which SQL can add and compare exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Unicode,
    literal,
)
from sqlalchemy.dialects import mssql
from sqlalchemy.types import TypeDecorator, TypeEngine, Uuid

from robot.adapters.navision.schema.model import Field, Kind, Layout
from robot.domain.money import CENT

#: NAV's empty date (`0D`) in SQL.
NO_DATE: Final = date(1753, 1, 1)
NO_GUID: Final = UUID(int=0)
_MIDNIGHT: Final = time()
_MAX_SQLITE_INTEGER: Final = 2**63 - 1


class Code(TypeDecorator[str]):
    """NAV's Code: what is bound is trimmed and in upper case, as NAV stores it."""

    impl = Unicode
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Upper case, trimmed."""
        return None if value is None else as_code(value)


class Amount(TypeDecorator[Decimal]):
    """NAV's Decimal, exact: `decimal(38,20)`, in SQLite a scaled integer of `places` decimals."""

    impl = Numeric
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__(38, 20)
        self.places = places

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An integer where the engine has no decimal type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(38, 20))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """The stored form.

        Raises:
            ValueError: The value has more decimals or digits than are kept; never rounded here.
        """
        if value is None or dialect.name != "sqlite":
            return value
        return scaled(value, self.places)

    def process_result_value(
        self,
        value: Decimal | int | str | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> Decimal | None:
        """The amount with at least two decimals and no further trailing zeros."""
        if value is None:
            return None
        if isinstance(value, int):
            value = Decimal(value).scaleb(-self.places)
        # Some servers give an expression over amounts as text.
        return tidy(Decimal(value))


class Flag(TypeDecorator[bool]):
    """NAV's Boolean: tinyint 0 or 1."""

    impl = SmallInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQL Server's tinyint, smallint elsewhere."""
        return dialect.type_descriptor(
            mssql.TINYINT() if dialect.name == "mssql" else SmallInteger()
        )

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """False for 0."""
        return None if value is None else value != 0


class Day(TypeDecorator[date]):
    """NAV's Date: a datetime at midnight; 1753-01-01 is no date and comes out as None."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """ISO text in SQLite, which sorts as the dates do."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String())
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | datetime | None:
        """None becomes NAV's empty date."""
        stored = NO_DATE if value is None else value
        if dialect.name == "sqlite":
            return f"{stored.isoformat()} 00:00:00"
        return datetime.combine(stored, _MIDNIGHT)

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> date | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """A date, or None for NAV's empty date; a closing date (23:59:59) is its day."""
        if value is None:
            return None
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else value.date()
        return None if day == NO_DATE else day


class Instant(TypeDecorator[datetime]):
    """NAV's DateTime: UTC in SQL, aware outside; 1753-01-01 is none."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """ISO text in SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String())
        return dialect.type_descriptor(DateTime())

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> str | datetime | None:
        """Naive UTC."""
        if value is None:
            stored = datetime.combine(NO_DATE, _MIDNIGHT)
        else:
            stored = value.astimezone(UTC).replace(tzinfo=None)
        if dialect.name == "sqlite":
            return stored.isoformat(" ", "milliseconds")
        return stored

    def process_result_value(
        self,
        value: str | datetime | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> datetime | None:
        """Aware, UTC; None for NAV's empty value."""
        if value is None:
            return None
        stored = datetime.fromisoformat(value) if isinstance(value, str) else value
        return None if stored.date() == NO_DATE else stored.replace(tzinfo=UTC)


#: A Boolean field compares with these: SQL Server's tinyint is no boolean of SQL's.
YES: Final = literal(True, Flag())
NO: Final = literal(False, Flag())


_OF_FIXED_SIZE: Final[Mapping[Kind, type[TypeEngine[Any]]]] = {
    Kind.OPTION: Integer,
    Kind.INTEGER: Integer,
    Kind.BOOLEAN: Flag,
    Kind.DATE: Day,
    Kind.DATETIME: Instant,
    Kind.GUID: Uuid,
}


def as_code(text: str) -> str:
    """A text as NAV's Code keeps it: trimmed, upper case."""
    return text.strip(" ").upper()


def scaled(value: Decimal, places: int) -> int:
    """The amount as a whole number of units of `places` decimals.

    Raises:
        ValueError: It has more decimals, or more digits than a 64-bit integer holds.
    """
    units = value.scaleb(places)
    whole = int(units)
    if whole != units:
        raise ValueError(f"{value} has more than {places} decimals")
    if abs(whole) > _MAX_SQLITE_INTEGER:
        raise ValueError(f"{value} is too large")
    return whole


def tidy(value: Decimal) -> Decimal:
    """The same amount with two decimals, or as many more as it needs."""
    cents = value.quantize(CENT)
    return cents if cents == value else value.normalize()


def sql_type(field: Field, layout: Layout) -> TypeEngine[Any]:
    """The SQLAlchemy type of a field in a layout (lengths differ between the versions)."""
    return _type(field.kind, field.length_in(layout), field.places)


@cache
def _type(kind: Kind, length: int, places: int) -> TypeEngine[Any]:
    """One type for all fields that are alike: a site has hundreds of thousands of columns."""
    match kind:
        case Kind.CODE:
            return Code(length)
        case Kind.TEXT:
            return Unicode(length)
        case Kind.DATE_FORMULA:
            return String(length)
        case Kind.DECIMAL:
            return Amount(places)
        case _:
            return _OF_FIXED_SIZE[kind]()


def empty_in_sql(field: Field, dialect_name: str) -> str:
    """NAV's empty value as the text of a column default; no column is ever null."""
    match field.kind:
        case Kind.CODE | Kind.TEXT | Kind.DATE_FORMULA:
            return "''"
        case Kind.DATE:
            return f"'{NO_DATE.isoformat()} 00:00:00'"
        case Kind.DATETIME:
            return f"'{NO_DATE.isoformat()} 00:00:00.000'"
        case Kind.GUID:
            return f"'{NO_GUID.hex if dialect_name == 'sqlite' else NO_GUID}'"
        case _:
            return "0"
