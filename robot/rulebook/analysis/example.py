"""Writes down a document that a model describes, and what it looks like for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, islice, repeat
from typing import Any, Final

from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import CENT, Money
from robot.rulebook.analysis.domains import (
    Amounts,
    Cell,
    Choices,
    End,
    Numbers,
    Words,
    meet,
)
from robot.rulebook.analysis.formulas import Fact, Key, allowed_sizes
from robot.rulebook.analysis.pattern_words import words_of
from robot.rulebook.analysis.solver import Model
from robot.rulebook.conditions import LINES, CountLines, FieldRef, Literal, SumLines, Test
from robot.rulebook.display import literal_text

#: Tried for a text that may be anything but a few words.
_WORDS: Final = ("1", "A", "0001", "12345678", "example", "x1")
_SUFFIXES: Final = ("", "1", "0", "A", "00", "x1")
_CURRENCIES: Final = ("DKK", "EUR", "SEK", "USD", "NOK")
_MOST_LINES: Final = 12
_TRIED: Final = 24


def values_of(model: Model, day: date) -> dict[str, Any] | None:
    """Field values as the compiled rules take them; None when one can't be thought of.

    What the model leaves open is not in it, and so not known. Days that may be any are `day`.
    """
    values = _side(model, {}, day)
    if values is None:
        return None
    lines: list[dict[str, Any]] = []
    for inner in model.lines:
        line = _side(inner, values, day)
        if line is None:
            return None
        if line not in lines:
            lines.append(line)
    if not lines and _some_lines(model.cells.get(LINES)):
        lines = [{}]
    if lines:
        facts = tuple(model.facts.values())
        copies = _copies(facts)
        lines = (lines * copies)[: max(len(lines), copies)]
        _add_up(facts, lines)
        values[LINES.key] = tuple(lines)
    return values


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """The values as a case file would write them: field (`lines[1].account`) to text."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if name != LINES.key or not isinstance(value, tuple):
            found[name] = _written(value)
            continue
        for number, line in enumerate(value, 1):
            found |= {f"lines[{number}].{key}": _written(one) for key, one in line.items()}
    return found


def _written(value: object) -> str:
    if value is None:
        return "missing"
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, frozenset):
        return f"[{', '.join(sorted(value))}]"
    if isinstance(value, str):
        return value if value.strip() else f'"{value}"'
    return literal_text(value) if isinstance(value, bool | Money | Decimal | date) else str(value)


def _some_lines(cell: Cell | None) -> bool:
    return cell is not None and not cell.values.empty and not cell.missing


def _copies(facts: Iterable[Fact]) -> int:
    """How many lines the counts ask for at least."""
    lowest = 1
    for fact in facts:
        if isinstance(fact.condition, CountLines) and fact.ways == {True}:
            ((low, _), _) = allowed_sizes(fact.condition).parts[0]
            lowest = max(lowest, int(min(low, Decimal(_MOST_LINES))))
    return lowest


def _add_up(facts: Iterable[Fact], lines: list[dict[str, Any]]) -> None:
    """Let the first line bring the sum that is asked for, and the others nothing."""
    for fact in facts:
        condition = fact.condition
        if not isinstance(condition, SumLines) or fact.ways != {True}:
            continue
        sums = _numbers(allowed_sizes(condition), CENT, Decimal(0))
        operands = (o for bound in condition.bounds for o in bound.operands)
        bound = next((o.value for o in operands if isinstance(o, Literal)), None)
        for share, line in zip(chain(islice(sums, 1), repeat(Decimal(0))), lines, strict=False):
            amount = Money(share, bound.currency) if isinstance(bound, Money) else share
            line.setdefault(condition.field.key, amount)


def _side(model: Model, document: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """The values of a document, or of one of its lines."""
    cells = _equalled(model, day)
    values: dict[str, Any] = {}
    if cells is None:
        return None
    for key, cell in cells.items():
        field = key if isinstance(key, FieldRef) else key[0]
        if field == LINES:
            if cell.values.empty:
                values[LINES.key] = () if cell.missing else UNKNOWN
            continue
        avoided = _unlike(field, model, {**document, **values})
        found = next((v for v in candidates(cell, field, day) if v not in avoided), _NOTHING)
        if found is _NOTHING:
            return None
        values[field.key] = found
    return values


_NOTHING: Final = object()


def _equalled(model: Model, day: date) -> dict[Key, Cell] | None:
    """The cells, with those of fields that must be the same narrowed to one value."""
    cells = dict(model.cells)
    for one, other in _pairs(model, same=True):
        if one not in cells or other not in cells:
            continue
        if FieldType.ACCOUNTS in {one.type, other.type}:
            continue
        both = meet(cells[one], cells[other])
        value = next(candidates(both, one, day), _NOTHING)
        if value is _NOTHING or value is None or value is UNKNOWN:
            return None
        cells[one] = cells[other] = _only(value, both)
    return cells


def _only(value: object, cell: Cell) -> Cell:
    if isinstance(value, str):
        single: Words | Choices = Words(allowed=frozenset({value}))
        if isinstance(cell.values, Choices):
            single = Choices(frozenset({value}))
        return Cell(single)
    return cell  # numbers and days: the first candidate of equal cells is the same


def _pairs(model: Model, *, same: bool) -> Iterator[tuple[FieldRef, FieldRef]]:
    for fact in model.facts.values():
        if isinstance(fact.condition, Test) and fact.ways == {same}:
            for operand in fact.condition.operands:
                if isinstance(operand, FieldRef):
                    yield fact.condition.field, operand


def _unlike(field: FieldRef, model: Model, values: Mapping[str, Any]) -> list[object]:
    """What a field must not be, because it must differ from another."""
    found: list[object] = []
    for one, other in _pairs(model, same=False):
        partner = other if one == field else one if other == field else None
        if partner is not None and partner.key in values:
            found.append(values[partner.key])
    return found


def candidates(cell: Cell, field: FieldRef, day: date) -> Iterator[object]:
    """Values of a cell, the most telling first."""
    known = islice(_known(cell, field, day), _TRIED)
    if field.type is FieldType.ACCOUNTS:
        yield from (frozenset({str(value)}) for value in known)
    else:
        yield from known
    if cell.missing:
        yield None
    if cell.unknown:
        yield UNKNOWN


def _known(cell: Cell, field: FieldRef, day: date) -> Iterator[object]:
    values = cell.values
    if isinstance(values, Choices):
        yield from sorted(values.values, key=str)
    elif isinstance(values, Words):
        yield from _words(values)
    elif isinstance(values, Amounts):
        yield from _amounts(values)
    elif field.type is FieldType.DATE:
        yield from _days(values, day)
    else:
        yield from _numbers(values, Decimal(1), Decimal(1))


def _words(values: Words) -> Iterator[str]:
    if values.allowed is not None:
        yield from sorted(values.allowed)
        return
    beginnings = sorted(values.prefixes) if values.prefixes is not None else [""]
    made = [word for pattern in sorted(values.patterns) for word in words_of(pattern)]
    made += [f"{begin}{suffix}" for begin in beginnings for suffix in _SUFFIXES]
    made += _WORDS
    yield from (word for word in dict.fromkeys(made) if word and values.fits(word))


def _amounts(values: Amounts) -> Iterator[Money]:
    names = [name for name, _ in values.by_currency]
    for currency in dict.fromkeys((*names, *_CURRENCIES)):
        for amount in _numbers(values.of(currency), CENT, Decimal(1000)):
            yield Money(amount, currency)


def _days(values: Numbers, day: date) -> Iterator[date]:
    for ordinal in _numbers(values, Decimal(1), Decimal(day.toordinal())):
        if date.min.toordinal() <= ordinal <= date.max.toordinal():
            yield date.fromordinal(int(ordinal))


def _numbers(values: Numbers, step: Decimal, usual: Decimal) -> Iterator[Decimal]:
    for low, high in values.parts:
        tried = [_inside(high, -step), _inside(low, step), usual, Decimal(0)]
        if low[0].is_finite() and high[0].is_finite():
            tried.append((low[0] + high[0]) / 2)
        for number in dict.fromkeys(tried):
            if number.is_finite() and low <= (number, 0) <= high:
                yield number


def _inside(end: End, step: Decimal) -> Decimal:
    """The end itself when it is in the interval, else the next step inside."""
    number, side = end
    return number if side == 0 or not number.is_finite() else number + step
