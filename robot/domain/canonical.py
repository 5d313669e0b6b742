"""One text for one value: what hashes, payloads and the audit trail are made of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

from robot.domain.fields import UNKNOWN

#: How the value that nobody knows is written; no text, number or list can be taken for it.
UNKNOWN_MARK: Final = {"unknown": True}


def canonical_text(value: object) -> str:
    """JSON with sorted keys and no spaces; the same value always gives the same text.

    Dataclasses become objects without the fields that stand at their default, decimals their
    shortest plain text, dates ISO 8601, sets sorted lists, mappings with other keys than text
    sorted lists of pairs.

    Raises:
        TypeError: A value of another type.
    """
    return _SORTED(value)


def compact_text(value: object) -> str:
    """As `canonical_text`, in the order of the fields: quicker, for what is stored, not hashed."""
    return _UNSORTED(value)


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def decimal_text(amount: Decimal) -> str:
    """The shortest plain text of an amount: `100`, `0.5`, `-12.25`."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    if value is UNKNOWN:
        return UNKNOWN_MARK
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _object(value: object) -> dict[str, object]:
    names, read, defaults = _shape(cast(Any, type(value)))
    found: dict[str, object] = {}
    for name, item, default in zip(names, read(value), defaults, strict=True):
        if item is default or (type(item) is type(default) and item == default):
            continue
        if type(item) is dict and item and type(next(iter(item))) is not str:
            item = sorted([list(key), entry] for key, entry in item.items())  # noqa: PLW2901
        found[name] = item
    return found


_Shape: TypeAlias = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]


@lru_cache(maxsize=256)
def _shape(
    kind: type,
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]:
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    getter = attrgetter(*names)
    read = getter if len(names) > 1 else lambda value: (getter(value),)
    defaults = tuple(
        _NO_DEFAULT if field.default is dataclasses.MISSING else field.default for field in fields
    )
    return names, read, defaults


_NO_DEFAULT: Final = object()
_PLAIN: Final[tuple[tuple[Any, Callable[[Any], object]], ...]] = (
    (Decimal, decimal_text),
    (date, lambda value: value.isoformat()),  # a datetime too
    (frozenset, sorted),
    (set, sorted),
    (Mapping, dict),
    (Enum, lambda value: value.value),
)
_SORTED: Final = json.JSONEncoder(
    default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode
_UNSORTED: Final = json.JSONEncoder(
    default=_plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode
