"""Which of two conditions holds for more documents, told from their form alone.

Exact where it says wider or narrower: every document of the narrower one meets the wider one. What
the form does not show is unclear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

from robot.domain.money import Money
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    ForLines,
    ListName,
    Literal,
    Not,
    Operand,
    SumLines,
    Test,
)
from robot.rulebook.display import condition_lines
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.vocabulary import Operator, Quantifier


class Width(StrEnum):
    """How a new condition relates to the old one."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    UNCLEAR = "unclear"

    def turned(self) -> Width:
        """Of the two conditions under a `not`."""
        return _TURNED.get(self, self)


#: Compares what stands after one and the same operator.
_CompareOperands: TypeAlias = Callable[[tuple[Operand, ...], tuple[Operand, ...]], Width]
_TURNED: Final = {Width.WIDER: Width.NARROWER, Width.NARROWER: Width.WIDER}
#: Operators that bound a value from above, and whether the bound itself is in.
_FROM_ABOVE: Final = {
    Operator.BELOW: False,
    Operator.AT_MOST: True,
    Operator.BEFORE: False,
    Operator.ON_OR_BEFORE: True,
}
_FROM_BELOW: Final = {
    Operator.ABOVE: False,
    Operator.AT_LEAST: True,
    Operator.AFTER: False,
    Operator.ON_OR_AFTER: True,
}
_ONE_OF: Final = frozenset({Operator.IS, Operator.IN})
_NONE_OF: Final = frozenset({Operator.IS_NOT, Operator.NOT_IN})


def key_of(condition: Condition) -> str:
    """The condition as text, equal for equal conditions wherever they stand."""
    return "\n".join(condition_lines(condition))


def parts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """What must hold all at once; nothing for a condition that always holds."""
    if condition is None:
        return ()
    if isinstance(condition, AllOf):
        return tuple(part for inner in condition.parts for part in parts_of(inner))
    return (condition,)


def compare(old: Condition | None, new: Condition | None) -> Width:
    """How the new condition relates to the old one; None always holds."""
    if old is not None and new is not None:
        if key_of(old) == key_of(new):
            return Width.SAME
        if isinstance(old, AnyOf) and isinstance(new, AnyOf):
            return _of_parts(old.parts, new.parts, added=Width.WIDER)
        if not isinstance(old, AllOf) and not isinstance(new, AllOf):
            return _of_one(old, new)
    return _of_parts(parts_of(old), parts_of(new), added=Width.NARROWER)


def paired(
    old: Sequence[Condition], new: Sequence[Condition]
) -> Iterator[tuple[Condition | None, Condition | None]]:
    """Parts that are not in both, beside each other when they ask about the same thing."""
    kept = {key_of(part) for part in old} & {key_of(part) for part in new}
    left = [part for part in old if key_of(part) not in kept]
    for part in new:
        if key_of(part) in kept:
            continue
        like = next((other for other in left if _subject(other) == _subject(part)), None)
        if like is not None:
            left.remove(like)
        yield like, part
    for part in left:
        yield part, None


def _of_parts(old: Sequence[Condition], new: Sequence[Condition], *, added: Width) -> Width:
    found = []
    for before, after in paired(old, new):
        if before is None:
            found.append(added)
        elif after is None:
            found.append(added.turned())
        else:
            found.append(compare(before, after))
    return joined(found)


def joined(widths: Iterable[Width]) -> Width:
    """Of several differences at once."""
    found = set(widths) - {Width.SAME}
    if not found:
        return Width.SAME
    return found.pop() if len(found) == 1 else Width.UNCLEAR


def _subject(condition: Condition) -> str:
    """What a condition is about; conditions about the same thing are compared."""
    if isinstance(condition, Test):
        return f"field {condition.field.key}"
    if isinstance(condition, ForLines):
        return f"lines {_subject(condition.part)}"
    if isinstance(condition, Not):
        return f"not {_subject(condition.part)}"
    if isinstance(condition, SumLines):
        return f"sum {condition.field.key}"
    return type(condition).__name__


def _of_one(old: Condition, new: Condition) -> Width:
    if isinstance(old, Test) and isinstance(new, Test):
        return _of_tests(old, new) if old.field == new.field else Width.UNCLEAR
    if isinstance(old, Not) and isinstance(new, Not):
        return compare(old.part, new.part).turned()
    if isinstance(old, ForLines) and isinstance(new, ForLines):
        return _of_lines(old, new)
    if isinstance(old, CountLines) and isinstance(new, CountLines):
        return _of_measures(old, new)
    if isinstance(old, SumLines) and isinstance(new, SumLines):
        return _of_measures(old, new) if old.field == new.field else Width.UNCLEAR
    return Width.UNCLEAR


def _of_lines(old: ForLines, new: ForLines) -> Width:
    if old.quantifier is not new.quantifier:
        if key_of(old.part) != key_of(new.part):
            return Width.UNCLEAR
        # There is at least one line, or neither is true: all of them is a special case of any.
        quantifiers = (old.quantifier, new.quantifier)
        if quantifiers == (Quantifier.ANY, Quantifier.ALL):
            return Width.NARROWER
        return Width.WIDER if quantifiers == (Quantifier.ALL, Quantifier.ANY) else Width.UNCLEAR
    width = compare(old.part, new.part)
    return width.turned() if new.quantifier is Quantifier.NONE else width


def _of_measures(old: CountLines | SumLines, new: CountLines | SumLines) -> Width:
    if (None if old.where is None else key_of(old.where)) != (
        None if new.where is None else key_of(new.where)
    ):
        return Width.UNCLEAR
    if len(old.bounds) != 1 or len(new.bounds) != 1:
        return Width.UNCLEAR
    return _of_tests(old.bounds[0], new.bounds[0])


def _of_tests(old: Test | Bound, new: Test | Bound) -> Width:
    if old.operator is Operator.PRESENT or new.operator is Operator.PRESENT:
        return _beside_present(old.operator, new.operator)
    for operators in (_FROM_ABOVE, _FROM_BELOW):
        if old.operator in operators and new.operator in operators:
            above = operators is _FROM_ABOVE
            return _of_bounds(old, new, operators, 1 if above else -1)
    for several, width in ((_ONE_OF, Width.WIDER), (_NONE_OF, Width.NARROWER)):
        if old.operator in several and new.operator in several:
            return _of_sets(_values(old.operands), _values(new.operands), width)
    if old.operator is not new.operator:
        return Width.UNCLEAR
    return _SAME_OPERATOR.get(old.operator, _unclear)(old.operands, new.operands)


def _beside_present(old: Operator, new: Operator) -> Width:
    if Operator.MISSING in {old, new}:
        return Width.UNCLEAR
    return Width.WIDER if new is Operator.PRESENT else Width.NARROWER


def _of_bounds(
    old: Test | Bound, new: Test | Bound, operators: dict[Operator, bool], sign: int
) -> Width:
    order = _order(old.operands[0], new.operands[0])
    if order is None:
        return Width.UNCLEAR
    order = order * sign or operators[new.operator] - operators[old.operator]
    if order == 0:
        return Width.SAME
    return Width.WIDER if order > 0 else Width.NARROWER


def _of_between(old: tuple[Operand, ...], new: tuple[Operand, ...]) -> Width:
    low, high = _order(old[0], new[0]), _order(old[1], new[1])
    if low is None or high is None:
        return Width.UNCLEAR
    widths = {1: Width.WIDER, 0: Width.SAME, -1: Width.NARROWER}
    return joined((widths[-low], widths[high]))


def _of_windows(old: tuple[Operand, ...], new: tuple[Operand, ...]) -> Width:
    values = [o.value for o in (*old, *new) if isinstance(o, Literal)]
    windows = [value for value in values if isinstance(value, Window)]
    if len(windows) != 2:  # noqa: PLR2004 - the old and the new one
        return Width.UNCLEAR
    before, after = windows
    widths = {1: Width.WIDER, 0: Width.SAME, -1: Width.NARROWER}
    return joined(
        (
            widths[_sign(after.before - before.before)],
            widths[_sign(after.after - before.after)],
        )
    )


def _of_prefixes(old: tuple[Operand, ...], new: tuple[Operand, ...]) -> Width:
    before, after = _texts(old), _texts(new)
    covered = all(any(text.startswith(prefix) for prefix in after) for text in before)
    covers = all(any(text.startswith(prefix) for prefix in before) for text in after)
    if covered and covers:
        return Width.SAME
    if covered or covers:
        return Width.WIDER if covered else Width.NARROWER
    return Width.UNCLEAR


def _of_sets(old: frozenset[Any], new: frozenset[Any], grown: Width) -> Width:
    if old == new:
        return Width.SAME
    if old < new:
        return grown
    return grown.turned() if new < old else Width.UNCLEAR


def _unclear(old: tuple[Operand, ...], new: tuple[Operand, ...]) -> Width:
    return Width.SAME if old == new else Width.UNCLEAR


_SAME_OPERATOR: Final[Mapping[Operator, _CompareOperands]] = {
    Operator.BETWEEN: _of_between,
    Operator.WITHIN_DAYS: _of_windows,
    Operator.STARTS_WITH: _of_prefixes,
}


def _order(old: Operand, new: Operand) -> int | None:
    """-1, 0 or 1 as the new value is lower, equal or higher; None when they don't compare."""
    if old == new:
        return 0
    before, after = _measure(old), _measure(new)
    if before is None or after is None or before[0] != after[0]:
        return None
    return _sign(after[1] - before[1])


def _measure(operand: Operand) -> tuple[str, Decimal] | None:
    """A value as a number, and what it is a number of."""
    value = operand.value if isinstance(operand, Literal) else None
    if isinstance(value, Money):
        return value.currency, value.amount
    if isinstance(value, RelativeDate):
        return "days from today", Decimal(value.days)
    if isinstance(value, date):
        return "day", Decimal(value.toordinal())
    return ("number", value) if isinstance(value, Decimal) else None


def _sign(number: int | Decimal) -> int:
    return (number > 0) - (number < 0)


def _values(operands: tuple[Operand, ...]) -> frozenset[Any]:
    return frozenset(
        operand.value if isinstance(operand, Literal) else operand for operand in operands
    )


def _texts(operands: tuple[Operand, ...]) -> list[str]:
    return [str(operand.value) for operand in operands if isinstance(operand, Literal)]


# ---------------------------------------------------------------- one value inside a condition

#: What a higher value, or one more value, does to a test.
_RAISED: Final = {
    **dict.fromkeys((*_FROM_ABOVE, Operator.WITHIN_DAYS), 1),
    **dict.fromkeys((Operator.IN, Operator.STARTS_WITH, Operator.IN_LIST), 1),
    **dict.fromkeys((*_FROM_BELOW, Operator.NOT_IN, Operator.NOT_IN_LIST), -1),
}


def raised(
    condition: Condition | None, meant: Callable[[Operand], bool], sign: int = 1
) -> Iterator[Width]:
    """What raising a value, or adding to a list of values, does to a condition.

    One answer for each place where an operand is meant.
    """
    if condition is None:
        return
    if isinstance(condition, Test):
        yield from _raised_in(condition, meant, sign)
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from raised(part, meant, sign)
    elif isinstance(condition, Not):
        yield from raised(condition.part, meant, -sign)
    elif isinstance(condition, ForLines):
        turned = -sign if condition.quantifier is Quantifier.NONE else sign
        yield from raised(condition.part, meant, turned)
    else:
        yield from _raised_in_measure(condition, meant, sign)


def _raised_in_measure(
    condition: CountLines | SumLines, meant: Callable[[Operand], bool], sign: int
) -> Iterator[Width]:
    for bound in condition.bounds:
        yield from _raised_in(bound, meant, sign)
    growing = {-_RAISED.get(bound.operator, 0) for bound in condition.bounds}
    # A sum may have negative amounts in it, so more lines need not make it larger.
    counted = isinstance(condition, CountLines) and len(growing) == 1
    yield from raised(condition.where, meant, sign * growing.pop() if counted else 0)


def _raised_in(part: Test | Bound, meant: Callable[[Operand], bool], sign: int) -> Iterator[Width]:
    widths = {1: Width.WIDER, 0: Width.UNCLEAR, -1: Width.NARROWER}
    for place, operand in enumerate(part.operands):
        if not meant(operand):
            continue
        effect = _RAISED.get(part.operator, 0)
        if part.operator is Operator.BETWEEN:
            effect = 1 if place else -1
        yield widths[sign * effect]


def names_list(name: str) -> Callable[[Operand], bool]:
    """Whether an operand is a list's name."""
    return lambda operand: isinstance(operand, ListName) and operand.name == name
