"""Python expressions for one operator on one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.code_parts import ALWAYS, MARK, NEVER, Constants, Pair, Scope
from robot.rulebook.conditions import FieldRef, ListName, Literal, Operand, Test
from robot.rulebook.literals import RelativeDate, Window, compiled_pattern
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator

SYMBOLS: Final[Mapping[Operator, str]] = {
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


class OperatorCode:
    """Emits single tests of one rule set."""

    def __init__(self, constants: Constants, lists: Mapping[str, ValueList]) -> None:
        self._constants = constants
        self._lists = lists

    def pair(self, test: Test, scope: Scope, other: Scope) -> Pair:
        """A test on the locals of a scope; `other` is that of the field it compares with."""
        if test.operator in {Operator.MISSING, Operator.PRESENT}:
            return self._presence(test, scope)
        if test.field.type is FieldType.FLAG:
            raw, wanted = scope.raw(test.field), flag_wanted(test)
            yes, no = f"{raw} is {wanted}", f"{raw} is {not wanted}"
            return Pair(f"({raw} is not {not wanted})", f"({yes})", yes, no)
        if test.operator in COMPARISONS:
            return self._comparison(test, scope, other)
        if test.field.type is FieldType.MONEY:
            currencies = currencies_of(test.operands)
            if len(currencies) > 1:
                return Pair(ALWAYS, NEVER)
            value = scope.amount(test.field, *currencies)
        else:
            value = scope.value(test.field)
        known = f"{value} is not None"
        if test.operator in _WRITTEN_SETS and test.field.type in WORDS:
            written, or_unknown = self._written_set(test.operands)
            if test.operator in NEGATIVE:
                possible, certain = f"({value} not in {written})", f"({value} not in {or_unknown})"
            else:
                possible, certain = f"({value} in {or_unknown})", f"({value} in {written})"
            return Pair(possible, certain, known, known)
        expression = self.expression(value, test.operator, test.operands)
        return Pair(
            f"({value} is None or {expression})", f"({known} and {expression})", known, known
        )

    def expression(self, value: str, operator: Operator, operands: tuple[Operand, ...]) -> str:
        """One operator on a local that holds a value; false and true are all it can be."""
        if operator is Operator.STARTS_WITH:
            return f"{value}.startswith({self.prefixes(operands)})"
        if operator is Operator.MATCHES:
            return f"{self.match(operands)}({value}) is not None"
        if operator is Operator.WITHIN_DAYS:
            return self._window(value, literal_of(operands[0]))
        if operator is Operator.BETWEEN:
            low, high = map(self.size, operands)
            return f"{low} <= {value} <= {high}"
        if operator in {Operator.IS, Operator.IS_NOT} or operator not in SETS:
            return f"{value} {SYMBOLS[operator]} {self.size(operands[0])}"
        return f"{value} {SYMBOLS[operator]} {self.value_set(operator, operands)}"

    def size(self, operand: Operand) -> str:
        """The constant that holds an operand; an amount without its currency."""
        value = literal_of(operand)
        if isinstance(value, RelativeDate):
            return self._constants.add_dated(value.on)
        return self._constants.add(value.amount if isinstance(value, Money) else value)

    def value_set(self, operator: Operator, operands: tuple[Operand, ...]) -> str:
        """The constant that holds the set of values of `in`, `in_list`, `is` and opposites."""
        if operator not in {Operator.IN_LIST, Operator.NOT_IN_LIST}:
            return self._constants.add(frozenset(map(literal_of, operands)))
        (operand,) = operands
        if not isinstance(operand, ListName):
            raise TypeError(operand)
        rows = self._lists[operand.name]
        if rows.dated:
            return self._constants.add_dated(rows.values)
        return self._constants.add(frozenset(row.value for row in rows.rows))

    def _written_set(self, operands: tuple[Operand, ...]) -> tuple[str, str]:
        """The constants that hold the written values, and these with what is not known."""
        values = frozenset(map(literal_of, operands))
        return self._constants.add(values), self._constants.add(values | {None})

    def prefixes(self, operands: tuple[Operand, ...]) -> str:
        """The constant that holds the prefixes of `starts_with`."""
        return self._constants.add(tuple(map(literal_of, operands)))

    def marked_prefix(self, operands: tuple[Operand, ...]) -> str | None:
        """The constant that holds the only prefix after a mark; None when there are several."""
        if len(operands) > 1:
            return None
        return self._constants.add(f"{MARK}{literal_of(operands[0])}")

    def match(self, operands: tuple[Operand, ...]) -> str:
        """The constant that holds the compiled pattern's whole match."""
        return self._constants.add(compiled_pattern(str(literal_of(operands[0]))).fullmatch)

    def _presence(self, test: Test, scope: Scope) -> Pair:
        raw = scope.raw(test.field)
        if test.field.type in {FieldType.LINES, FieldType.ACCOUNTS}:
            missing = Pair(
                f"({raw} is None or {raw} is U or not {raw})",
                f"({raw} is None or ({raw} is not U and not {raw}))",
            )
        else:
            missing = Pair(f"({raw} is None or {raw} is U)", f"({raw} is None)")
        return missing if test.operator is Operator.MISSING else missing.negated()

    def _comparison(self, test: Test, scope: Scope, other_scope: Scope) -> Pair:
        (other,) = test.operands
        if not isinstance(other, FieldRef):
            raise TypeError(test.operator)
        call = f"SAME({scope.raw(test.field)}, {other_scope.raw(other)})"
        equal = test.operator is Operator.SAME_AS
        return Pair(f"({call} is not {not equal})", f"({call} is {equal})")

    def _window(self, value: str, window: object) -> str:
        if not isinstance(window, Window):
            raise TypeError(window)
        low = self._constants.add_dated(lambda today: window.on(today)[0])
        high = self._constants.add_dated(lambda today: window.on(today)[1])
        return f"{low} <= {value} <= {high}"


#: Operators that compare with another field.
COMPARISONS: Final = frozenset({Operator.SAME_AS, Operator.DIFFERS_FROM})
#: Operators that ask whether a value is one of a set.
SETS: Final = frozenset(
    {
        *(Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN),
        *(Operator.IN_LIST, Operator.NOT_IN_LIST),
    }
)

#: Operators that ask for none of a set.
NEGATIVE: Final = frozenset({Operator.IS_NOT, Operator.NOT_IN, Operator.NOT_IN_LIST})
_WRITTEN_SETS: Final = SETS - {Operator.IN_LIST, Operator.NOT_IN_LIST}
#: Types of values that are compared as words.
WORDS: Final = frozenset({FieldType.CODE, FieldType.TEXT, FieldType.CHOICE})


def flag_wanted(test: Test) -> bool:
    """Whether a test on a flag asks for yes."""
    (operand,) = test.operands
    return literal_of(operand) is True


def literal_of(operand: Operand) -> object:
    """The value of an operand; parameters are filled in before anything is compiled."""
    if not isinstance(operand, Literal):
        raise TypeError(f"{operand} was not filled in")
    return operand.value


def currencies_of(operands: Sequence[Operand]) -> frozenset[str]:
    """The currencies of amounts."""
    values = map(literal_of, operands)
    return frozenset(value.currency for value in values if isinstance(value, Money))


def currency_of(test: Test) -> str | None:
    """The currency of a test on amounts, None for numbers and days."""
    if test.field.type is not FieldType.MONEY:
        return None
    return next(iter(currencies_of(test.operands)))
