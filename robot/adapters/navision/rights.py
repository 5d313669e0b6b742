"""What the reading login may do: enough to read, and nothing more.

Navision is written to by its own code alone; a login that could write is a fault of the site's
set-up, which a wrong statement or a stolen password would make use of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from robot.adapters.navision.catalog import UntoldRightsError, catalog_of
from robot.adapters.navision.company import CompanyTables
from robot.errors import ErpError


def excess(connection: Connection, tables: CompanyTables) -> Sequence[str]:
    """What the login may do beyond reading, a phrase each; nothing where there are no logins.

    Raises:
        UntoldRightsError: The server can't be asked.
    """
    catalog = catalog_of(connection)
    return [*catalog.powers(connection), *_writing(connection, tables)]


def refuse_excess(connection: Connection, tables: CompanyTables) -> None:
    """Stop when the login may do more than read.

    A server that can't be asked is taken as it is; `doctor` says so.

    Raises:
        ErpError: It may; the message says what and where.
    """
    try:
        found = excess(connection, tables)
    except UntoldRightsError:
        return
    if found:
        raise ErpError(
            f"The ERP's login can do more than read: it {'; it '.join(found)}.",
            hint="give it the rights of config/navision/*.sql and no others; "
            '[erp] excess_rights = "warn" goes on nevertheless',
            company=tables.company,
        )


def unreadable(connection: Connection, tables: CompanyTables) -> Sequence[str]:
    """The names in SQL of tables that are there and that the login may not read.

    Raises:
        UntoldRightsError: The server can't be asked.
    """
    rights = catalog_of(connection).rights(connection, tables.names(), tables.schema)
    return sorted(name for name, right in rights.items() if not right.select)


def _writing(connection: Connection, tables: CompanyTables) -> Iterator[str]:
    rights = catalog_of(connection).rights(connection, tables.names(), tables.schema)
    for acts in sorted({right.writing for right in rights.values() if right.writing}):
        names = sorted(name for name, right in rights.items() if right.writing == acts)
        others = f" and {len(names) - 1} more tables" if len(names) > 1 else ""
        yield f"may {', '.join(acts)} in '{names[0]}'{others}"
