"""Turns conditions into Python expressions, each as a pair.

Kleene's third value is carried by two plain booleans: a condition is *possible* when it is not
known to be false and *certain* when it is known to be true. True is both, false is neither,
unknown is possible only. `all_of` and `any_of` keep the pair apart (and, or), `not` swaps it:
not(c) is possible when c is not certain. So short-circuit evaluation stays exact.

Only names made here get into the source: `f`, `r0`, `C0`, ... Texts, field names and patterns of
rule files reach the code as constants in its globals, never as source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import Money
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    ListName,
    Literal,
    Not,
    Operand,
    SumLines,
    Test,
)
from robot.rulebook.literals import RelativeDate, Window, compiled_pattern
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator, Quantifier

_NEVER: Final = "False"
_ALWAYS: Final = "True"
_SYMBOLS: Final[Mapping[Operator, str]] = {
    Operator.BELOW: "<",
    Operator.AT_MOST: "<=",
    Operator.ABOVE: ">",
    Operator.AT_LEAST: ">=",
    Operator.IS: "==",
    Operator.IS_NOT: "!=",
    Operator.BEFORE: "<",
    Operator.ON_OR_BEFORE: "<=",
    Operator.AFTER: ">",
    Operator.ON_OR_AFTER: ">=",
    Operator.IN: "in",
    Operator.NOT_IN: "not in",
    Operator.IN_LIST: "in",
    Operator.NOT_IN_LIST: "not in",
}
#: How a value of each type is told from what can't be compared.
_COMPARABLE: Final[Mapping[FieldType, str]] = {
    FieldType.NUMBER: "{raw} if {raw}.__class__ in NUMBERS else None",
    FieldType.DATE: "{raw} if {raw}.__class__ is DATE else None",
    FieldType.CODE: "{raw} if isinstance({raw}, str) else None",
    FieldType.TEXT: "{raw} if isinstance({raw}, str) else None",
    FieldType.CHOICE: "{raw} if isinstance({raw}, str) else None",
    FieldType.ACCOUNT: "{raw} if isinstance({raw}, str) else None",
}


def same(first: object, second: object) -> bool | None:
    """Whether two fields agree: None when a side is not known, missing, or in another currency.

    An account agrees with a set of accounts when it is one of them.
    """
    if first is None or second is None or first is UNKNOWN or second is UNKNOWN:
        return None
    if isinstance(second, frozenset):
        return first in second
    if isinstance(first, Money) and isinstance(second, Money):
        return first.amount == second.amount if first.currency == second.currency else None
    return first == second


#: What the generated code may use besides constants; it has no other builtins.
RUNTIME: Final[Mapping[str, object]] = {
    "__builtins__": {"isinstance": isinstance, "str": str, "len": len},
    "U": UNKNOWN,
    "DATE": date,
    "MONEY": Money,
    "NUMBERS": (Decimal, int),
    "SEQUENCES": (tuple, list),
    "ZERO": Decimal(0),
    "SAME": same,
}


@dataclass(slots=True)
class Constants:
    """The values that the code refers to by name; dated ones are computed for each day."""

    fixed: dict[str, object] = field(default_factory=dict)
    dated: dict[str, Callable[[date], object]] = field(default_factory=dict)
    _names: dict[object, str] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """The name of a value."""
        key = (type(value), value)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"C{len(self.fixed)}"
            self.fixed[name] = value
        return name

    def add_dated(self, value: Callable[[date], object]) -> str:
        """The name of a value that depends on the decision's date."""
        name = f"T{len(self.dated)}"
        self.dated[name] = value
        return name

    def on(self, today: date) -> dict[str, object]:
        """All values on one day."""
        return {**self.fixed, **{name: value(today) for name, value in self.dated.items()}}


@dataclass(frozen=True, slots=True)
class Pair:
    """Python expressions for: not known to be false, known to be true."""

    possible: str
    certain: str

    def negated(self) -> Pair:
        """The pair of the opposite."""
        return Pair(f"not {self.certain}", f"not {self.possible}")


class Scope:
    """The fields that a function reads from one mapping, each fetched once into a local."""

    def __init__(self, constants: Constants, mapping: str, mark: str) -> None:
        self._constants = constants
        self._mapping = mapping
        self._mark = mark
        self._raw: dict[FieldRef, str] = {}
        self._locals: dict[str, str] = {}

    def raw(self, reference: FieldRef) -> str:
        """The local that holds a field's value as it is."""
        known = self._raw.get(reference)
        if known is None:
            known = self._raw[reference] = f"{self._mark}{len(self._raw)}"
        return known

    def value(self, reference: FieldRef) -> str:
        """The local that holds a field's value, None when it can't be compared."""
        raw = self.raw(reference)
        name = f"{raw}v"
        self._locals[name] = _COMPARABLE[reference.type].format(raw=raw)
        return name

    def amount(self, reference: FieldRef, currency: str) -> str:
        """The local that holds the amount in one currency, None in another."""
        raw = self.raw(reference)
        wanted = self._constants.add(currency)
        name = f"{raw}m{wanted}"
        self._locals[name] = (
            f"{raw}.amount if {raw}.__class__ is MONEY and {raw}.currency == {wanted} else None"
        )
        return name

    def lines(self) -> str:
        """The local that holds the lines; None when not known or when there are none."""
        raw = self.raw(LINES)
        name = f"{raw}v"
        self._locals[name] = f"{raw} if {raw}.__class__ in SEQUENCES and {raw} else None"
        return name

    def fetch(self) -> list[str]:
        """The statements that fill the locals."""
        fetched = [self._fetch_one(reference, name) for reference, name in self._raw.items()]
        return [*fetched, *(f"{name} = {made}" for name, made in self._locals.items())]

    def _fetch_one(self, reference: FieldRef, name: str) -> str:
        key = self._constants.add(reference.key)
        if reference.open_ended:
            return f"{name} = {self._mapping}.get({key}, U)"
        return f"{name} = {self._mapping}[{key}]"


class Emitter:
    """Emits the conditions of one rule set into one module."""

    def __init__(self, lists: Mapping[str, ValueList]) -> None:
        self.constants = Constants()
        #: Functions over lines, in the order in which they must be defined.
        self.functions: list[str] = []
        self._lists = lists
        self._known: dict[tuple[object, ...], str] = {}

    def scope(self, mapping: str, mark: str) -> Scope:
        """A scope that reads from a mapping."""
        return Scope(self.constants, mapping, mark)

    def pair(self, condition: Condition, document: Scope, line: Scope | None = None) -> Pair:
        """The expressions of a condition; `line` when it is inside `lines`."""
        if isinstance(condition, AllOf | AnyOf):
            word = " and " if isinstance(condition, AllOf) else " or "
            pairs = [self.pair(part, document, line) for part in condition.parts]
            return Pair(
                f"({word.join(pair.possible for pair in pairs)})",
                f"({word.join(pair.certain for pair in pairs)})",
            )
        if isinstance(condition, Not):
            inner = self.pair(condition.part, document, line).negated()
            return Pair(f"({inner.possible})", f"({inner.certain})")
        if isinstance(condition, Test):
            return self._test(condition, document, line)
        return self._over_lines(condition, document)

    def _test(self, test: Test, document: Scope, line: Scope | None) -> Pair:
        scope = line if test.field.of_line and line is not None else document
        if test.operator in {Operator.MISSING, Operator.PRESENT}:
            return self._presence(test, scope)
        if test.field.type is FieldType.FLAG:
            return self._flag(test, scope)
        if test.operator in {Operator.SAME_AS, Operator.DIFFERS_FROM}:
            return self._comparison(test, scope, document, line)
        if test.field.type is FieldType.MONEY:
            currencies = _currencies(test.operands)
            if len(currencies) > 1:
                return Pair(_ALWAYS, _NEVER)
            value = scope.amount(test.field, *currencies)
        else:
            value = scope.value(test.field)
        expression = self._expression(value, test.operator, test.operands)
        return Pair(
            f"({value} is None or {expression})", f"({value} is not None and {expression})"
        )

    def _presence(self, test: Test, scope: Scope) -> Pair:
        raw = scope.raw(test.field)
        if test.field.type in {FieldType.LINES, FieldType.ACCOUNTS}:
            missing = Pair(
                f"({raw} is None or {raw} is U or not {raw})",
                f"({raw} is None or ({raw} is not U and not {raw}))",
            )
        else:
            missing = Pair(f"({raw} is None or {raw} is U)", f"({raw} is None)")
        if test.operator is Operator.MISSING:
            return missing
        present = missing.negated()
        return Pair(f"({present.possible})", f"({present.certain})")

    def _flag(self, test: Test, scope: Scope) -> Pair:
        raw = scope.raw(test.field)
        (operand,) = test.operands
        wanted = isinstance(operand, Literal) and operand.value is True
        return Pair(f"({raw} is not {not wanted})", f"({raw} is {wanted})")

    def _comparison(self, test: Test, scope: Scope, document: Scope, line: Scope | None) -> Pair:
        (other,) = test.operands
        if not isinstance(other, FieldRef):
            raise TypeError(test.operator)
        other_scope = line if other.of_line and line is not None else document
        call = f"SAME({scope.raw(test.field)}, {other_scope.raw(other)})"
        equal = test.operator is Operator.SAME_AS
        return Pair(f"({call} is not {not equal})", f"({call} is {equal})")

    def _expression(self, value: str, operator: Operator, operands: tuple[Operand, ...]) -> str:
        """One operator on a local that holds a value; false and true are all it can be."""
        if operator is Operator.STARTS_WITH:
            return f"{value}.startswith({self.constants.add(tuple(map(_value, operands)))})"
        if operator is Operator.MATCHES:
            match = compiled_pattern(str(_value(operands[0]))).fullmatch
            return f"{self.constants.add(match)}({value}) is not None"
        if operator is Operator.WITHIN_DAYS:
            return self._window(value, _value(operands[0]))
        if operator is Operator.BETWEEN:
            low, high = map(self._size, operands)
            return f"{low} <= {value} <= {high}"
        return f"{value} {_SYMBOLS[operator]} {self._right_side(operator, operands)}"

    def _right_side(self, operator: Operator, operands: tuple[Operand, ...]) -> str:
        if operator in {Operator.IN_LIST, Operator.NOT_IN_LIST}:
            return self._list(operands[0])
        if operator in {Operator.IN, Operator.NOT_IN}:
            return self.constants.add(frozenset(map(_value, operands)))
        return self._size(operands[0])

    def _size(self, operand: Operand) -> str:
        value = _value(operand)
        if isinstance(value, RelativeDate):
            return self.constants.add_dated(value.on)
        return self.constants.add(value.amount if isinstance(value, Money) else value)

    def _window(self, value: str, window: object) -> str:
        if not isinstance(window, Window):
            raise TypeError(window)
        low = self.constants.add_dated(lambda today: window.on(today)[0])
        high = self.constants.add_dated(lambda today: window.on(today)[1])
        return f"{low} <= {value} <= {high}"

    def _list(self, operand: Operand) -> str:
        if not isinstance(operand, ListName):
            raise TypeError(operand)
        rows = self._lists[operand.name]
        if rows.dated:
            return self.constants.add_dated(rows.values)
        return self.constants.add(frozenset(row.value for row in rows.rows))

    def _over_lines(self, condition: ForLines | CountLines | SumLines, document: Scope) -> Pair:
        lines = document.lines()
        line = self.scope("l", "l")
        outer = self.scope("f", "d")
        if isinstance(condition, ForLines):
            body = self._quantified(condition, outer, line)
        elif isinstance(condition, CountLines):
            body = self._counted(condition, outer, line)
        else:
            body = self._summed(condition, outer, line)
        name = self._function([*outer.fetch(), *body])
        call = f"{name}({lines}, f)"
        return Pair(f"({lines} is None or {call} > 0)", f"({lines} is not None and {call} > 1)")

    def _function(self, body: list[str]) -> str:
        """Define a function over lines that gives 0 false, 1 unknown, 2 true; once if repeated."""
        text = "\n".join(f"    {statement}" for statement in body)
        known = self._known.get((text,))
        if known is None:
            known = self._known[text,] = f"q{len(self.functions)}"
            self.functions.append(f"def {known}(L, f):\n{text}")
        return known

    def _quantified(self, condition: ForLines, outer: Scope, line: Scope) -> list[str]:
        part = self.pair(condition.part, outer, line)
        if condition.quantifier is Quantifier.ALL:
            part = part.negated()
        # The search is for one line that meets the part: it makes `any` true, `none` and `all`
        # false.
        found, not_found = (2, 0) if condition.quantifier is Quantifier.ANY else (0, 2)
        return [
            f"t = {not_found}",
            "for l in L:",
            *_indented(line.fetch()),
            f"    if {part.possible}:",
            f"        if {part.certain}: return {found}",
            "        t = 1",
            "return t",
        ]

    def _counted(self, condition: CountLines, outer: Scope, line: Scope) -> list[str]:
        if condition.where is None:
            counting = ["low = high = len(L)"]
        else:
            where = self.pair(condition.where, outer, line)
            counting = [
                "low = high = 0",
                "for l in L:",
                *_indented(line.fetch()),
                f"    if {where.possible}:",
                "        high += 1",
                f"        if {where.certain}: low += 1",
            ]
        pairs = [self._count_bound(bound) for bound in condition.bounds]
        return [
            *counting,
            f"if {' and '.join(pair.certain for pair in pairs)}: return 2",
            f"if {' and '.join(pair.possible for pair in pairs)}: return 1",
            "return 0",
        ]

    def _count_bound(self, bound: Bound) -> Pair:
        """The pair of a bound on a count that lies between `low` and `high`."""
        ends = [self._size(operand) for operand in bound.operands]
        if bound.operator in {Operator.BELOW, Operator.AT_MOST}:
            symbol = _SYMBOLS[bound.operator]
            return Pair(f"low {symbol} {ends[0]}", f"high {symbol} {ends[0]}")
        if bound.operator in {Operator.ABOVE, Operator.AT_LEAST}:
            symbol = _SYMBOLS[bound.operator]
            return Pair(f"high {symbol} {ends[0]}", f"low {symbol} {ends[0]}")
        first, last = ends[0], ends[-1]
        return Pair(f"(low <= {last} and high >= {first})", f"(low >= {first} and high <= {last})")

    def _summed(self, condition: SumLines, outer: Scope, line: Scope) -> list[str]:
        currencies = _currencies([o for bound in condition.bounds for o in bound.operands])
        if len(currencies) > 1:
            return ["return 1"]
        if condition.field.type is FieldType.MONEY:
            value = line.amount(condition.field, *currencies)
        else:
            value = line.value(condition.field)
        where = Pair(_ALWAYS, _ALWAYS)
        if condition.where is not None:
            where = self.pair(condition.where, outer, line)
        holds = " and ".join(
            self._expression("total", bound.operator, bound.operands) for bound in condition.bounds
        )
        return [
            "total = ZERO",
            "for l in L:",
            *_indented(line.fetch()),
            f"    if {where.possible}:",
            f"        if {value} is None or not {where.certain}: return 1",
            f"        total += {value}",
            f"return 2 if {holds} else 0",
        ]


def _value(operand: Operand) -> object:
    if not isinstance(operand, Literal):
        raise TypeError(f"{operand} was not filled in")
    return operand.value


def _currencies(operands: Sequence[Operand]) -> frozenset[str]:
    values = map(_value, operands)
    return frozenset(value.currency for value in values if isinstance(value, Money))


def _indented(statements: list[str]) -> list[str]:
    return [f"    {statement}" for statement in statements]
