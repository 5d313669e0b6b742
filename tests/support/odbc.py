"""SQLAlchemy's own dialects over genuine ODBC drivers: PostgreSQL and SQLite through pyodbc.

SQLAlchemy joins pyodbc with SQL Server and MySQL only. Its connector and its dialects are made to
be joined, so that the adapters' statements can go through the drivers that a site would use.
"""

from __future__ import annotations

import sqlite3
import types
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy.connectors.pyodbc import PyODBCConnector
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect


class PostgresOverOdbc(PyODBCConnector, PGDialect):
    """PostgreSQL through psqlODBC."""

    supports_statement_cache = True
    default_paramstyle = "qmark"


class SqliteOverOdbc(PyODBCConnector, SQLiteDialect):
    """SQLite through libsqliteodbc."""

    supports_statement_cache = True
    default_paramstyle = "qmark"

    @classmethod
    def import_dbapi(cls) -> Any:  # noqa: ANN401 -- a module
        """Pyodbc, with the version that the dialect asks SQLite's own module for."""
        module = types.ModuleType("pyodbc_for_sqlite")
        module.__dict__.update(vars(super().import_dbapi()))
        module.__dict__["sqlite_version_info"] = sqlite3.sqlite_version_info
        return module


registry.register("postgresql.pyodbc", __name__, "PostgresOverOdbc")
registry.register("sqlite.pyodbc", __name__, "SqliteOverOdbc")


def over_odbc(kind: str, connection_string: str) -> str:
    """SQLAlchemy's address for an ODBC connection string; kind is `postgresql` or `sqlite`."""
    return f"{kind}+pyodbc:///?odbc_connect={quote_plus(connection_string)}"
