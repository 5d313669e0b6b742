"""Lists of values that conditions name: CSV or YAML files, and lists in a customer's file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.literals import LiteralError, blanks_around, calendar_date
from robot.rulebook.nodes import YamlNode, YamlScalar, YamlSequence, read_yaml
from robot.rulebook.problem import Position, Report, did_you_mean, listed
from robot.rulebook.source import RuleFile

COLUMNS: Final = ("value", "from", "until", "why", "owner", "customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One value. `customer` is a bogføringskreds, None for everybody; `until` is the last day."""

    value: str
    valid_from: date | None = None
    valid_to: date | None = None
    why: str = ""
    owner: str = ""
    customer: str | None = None
    at: Position

    def in_force(self, today: date) -> bool:
        """Whether the row counts on a day."""
        return (self.valid_from is None or self.valid_from <= today) and (
            self.valid_to is None or today <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueList:
    """A named list. `file` is the file that it was read from, None inside a customer's file."""

    name: str
    rows: tuple[ListRow, ...]
    file: str | None = None

    def for_customer(self, bogfoeringskreds: str) -> ValueList:
        """The list with the rows that are everybody's or this customer's; itself if all are."""
        rows = tuple(row for row in self.rows if row.customer in {None, bogfoeringskreds})
        if len(rows) == len(self.rows):
            return self
        return ValueList(name=self.name, rows=rows, file=self.file)

    def values(self, today: date) -> frozenset[str]:
        """The values in force on a day."""
        return frozenset(row.value for row in self.rows if row.in_force(today))

    @property
    def dated(self) -> bool:
        """Whether the values depend on the day."""
        return any(row.valid_from or row.valid_to for row in self.rows)


def list_name(file: RuleFile) -> str:
    """The name of the list that a file holds."""
    return PurePosixPath(file.name).stem


def read_list(file: RuleFile) -> ValueList | None:
    """Read `lists/<name>.csv` or `.yaml`; problems are in the file's report."""
    suffix = PurePosixPath(file.name).suffix
    if suffix == ".csv":
        rows = _csv_rows(file)
    elif suffix == ".yaml":
        node = read_yaml(file)
        if node is None:
            if file.text is not None and not file.report.broken:
                return ValueList(name=list_name(file), rows=(), file=file.name)
            return None
        rows = rows_of(node, file.report)
    else:
        file.report.warning(
            "file-ignored", file.report.at(1, 1), "not read: a list is a .csv or a .yaml file"
        )
        return None
    if file.report.broken:
        return None
    return ValueList(name=list_name(file), rows=tuple(rows), file=file.name)


def rows_of(node: YamlNode, report: Report) -> list[ListRow]:
    """The rows of a list in YAML: plain values, or mappings with the columns as keys."""
    if not isinstance(node, YamlSequence):
        report.error(
            "not-a-list", node.at, f"a list of values is needed here, not {kind_of(node)}"
        )
        return []
    rows = [_yaml_row(item, report) for item in node.items]
    return _checked((row for row in rows if row is not None), report)


def _yaml_row(node: YamlNode, report: Report) -> ListRow | None:
    if isinstance(node, YamlScalar):
        if not node.text.strip():
            report.error("value-missing", node.at, "a row of the list has no value")
            return None
        return ListRow(value=node.text, at=node.at)
    entry = Entry(node, report, what="a row of the list", allowed=COLUMNS, required=("value",))
    value = entry.text("value", required=True)
    row = ListRow(
        value=value or "",
        valid_from=entry.date("from"),
        valid_to=entry.date("until"),
        why=entry.text("why") or "",
        owner=entry.text("owner") or "",
        customer=entry.text("customer"),
        at=entry.at,
    )
    return row if entry.valid and value else None


def _csv_rows(file: RuleFile) -> list[ListRow]:
    report = file.report
    if file.text is None:
        return []
    reader = csv.reader(file.text.split("\n"), strict=True)
    header: list[str] | None = None
    rows: list[ListRow] = []
    line = 1
    try:
        for cells in reader:
            at, line = report.at(line, 1), reader.line_num + 1
            if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = _header(cells, report, at)
                continue
            row = _csv_row(header, cells, report, at)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        report.error("csv-invalid", report.at(line, 1), f"the row is not valid CSV: {error}")
    if header is None and not report.broken:
        report.error(
            "csv-header", report.at(1, 1), f"the first line names the columns: {listed(COLUMNS)}"
        )
    return _checked(rows, report)


def _header(cells: Sequence[str], report: Report, at: Position) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and ";" in names[0]:
        report.error("csv-separator", at, "the columns are separated by ';'", "use ','")
        return names
    for index, name in enumerate(names):
        place = report.at(at.line, sum(len(cell) + 1 for cell in cells[:index]) + 1)
        if name not in COLUMNS:
            report.error(
                "unknown-column",
                place,
                f"unknown column '{name}'; a list has {listed(COLUMNS)}",
                did_you_mean(name, COLUMNS),
            )
        elif name in names[:index]:
            report.error("duplicate-column", place, f"the column '{name}' is there twice")
    if "value" not in names and not report.broken:
        report.error("csv-header", at, "the column 'value' is missing from the first line")
    return names


def _csv_row(
    header: Sequence[str], cells: Sequence[str], report: Report, at: Position
) -> ListRow | None:
    if report.broken and "value" not in header:
        return None
    if len(cells) > len(header):
        report.error(
            "csv-columns",
            at,
            f"the row has {len(cells)} columns and the first line {len(header)}; "
            "put text with commas in double quotes",
        )
        return None
    row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    if not row.get("value"):
        report.error("value-missing", at, "the row has no value")
        return None
    days: dict[str, date | None] = {}
    for key in ("from", "until"):
        place = report.at(at.line, sum(len(c) + 1 for c in cells[: _index(header, key)]) + 1)
        days[key] = _day(row.get(key, ""), report, place)
    return ListRow(
        value=row["value"],
        valid_from=days["from"],
        valid_to=days["until"],
        why=row.get("why", ""),
        owner=row.get("owner", ""),
        customer=row.get("customer") or None,
        at=at,
    )


def _index(header: Sequence[str], key: str) -> int:
    return header.index(key) if key in header else 0


def _day(text: str, report: Report, at: Position) -> date | None:
    if not text:
        return None
    try:
        return calendar_date(text)
    except LiteralError as error:
        report.error(error.code, at, error.message, error.suggestion)
        return None


def _checked(rows: Iterable[ListRow], report: Report) -> list[ListRow]:
    checked = list(rows)
    for row in checked:
        if row.value != row.value.strip():
            error = blanks_around(row.value)
            report.error(error.code, row.at, error.message, error.suggestion)
        if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
            report.error(
                "dates-swapped", row.at, f"'{row.value}' ends before it begins: it never counts"
            )
    return checked
