"""Whether the ERP can be read as it must be, company by company, in words for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from robot.adapters.navision.catalog import UntoldRightsError
from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.database import Database
from robot.adapters.navision.rights import excess, unreadable
from robot.errors import ErpError


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that was looked at. `serious` stops the company, or leaves too much unknown."""

    words: str
    good: bool = False
    serious: bool = True


def examine(
    database: Database, companies: Iterable[str], *, excess_is_serious: bool
) -> list[Remark]:
    """Look at the companies' tables, columns and rights; go on where one is wrong.

    Raises:
        ErpError: The database can't be used at all.
    """
    finder = Companies(schema=database.schema)
    wanted = list(companies)
    return database.read(
        lambda reading: [
            remark
            for company in wanted
            for remark in _of_company(
                reading.discovery, finder, company, excess_is_serious=excess_is_serious
            )
        ]
    )


def _of_company(
    connection: Connection, finder: Companies, company: str, *, excess_is_serious: bool
) -> Iterator[Remark]:
    try:
        tables = finder.tables(connection, company)
    except ErpError as error:
        yield Remark(words=str(error))
        return
    if tables is None:
        yield Remark(words=f"there is no company '{company}'")
        return
    yield Remark(words=f"company '{company}', {tables.layout.value}", good=True)
    try:
        yield from list(_of_rights(connection, tables, excess_is_serious=excess_is_serious))
    except UntoldRightsError:
        words = f"company '{company}': this server can't be asked what the login may do"
        yield Remark(words=words, serious=False)
    yield from _of_parts(tables)


def _of_rights(
    connection: Connection, tables: CompanyTables, *, excess_is_serious: bool
) -> Iterator[Remark]:
    forbidden = unreadable(connection, tables)
    if forbidden:
        yield Remark(
            words=f"company '{tables.company}': the login may not SELECT from "
            + ", ".join(f"'{name}'" for name in forbidden)
        )
    for phrase in excess(connection, tables):
        words = f"company '{tables.company}': the login {phrase}; it should only read"
        yield Remark(words=words, serious=excess_is_serious)


def _of_parts(tables: CompanyTables) -> Iterator[Remark]:
    for part, phrases in tables.unknown.items():
        yield Remark(
            words=f"company '{tables.company}': {part} is not known, for want of "
            f"{'; '.join(phrases)}: no document is posted without it"
        )
