"""The database of the simulated NAV: the real schema in a layout, with the examples' data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, insert

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.csvfiles import file_name, of_company, read
from robot.adapters.navision.engine import WRITING
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Layout, convert_identifier
from tests.simulator.approvals import Obstacles
from tests.simulator.databases import keep, let_read, open_database

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "navision"
#: Names that need quoting, replacing and care (navision.md §6).
COMPANIES: Final = ("Økonomistyrelsen", "CRONUS Danmark A/S", "O'Neil %Test [x]")


def build(address: str, layout: Layout, companies: Sequence[str] = COMPANIES) -> None:
    """NAV's tables in an empty database: a SQLite file's path or a server's address."""
    engine = open_database(address)
    try:
        _fill(engine, layout, companies)
        if engine.dialect.name == "postgresql":
            let_read(engine)
            keep(engine)
    finally:
        engine.dispose()


def _fill(engine: Engine, layout: Layout, companies: Sequence[str]) -> None:
    by_file = {file_name(table): table for table in TABLES}
    content = {
        by_file[path.name].name: read(path, by_file[path.name], Layout.SMALL)
        for path in sorted(EXAMPLES.glob("*.csv"))
    }
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        dialect_name = engine.dialect.name
        common = CompanyTables("", layout, dialect_name=dialect_name)
        common.metadata.create_all(connection, tables=common.shared())
        for company in companies:
            connection.execute(insert(common[COMPANY]).values(Name=company))
            tables = CompanyTables(company, layout, dialect_name=dialect_name)
            tables.metadata.create_all(connection, tables=tables.of_company(), checkfirst=False)
            Obstacles(tables, dialect_name, "en").create(connection)
            for table in TABLES:
                if not content.get(table.name):
                    continue
                key = [convert_identifier(part) for part in table.key]
                there = set(tables[table].c.keys())
                rows = [
                    {name: value for name, value in row.items() if name in there}
                    for row in of_company(content.get(table.name, ()), company, key)
                ]
                if rows:
                    connection.execute(insert(tables[table]), rows)
