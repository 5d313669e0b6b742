"""Amounts, dates and codes survive the database exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, func, insert, select
from sqlalchemy.exc import StatementError

from robot.adapters.navision.schema.sqltypes import Amount, Code, Day, Instant

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=5)
METADATA = MetaData()
TABLE = Table(
    "t",
    METADATA,
    Column("amount", Amount(5)),
    Column("day", Day()),
    Column("at", Instant()),
    Column("code", Code(20)),
)


@pytest.fixture(scope="module")
def memory() -> Engine:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    return engine


def stored(engine: Engine, column: str, *values: object) -> list[object]:
    with engine.connect() as connection:
        connection.execute(insert(TABLE), [{column: value} for value in values])
        return list(connection.scalars(select(TABLE.c[column])))


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=5))
def test_amounts_and_their_sums_are_exact(memory: Engine, amounts: list[Decimal]) -> None:
    with memory.connect() as connection:
        connection.execute(insert(TABLE), [{"amount": amount} for amount in amounts])
        assert list(connection.scalars(select(TABLE.c.amount))) == amounts
        assert connection.scalar(select(func.sum(TABLE.c.amount))) == sum(amounts)


def test_an_amount_reads_with_two_decimals_or_as_many_as_it_has(memory: Engine) -> None:
    found = stored(memory, "amount", Decimal(1250), Decimal("0.12500"))

    assert [str(amount) for amount in found] == ["1250.00", "0.125"]


@pytest.mark.parametrize("amount", ["0.000001", "1e30"])
def test_an_amount_that_can_not_be_kept_is_refused_and_never_rounded(
    memory: Engine, amount: str
) -> None:
    with pytest.raises(StatementError):
        stored(memory, "amount", Decimal(amount))


def test_no_date_is_navs_empty_date(memory: Engine) -> None:
    assert stored(memory, "day", None, date(2026, 11, 24)) == [None, date(2026, 11, 24)]
    with memory.connect() as connection:
        connection.execute(insert(TABLE), [{"day": None}])
        text = connection.exec_driver_sql("SELECT day FROM t").scalar_one()
    assert text == "1753-01-01 00:00:00"


def test_an_instant_is_kept_in_utc(memory: Engine) -> None:
    copenhagen = datetime(2026, 11, 24, 6, 30, tzinfo=timezone(timedelta(hours=1)))

    assert stored(memory, "at", copenhagen, None) == [
        datetime(2026, 11, 24, 5, 30, tzinfo=UTC),
        None,
    ]


def test_a_code_is_kept_in_upper_case_and_trimmed(memory: Engine) -> None:
    assert stored(memory, "code", " rø-2026-44 ") == ["RØ-2026-44"]
