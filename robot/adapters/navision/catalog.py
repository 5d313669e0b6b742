"""What a database's own catalogue says: which tables, which columns, which rights.

Names are compared without regard to case: a SQL Server-compatible server may fold them. Nothing
here is reflected by SQLAlchemy, whose inspector asks far more than is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Unicode,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.exc import NotSupportedError, ProgrammingError

from robot.adapters.navision.faults import Fault, fault_of

#: PostgreSQL's limit for a name, in bytes of UTF-8.
POSTGRESQL_NAME_BYTES: Final = 63
_DIGEST: Final = 8
#: The rights that a reader must not have.
WRITING: Final = ("INSERT", "UPDATE", "DELETE")
#: Names in one statement: far from SQL Server's 2,100 parameters.
_NAMES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the login may do to one table."""

    select: bool
    #: Which of INSERT, UPDATE and DELETE it may.
    writing: tuple[str, ...]


class UntoldRightsError(Exception):
    """The server has no word for the question what the login may do."""


class Catalog(Protocol):
    """The catalogue of one kind of database; `schema` is None for the login's own."""

    def tables_like(self, connection: Connection, part: str, schema: str | None) -> list[str]:
        """The names of the tables whose name holds `part`, in any case."""

    def columns(
        self,
        connection: Connection,
        names: Sequence[str],
        wanted: Iterable[str],
        schema: str | None,
    ) -> Mapping[str, frozenset[str]]:
        """Which of the wanted columns each table has, in lower case; no table is not in it."""

    def rights(
        self, connection: Connection, names: Sequence[str], schema: str | None
    ) -> Mapping[str, Rights]:
        """What the login may do to each table; empty where there are no logins.

        Raises:
            UntoldRightsError: The server can't be asked.
        """

    def powers(self, connection: Connection) -> Sequence[str]:
        """What the login may do beyond single tables, in words; it should be nothing.

        Raises:
            UntoldRightsError: The server can't be asked.
        """


def name_in(dialect_name: str, name: str) -> str:
    """A table's or index's name as the database takes it.

    PostgreSQL cuts names at 63 bytes. There a longer name becomes its beginning, `~` and eight
    hexadecimal digits of its SHA-256, so that two long names stay two. NAV never runs there: this
    is for servers that stand in for SQL Server, which takes 128 characters.
    """
    if dialect_name != "postgresql" or len(name.encode()) <= POSTGRESQL_NAME_BYTES:
        return name
    digest = sha256(name.encode()).hexdigest()[:_DIGEST]
    beginning = name.encode()[: POSTGRESQL_NAME_BYTES - _DIGEST - 1].decode(errors="ignore")
    return f"{beginning}~{digest}"


def catalog_of(connection: Connection) -> Catalog:
    """The catalogue of the connection's database."""
    return _CATALOGS[connection.dialect.name]


class _SqlServerCatalog:
    """Through `OBJECT_ID`, which finds a name by the database's own rules of case and length."""

    def tables_like(self, connection: Connection, part: str, schema: str | None) -> list[str]:
        tables = table("tables", column("name"), column("schema_id"), schema="sys").alias("t")
        statement = select(tables.c.name).where(
            func.lower(tables.c.name, type_=Unicode()).like(f"%{_like(part)}%", escape="\\")
        )
        if schema is not None:
            statement = statement.where(tables.c.schema_id == func.schema_id(_text(schema)))
        return list(connection.scalars(statement))

    def columns(
        self,
        connection: Connection,
        names: Sequence[str],
        wanted: Iterable[str],
        schema: str | None,
    ) -> Mapping[str, frozenset[str]]:
        columns = table("columns", column("object_id"), column("name"), schema="sys").alias("c")
        lower = sorted({name.lower() for name in wanted})

        def of(chunk: Sequence[str]) -> Select[*tuple[Any, ...]]:
            asked = self._asked(chunk, schema)
            return (
                select(asked.c.place, func.lower(columns.c.name))
                .select_from(asked.join(columns, columns.c.object_id == asked.c.id))
                .where(func.lower(columns.c.name, type_=Unicode()).in_(lower))
            )

        found: dict[str, set[str]] = defaultdict(set)
        for chunk in _chunks(names):
            for place, name in connection.execute(of(chunk)):
                found[chunk[place]].add(name)
        if not found:
            found = self._columns_by_name(connection, names, lower, schema)
        return {name: frozenset(columns) for name, columns in found.items()}

    @staticmethod
    def _columns_by_name(
        connection: Connection, names: Sequence[str], wanted: Sequence[str], schema: str | None
    ) -> dict[str, set[str]]:
        """For a server whose `OBJECT_ID` does not find what its `sys.tables` lists."""
        columns = table("columns", column("object_id"), column("name"), schema="sys").alias("c")
        tables = table(
            "tables", column("object_id"), column("name"), column("schema_id"), schema="sys"
        ).alias("t")
        in_lower = func.lower(tables.c.name, type_=Unicode())
        spelled = {name.lower(): name for name in names}
        found: dict[str, set[str]] = defaultdict(set)
        for chunk in _chunks(sorted(spelled)):
            statement = (
                select(in_lower, func.lower(columns.c.name))
                .select_from(tables.join(columns, columns.c.object_id == tables.c.object_id))
                .where(
                    in_lower.in_(list(chunk)),
                    func.lower(columns.c.name, type_=Unicode()).in_(wanted),
                )
            )
            if schema is not None:
                statement = statement.where(tables.c.schema_id == func.schema_id(_text(schema)))
            for name, its_column in connection.execute(statement):
                found[spelled[name]].add(its_column)
        return found

    def rights(
        self, connection: Connection, names: Sequence[str], schema: str | None
    ) -> Mapping[str, Rights]:
        with _told():
            return self._rights(connection, names, schema)

    def _rights(
        self, connection: Connection, names: Sequence[str], schema: str | None
    ) -> Mapping[str, Rights]:
        found = {}
        for chunk in _chunks(names):
            asked = self._asked(chunk, schema)
            securable = self._securable(asked.c.id)
            statement = select(
                asked.c.place,
                *(
                    func.has_perms_by_name(securable, _text("OBJECT"), _text(right))
                    for right in ("SELECT", *WRITING)
                ),
            ).where(asked.c.id.is_not(None))
            for place, may_select, *may in connection.execute(statement):
                found[chunk[place]] = _rights(may_select, may)
        return found

    def powers(self, connection: Connection) -> Sequence[str]:
        statement = select(
            func.is_srvrolemember(_text("sysadmin")),
            func.is_member(_text("db_owner")),
            func.is_member(_text("db_datawriter")),
            func.is_member(_text("db_ddladmin")),
        )
        words = ("is sysadmin", "is db_owner", "is db_datawriter", "is db_ddladmin")
        with _told():
            held = connection.execute(statement).one()
        return [said for said, has in zip(words, held, strict=True) if has]

    @staticmethod
    def _asked(names: Sequence[str], schema: str | None) -> Any:  # noqa: ANN401 -- a subquery
        return union_all(
            *(
                select(
                    literal_column(str(place), Integer()).label("place"),
                    func.object_id(_text(_bracketed(name, schema))).label("id"),
                )
                for place, name in enumerate(names)
            )
        ).subquery("asked")

    @staticmethod
    def _securable(object_id: ColumnElement[Any]) -> ColumnElement[str]:
        schema = func.quotename(func.object_schema_name(object_id), type_=Unicode())
        return schema + _text(".") + func.quotename(func.object_name(object_id), type_=Unicode())


_PG_CLASS: Final = table(
    "pg_class", column("oid"), column("relname"), column("relnamespace"), column("relkind")
)
_PG_NAMESPACE: Final = table("pg_namespace", column("oid"), column("nspname"))


class _PostgresqlCatalog:
    def tables_like(self, connection: Connection, part: str, schema: str | None) -> list[str]:
        tables, spaces = _PG_CLASS, _PG_NAMESPACE
        name = cast(tables.c.relname, Unicode())
        statement = (
            select(name)
            .select_from(tables.join(spaces, spaces.c.oid == tables.c.relnamespace))
            .where(
                tables.c.relkind.in_(["r", "p", "v"]),
                _in_schema(spaces.c.nspname, schema),
                func.strpos(func.lower(name), _text(part.lower())) > 0,
            )
        )
        return list(connection.scalars(statement))

    def columns(
        self,
        connection: Connection,
        names: Sequence[str],
        wanted: Iterable[str],
        schema: str | None,
    ) -> Mapping[str, frozenset[str]]:
        shown = table(
            "columns",
            column("table_schema"),
            column("table_name"),
            column("column_name"),
            schema="information_schema",
        ).alias("shown")
        # The standard's view shows a login only what it may read or more.
        found: dict[str, set[str]] = defaultdict(set)
        lower = {name.lower() for name in wanted}
        for chunk in _chunks(names):
            statement = select(shown.c.table_name, func.lower(shown.c.column_name)).where(
                shown.c.table_name.in_(list(chunk)), _in_schema(shown.c.table_schema, schema)
            )
            for name, its_column in connection.execute(statement):
                if its_column in lower:
                    found[name].add(its_column)
        return {name: frozenset(columns) for name, columns in found.items()}

    def rights(
        self, connection: Connection, names: Sequence[str], schema: str | None
    ) -> Mapping[str, Rights]:
        tables, spaces = _PG_CLASS, _PG_NAMESPACE
        found = {}
        for chunk in _chunks(names):
            statement = (
                select(
                    tables.c.relname,
                    *(
                        func.has_table_privilege(tables.c.oid, literal_column(f"'{right}'"))
                        for right in ("SELECT", *WRITING)
                    ),
                )
                .select_from(tables.join(spaces, spaces.c.oid == tables.c.relnamespace))
                .where(tables.c.relname.in_(list(chunk)), _in_schema(spaces.c.nspname, schema))
            )
            for name, may_select, *may in connection.execute(statement):
                found[name] = _rights(may_select, may)
        return found

    def powers(self, connection: Connection) -> Sequence[str]:
        statement = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return ["is a superuser"] if _is_true(connection.scalar(statement)) else []


class _SqliteCatalog:
    def tables_like(self, connection: Connection, part: str, schema: str | None) -> list[str]:
        del schema
        statement = text(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND instr(lower(name), :part) > 0"
        ).bindparams(part=part.lower())
        return list(connection.scalars(statement))

    def columns(
        self,
        connection: Connection,
        names: Sequence[str],
        wanted: Iterable[str],
        schema: str | None,
    ) -> Mapping[str, frozenset[str]]:
        del schema
        tables = table("sqlite_master", column("name"))
        its = func.pragma_table_info(tables.c.name).table_valued("name", name="its")
        lower = {name.lower() for name in wanted}
        found: dict[str, set[str]] = defaultdict(set)
        for chunk in _chunks(names):
            statement = (
                select(tables.c.name, func.lower(its.c.name))
                .select_from(tables.join(its, literal(1) == 1))
                .where(tables.c.name.in_(list(chunk)))
            )
            for name, its_column in connection.execute(statement):
                if its_column in lower:
                    found[name].add(its_column)
        return {name: frozenset(columns) for name, columns in found.items()}

    def rights(
        self, connection: Connection, names: Sequence[str], schema: str | None
    ) -> Mapping[str, Rights]:
        del connection, names, schema
        return {}

    def powers(self, connection: Connection) -> Sequence[str]:
        del connection
        return []


_CATALOGS: Final[Mapping[str, Catalog]] = {
    "mssql": _SqlServerCatalog(),
    "postgresql": _PostgresqlCatalog(),
    "sqlite": _SqliteCatalog(),
}


@contextmanager
def _told() -> Iterator[None]:
    """SQL Server's functions on rights, which a server that is only compatible may lack."""
    try:
        yield
    except (ProgrammingError, NotSupportedError) as error:
        if fault_of(error) is Fault.DENIED:
            raise
        raise UntoldRightsError from error


def _text(value: str | None) -> ColumnElement[str]:
    return literal(value, Unicode())


def _in_schema(shown: ColumnElement[str], schema: str | None) -> ColumnElement[bool]:
    if schema is None:
        return shown == func.current_schema()
    return shown == _text(schema)


def _bracketed(name: str, schema: str | None) -> str:
    parts = [part for part in (schema, name) if part is not None]
    return ".".join(f"[{part.replace(']', ']]')}]" for part in parts)


def _like(part: str) -> str:
    """A text in a LIKE pattern, nothing in it special; `[` is a set in T-SQL."""
    escaped = part.lower()
    for mark in "\\%_[":
        escaped = escaped.replace(mark, f"\\{mark}")
    return escaped


def _rights(may_select: object, may_write: Sequence[object]) -> Rights:
    writing = tuple(right for right, may in zip(WRITING, may_write, strict=True) if _is_true(may))
    return Rights(select=_is_true(may_select), writing=writing)


def _is_true(value: object) -> bool:
    """ODBC gives PostgreSQL's booleans as the texts `1` and `0` unless told otherwise."""
    return value in {True, "1", "t"}


def _chunks(names: Sequence[str]) -> Iterable[Sequence[str]]:
    rest = iter(names)
    while chunk := list(islice(rest, _NAMES)):
        yield chunk
