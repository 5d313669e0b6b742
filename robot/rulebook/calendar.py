"""Reads `rules/calendar.yaml`, the working days, bank days, run times and periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import TypedDict, TypeVar

import yaml

from robot.domain.calendar import (
    COPENHAGEN,
    Calendar,
    CutOff,
    ExtraRun,
    OpeningHours,
    Period,
    RunSlot,
)
from robot.errors import RuleFileError

T = TypeVar("T")


class _Hours(TypedDict, total=False):
    hours: OpeningHours
    other_hours: tuple[OpeningHours, ...]


#: Local times that exist once on every day; clocks change between 02:00 and 03:00.
_FIRST_SAFE, _LAST_SAFE = time(3, 30), time(23, 30)
_FIRST_UNSAFE, _LAST_UNSAFE = time(2), time(3)


class _Place:
    """Where a node stands, for messages."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        mark = node.start_mark
        self.text = f"{path}:{mark.line + 1}:{mark.column + 1}"

    def error(self, message: str) -> RuleFileError:
        return RuleFileError(f"{self.text}: {message}")


class _Reader:
    """Turns nodes into values, naming the place of what is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def error(self, node: yaml.Node, message: str) -> RuleFileError:
        return _Place(self._path, node).error(message)

    def mapping(self, node: yaml.Node, known: Iterable[str]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "expected a mapping of names to values")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                raise self.error(key, f"'{key.value}' is written twice")
            if key.value not in known:
                raise self.error(key, f"unknown key '{key.value}'; known: {', '.join(known)}")
            found[key.value] = value
        return found

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, "expected a list")
        return list(node.value)

    def scalar(self, node: yaml.Node, parse: Callable[[str], T], what: str) -> T:
        if isinstance(node, yaml.ScalarNode):
            try:
                return parse(node.value)
            except ValueError:
                pass
        raise self.error(node, f"expected {what}")

    def day(self, node: yaml.Node) -> date:
        return self.scalar(node, date.fromisoformat, "a date written YYYY-MM-DD")

    def first_and_last(self, node: yaml.Node, entry: Mapping[str, yaml.Node]) -> tuple[date, date]:
        first = self.day(self.need(node, entry, "from"))
        last = self.day(self.need(node, entry, "until"))
        if last < first:
            raise self.error(node, "'until' is before 'from'")
        return first, last

    def time_of_day(self, node: yaml.Node) -> time:
        return self.scalar(node, time.fromisoformat, "a time of day written HH:MM")

    def time_of_run(self, node: yaml.Node) -> time:
        at = self.time_of_day(node)
        if not _FIRST_SAFE <= at <= _LAST_SAFE:
            raise self.error(
                node,
                "a run must lie between 03:30 and 23:30, where each day has each time once",
            )
        return at

    def need(self, node: yaml.Node, entry: Mapping[str, yaml.Node], key: str) -> yaml.Node:
        if key not in entry:
            raise self.error(node, f"'{key}' is missing")
        return entry[key]


def load_calendar(path: Path) -> Calendar:
    """Read the calendar.

    Raises:
        RuleFileError: The file is missing or wrong; the message names line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise RuleFileError(f"{path}: the calendar is missing") from error
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path}: not a readable YAML file: {error}") from error
    return read_calendar(text, path)


def read_calendar(text: str, path: Path) -> Calendar:
    """Read the text of a calendar.

    Args:
        text: What the file says.
        path: What to call it in messages.

    Raises:
        RuleFileError: It is wrong; the message names line and column.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise RuleFileError(f"{path}: not a readable YAML file: {error}") from error
    if root is None:
        raise RuleFileError(f"{path}: the calendar is empty")
    reader = _Reader(path)
    top = reader.mapping(
        root,
        [
            "runs",
            "centre-closed",
            "bank-closed",
            "opening-hours",
            "extra-runs",
            "periods",
            "cut-offs",
        ],
    )
    slots = tuple(_slot(reader, node) for node in reader.items(reader.need(root, top, "runs")))
    if not slots:
        raise reader.error(root, "at least one run is needed")
    periods = tuple(_period(reader, node) for node in reader.items(top.get("periods")))
    return Calendar(
        slots=slots,
        centre_closed=_days(reader, top.get("centre-closed")),
        bank_closed=_days(reader, top.get("bank-closed")),
        extra_runs=tuple(_extra(reader, node) for node in reader.items(top.get("extra-runs"))),
        periods=periods,
        cut_offs=tuple(
            _cut_off(reader, node, periods) for node in reader.items(top.get("cut-offs"))
        ),
        **_hours(reader, top.get("opening-hours")),
    )


def _slot(reader: _Reader, node: yaml.Node) -> RunSlot:
    entry = reader.mapping(node, ("slot", "at"))
    name = reader.scalar(reader.need(node, entry, "slot"), str, "a name")
    return RunSlot(name=name, at=reader.time_of_run(reader.need(node, entry, "at")))


def _days(reader: _Reader, node: yaml.Node | None) -> frozenset[date]:
    days = set()
    for item in reader.items(node):
        if isinstance(item, yaml.ScalarNode):
            days.add(reader.day(item))
        else:
            entry = reader.mapping(item, ("date", "why"))
            days.add(reader.day(reader.need(item, entry, "date")))
    return frozenset(days)


def _extra(reader: _Reader, node: yaml.Node) -> ExtraRun:
    entry = reader.mapping(node, ("from", "until", "at", "why"))
    first, last = reader.first_and_last(node, entry)
    return ExtraRun(first=first, last=last, at=reader.time_of_run(reader.need(node, entry, "at")))


def _hours(reader: _Reader, node: yaml.Node | None) -> _Hours:
    if node is None:
        return {}
    entry = reader.mapping(node, ("weekdays", "extended"))
    found: _Hours = {}
    if "weekdays" in entry:
        opens, closes = _span(reader, entry["weekdays"])
        found["hours"] = OpeningHours(opens=opens, closes=closes)
    found["other_hours"] = tuple(
        _other_hours(reader, item) for item in reader.items(entry.get("extended"))
    )
    return found


def _other_hours(reader: _Reader, node: yaml.Node) -> OpeningHours:
    entry = reader.mapping(node, ("from", "until", "hours", "why"))
    first, last = reader.first_and_last(node, entry)
    opens, closes = _span(reader, reader.need(node, entry, "hours"))
    return OpeningHours(opens=opens, closes=closes, first=first, last=last)


def _span(reader: _Reader, node: yaml.Node) -> tuple[time, time]:
    def parse(text: str) -> tuple[time, time]:
        first, _, last = text.partition("-")
        return time.fromisoformat(first.strip()), time.fromisoformat(last.strip())

    opens, closes = reader.scalar(node, parse, "opening hours written HH:MM-HH:MM")
    if closes <= opens:
        raise reader.error(node, "closing time is not after opening time")
    return opens, closes


def _period(reader: _Reader, node: yaml.Node) -> Period:
    entry = reader.mapping(node, ("name", "year", "closes", "why"))
    return Period(
        name=reader.scalar(reader.need(node, entry, "name"), str, "a name"),
        year=reader.scalar(reader.need(node, entry, "year"), int, "a year"),
        closes=reader.day(reader.need(node, entry, "closes")),
    )


def _cut_off(reader: _Reader, node: yaml.Node, periods: Iterable[Period]) -> CutOff:
    entry = reader.mapping(
        node, ("period", "year", "date", "at", "da", "en", "customer", "authorised-only", "why")
    )
    name = reader.scalar(reader.need(node, entry, "period"), str, "a name")
    year = reader.scalar(reader.need(node, entry, "year"), int, "a year")
    day = reader.day(reader.need(node, entry, "date"))
    at = reader.time_of_day(reader.need(node, entry, "at"))
    closes = [it.closes for it in periods if (it.name, it.year) == (name, year)]
    if not closes:
        raise reader.error(entry["period"], f"there is no period '{name}' of {year} in 'periods'")
    if day > closes[0]:
        raise reader.error(entry["date"], f"the period closes on {closes[0]}, before this day")
    if _LAST_UNSAFE > at >= _FIRST_UNSAFE:
        raise reader.error(entry["at"], "between 02:00 and 03:00 clocks change")
    da = reader.scalar(reader.need(node, entry, "da"), str, "a text")
    return CutOff(
        period=name,
        year=year,
        at=datetime.combine(day, at, COPENHAGEN),
        da=da,
        en=reader.scalar(reader.need(node, entry, "en"), str, "a text"),
        customer=reader.scalar(entry["customer"], str, "a text") if "customer" in entry else "",
        authorised_only="authorised-only" in entry
        and reader.scalar(entry["authorised-only"], _yes, "yes or no"),
    )


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(text)
    return text == "yes"
