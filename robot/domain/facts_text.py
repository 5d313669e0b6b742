"""Facts back from the JSON in which they are stored, or that a person wrote for `decide`."""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from robot.domain.canonical import UNKNOWN_MARK
from robot.domain.facts import Facts
from robot.domain.fields import UNKNOWN, Unknown


class FactsTextError(ValueError):
    """The text is no facts; the message names the place and what is expected there."""


def facts_from(text: str) -> Facts:
    """Read facts. What is left out is not known; `{"unknown": true}` says so in so many words.

    Raises:
        FactsTextError: The text is not JSON, or a name or value does not fit.
    """
    try:
        plain = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise FactsTextError(
            f"line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}"
        ) from None
    read: Facts = _read(Facts, plain, "facts")
    return read


def _read(kind: Any, value: Any, place: str) -> Any:  # noqa: ANN401 - it reads any annotation
    if value == UNKNOWN_MARK and _takes(kind, Unknown):
        return UNKNOWN
    if value is None and _takes(kind, types.NoneType):
        return None
    kind = _without_absence(kind)
    origin = get_origin(kind)
    if origin is not None:
        return _read_collection(kind, origin, value, place)
    if dataclasses.is_dataclass(kind):
        return _read_object(kind, value, place)
    return _read_scalar(kind, value, place)


def _read_object(kind: Any, value: Any, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, Mapping):
        raise FactsTextError(f"{place}: expected an object")
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            close = difflib.get_close_matches(name, hints, n=1)
            meant = f", did you mean '{close[0]}'?" if close else f"; known: {', '.join(hints)}"
            raise FactsTextError(f"{place}: unknown name '{name}'{meant}")
    given = {name: _read(hints[name], item, f"{place}.{name}") for name, item in value.items()}
    for field in dataclasses.fields(kind):
        missing = dataclasses.MISSING
        if field.name not in given and field.default is missing is field.default_factory:
            raise FactsTextError(f"{place}: '{field.name}' is missing")
    return kind(**given)


def _read_collection(kind: Any, origin: Any, value: Any, place: str) -> Any:  # noqa: ANN401
    if origin is tuple or origin is frozenset:
        if not isinstance(value, list):
            raise FactsTextError(f"{place}: expected a list")
        inner = get_args(kind)[0]
        return origin(_read(inner, item, f"{place}[{at}]") for at, item in enumerate(value))
    keys, inner = get_args(kind)
    if keys is str:
        if not isinstance(value, Mapping):
            raise FactsTextError(f"{place}: expected an object")
        return {key: _read(inner, item, f"{place}.{key}") for key, item in value.items()}
    return dict(_read_pair(inner, pair, place) for pair in value or ())


def _read_pair(inner: Any, pair: Any, place: str) -> tuple[tuple[str, ...], Any]:  # noqa: ANN401
    """One entry of a mapping whose keys are several texts: `[["a", "b"], {…}]`."""
    try:
        key, entry = pair
        names = tuple(str(part) for part in key)
    except (TypeError, ValueError):
        raise FactsTextError(f"{place}: expected pairs of a key and an object") from None
    return names, _read(inner, entry, f"{place}[{', '.join(names)}]")


def _read_scalar(kind: Any, value: Any, place: str) -> Any:  # noqa: ANN401
    expected = _EXPECTED.get(kind, "one of: " + ", ".join(_choices(kind)))
    try:
        if kind is Decimal and isinstance(value, (str, int, Decimal)):
            return _decimal(value)
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(value)
    except (ValueError, InvalidOperation):
        raise FactsTextError(f"{place}: '{value}' is not {expected}") from None
    if type(value) is kind:
        return value
    raise FactsTextError(f"{place}: expected {expected}")


def _decimal(value: str | int | Decimal) -> Decimal:
    amount = Decimal(value)
    if not amount.is_finite() or isinstance(value, bool):
        raise ValueError("not an amount")
    return amount


_EXPECTED: Final[Mapping[Any, str]] = {
    Decimal: 'an amount such as "1250.00"',
    date: "a date written YYYY-MM-DD",
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
}


def _choices(kind: Any) -> list[str]:  # noqa: ANN401
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return []


@cache
def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    return get_type_hints(kind)


def _members(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return get_args(kind) if get_origin(kind) in {Union, types.UnionType} else (kind,)


def _takes(kind: Any, member: type) -> bool:  # noqa: ANN401
    return member in _members(kind)


def _without_absence(kind: Any) -> Any:  # noqa: ANN401
    left = [item for item in _members(kind) if item not in {Unknown, types.NoneType}]
    return left[0]
