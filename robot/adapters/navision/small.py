"""Builds the small Navision: NAV's own tables in SQLite, filled from CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import SQLAlchemyError

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.csvfiles import CsvRow, file_name, of_company, read
from robot.adapters.navision.engine import WRITING, connect, translated
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.masterdata import COMPANY
from robot.adapters.navision.schema.model import Layout, convert_identifier
from robot.errors import SettingsError

__all__ = ["build", "connect"]

#: NAV's limit for a company's name.
_NAME_LENGTH: Final = 30


def build(path: Path, csv_dir: Path, companies: Sequence[str]) -> None:
    """Create the database, or add the companies that it lacks; all of it or nothing.

    A company that is there already stays as it is.

    Args:
        path: The SQLite file; its folder must exist.
        csv_dir: One file a table (`vendor.csv`), columns with NAV's names (`No.`).
        companies: Names of companies as in NAV, at most 30 characters.

    Raises:
        SettingsError: A file or a name can't be used; says file, line and column.
        ErpError: The file can't be written, or is no database.
    """
    _check_names(companies)
    content = _read_all(csv_dir)
    engine = connect(path)
    try:
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            _add_companies(connection, companies, content)
    except SQLAlchemyError as error:
        raise translated(error) from error
    finally:
        engine.dispose()


def _add_companies(
    connection: Connection, companies: Sequence[str], content: Mapping[str, Sequence[CsvRow]]
) -> None:
    common = CompanyTables("", Layout.SMALL)
    common.metadata.create_all(connection, tables=common.shared())
    company_table = common[COMPANY]
    present = set(connection.scalars(select(company_table.c.Name)))
    for company in companies:
        if company not in present:
            connection.execute(insert(company_table).values(Name=company))
            _fill(connection, company, content)


def _fill(connection: Connection, company: str, content: Mapping[str, Sequence[CsvRow]]) -> None:
    tables = CompanyTables(company, Layout.SMALL)
    tables.metadata.create_all(connection, tables=tables.of_company(), checkfirst=False)
    for table in TABLES:
        key = [convert_identifier(part) for part in table.key]
        rows = of_company(content.get(table.name, ()), company, key)
        if rows:
            connection.execute(insert(tables[table]), rows)


def _check_names(companies: Sequence[str]) -> None:
    prefixes: dict[str, str] = {}
    for company in companies:
        if not 0 < len(company) <= _NAME_LENGTH:
            raise SettingsError(
                f"Company '{company}' has {len(company)} characters.",
                hint=f"NAV takes 1 to {_NAME_LENGTH}; give the customer a shorter `company`",
            )
        other = prefixes.setdefault(convert_identifier(company), company)
        if other != company:
            raise SettingsError(
                f"Companies '{other}' and '{company}' would have the same tables.",
                hint="rename one of them",
            )


def _read_all(csv_dir: Path) -> dict[str, list[CsvRow]]:
    by_file = {file_name(table): table for table in TABLES if table.per_company}
    content = {}
    for path in sorted(csv_dir.glob("*.csv")):
        table = by_file.get(path.name)
        if table is None:
            raise SettingsError(
                f"{path}: there is no table for this file",
                hint=f"files are {', '.join(sorted(by_file))}",
            )
        content[table.name] = read(path, table, Layout.SMALL)
    if not content:
        raise SettingsError(f"{csv_dir}: holds no CSV file of a NAV table")
    return content
