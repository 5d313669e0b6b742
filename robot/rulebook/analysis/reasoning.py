"""The rules of one set on one day, as formulas that can be put together and solved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from robot.rulebook.analysis.example import shown, values_of
from robot.rulebook.analysis.formulas import Formula
from robot.rulebook.analysis.solver import Model, OutOfBudgetError, Solver
from robot.rulebook.analysis.translation import Formulas
from robot.rulebook.analysis.value_sets import Moment, Wanted
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    ForLines,
    Not,
    SumLines,
    Test,
    fields_of,
    walk,
)
from robot.rulebook.display import condition_lines, text_of
from robot.rulebook.names import Fields
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.standard import NAME as STANDARD
from robot.rulebook.value_lists import ValueList

#: A field and its value as a case file would write it.
Example: TypeAlias = tuple[tuple[str, str], ...]
#: Formulas of standard rules, which most customers share: rule, how it is wanted.
Shared: TypeAlias = dict[tuple[int, Wanted], Formula]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The fields that a rule asks about, all of them and those of each part that must hold.

    The lines themselves are only named when nothing in them is.
    """

    asked: frozenset[str]
    parts: tuple[frozenset[str], ...]


@dataclass(slots=True, kw_only=True)
class Reasoner:
    """Formulas of rules and what follows from them, on one day with one customer's lists."""

    fields: Fields
    lists: Mapping[str, ValueList]
    day: date
    #: Formulas as they are on every day, whatever rows the lists have.
    timeless: Formulas = field(init=False)
    shared: Shared = field(default_factory=dict)
    #: Scopes by rule; rules live as long as this does.
    scopes: dict[int, Scope] = field(default_factory=dict)
    _own: Shared = field(default_factory=dict)
    _formulas: Formulas = field(init=False)

    def __post_init__(self) -> None:
        self._formulas = Formulas(self.fields, Moment(day=self.day, lists=self.lists))
        self.timeless = Formulas(self.fields, Moment(day=None, lists={}))

    def formula(self, rule: Rule, wanted: Wanted, *, shared: bool = False) -> Formula:
        """A rule as it must come out. Those of shared rules are kept for other customers."""
        key = (id(rule), wanted)
        found = self.shared.get(key) if shared else None
        if found is None:
            found = self._own.get(key)
        if found is None:
            found = self._formulas.of(rule.condition, wanted)
            everywhere = shared and not rule.lists
            (self.shared if everywhere else self._own)[key] = found
        return found

    def model(self, formulas: Iterable[Formula]) -> Model | None:
        """A document for which all hold; None when there is none.

        Raises:
            OutOfBudgetError: Not found out.
        """
        return Solver().solve(formulas)

    def of(self, condition: Condition, wanted: Wanted) -> Formula:
        """A condition as it must come out on this day."""
        return self._formulas.of(condition, wanted)

    def impossible(self, formulas: Iterable[Formula]) -> bool:
        """Whether it is proven that no document makes all of them hold."""
        return impossible(formulas)

    def example(
        self, rules: Sequence[Rule], model: Model | None, *, certain: bool
    ) -> Example | None:
        """A document that a model describes, once the compiled rules confirm it.

        Args:
            rules: The first must be true of the document; the others as well when `certain`, else
                they must not be false.
            model: Describes the document.
            certain: Whether what can't be checked is no example.
        """
        if model is None:
            return None
        compiled = Compiled(rules, self.lists)
        for values in values_of(model, self.day):
            true, unknown = compiled.evaluate(values, self.day)
            shown_by = true if certain else {*true, *unknown}
            if 0 in true and len(shown_by) == len(rules):
                order = {name: place for place, name in enumerate(self.fields.document)}
                in_order = sorted(values.items(), key=lambda item: order.get(item[0], len(order)))
                return tuple(shown(dict(in_order)).items())
        return None


def impossible(formulas: Iterable[Formula]) -> bool:
    """Whether it is proven that no document makes all formulas hold."""
    try:
        return Solver().solve(formulas) is None
    except OutOfBudgetError:
        return False


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold for a condition to hold."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from conjuncts(part)
    elif isinstance(condition, Not) and isinstance(condition.part, AnyOf):
        for part in condition.part.parts:
            yield from conjuncts(Not(part=part))
    elif isinstance(condition, Not) and isinstance(condition.part, Not):
        yield from conjuncts(condition.part.part)
    else:
        yield condition


def core(formulas: Sequence[Formula], *, fixed: int = 0) -> list[int]:
    """The places of formulas that already exclude each other; none can be left out.

    The first `fixed` ones are always kept.
    """
    kept = list(range(len(formulas)))
    for index in range(fixed, len(formulas)):
        without = [place for place in kept if place != index]
        if without and impossible([formulas[place] for place in without]):
            kept = without
    return kept


def written_order(at: Position) -> tuple[bool, str, int]:
    """The order in which rules are laid over each other: the standard's, then the customer's."""
    return at.path.rpartition("/")[2] != STANDARD, at.path, at.line


def in_words(condition: Condition) -> str:
    """A condition on one line."""
    if isinstance(condition, Test):
        return text_of(condition)
    if isinstance(condition, Not):
        return f"not ({in_words(condition.part)})"
    if isinstance(condition, AllOf | AnyOf):
        joint = " and " if isinstance(condition, AllOf) else " or "
        return joint.join(map(_bracketed, condition.parts))
    inside = condition.part if isinstance(condition, ForLines) else condition.where
    first = next(condition_lines(condition)).removesuffix(":")
    return first if inside is None else f"{first} ({in_words(inside)})"


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def place_of(condition: Condition) -> Position | None:
    """Where a condition is written: its first test, else its first word about lines."""
    parts = list(walk(condition))
    tests = (part.at for part in parts if isinstance(part, Test))
    lines = (part.at for part in parts if isinstance(part, ForLines | CountLines | SumLines))
    return next(tests, next(lines, None))


def scope_of(rule: Rule, kept: dict[int, Scope]) -> Scope:
    """The scope of a rule, from those that are kept when it is one of them."""
    found = kept.get(id(rule))
    if found is None:
        condition = rule.condition
        parts = () if condition is None else tuple(map(_names_in, conjuncts(condition)))
        found = kept[id(rule)] = Scope(asked=frozenset().union(*parts), parts=parts)
    return found


def _names_in(condition: Condition) -> frozenset[str]:
    names = frozenset(field.name for field in fields_of(condition))
    inside = names - {LINES.name}
    return inside if any(name.startswith(f"{LINES.name}.") for name in inside) else names
