"""Python code for conditions on lines.

The lines are turned into one column a field, and what most conditions ask is asked of a column as
a whole: of its set of values, or of its smallest and largest amount. `all` is `none` of the
opposite, so everything comes down to whether some line meets a condition. Only where a line must
meet several tests at once are the lines walked, and only when each test is met by some line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.code_parts import (
    ALWAYS,
    CONSTANT,
    WALK,
    Constants,
    Pair,
    Scope,
    joined,
)
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    ForLines,
    Not,
    SumLines,
    Test,
)
from robot.rulebook.line_columns import Columns, indented
from robot.rulebook.line_walks import QuickWalk, quick_walk, side_by_side
from robot.rulebook.operator_code import (
    COMPARISONS,
    NEGATIVE,
    SETS,
    SYMBOLS,
    WORDS,
    OperatorCode,
    currencies_of,
    currency_of,
    flag_wanted,
)
from robot.rulebook.vocabulary import Operator, Quantifier

#: The opposite of what is asked of amounts and days, for values that are known.
_OPPOSITE: Final = {
    Operator.BELOW: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.BELOW,
    Operator.ABOVE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.ABOVE,
    Operator.BEFORE: Operator.ON_OR_AFTER,
    Operator.ON_OR_AFTER: Operator.BEFORE,
    Operator.AFTER: Operator.ON_OR_BEFORE,
    Operator.ON_OR_BEFORE: Operator.AFTER,
}
_LOW: Final = frozenset({"<", "<="})
#: Emits a condition on the locals of a scope; the document's scope comes first.
EmitPair = Callable[[Condition, Scope, Scope], Pair]


class LineCode:
    """Emits conditions on lines into one function and the walks that it calls."""

    def __init__(self, constants: Constants, operators: OperatorCode, emit: EmitPair) -> None:
        self._constants = constants
        self._operators = operators
        self._emit = emit
        #: Source of each walk over the lines -> the name under which it is called.
        self.walks: dict[str, str] = {}
        #: Call -> the local that holds what it has found.
        self._found: dict[str, str] = {}

    def pair(self, condition: ForLines | CountLines | SumLines, columns: Columns) -> Pair:
        """A condition on the lines; over no lines it is unknown."""
        if isinstance(condition, ForLines):
            body = self._quantified(condition, columns)
        elif isinstance(condition, CountLines):
            body = self._called(*self._counted(condition, columns))
        else:
            body = self._called(*self._summed(condition, columns))
        known = f"{columns.lines} is not None"
        return Pair(
            f"({columns.lines} is None or {body.possible})",
            f"({known} and {body.certain})",
            f"({known} and {body.sure})",
            f"({known} and {body.if_uncertain or f'(not {body.possible})'})",
        )

    def _quantified(self, condition: ForLines, columns: Columns) -> Pair:
        if condition.quantifier is Quantifier.ANY:
            return self._some(condition.part, columns, holds=True)
        holds = condition.quantifier is Quantifier.NONE
        return self._some(condition.part, columns, holds=holds).negated()

    def _some(self, part: Condition, columns: Columns, *, holds: bool) -> Pair:
        """Whether on some line a condition holds, or does not hold."""
        if isinstance(part, Not):
            return self._some(part.part, columns, holds=not holds)
        if isinstance(part, Test):
            return self._some_test(part, columns, holds=holds) or self._walked(
                part, columns, holds=holds
            )
        if isinstance(part, AnyOf) is holds:
            return joined(
                (self._some(inner, columns, holds=holds) for inner in _parts(part)), "or"
            )
        return self._all_on_one_line(part, columns, holds=holds)

    def _all_on_one_line(self, part: Condition, columns: Columns, *, holds: bool) -> Pair:
        alone = (
            self._some_test(test, columns, holds=holds)
            for test in _parts(part)
            if isinstance(test, Test)
        )
        walked = self._walked(part, columns, holds=holds)
        found = joined([*(pair for pair in alone if pair is not None), walked], "and")
        # The line that the walk is sure of makes each test certain that is asked alone.
        return found._replace(if_possible=walked.sure)

    def _some_test(self, test: Test, columns: Columns, *, holds: bool) -> Pair | None:
        """Some line's answer to one test, from its column alone; None when that can't be."""
        if test.operator in {Operator.MISSING, Operator.PRESENT}:
            return self._some_presence(test, columns, holds=holds)
        if test.field.type is FieldType.FLAG:
            return columns.some_flag(test.field, wanted=flag_wanted(test) is holds)
        if test.operator in _OPPOSITE:
            return self._some_size(test, columns, holds=holds)
        if test.field.type not in WORDS or test.operator in COMPARISONS:
            return None
        return self._some_word(test, columns, holds=holds)

    def _some_word(self, test: Test, columns: Columns, *, holds: bool) -> Pair:
        unknown = columns.some_unknown(test.field)
        if test.operator in SETS:
            wanted = self._operators.value_set(test.operator, test.operands)
            if (test.operator not in NEGATIVE) is holds:
                expression = f"(not {wanted}.isdisjoint({columns.distinct(test.field)}))"
            else:
                expression = f"(not {columns.known(test.field)} <= {wanted})"
            expression = columns.asked(expression)
        elif test.operator is Operator.MATCHES:
            match = self._operators.match(test.operands)
            expression = f"ANY_MATCHES({columns.known(test.field)}, {match}, wanted={holds})"
        else:
            prefixes = self._operators.prefixes(test.operands)
            if holds:
                marked = self._operators.marked_prefix(test.operands)
                expression = columns.asked(columns.starts(test.field, prefixes, marked))
            else:
                expression = f"ANY_STARTS({columns.known(test.field)}, {prefixes}, wanted=False)"
        return Pair(f"({unknown} or {expression})", expression)

    def _some_presence(self, test: Test, columns: Columns, *, holds: bool) -> Pair:
        distinct = columns.distinct(test.field)
        if (test.operator is Operator.MISSING) is holds:
            return Pair(columns.some_unknown(test.field), f"(None in {distinct})")
        return Pair(f"({distinct} != ONLY_MISSING)", f"(not {distinct} <= NOT_KNOWN)")

    def _some_size(self, test: Test, columns: Columns, *, holds: bool) -> Pair:
        currency = currency_of(test)
        symbol = SYMBOLS[test.operator if holds else _OPPOSITE[test.operator]]
        end = columns.extreme(test.field, currency, "min" if symbol in _LOW else "max")
        unknown = columns.size_unknown(test.field, currency)
        expression = f"{end} {symbol} {self._operators.size(test.operands[0])}"
        return Pair(f"({unknown} or {expression})", f"({end} is not None and {expression})")

    def _walked(self, part: Condition, columns: Columns, *, holds: bool) -> Pair:
        """A walk over the lines until one meets a condition, or fails to."""
        outer, line = self._scopes()
        pair = self._emit(part, outer, line)
        pair = pair if holds else pair.negated()
        body = [
            "t = 0",
            *_loop(line),
            f"    if {pair.possible}:",
            f"        if {pair.sure}: return 2",
            "        t = 1",
            "return t",
        ]
        quick = quick_walk(part, columns, self._operators) if holds else None
        return self._called(body, outer, line, columns, quick)

    def _counted(
        self, condition: CountLines, columns: Columns
    ) -> tuple[list[str], Scope, Scope, Columns]:
        outer, line = self._scopes()
        if condition.where is None:
            counting = ["low = high = len(L)"]
        else:
            where = self._emit(condition.where, outer, line)
            counting = [
                "low = high = 0",
                *_loop(line),
                f"    if {where.possible}:",
                "        high += 1",
                f"        if {where.sure}: low += 1",
            ]
        bounds = joined(map(self._count_bound, condition.bounds), "and")
        body = [
            *counting,
            f"if {bounds.certain}: return 2",
            f"return 1 if {bounds.possible} else 0",
        ]
        return body, outer, line, columns

    def _count_bound(self, bound: Bound) -> Pair:
        """The pair of a bound on a count that lies between `low` and `high`."""
        ends = [self._operators.size(operand) for operand in bound.operands]
        symbol = SYMBOLS.get(bound.operator, "")
        if symbol in _LOW:
            return Pair(f"(low {symbol} {ends[0]})", f"(high {symbol} {ends[0]})")
        if bound.operator in {Operator.ABOVE, Operator.AT_LEAST}:
            return Pair(f"(high {symbol} {ends[0]})", f"(low {symbol} {ends[0]})")
        first, last = ends[0], ends[-1]
        return Pair(f"(low <= {last} and high >= {first})", f"(low >= {first} and high <= {last})")

    def _summed(
        self, condition: SumLines, columns: Columns
    ) -> tuple[list[str], Scope, Scope, Columns]:
        outer, line = self._scopes()
        currencies = currencies_of([o for bound in condition.bounds for o in bound.operands])
        if len(currencies) > 1:
            return ["return 1"], outer, line, columns
        if condition.field.type is FieldType.MONEY:
            value = line.amount(condition.field, *currencies)
        else:
            value = line.value(condition.field)
        where = Pair(ALWAYS, ALWAYS)
        if condition.where is not None:
            where = self._emit(condition.where, outer, line)
        holds = " and ".join(
            self._operators.expression("total", bound.operator, bound.operands)
            for bound in condition.bounds
        )
        body = [
            "total = ZERO",
            *_loop(line),
            f"    if {where.possible}:",
            f"        if {value} is None or not {where.sure}: return 1",
            f"        total += {value}",
            f"return 2 if {holds} else 0",
        ]
        return body, outer, line, columns

    def _scopes(self) -> tuple[Scope, Scope]:
        return Scope(self._constants, "d"), Scope(self._constants, "l")

    def _called(
        self,
        body: list[str],
        outer: Scope,
        line: Scope,
        columns: Columns,
        quick: QuickWalk | None = None,
    ) -> Pair:
        """A call of a function with this body; it gives 0 false, 1 unknown, 2 true.

        It is called at most once: the second expression takes what the first has found.
        """
        given = [columns.column(field) for field in line.fields]
        taken = [f"a{number}" for number in range(len(given))]
        statements = [*outer.fetch("f"), *body]
        if quick is not None:
            given += [quick.rows, quick.unknown]
            taken += ["b", "u"]
            statements = [*quick.statements(), *statements]
        # What rules give comes as an argument: walks that ask the same of other values are one.
        names: dict[str, str] = {}
        written = CONSTANT.sub(
            lambda found: names.setdefault(found[0], f"k{len(names)}"),
            "\n".join(indented(statements)),
        )
        text = f"def {WALK}({', '.join(['f', 'L', *taken, *names.values()])}):\n{written}\n"
        name = self.walks.setdefault(text, f"q{len(self.walks)}")
        call = f"{name}({', '.join(['f', columns.lines, *given, *names])})"
        found = self._found.setdefault(call, f"w{len(self._found)}")
        return Pair(
            f"(({found} := {call}) > 0)",
            f"(({found} if {found} is not None else {call}) > 1)",
            f"{found} > 1",
        )

    def forget(self) -> list[str]:
        """The statement with which a function begins: nothing has been found yet."""
        return [f"{' = '.join(self._found.values())} = None"] if self._found else []


def _loop(line: Scope) -> Iterable[str]:
    """The head of a loop over the columns, and the locals of one line."""
    names = line.names
    columns = [f"a{number}" for number in range(len(names))]
    yield f"for {', '.join(names)} in {side_by_side(columns)}:"
    yield from indented(line.derived())


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf | AnyOf) else ()
