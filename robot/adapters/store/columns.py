"""Column types and expressions that mean the same on SQLite, PostgreSQL and SQL Server."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    String,
    Unicode,
    UnicodeText,
)
from sqlalchemy.dialects import mssql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from robot.domain.canonical import decimal_text

#: A row of any table.
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
#: SQLite counts rows in INTEGER; the servers need 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")
#: SHA-256 in hex.
Hash = String(64)
Code = String(100)
Short = Unicode(200)
#: Named for SQL Server, where SQLAlchemy would choose by the version that the server tells.
Long = UnicodeText().with_variant(mssql.NVARCHAR(), "mssql")
#: Characters of a document that lists are searched in; SQL Server's keys end at 1,700 bytes.
SEARCHED: Final = 300
_ESCAPE: Final = "/"


class Amount(TypeDecorator[Decimal]):
    """An exact amount as its shortest plain text: SQLite has no decimals."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Decimal to text."""
        del dialect
        return None if value is None else decimal_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Text to Decimal."""
        del dialect
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """An aware instant as ISO 8601 in UTC with microseconds: it sorts as text."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Aware datetime to text."""
        del dialect
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Text to aware datetime."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


def like_holding(text: str) -> str:
    """The text as a part of a LIKE pattern with `ESCAPE '/'`, in which nothing of it is special.

    SQLAlchemy's own escaping leaves `[`, which begins a set in T-SQL.
    """
    for mark in (_ESCAPE, "%", "_", "["):
        text = text.replace(mark, _ESCAPE + mark)
    return text


def holds(column: ColumnElement[str], text: str, *, any_case: bool = False) -> ColumnElement[bool]:
    """Whether a column holds the text as it stands."""
    asked = column.icontains if any_case else column.contains
    return asked(like_holding(text), escape=_ESCAPE)


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a column begins with the text as it stands."""
    return column.startswith(like_holding(text), escape=_ESCAPE)


def instant_text(value: datetime) -> str:
    """An aware instant as it is stored and hashed."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


#: Seconds from 1970 to 2020.
_TO_2020: Final = 1_577_836_800


class database_seconds(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """Seconds since 1970 by the database's own clock, which all robots share."""

    type = BigInteger()
    inherit_cache = True
    name = "database_seconds"


@compiles(database_seconds, "sqlite")
def _sqlite(element: database_seconds, compiler: SQLCompiler, **keywords: object) -> str:
    del element, compiler, keywords
    return "CAST(strftime('%s', 'now') AS INTEGER)"


@compiles(database_seconds, "postgresql")
def _postgresql(element: database_seconds, compiler: SQLCompiler, **keywords: object) -> str:
    del element, compiler, keywords
    return "CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)"


@compiles(database_seconds, "mssql")
def _mssql(element: database_seconds, compiler: SQLCompiler, **keywords: object) -> str:
    del element, compiler, keywords
    # Every server has DATEDIFF; its answer is an int, which from 2020 on lasts until 2088.
    return f"(CAST({_TO_2020} AS BIGINT) + DATEDIFF(second, '20200101', SYSUTCDATETIME()))"
