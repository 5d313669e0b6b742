"""Writes down a document that a model describes, and what it looks like for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from robot.domain.fields import UNKNOWN, FieldType
from robot.domain.money import CENT, Money
from robot.rulebook.analysis.comparisons import compared
from robot.rulebook.analysis.domains import (
    Amounts,
    Cell,
    Choices,
    End,
    Numbers,
    Words,
    meet,
)
from robot.rulebook.analysis.formulas import Key, Measure, field_of
from robot.rulebook.analysis.languages import TooLargeError, words_of
from robot.rulebook.analysis.measures import SUM
from robot.rulebook.analysis.solver import Model
from robot.rulebook.conditions import LINES, FieldRef
from robot.rulebook.display import literal_text

#: Tried for a text that may be anything but a few words.
_WORDS: Final = ("1", "A", "0001", "12345678", "example", "x1")
_SUFFIXES: Final = ("", "1", "0", "A", "00", "x1")
_CURRENCIES: Final = ("DKK", "EUR", "SEK", "USD", "NOK")
_MOST_LINES: Final = 12
_TRIED: Final = 24
#: Ways to repeat lines that are tried.
_MOST_TRIED: Final = 12


def values_of(model: Model, day: date) -> Iterator[dict[str, Any]]:
    """Documents that a model may describe, as field values; which is one is to be tried.

    What the model leaves open is not in them, and so not known. Days that may be any are `day`.
    """
    values = _side(model, {}, day)
    if values is None:
        return
    lines: list[dict[str, Any]] = []
    for inner in model.lines:
        line = _side(inner, values, day)
        if line is None:
            return
        if line not in lines:
            lines.append(line)
    if not lines and _some_lines(model.cells.get(LINES)):
        lines = [{}]
    if not lines:
        yield values
        return
    for several in islice(_repeated(lines, _counts(model.cells)), _MOST_TRIED):
        copies = [dict(line) for line in several]
        _add_up(model.cells, copies)
        yield {**values, LINES.key: tuple(copies)}


def _repeated(
    lines: Sequence[dict[str, Any]], counts: Sequence[int]
) -> Iterator[Sequence[dict[str, Any]]]:
    """The lines, and as many as are asked for of one or of all of them."""
    yield lines
    for count in counts:
        for line in lines:
            if count > len(lines):
                yield [*lines, *([line] * (count - len(lines)))]
            yield [*lines, *([line] * (count - 1))]
        yield [line for line in lines for _ in range(count)]


def _counts(cells: Mapping[Key, Cell]) -> list[int]:
    """How many lines counts ask for at least."""
    found: set[int] = set()
    for key, cell in cells.items():
        values = cell.values
        if isinstance(key, Measure) and key.what != SUM and isinstance(values, Numbers):
            lowest = values.parts[0][0][0]
            if 1 < lowest <= _MOST_LINES:
                found.add(int(lowest))
    return sorted(found)


def _add_up(cells: Mapping[Key, Cell], lines: Sequence[dict[str, Any]]) -> None:
    """Let the first line with an amount bring the sum that is asked for, the others little."""
    for key, cell in cells.items():
        values = cell.values
        if not isinstance(key, Measure) or key.field is None or not isinstance(values, Numbers):
            continue
        wanted = next(_numbers(values, CENT, Decimal(0)), None)
        name = key.field.key
        sharing = [line for line in lines if name in line and line[name] not in {None, UNKNOWN}]
        if wanted is None or not sharing:
            continue
        for line in sharing:
            line[name] = Money(Decimal(0), key.currency) if key.currency else Decimal(0)
        sharing[0][name] = Money(wanted, key.currency) if key.currency else wanted


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """The values as a case file would write them: field (`lines[1].account`) to text."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if name != LINES.key or not isinstance(value, tuple):
            found[name] = _written(value)
            continue
        if not any(value):
            found[name] = f"{len(value)} of them" if value else "missing"
        for number, line in enumerate(value, 1):
            found |= {f"lines[{number}].{key}": _written(one) for key, one in line.items()}
    return found


def _written(value: object) -> str:
    if value is None or value == frozenset():
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


def _side(model: Model, document: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """The values of a document, or of one of its lines."""
    cells = _equalled(model, day)
    values: dict[str, Any] = {}
    if cells is None:
        return None
    for key, cell in cells.items():
        if isinstance(key, Measure):
            continue
        field = field_of(key)
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
    for one, other in compared(model.facts.values(), same=True):
        if one not in cells or other not in cells:
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


def _unlike(field: FieldRef, model: Model, values: Mapping[str, Any]) -> list[object]:
    """What a field must not be, because it must differ from another."""
    found: list[object] = []
    for one, other in compared(model.facts.values(), same=False):
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
        yield frozenset() if field.type is FieldType.ACCOUNTS else None
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
    yield from (word for word in _made(values) if word.strip() and values.fits(word))


def _made(values: Words) -> Iterator[str]:
    if not values.patterns:
        beginnings = sorted(values.prefixes) if values.prefixes is not None else [""]
        yield from (f"{begin}{suffix}" for begin in beginnings for suffix in _SUFFIXES)
        yield from _WORDS
    with suppress(TooLargeError):
        yield from words_of(values.language)


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
