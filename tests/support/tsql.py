"""What only looks like T-SQL, found in the text of a statement.

A parser reads much that SQL Server refuses: booleans as values, a column named twice in ORDER
BY, a reserved word as a name. The rules are from the T-SQL reference. Functions are on a short
list, so that one of a later version, or one that a compatible server lacks, is noticed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import sqlalchemy as sa
import sqlglot
from sqlalchemy import make_url
from sqlalchemy.engine import Dialect
from sqlglot import exp

#: Limits: parameters of a statement, rows of VALUES, characters of a name, bytes of keys.
PARAMETERS: Final = 2100
ROWS: Final = 1000
NAME: Final = 128
CLUSTERED_BYTES: Final = 900
INDEX_BYTES: Final = 1700


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Functions that SQL Server 2016 has, and servers that are compatible with it; the last
#: three are what the parser makes of CASE, of a comparison, and of a text for a time.
FUNCTIONS: Final = _words(
    """
    CASE CAST COALESCE COUNT DATEDIFF DATE_DIFF EXISTS LOWER MAX MIN SUBSTRING SUM SYSUTCDATETIME
    CURRENT_TIMESTAMP CURRENT_TIMESTAMP_L_T_Z OBJECT_ID SCHEMA_ID HAS_PERMS_BY_NAME QUOTENAME
    REPLACE TRIM OBJECT_SCHEMA_NAME OBJECT_NAME
    IS_SRVROLEMEMBER IS_MEMBER DB_NAME AND OR IF TIME_STR_TO_TIME
    """
)
#: Words of other dialects, of later versions than 2016, or that Babelfish refuses as it comes.
FOREIGN: Final = (
    r"\|\||::|\b(limit|ilike|returning|true|false|for update|nulls (first|last)|on conflict|using"
    r"|sqlite_\w+|pg_\w+|pragma\w*|strftime|extract|strpos|instr|datediff_big|ntext|image"
    r"|if not exists|is (not )?distinct from|boolean|string_agg|greatest|least|information_schema"
    r"|updlock|holdlock|nolock|snapshot|identity|cascade|restrict|interval|rowversion|merge)\b"
    r"|\b(now|trim)\s*\("
)
#: T-SQL's reserved keywords (Transact-SQL reference, Reserved Keywords).
RESERVED: Final = _words(
    """
    add all alter and any as asc authorization backup begin between break browse bulk by cascade
    case check checkpoint close clustered coalesce collate column commit compute constraint
    contains containstable continue convert create cross current current_date current_time
    current_timestamp current_user cursor database dbcc deallocate declare default delete deny
    desc disk distinct distributed double drop dump else end errlvl escape except exec execute
    exists exit external fetch file fillfactor for foreign freetext freetexttable from full
    function goto grant group having holdlock identity identity_insert identitycol if in index
    inner insert intersect into is join key kill left like lineno load merge national nocheck
    nonclustered not null nullif of off offsets on open opendatasource openquery openrowset
    openxml option or order outer over percent pivot plan precision primary print proc procedure
    public raiserror read readtext reconfigure references replication restore restrict return
    revert revoke right rollback rowcount rowguidcol rule save schema securityaudit select
    semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable session_user
    set setuser shutdown some statistics system_user table tablesample textsize then to top tran
    transaction trigger truncate try_convert tsequal union unique unpivot update updatetext use
    user values varying view waitfor when where while with within writetext
    """
)
_PREDICATES: Final = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Is,
    exp.In,
    exp.Like,
    exp.Escape,
    exp.Between,
    exp.Exists,
    exp.Not,
    exp.And,
    exp.Or,
)


def sql_server() -> Dialect:
    """SQLAlchemy's dialect as it is on a connection to SQL Server 2022."""
    dialect = make_url("mssql+pyodbc://").get_dialect()()
    dialect.server_version_info = (16, 0, 4000, 1)
    dialect._setup_version_attributes()  # type: ignore[attr-defined]
    return dialect


def read(text: str) -> exp.Expr:
    """The statement as a tree; nothing that the parser only passes through."""
    found = sqlglot.parse_one(text, read="tsql")
    assert not isinstance(found, exp.Command), text
    return found


def traps(text: str) -> list[str]:
    """What SQL Server would refuse, or take otherwise than it looks; empty when it is sound."""
    tree = read(text)
    bare = re.sub(r"'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]", "x", text)
    found = [f"{match[0]} is no T-SQL" for match in re.finditer(FOREIGN, bare, re.IGNORECASE)]
    if bare.count("?") > PARAMETERS:
        found.append(f"{bare.count('?')} parameters")
    return found + [words for rule in _RULES for words in rule(tree)]


def _names(tree: exp.Expr) -> Iterator[str]:
    for name in tree.find_all(exp.Identifier):
        if len(name.name) > NAME:
            yield f"a name of {len(name.name)} characters"
        if not name.args.get("quoted") and name.name.lower() in RESERVED:
            yield f"{name.name} is a reserved word"
    for column in tree.find_all(exp.Column):
        if column.args.get("db"):
            yield f"{column.sql()} has more than two parts"


def _functions(tree: exp.Expr) -> Iterator[str]:
    for call in tree.find_all(exp.Func):
        name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
        if name.upper() not in FUNCTIONS:
            yield f"{name} is not on the list of functions"


def _booleans(tree: exp.Expr) -> Iterator[str]:
    for test in tree.find_all(exp.Is):
        if not isinstance(test.expression, exp.Null):
            yield "IS takes NULL only"
    for select in tree.find_all(exp.Select):
        yield from (
            f"the condition {it.sql('tsql')} as a value"
            for it in select.expressions
            if isinstance(it.unalias().unnest(), _PREDICATES)
        )
    for place in tree.find_all(exp.Where, exp.And, exp.Or, exp.Not, exp.Join, exp.Having, exp.If):
        yield from (
            f"the value {it.sql('tsql')} as a condition"
            for it in _conditions(place)
            if not isinstance(it.unnest(), _PREDICATES)
        )


def _conditions(place: exp.Expr) -> list[exp.Expr]:
    if isinstance(place, exp.Join):
        on = place.args.get("on")
        return [] if on is None else [on]
    if isinstance(place, exp.And | exp.Or):
        return [place.left, place.right]
    return [place.this]


def _order(tree: exp.Expr) -> Iterator[str]:
    for query in tree.find_all(exp.Query):
        order = query.args.get("order")
        keys = [] if order is None else [it.this.sql("tsql") for it in order.expressions]
        if len(set(keys)) < len(keys):
            yield "a column twice in ORDER BY"
        cut = query.args.get("limit") or query.args.get("offset")
        if query.args.get("offset") and not keys:
            yield "OFFSET without ORDER BY"
        if keys and query.parent is not None and not cut:
            yield "ORDER BY in a part of a statement"
        if isinstance(query, exp.Select) and query.args.get("distinct"):
            shown = {it.unalias().sql("tsql") for it in query.expressions}
            yield from (f"{key} is not in SELECT DISTINCT" for key in keys if key not in shown)


def _values(tree: exp.Expr) -> Iterator[str]:
    for values in tree.find_all(exp.Values):
        if len(values.expressions) > ROWS:
            yield f"{len(values.expressions)} rows of VALUES"
    if any(isinstance(test.this, exp.Tuple) for test in tree.find_all(exp.EQ, exp.In)):
        yield "a row as a value"
    if any(call.find(exp.Select) for call in tree.find_all(exp.Sum, exp.Max, exp.Min)):
        yield "an aggregate over a query"
    for insert in tree.find_all(exp.Insert):
        if insert.args.get("returning"):
            yield "INSERT with OUTPUT, which a table with a trigger refuses"


def _types(tree: exp.Expr) -> Iterator[str]:
    for column in tree.find_all(exp.ColumnDef):
        kind = column.args.get("kind")
        # BIT is read as a boolean and written as BIT again.
        if kind is not None and kind.this is exp.DataType.Type.TEXT:
            yield f"the type {kind.sql('tsql')}"
    for alter in tree.find_all(exp.Alter):
        for column in alter.find_all(exp.ColumnDef):
            kinds = [it.args.get("kind") for it in column.find_all(exp.ColumnConstraint)]
            strict = any(
                isinstance(it, exp.NotNullColumnConstraint) and not it.args.get("allow_null")
                for it in kinds
            )
            if strict and not any(isinstance(it, exp.DefaultColumnConstraint) for it in kinds):
                yield f"{column.name} is added NOT NULL without a default"


_RULES: Final[tuple[Callable[[exp.Expr], Iterator[str]], ...]] = (
    _names,
    _functions,
    _booleans,
    _order,
    _values,
    _types,
)


def key_traps(table: sa.Table) -> Iterator[str]:
    """Keys and indexes that SQL Server refuses, or takes otherwise: too long, unique over NULL."""
    dialect = sql_server()
    keys = [(table.primary_key.name, list(table.primary_key.columns), CLUSTERED_BYTES)]
    unique = [it for it in table.constraints if isinstance(it, sa.UniqueConstraint)]
    keys += [(it.name, list(it.columns), INDEX_BYTES) for it in unique]
    keys += [(it.name, list(it.columns), INDEX_BYTES) for it in table.indexes]
    for name, columns, most in keys:
        size = sum(_bytes(column, dialect) for column in columns)
        if size > most:
            yield f"{name} may have {size} bytes"
    for constraint in unique:
        yield from (
            f"{it.name} is unique, and NULL is taken for one value"
            for it in constraint.columns
            if it.nullable
        )
    if table.autoincrement_column is not None:
        yield f"{table.name} gives out its own numbers"


def _bytes(column: sa.Column[object], dialect: Dialect) -> int:
    text = column.type.compile(dialect=dialect)
    length = re.fullmatch(r"(N?)VARCHAR\((\d+|max)\)", text)
    if length is None:
        return 8
    if length[2] == "max":
        return INDEX_BYTES + 1
    return int(length[2]) * (2 if length[1] else 1)
