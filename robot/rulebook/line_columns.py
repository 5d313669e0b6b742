"""The columns of a document's lines in generated code, and what is known of each as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.code_parts import Constants, Pair, fetched
from robot.rulebook.conditions import FieldRef

_KNOWN_TYPES: Final = {
    FieldType.NUMBER: "x.__class__ in NUMBERS",
    FieldType.DATE: "x.__class__ is DATE",
}


class Columns:
    """The columns of the lines in one function, and what is known of each as a whole."""

    def __init__(self, constants: Constants, lines: str) -> None:
        self.lines = lines
        self._constants = constants
        self._names: dict[FieldRef, str] = {}
        self._made: dict[str, str] = {}

    def column(self, field: FieldRef) -> str:
        """The local that holds a field's values, line by line."""
        known = self._names.get(field)
        if known is None:
            known = self._names[field] = f"c{len(self._names)}"
        return known

    def distinct(self, field: FieldRef) -> str:
        """The local that holds the set of a field's values, known or not."""
        column = self.column(field)
        return self._make(f"{column}s", f"{{*{column}}}")

    def some_unknown(self, field: FieldRef) -> str:
        """The local that says whether a line's value is missing or not known."""
        distinct = self.distinct(field)
        return self._make(f"{distinct}u", f"not {distinct}.isdisjoint(NOT_KNOWN)")

    def some_not_looked_up(self, field: FieldRef) -> str:
        """The local that says whether a line's value is not known; missing counts as known."""
        distinct = self.distinct(field)
        return self._make(f"{distinct}n", f"not {distinct}.isdisjoint(NOT_LOOKED_UP)")

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
        return Pair(f"({column}.count({not wanted}) < len({column}))", f"({wanted} in {column})")

    def fill(self) -> list[str]:
        """The statements that fill the locals, when there are lines."""
        if not self._names:
            return []
        fixed = {f: name for f, name in self._names.items() if not f.open_ended}
        statements: list[str] = []
        if len(fixed) == 1:
            ((field, name),) = fixed.items()
            statements.append(f"{name} = [l[{self._constants.add(field.key)}] for l in L]")
        elif fixed:
            (getting,) = fetched(fixed, "l", self._constants)
            names, _, call = getting.partition(" = ")
            getter = call.partition("(")[0]
            statements.append(f"{names} = zip(*map({getter}, L))")
        for field, name in self._names.items():
            if field.open_ended:
                key = self._constants.add(field.key)
                statements.append(f"{name} = [l.get({key}, U) for l in L]")
        statements += [f"{name} = {made}" for name, made in self._made.items()]
        return [f"if {self.lines} is not None:", f"    L = {self.lines}", *indented(statements)]

    def _make(self, name: str, made: str) -> str:
        self._made.setdefault(name, made)
        return name


def indented(statements: Iterable[str]) -> list[str]:
    """Statements one level further in."""
    return [f"    {statement}" for statement in statements]
