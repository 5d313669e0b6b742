"""SQLAlchemy's SQL Server over ODBC, for other drivers and servers than Microsoft's, too.

FreeTDS binds no text over 2,000 characters under a type whose length is left open (HY090; pyodbc's
issue 1402), and settings of its older packages have the server cut what is over 64,512 bytes. A
server that has rolled a transaction back by itself leaves a driver that did not notice nothing to
roll back (3903: FreeTDS's issue 236, Babelfish's issues 78 and 2379): the driver says so by an
error, in place of the first one. What SQLAlchemy asks a server about itself when it connects is
such a fault for a compatible server, and the robot does not need to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import URL, Connection, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc
from sqlalchemy.engine.interfaces import IsolationLevel

_DRIVER_NAME: Final = "mssql+compatible"
_NOTHING_TO_ROLL_BACK: Final = "(3903)"
_WHOLE_TEXTS: Final = "SET TEXTSIZE 2147483647"
_OBJECT_ID: Final = text("SELECT OBJECT_ID(:name, 'U')")


class CompatibleSqlServer(MSDialect_pyodbc):
    """SQL Server's dialect, which takes a driver and a server as they are."""

    supports_statement_cache = True

    _is_freetds = False

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        super().__init__(supports_comments=False, **options)  # type: ignore[no-untyped-call] # SQLAlchemy's own

    def on_connect(self) -> Callable[[Any], None]:
        """What is done with every new connection."""
        first = super().on_connect()  # type: ignore[no-untyped-call] # as above

        def prepare(connection: Any) -> None:  # noqa: ANN401 -- the driver's own
            first(connection)
            driver = connection.getinfo(self.loaded_dbapi.SQL_DRIVER_NAME)
            self._is_freetds = "tds" in str(driver).lower()
            if self._is_freetds:
                with without_transaction(connection), suppress(self.loaded_dbapi.Error):
                    connection.cursor().execute(_WHOLE_TEXTS)

        return prepare

    def get_default_isolation_level(self, dbapi_conn: Any) -> IsolationLevel:  # noqa: ANN401 -- the driver's own
        """SQL Server's own; its view on sessions may be missing elsewhere, or not shown."""
        del dbapi_conn
        return "READ COMMITTED"

    def has_table(
        self,
        connection: Connection,
        table_name: str,
        schema: str | None = None,
        **options: Any,  # noqa: ANN401 -- SQLAlchemy's own
    ) -> bool:
        """Whether the table is there, asked for by the database's own rules of names."""
        del options
        quote = self.identifier_preparer.quote_identifier
        name = ".".join(quote(part) for part in (schema, table_name) if part)
        return connection.execute(_OBJECT_ID, {"name": name}).scalar() is not None

    def has_multi_table(
        self,
        connection: Connection,
        table_names: Iterable[str],
        schema: str | None = None,
        **options: Any,  # noqa: ANN401 -- SQLAlchemy's own
    ) -> list[tuple[tuple[str | None, str], bool]]:
        """As `has_table`, for each of the tables."""
        return [
            ((schema, name), self.has_table(connection, name, schema, **options))
            for name in table_names
        ]

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        """The types of parameters; FreeTDS finds that of a long text by itself."""
        if self._is_freetds:
            list_of_tuples = _without_open_lengths(list_of_tuples)
        super().do_set_input_sizes(cursor, list_of_tuples, context)

    def do_rollback(self, dbapi_connection: Any) -> None:  # noqa: ANN401 -- the driver's own
        """Roll back; a transaction that the server ended already is ended for the driver, too."""
        try:
            super().do_rollback(dbapi_connection)  # type: ignore[no-untyped-call] # as above
        except self.loaded_dbapi.Error as error:
            if _NOTHING_TO_ROLL_BACK not in str(error):
                raise
            cursor = dbapi_connection.cursor()
            cursor.execute("BEGIN TRANSACTION")
            cursor.close()
            super().do_rollback(dbapi_connection)  # type: ignore[no-untyped-call] # as above


@contextmanager
def without_transaction(connection: Any) -> Iterator[None]:  # noqa: ANN401 -- the driver's own
    """Each statement for itself, so that one which is refused takes no transaction with it."""
    before = connection.autocommit
    connection.autocommit = True
    try:
        yield
    finally:
        connection.autocommit = before


def compatible(url: URL) -> URL:
    """The address with this dialect when it is SQL Server's over ODBC; any other as it is."""
    if (url.get_backend_name(), url.get_driver_name()) != ("mssql", "pyodbc"):
        return url
    return url.set(drivername=_DRIVER_NAME)


def _without_open_lengths(
    sizes: Sequence[tuple[str, Any, Any]],
) -> list[tuple[str, Any, Any]]:
    return [(key, None if isinstance(size, tuple) else size, kind) for key, size, kind in sizes]


registry.register("mssql.compatible", __name__, CompatibleSqlServer.__name__)
