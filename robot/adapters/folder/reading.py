"""Typed values out of a sidecar's JSON; what is wrong is collected with its place and its fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from robot.adapters.folder.located_json import Place, Shape, shape_of

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_FILLERS = re.compile(r"[\s_.\-]+")
_WHOLE_NUMBER = re.compile(r"-?[0-9]+")
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
#: Danes write 50.000 for fifty thousand.
_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*", re.ASCII)
#: Line breaks and tabs may stand in a remark; other control characters can't be stored.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: How much of a value, and of a message, is told.
_SHOWN = 40
_MESSAGE = 300


class Item(NamedTuple):
    """A value and where it stands."""

    value: Any
    place: Place

    @property
    def shape(self) -> Shape:
        """Which kind of JSON value it is."""
        return shape_of(self.value)

    @property
    def is_blank(self) -> bool:
        """Whether it is a text without anything in it."""
        return type(self.value) is str and not self.value.strip()


class Problem(NamedTuple):
    """What is wrong with the value at a place, or with its key."""

    place: Place
    message: str
    key: bool = False


class Keys:
    """The keys that an object may have, in any spelling."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self._by_spelling = {folded(name): name for name in names} | {name: name for name in names}

    def canonical(self, spelling: str) -> str | None:
        """The key's own name, None for a key that there is not."""
        return self._by_spelling.get(spelling) or self._by_spelling.get(folded(spelling))

    def unknown(self, spelling: str) -> str:
        """What to tell about a key that there is not."""
        told = f"'{short(spelling)}' is not a key here"
        close = difflib.get_close_matches(folded(spelling), self._by_spelling, n=1, cutoff=0.6)
        if close:
            return f"{told}; did you mean '{self._by_spelling[close[0]]}'?"
        return f"{told}; these are: {', '.join(self.names)}"


@dataclass(slots=True)
class Reading:
    """Reads typed values and collects what is wrong with them."""

    problems: list[Problem] = field(default_factory=list)

    def complain(self, item: Item, message: str, *, key: bool = False) -> None:
        """Note what is wrong with a value or, with `key`, with its key."""
        self.problems.append(Problem(item.place, short(message, _MESSAGE), key))

    def members(self, item: Item, keys: Keys, what: str) -> dict[str, Item]:
        """An object's values under their canonical keys; `null` is the same as left out."""
        if item.shape is not Shape.OBJECT:
            self.complain(item, f"{what} must be an object {{…}}, not {item.shape}")
            return {}
        found: dict[str, Item] = {}
        written: set[str] = set()
        for step, (spelling, value) in enumerate(item.value):
            member = Item(value, (*item.place, step))
            name = keys.canonical(spelling)
            if name is None:
                self.complain(member, keys.unknown(spelling), key=True)
                continue
            if name in written:
                self.complain(member, f"'{name}' is written twice; keep one", key=True)
            written.add(name)
            if value is not None:
                found[name] = member
        return found

    def items(self, item: Item, what: str) -> Iterator[Item]:
        """A list's items."""
        if item.shape is not Shape.ARRAY:
            self.complain(item, f"'{what}' must be a list […], not {item.shape}")
            return
        for step, value in enumerate(item.value):
            yield Item(value, (*item.place, step))

    def text(self, item: Item | None, what: str) -> str | None:
        """A text as it stands, or a whole number's digits."""
        if item is None:
            return None
        value = item.value
        if type(value) is str:
            if not _UNSTORABLE.search(value):
                return value
            self.complain(item, f"'{what}' holds a control character; take it away")
            return None
        if item.shape is Shape.NUMBER and _WHOLE_NUMBER.fullmatch(value):
            return str(value)
        self.complain(item, f"'{what}' must be a text in double quotes, not {seen(item)}")
        return None

    def code(self, item: Item | None, what: str) -> str | None:
        """A code or id without blanks around it; an empty one is none."""
        return (self.text(item, what) or "").strip() or None

    def amount(self, item: Item | None, what: str) -> Decimal | None:
        """An exact amount, from a number or a text with a decimal point."""
        if item is None:
            return None
        shape = item.shape
        literal = item.value.strip() if shape in (Shape.NUMBER, Shape.TEXT) else ""
        if shape is Shape.TEXT and _PERHAPS_THOUSANDS.fullmatch(literal):
            whole, _, rest = literal.partition(".")
            self.complain(
                item,
                f"'{what}': is {literal} thousands or three decimals?"
                f" Write {whole}{rest} or {whole}",
            )
            return None
        if _AMOUNT.fullmatch(literal):
            return Decimal(literal)
        self.complain(
            item,
            f"'{what}' must be an amount such as 1234.50 (point, no thousands), not {seen(item)}",
        )
        return None

    def flag(self, item: Item | None, what: str) -> bool | None:
        """True or false."""
        if item is None:
            return None
        if item.shape is not Shape.FLAG:
            self.complain(item, f"'{what}' must be true or false without quotes, not {seen(item)}")
            return None
        return bool(item.value)

    def day(self, item: Item | None, what: str) -> date | None:
        """A date, `2026-11-24`."""
        if item is None:
            return None
        if item.shape is not Shape.TEXT or not _DAY.fullmatch(item.value.strip()):
            self.complain(
                item, f"'{what}' must be a date such as \"2026-11-24\", not {seen(item)}"
            )
            return None
        try:
            return date.fromisoformat(item.value.strip())
        except ValueError:
            self.complain(item, f"'{what}': {item.value.strip()} is no day; correct it")
            return None

    def instant(self, item: Item, what: str) -> datetime | None:
        """A point in time in UTC; without an offset it is Danish time."""
        stamp = _instant(item)
        if stamp is None:
            example = '"2026-11-24T09:30:00+01:00"'
            self.complain(item, f"'{what}' must be a time such as {example}, not {seen(item)}")
            return None
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=_COPENHAGEN)
            if stamp.utcoffset() != stamp.replace(fold=1).utcoffset():
                self.complain(
                    item,
                    f"'{what}': {item.value} is not one certain moment, for the clocks change"
                    " that night; add the offset, +01:00 or +02:00",
                )
                return None
        try:
            return stamp.astimezone(UTC)
        except OverflowError:
            self.complain(item, f"'{what}': {item.value} is outside of all calendars")
            return None

    def names(self, item: Item, what: str, example: str) -> Mapping[str, str]:
        """Names and their codes; those without a code are left out."""
        if item.shape is not Shape.OBJECT:
            self.complain(item, f"'{what}' must be an object such as {example}, not {seen(item)}")
            return {}
        named: dict[str, str | None] = {}
        for step, (spelling, value) in enumerate(item.value):
            member = Item(value, (*item.place, step))
            name = spelling.strip().casefold()
            if not name or _UNSTORABLE.search(name):
                self.complain(member, f"a name in '{what}' is empty; write one", key=True)
                continue
            if name in named:
                self.complain(member, f"'{short(name)}' is written twice; keep one", key=True)
            named[name] = None if value is None else self.code(member, name)
        return {name: code for name, code in named.items() if code is not None}


def folded(key: str) -> str:
    """A key without the marks and capitals in which spellings differ."""
    return _FILLERS.sub("", key).casefold()


def seen(item: Item) -> str:
    """A value as a message shows it."""
    if item.shape is Shape.FLAG:
        return "'true'" if item.value else "'false'"
    if item.shape in (Shape.TEXT, Shape.NUMBER):
        return f"'{short(item.value)}'"
    return str(item.shape)


def short(text: str, most: int = _SHOWN) -> str:
    """A text of any length as a message shows it."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)


def _instant(item: Item) -> datetime | None:
    if item.shape is not Shape.TEXT or not _INSTANT.fullmatch(item.value.strip()):
        return None
    try:
        return datetime.fromisoformat(item.value.strip())
    except ValueError:
        return None
