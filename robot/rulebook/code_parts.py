"""The parts that generated code is made of: constants, pairs of expressions, locals.

Only names made here get into the source: `f`, `r0`, `C0`, ... Texts, field names and patterns of
rule files reach the code as constants in its globals, never as source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final, NamedTuple

from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import Money
from robot.rulebook.conditions import LINES, FieldRef

#: A constant's name in the source.
CONSTANT: Final = re.compile(r"\b[CT][0-9]+\b")
#: What a walk over the lines is called in its own source.
WALK: Final = "walk"
ALWAYS: Final = "True"
NEVER: Final = "False"
#: Stands before each value in a text of several; XML can't hold it.
MARK: Final = "\0"
_TEXT: Final = "{raw} if {raw}.__class__ is str or isinstance({raw}, str) else None"
#: How a value of each type is told from what can't be compared.
_COMPARABLE: Final[Mapping[FieldType, str]] = {
    FieldType.NUMBER: "{raw} if {raw}.__class__ in NUMBERS else None",
    FieldType.DATE: "{raw} if {raw}.__class__ is DATE else None",
    FieldType.CODE: _TEXT,
    FieldType.TEXT: _TEXT,
    FieldType.CHOICE: _TEXT,
    FieldType.ACCOUNT: _TEXT,
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


def any_starts(values: Iterable[str], prefixes: tuple[str, ...], *, wanted: bool) -> bool:
    """Whether some value begins with one of the prefixes; with none when not wanted."""
    return any(value.startswith(prefixes) is wanted for value in values)


def any_matches(values: Iterable[str], match: Callable[[str], object], *, wanted: bool) -> bool:
    """Whether some value matches; fails to match when not wanted."""
    return any((match(value) is not None) is wanted for value in values)


#: What the generated code may use besides constants; it has no other builtins.
RUNTIME: Final[Mapping[str, object]] = {
    "__builtins__": {
        "KeyError": KeyError,
        "isinstance": isinstance,
        "str": str,
        "len": len,
        "map": map,
        "max": max,
        "min": min,
        "zip": zip,
    },
    "U": UNKNOWN,
    "NOT_KNOWN": frozenset({None, UNKNOWN}),
    "ONLY_MISSING": frozenset({None}),
    "MARK": MARK,
    "DATE": date,
    "MONEY": Money,
    "NUMBERS": (Decimal, int),
    "SEQUENCES": (tuple, list),
    "ZERO": Decimal(0),
    "SAME": same,
    "ANY_STARTS": any_starts,
    "ANY_MATCHES": any_matches,
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


class Pair(NamedTuple):
    """Python expressions for: not known to be false, known to be true. Both are bracketed.

    The other two are shorter ones, where there are any: `if_possible` says the same as `certain`
    once `possible` was seen to hold, `if_uncertain` the same as not `possible` once `certain` was
    seen not to hold.
    """

    possible: str
    certain: str
    if_possible: str = ""
    if_uncertain: str = ""

    @property
    def sure(self) -> str:
        """Whether it is certain, asked only when it is possible."""
        return self.if_possible or self.certain

    def negated(self) -> Pair:
        """The pair of the opposite."""
        return Pair(
            f"(not {self.certain})", f"(not {self.possible})", self.if_uncertain, self.if_possible
        )


def joined(pairs: Iterable[Pair], word: str) -> Pair:
    """Pairs joined by `and` or `or`."""
    made = [*pairs]
    if len(made) == 1:
        return made[0]
    possible = f"({f' {word} '.join([pair.possible for pair in made])})"
    certain = f"({f' {word} '.join([pair.certain for pair in made])})"
    # When all parts are possible, or none is certain, then only what is unknown is left to ask.
    if word == "and":
        return Pair(possible, certain, if_possible=_all_known(pair.sure for pair in made))
    return Pair(
        possible,
        certain,
        if_uncertain=_all_known(p.if_uncertain or f"(not {p.possible})" for p in made),
    )


def _all_known(expressions: Iterable[str]) -> str:
    return f"({' and '.join(dict.fromkeys(expressions))})"


class Scope:
    """The fields that a function reads, each fetched once into a local."""

    def __init__(self, constants: Constants, mark: str) -> None:
        self._constants = constants
        self._mark = mark
        #: By the field's name, of which the hash is known; a scope is of a document or of a line.
        self._raw: dict[str, str] = {}
        self.fields: list[FieldRef] = []
        self._locals: dict[str, str] = {}

    def raw(self, reference: FieldRef) -> str:
        """The local that holds a field's value as it is."""
        known = self._raw.get(reference.key)
        if known is None:
            known = self._raw[reference.key] = f"{self._mark}{len(self._raw)}"
            self.fields.append(reference)
        return known

    def value(self, reference: FieldRef) -> str:
        """The local that holds a field's value, None when it can't be compared."""
        raw = self.raw(reference)
        name = f"{raw}v"
        if name not in self._locals:
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

    @property
    def names(self) -> tuple[str, ...]:
        """The locals that hold the values of `fields` as they are."""
        return tuple(self._raw.values())

    def derived(self) -> list[str]:
        """The statements that fill the locals made from others."""
        return [f"{name} = {made}" for name, made in self._locals.items()]

    def fetch(self, mapping: str) -> list[str]:
        """The statements that fill all locals from a mapping."""
        return [*self._fetched(mapping), *self.derived()]

    def _fetched(self, mapping: str) -> Iterator[str]:
        """Statements that read the fields, all at once where every name is there."""
        fixed = [one.key for one in self.fields if not one.open_ended]
        if len(fixed) == 1:
            yield f"{self._raw[fixed[0]]} = {mapping}[{self._constants.add(fixed[0])}]"
        elif fixed:
            getter = self._constants.add(itemgetter(*fixed))
            yield f"{', '.join([self._raw[key] for key in fixed])} = {getter}({mapping})"
        for reference in self.fields:
            if reference.open_ended:
                key = self._constants.add(reference.key)
                yield f"{self._raw[reference.key]} = {mapping}.get({key}, U)"
