"""One text for one value: what hashes, payloads and the audit trail are made of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from robot.domain.fields import Unknown

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
    plain = _PLAIN.get(value.__class__)
    if plain is None:
        plain = _PLAIN[value.__class__] = _plain_of(value.__class__)
    return plain(value)


def _plain_of(kind: type) -> Callable[[Any], object]:
    """How values of a class are written; found once for each class."""
    if dataclasses.is_dataclass(kind):
        return _object_of(kind)
    for known, plain in _KINDS:
        if issubclass(kind, known):
            return plain
    raise TypeError(f"{kind.__name__} has no canonical text")


def _object_of(kind: Any) -> Callable[[Any], object]:  # noqa: ANN401 - a dataclass
    """A dataclass as the object of the fields that do not stand at their default."""
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    getter = attrgetter(*names)
    read = getter if len(names) > 1 else lambda value: (getter(value),)
    defaults = tuple(
        _NO_DEFAULT if field.default is dataclasses.MISSING else field.default for field in fields
    )
    mappings = tuple(field.name for field in fields if "Mapping" in str(field.type))

    def plain(value: Any) -> dict[str, object]:  # noqa: ANN401 - any dataclass
        found = {
            name: item
            for name, item, default in zip(names, read(value), defaults, strict=True)
            if item is not default and (item.__class__ is not default.__class__ or item != default)
        }
        for name in mappings:
            if name in found:
                found[name] = _pairs(found[name])
        return found

    return plain


def _pairs(mapping: Any) -> object:  # noqa: ANN401 - a mapping of any kind
    """A mapping as an object, or as sorted pairs when its keys are not text."""
    if all(isinstance(key, str) for key in mapping):
        return dict(mapping)
    return sorted(([key, value] for key, value in mapping.items()), key=lambda pair: str(pair[0]))


def _encoder(*, sort_keys: bool) -> Callable[[object], str]:
    # Values are immutable and built from the leaves up, so there is no circle to look for.
    return json.JSONEncoder(
        default=_plain,
        sort_keys=sort_keys,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        check_circular=False,
    ).encode


_NO_DEFAULT: Final = object()
_KINDS: Final[tuple[tuple[type, Callable[[Any], object]], ...]] = (
    (Decimal, decimal_text),
    (date, lambda value: value.isoformat()),  # a datetime too
    (frozenset, sorted),
    (set, sorted),
    (Mapping, dict),
    (Unknown, lambda _: UNKNOWN_MARK),
    (Enum, lambda value: value.value),
)
_PLAIN: Final[dict[type, Callable[[Any], object]]] = {}
_SORTED: Final = _encoder(sort_keys=True)
_UNSORTED: Final = _encoder(sort_keys=False)
