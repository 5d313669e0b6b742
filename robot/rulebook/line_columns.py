"""The columns of a document's lines in generated code, and what is known of each as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.code_parts import Constants, Pair
from robot.rulebook.conditions import FieldRef

#: Types of values that are compared by size.
SIZES: Final = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.DATE})
_KNOWN_TYPES: Final = {
    FieldType.NUMBER: "x.__class__ in NUMBERS",
    FieldType.DATE: "x.__class__ is DATE",
}


class Columns:
    """The columns of the lines in one function, and what is known of each as a whole."""

    def __init__(self, constants: Constants, lines: str) -> None:
        self.lines = lines
        self._constants = constants
        #: By the field's name, of which the hash is known.
        self._names: dict[str, str] = {}
        self._open: list[str] = []
        self._made: dict[str, str] = {}
        #: What was asked once; what is asked again gets a local.
        self._asked: set[str] = set()
        self._again: dict[str, str] = {}

    def column(self, field: FieldRef) -> str:
        """The local that holds a field's values, line by line."""
        known = self._names.get(field.key)
        if known is None:
            known = self._names[field.key] = f"c{len(self._names)}"
            if field.open_ended:
                self._open.append(field.key)
        return known

    def distinct(self, field: FieldRef) -> str:
        """The local that holds the set of a field's values, known or not."""
        column = self.column(field)
        return self._make(f"{column}s", f"{{*{column}}}")

    def some_unknown(self, field: FieldRef) -> str:
        """The local that says whether a line's value is missing or not known."""
        distinct = self.distinct(field)
        return self._make(f"{distinct}u", f"not {distinct}.isdisjoint(NOT_KNOWN)")

    def known(self, field: FieldRef) -> str:
        """The local that holds the set of a field's known values."""
        distinct, unknown = self.distinct(field), self.some_unknown(field)
        return self._make(f"{distinct}k", f"{distinct} - NOT_KNOWN if {unknown} else {distinct}")

    def starts(self, field: FieldRef, prefixes: str, first: str | None) -> str:
        """Whether some known value begins with a prefix; `first` is the only one, marked.

        The known values stand in one text, each after a mark, so that one search answers. Should
        a value hold the mark itself, they are asked one by one.
        """
        known = self.known(field)
        slow = f"ANY_STARTS({known}, {prefixes}, wanted=True)"
        if first is None:
            return slow
        text = self._make(f"{known}t", f"MARK + MARK.join({known})")
        sound = self._make(f"{known}m", f"{text}.count(MARK) == len({known})")
        return f"(({first} in {text}) if {sound} else {slow})"

    def sizes(self, field: FieldRef, currency: str | None) -> str:
        """The local that holds the known numbers, days, or amounts in one currency."""
        column = self.column(field)
        if currency is None:
            kept = f"[x for x in {column} if {_KNOWN_TYPES[field.type]}]"
            return self._make(f"{column}z", kept)
        wanted = self._constants.add(currency)
        kept = f"[x.amount for x in {column} if x.__class__ is MONEY and x.currency == {wanted}]"
        return self._make(f"{column}z{wanted}", kept)

    def size_unknown(self, field: FieldRef, currency: str | None) -> str:
        """The local that says whether a line has no number, day, or amount in the currency."""
        sizes = self.sizes(field, currency)
        return self._make(f"{sizes}u", f"len({sizes}) < len({self.column(field)})")

    def extreme(self, field: FieldRef, currency: str | None, which: str) -> str:
        """The local that holds the smallest (`min`) or largest (`max`) known size, or None."""
        sizes = self.sizes(field, currency)
        return self._make(f"{sizes}{which}", f"{which}({sizes}) if {sizes} else None")

    def some_flag(self, field: FieldRef, *, wanted: bool) -> Pair:
        """Whether a flag is set (or not set) on some line."""
        column = self.column(field)
        # Often the first line answers already.
        others = f"{column}.count({not wanted}) < len({column})"
        return Pair(f"({column}[0] is {wanted} or {others})", f"({wanted} in {column})")

    def asked(self, expression: str) -> str:
        """What stands for something that is asked of a column as a whole.

        Rules often ask the same: from the second time on it is a local.
        """
        if expression not in self._asked:
            self._asked.add(expression)
            return expression
        name = self._again.setdefault(expression, f"e{len(self._again)}")
        return self._make(name, expression)

    def fill(self) -> list[str]:
        """The statements that fill the locals, when there are lines."""
        if not self._names:
            return []
        statements = self._gathered([*self._names])
        if self._open:
            # The customer's own fields are nearly always there, but need not be.
            fixed = [key for key in self._names if key not in self._open]
            one_by_one = [*self._gathered(fixed), *self._open_ended()]
            statements = [
                *("try:", *indented(statements)),
                *("except KeyError:", *indented(one_by_one)),
            ]
        statements += [f"{name} = {made}" for name, made in self._made.items()]
        return [f"if {self.lines} is not None:", f"    L = {self.lines}", *indented(statements)]

    def _gathered(self, keys: Sequence[str]) -> list[str]:
        """The statement that fills the columns of fields by their keys, if there are any."""
        names = ", ".join([self._names[key] for key in keys])
        if len(keys) == 1:
            return [f"{names} = [l[{self._constants.add(keys[0])}] for l in L]"]
        if not keys:
            return []
        return [f"{names} = zip(*map({self._constants.add(itemgetter(*keys))}, L))"]

    def _open_ended(self) -> list[str]:
        return [
            f"{self._names[key]} = [l.get({self._constants.add(key)}, U) for l in L]"
            for key in self._open
        ]

    def _make(self, name: str, made: str) -> str:
        self._made.setdefault(name, made)
        return name


def indented(statements: Iterable[str]) -> list[str]:
    """Statements one level further in."""
    return [f"    {statement}" for statement in statements]
