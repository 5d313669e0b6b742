"""A company with every scenario in it, in each layout and under each awkward name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from robot.adapters.navision.catalog import name_in
from robot.adapters.navision.csvfiles import file_name, of_company, read
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import VENDOR
from robot.adapters.navision.schema.model import Layout, convert_identifier
from robot.adapters.navision.schema.setup import USER_SETUP
from robot.domain.customer import Customer
from robot.flow.ports import Question
from tests.adapters.navision.world import CUSTOMER, EXAMPLES, TODAY, question
from tests.contract.erp_scenarios import CLOSING, GIRO, SCENARIOS, Scenario
from tests.support.erp_schema import companion_table, create_company, create_shared


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A layout with its company."""

    company: str
    layout: Layout
    #: Business Central from version 23: one companion table for all apps.
    one_companion: bool = False

    @property
    def customer(self) -> Customer:
        """The examples' customer in this company."""
        return replace(CUSTOMER, company=self.company)

    @property
    def scenarios(self) -> Sequence[Scenario]:
        """What this layout can hold."""
        return [it for it in SCENARIOS if self.layout in it.layouts]

    def question(self, scenario: Scenario) -> Question:
        """What the robot asks."""
        return question(
            scenario.document,
            coding=scenario.coding,
            posting_date=scenario.posting_date,
            customer=self.customer,
            today=TODAY,
        )


LAYOUTS: Final[Mapping[str, World]] = {
    "nav2016": World(company="CRONUS Danmark A/S", layout=Layout.NAV_2016),
    "nav2018": World(company="O'Neil %Test [x]", layout=Layout.NAV_2018),
    "bc22": World(company="Økonomistyrelsen", layout=Layout.BUSINESS_CENTRAL),
    "bc23": World(
        company='Børn & "Unge" (50%) \\ A.B.', layout=Layout.BUSINESS_CENTRAL, one_companion=True
    ),
}
#: A second company in the same database, with nothing but the examples' world.
OTHER: Final = "Ødegård, Æblevej"


def fill(
    connection: Connection, world: World, schema: str | None, made: list[sa.Table] | None = None
) -> None:
    """Make the tables with the scenarios' rows; `made` gets each table when it is there."""
    made = [] if made is None else made
    create_shared(connection, world.layout, schema, made)
    rows = {name: list(some) for name, some in _examples().items()}
    for scenario in world.scenarios:
        for name, more in scenario.rows.items():
            rows.setdefault(name, []).extend(more)
    create_company(connection, world.company, world.layout, rows, schema=schema, made=made)
    create_company(connection, OTHER, world.layout, _examples(), schema=schema, made=made)
    _set_closing_date(connection, world, schema)
    if world.layout is Layout.BUSINESS_CENTRAL:
        made.append(_add_giro(connection, world, schema))


@cache
def _examples() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The examples' world by table; the company's own rows win."""
    rows = {}
    for table in TABLES:
        path = EXAMPLES / file_name(table)
        if path.is_file():
            key = [convert_identifier(part) for part in table.key]
            rows[table.name] = of_company(read(path, table, Layout.SMALL), CUSTOMER.name, key)
    return rows


def _set_closing_date(connection: Connection, world: World, schema: str | None) -> None:
    """A closing date is the day at 23:59:59, which no date of Python's is."""
    name = name_in(connection.dialect.name, USER_SETUP.name_in_sql(world.company, world.layout))
    setup = sa.table(
        name,
        sa.column("User ID", sa.Unicode(50)),
        sa.column("Allow Posting To", sa.DateTime()),
        schema=schema,
    )
    connection.execute(
        sa.update(setup)
        .where(setup.c["User ID"] == CLOSING)
        .values({setup.c["Allow Posting To"]: datetime(2026, 12, 31, 23, 59, 59)})  # noqa: DTZ001 -- NAV's date has no zone
    )


def _add_giro(connection: Connection, world: World, schema: str | None) -> sa.Table:
    (field,) = VENDOR.extensions
    table = companion_table(
        VENDOR, field, world.company, connection.engine, schema, ext=world.one_companion
    )
    table.create(connection)
    its_column = field.column + (f"${field.app}" if world.one_companion else "")
    connection.execute(sa.insert(table).values({"No_": "100081", its_column: GIRO}))
    return table
