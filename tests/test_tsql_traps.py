"""The checker of T-SQL finds each trap, and leaves alone what is sound."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.tsql import key_traps, traps

TRAPS = {
    "UPDATE t SET a=? WHERE t.a IS 0": "IS takes NULL only",
    "SELECT t.a FROM t ORDER BY t.a DESC, t.a DESC": "a column twice in ORDER BY",
    "SELECT t.a FROM t OFFSET 5 ROWS FETCH NEXT 3 ROWS ONLY": "OFFSET without ORDER BY",
    "SELECT x.a FROM (SELECT t.a FROM t ORDER BY t.a) AS x": "ORDER BY in a part of a statement",
    "SELECT DISTINCT t.a FROM t ORDER BY t.b": "t.b is not in SELECT DISTINCT",
    "SELECT t.a || t.b FROM t": "|| is no T-SQL",
    "SELECT t.a FROM t LIMIT 3": "LIMIT is no T-SQL",
    "SELECT trim(t.a) FROM t": "trim( is no T-SQL",
    "SELECT t.a FROM t WITH (UPDLOCK)": "UPDLOCK is no T-SQL",
    "SELECT t.rule FROM t": "rule is a reserved word",
    "SELECT dbo.t.a FROM dbo.t": "dbo.t.a has more than two parts",
    "SELECT t.a FROM t WHERE t.recheck AND t.a = 1": "the value t.recheck as a condition",
    "SELECT (t.a = 1) AS x FROM t": "the condition (t.a = 1) AS x as a value",
    "SELECT t.a FROM t WHERE (t.a, t.b) IN (SELECT 1, 2)": "a row as a value",
    "SELECT sum((SELECT u.a FROM u)) FROM t": "an aggregate over a query",
    "SELECT stuff(t.a, 1, 2, 'y') FROM t": "STUFF is not on the list of functions",
    "INSERT INTO t (a) OUTPUT inserted.a VALUES (?)": (
        "INSERT with OUTPUT, which a table with a trigger refuses"
    ),
    "INSERT INTO t (a) VALUES (1)" + ", (1)" * 1000: "1001 rows of VALUES",
    "SELECT t.a FROM t WHERE t.a IN (?" + ", ?" * 2100 + ")": "2101 parameters",
    "SELECT t." + "a" * 129 + " FROM t": "a name of 129 characters",
    "CREATE TABLE t (a NTEXT NOT NULL)": "NTEXT is no T-SQL",
    "CREATE TABLE t (a ROWVERSION NOT NULL)": "ROWVERSION is no T-SQL",
    "ALTER TABLE t ADD a VARCHAR(9) NOT NULL": "a is added NOT NULL without a default",
}


@pytest.mark.parametrize("text", TRAPS, ids=TRAPS.get)
def test_it_finds(text: str) -> None:
    assert TRAPS[text] in traps(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT TOP 1 t.a FROM t ORDER BY t.a, t.b DESC",
        "SELECT t.a FROM t ORDER BY t.a OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY",
        "SELECT CASE WHEN (EXISTS (SELECT * FROM u)) THEN 1 ELSE 0 END AS sent FROM t",
        "SELECT replace(ltrim(t.a), ?, ?) AS plain FROM t",
        "SELECT t.[rule] FROM t WHERE NOT (t.a = ? OR t.b IS NULL)",
        "SELECT t.a FROM t WHERE t.a LIKE '%' + ? + '% limit || %' ESCAPE '/'",
        "SELECT t.a FROM t WHERE t.a IN (SELECT 1 WHERE 1!=1)",
        "UPDATE t SET a=t.a OUTPUT inserted.a",
        "CREATE TABLE t (a NVARCHAR(max) NOT NULL, b BIT NOT NULL)",
        "ALTER TABLE t ADD a VARCHAR(9) NOT NULL DEFAULT 'x'",
    ],
)
def test_it_leaves_alone(text: str) -> None:
    assert traps(text) == []


def test_it_finds_keys_that_do_not_fit() -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("long", sa.Unicode(900)),
        sa.UniqueConstraint("long", name="uq_long"),
    )

    assert list(key_traps(table)) == [
        "uq_long may have 1800 bytes",
        "long is unique, and NULL is taken for one value",
        "t gives out its own numbers",
    ]
