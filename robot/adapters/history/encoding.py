"""Field values as text and back, exactly: what is absent and what is not known both survive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from robot.domain.fields import UNKNOWN, FieldSpec, FieldType
from robot.domain.money import Money

#: The value that nobody knows. A text of a document can't begin with this character in XML, and
#: one from elsewhere that does is written with a second one before it.
UNKNOWN_TEXT: Final = "\x00"
_BETWEEN_ACCOUNTS: Final = "\x1f"
_YES: Final = "yes"
_NO: Final = "no"


def encoded(value: object) -> str | None:
    """A field's value as text; None when it is absent.

    Raises:
        TypeError: It is no value that a field can have.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = str(value.value) if isinstance(value, Enum) else value
        return f"{UNKNOWN_TEXT}{text}" if text.startswith(UNKNOWN_TEXT) else text
    write = _WRITERS.get(value.__class__)
    if write is None:
        raise TypeError(f"{value.__class__.__name__} is no field value")
    return write(value)


def decoder(kind: FieldType) -> Callable[[str], object]:
    """What reads the texts of a field of one type."""
    read = _READERS.get(kind, str)

    def decode(text: str) -> object:
        if text.startswith(UNKNOWN_TEXT):
            return UNKNOWN if text == UNKNOWN_TEXT else read(text[1:])
        return read(text)

    return decode


def field_type(name: str, catalogue: Mapping[str, FieldSpec]) -> FieldType:
    """The type of a field (`invoice.total`, `lines.dimensions.sted`); text when it has gone."""
    spec = catalogue.get(name)
    if spec is not None:
        return spec.type
    prefix = f"{name.rpartition('.')[0]}."
    spec = catalogue.get(prefix)
    return FieldType.TEXT if spec is None else spec.type


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency)


def _accounts(text: str) -> frozenset[str]:
    return frozenset(text.split(_BETWEEN_ACCOUNTS)) if text else frozenset()


_WRITERS: Final[Mapping[type, Callable[..., str]]] = {
    UNKNOWN.__class__: lambda _: UNKNOWN_TEXT,
    bool: lambda value: _YES if value else _NO,
    Money: lambda value: f"{value.amount:f} {value.currency}",
    Decimal: lambda value: f"{value:f}",
    int: str,
    date: date.isoformat,
    frozenset: lambda value: _BETWEEN_ACCOUNTS.join(sorted(value)),
}
_READERS: Final[Mapping[FieldType, Callable[[str], object]]] = {
    FieldType.MONEY: _money,
    FieldType.NUMBER: Decimal,
    FieldType.DATE: date.fromisoformat,
    FieldType.FLAG: lambda text: text == _YES,
    FieldType.ACCOUNTS: _accounts,
}
