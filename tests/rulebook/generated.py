"""Generated rules, as YAML, and generated documents with missing and unknown values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import Money
from robot.rulebook.vocabulary import COMPARABLE, OPERATORS, Operator
from tests.rulebook.world import CATALOGUE, TODAY

#: Few values, so that rules and documents meet at their boundaries.
AMOUNTS = ("0", "99.99", "100", "100.01", "-5", "250")
CURRENCIES = ("DKK", "DKK", "DKK", "EUR")
CODES = ("A1", "A2", "0450", "6100", "6200", "NO", "12345678")
DAYS = tuple(TODAY + timedelta(days=days) for days in (-400, -31, -1, 0, 1, 14, 60))
LISTS: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {
    "approved": (("A1", None, None), ("A2", date(2026, 11, 25), None), ("6100", None, TODAY)),
    "empty": (),
}
LIST_FILES = {
    f"lists/{name}.csv": "value,from,until\n"
    + "".join(f"{value},{first or ''},{last or ''}\n" for value, first, last in rows)
    for name, rows in LISTS.items()
}

_line_fields = {name: spec for name, spec in CATALOGUE.items() if spec.of_line}
_document_fields = {
    name: spec
    for name, spec in CATALOGUE.items()
    if not spec.of_line and spec.type is not FieldType.LINES
}
DIMENSIONS = ("delregnskab", "formaal")


@cache
def _money() -> st.SearchStrategy[str]:
    return st.builds("{} {}".format, st.sampled_from(AMOUNTS), st.sampled_from(CURRENCIES))


@cache
def _literal(name: str, kind: FieldType) -> st.SearchStrategy[str]:
    if kind is FieldType.MONEY:
        return _money()
    if kind is FieldType.NUMBER:
        return st.sampled_from(("0", "1", "2", "12.5"))
    if kind is FieldType.DATE:
        relative = st.sampled_from(("today", "today - 30 days", "today + 14 days"))
        return st.one_of(st.sampled_from([day.isoformat() for day in DAYS]), relative)
    if kind is FieldType.CHOICE:
        return st.sampled_from(CATALOGUE[name].choices)
    return st.sampled_from([f"'{code}'" for code in CODES])


_BETWEEN = {
    FieldType.MONEY: ("[0 DKK, 100 DKK]", "[99.99 EUR, 250 EUR]"),
    FieldType.NUMBER: ("[0, 1]", "[1, 12.5]"),
    FieldType.DATE: ("[2026-01-01, 2026-12-31]", "[today, today + 14 days]"),
}
_OPERANDS = {
    Operator.IN_LIST: sorted(LISTS),
    Operator.NOT_IN_LIST: sorted(LISTS),
    Operator.WITHIN_DAYS: ("14", "next 30", "last 1"),
    Operator.MATCHES: (r"'\d{8}'", "'[A-Z]\\d'", "'6.*'"),
    Operator.STARTS_WITH: ("'6'", "['A', '04']"),
}


@cache
def _operand(name: str, kind: FieldType, operator: Operator) -> st.SearchStrategy[str]:
    if operator in _OPERANDS:
        return st.sampled_from(_OPERANDS[operator])
    if operator is Operator.BETWEEN:
        return st.sampled_from(_BETWEEN[kind])
    literal = _literal(name, kind)
    if operator in {Operator.IN, Operator.NOT_IN}:
        return st.lists(literal, min_size=1, max_size=3).map(lambda v: f"[{', '.join(v)}]")
    return literal


@cache
def _comparable(name: str, kind: FieldType, *, of_line: bool) -> list[str]:
    known = {**_document_fields, **(_line_fields if of_line else {})}
    return [
        other.removeprefix("lines.")
        for other, spec in known.items()
        if spec.type in COMPARABLE[kind] and other != name and not spec.open_ended
    ]


@cache
def _field_names(*, of_line: bool) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(_line_fields if of_line else _document_fields))


@cache
def _sample(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


@cache
def _some(*operators: Operator) -> st.SearchStrategy[list[Operator]]:
    return st.lists(st.sampled_from(operators), min_size=1, max_size=2)


@st.composite
def tests(draw: st.DrawFn, *, of_line: bool) -> str:
    """One field with its condition, as a flow mapping."""
    name = draw(_field_names(of_line=of_line))
    spec = CATALOGUE[name]
    key = name.removeprefix("lines.") if of_line else name
    if spec.open_ended:
        key += draw(st.sampled_from(DIMENSIONS))
    words = ["missing", "present", *(["yes", "no"] if spec.type is FieldType.FLAG else [])]
    operators = [
        operator
        for operator in OPERATORS[spec.type]
        if operator not in {Operator.SAME_AS, Operator.DIFFERS_FROM}
        or _comparable(name, spec.type, of_line=of_line)
    ]
    if not operators or draw(st.integers(0, 3)) == 0:
        return f"{{{key}: {draw(_sample(*words))}}}"
    parts: dict[Operator, str] = {}
    for operator in draw(_some(*operators)):
        if operator in {Operator.SAME_AS, Operator.DIFFERS_FROM}:
            parts[operator] = draw(_sample(*_comparable(name, spec.type, of_line=of_line)))
        else:
            parts[operator] = draw(_operand(name, spec.type, operator))
    inner = ", ".join(f"{operator}: {operand}" for operator, operand in parts.items())
    return f"{{{key}: {{{inner}}}}}"


@cache
def _bounds(kind: FieldType) -> st.SearchStrategy[str]:
    number = st.sampled_from(("0", "1", "2"))
    literal = _money() if kind is FieldType.MONEY else number
    word = st.sampled_from(("below", "at_most", "above", "at_least", "is"))
    return st.builds("{}: {}".format, word, literal)


@st.composite
def line_conditions(draw: st.DrawFn) -> str:
    """Something that is asked of the lines."""
    inner = draw(blocks(of_line=True))
    kind = draw(_sample("any", "all", "none", "count", "sum"))
    where = f"where: {inner}, " if draw(st.booleans()) else ""
    if kind == "count":
        return f"{{lines: {{count: {{{where}{draw(_bounds(FieldType.NUMBER))}}}}}}}"
    if kind == "sum":
        field = draw(_sample("net", "quantity"))
        bound = draw(_bounds(CATALOGUE[f"lines.{field}"].type))
        return f"{{lines: {{sum: {{field: {field}, {where}{bound}}}}}}}"
    return f"{{lines: {{{kind}: {inner}}}}}"


@cache
def blocks(*, of_line: bool = False) -> st.SearchStrategy[str]:
    """A block, nested up to three deep."""
    leaves = tests(of_line=of_line)
    if not of_line:
        leaves = st.one_of(leaves, line_conditions())

    def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        word = st.sampled_from(("any_of", "all_of", "none_of"))
        several = st.lists(inner, min_size=1, max_size=3).map(", ".join)
        return st.builds("{{{}: [{}]}}".format, word, several)

    return st.recursive(leaves, nested, max_leaves=5)


def _value(name: str, kind: FieldType) -> st.SearchStrategy[Any]:
    amounts = st.builds(
        Money, st.sampled_from([Decimal(a) for a in AMOUNTS]), st.sampled_from(CURRENCIES)
    )
    known: st.SearchStrategy[Any] = {
        FieldType.MONEY: amounts,
        FieldType.NUMBER: st.sampled_from([Decimal(n) for n in ("0", "1", "2", "12.5")]),
        FieldType.DATE: st.sampled_from(DAYS),
        FieldType.FLAG: st.booleans(),
        FieldType.ACCOUNTS: st.frozensets(st.sampled_from(CODES), max_size=2),
        FieldType.CHOICE: st.sampled_from(CATALOGUE[name].choices or ("x",)),
    }.get(kind, st.sampled_from(CODES))
    return st.one_of(known, known, known, st.sampled_from((None, UNKNOWN)))


@cache
def _lines() -> st.SearchStrategy[Any]:
    fields = {
        name.removeprefix("lines."): _value(name, spec.type)
        for name, spec in _line_fields.items()
        if not spec.open_ended
    }
    fields |= {
        f"dimensions.{name}": _value("order.reference", FieldType.CODE) for name in DIMENSIONS
    }
    some = st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=3).map(tuple)
    return st.one_of(some, some, some, st.sampled_from(((), UNKNOWN)))


@cache
def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Field values, some missing, some unknown."""
    fields = {name: _value(name, spec.type) for name, spec in _document_fields.items()}
    return st.fixed_dictionaries({**fields, "lines": _lines()})
