"""Rows of NAV tables from CSV files: one file a table, columns with NAV's names.

The first column, `Company`, says for which company a row is; blank means every company. A row for
a named company takes the place of the row with the same key that is for every company.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TextIO

from robot.adapters.navision.dateformula import encode
from robot.adapters.navision.schema.model import Field, Kind, Layout, Table
from robot.adapters.navision.schema.sqltypes import as_code, scaled
from robot.domain.money import parse_decimal
from robot.errors import SettingsError

_COMPANY: Final = "Company"
_FLAGS: Final = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRow:
    """One row: the company that it is for (blank: every one) and its values by SQL column."""

    company: str
    values: Mapping[str, object]


def file_name(table: Table) -> str:
    """The CSV file of a table: `G/L Account` → `g_l_account.csv`."""
    return re.sub(r"[^a-z0-9]+", "_", table.name.lower()).strip("_") + ".csv"


def read(path: Path, table: Table, layout: Layout) -> list[CsvRow]:
    """All rows of a file.

    Raises:
        SettingsError: The file can't be read as rows of this table; says line and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(file, path, table, layout))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path}: can't be read: {error}") from error


def of_company(
    rows: Sequence[CsvRow], company: str, key: Sequence[str]
) -> list[dict[str, object]]:
    """The rows that a company gets; its own rows replace the common ones with the same key."""
    chosen: dict[tuple[object, ...], dict[str, object]] = {}
    for mine in ("", company):
        for row in rows:
            if row.company == mine:
                chosen[tuple(row.values[part] for part in key)] = dict(row.values)
    return list(chosen.values())


def _rows(file: TextIO, path: Path, table: Table, layout: Layout) -> Iterator[CsvRow]:
    reader = csv.reader(file, strict=True)
    header = next(reader, [])
    fields = _fields(header, path, table, layout)
    seen: dict[tuple[object, ...], int] = {}
    for cells in reader:
        line = reader.line_num
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise SettingsError(
                f"{path}:{line}: {len(cells)} cells under {len(header)} columns",
                hint="put text that holds a comma in double quotes",
            )
        values: dict[str, object] = {}
        for field, cell in zip(fields, cells[1:], strict=True):
            try:
                values[field.column] = _value(field, cell, layout)
            except ValueError as error:
                raise SettingsError(f"{path}:{line}: {field.name}: {error}") from error
        company = cells[0].strip()
        key = (company, *(values[table.field(part).column] for part in table.key))
        if key in seen:
            raise SettingsError(f"{path}:{line}: the same key stands in line {seen[key]}")
        seen[key] = line
        yield CsvRow(company=company, values=values)


def _fields(header: Sequence[str], path: Path, table: Table, layout: Layout) -> list[Field]:
    if not header or header[0] != _COMPANY:
        raise SettingsError(f"{path}:1: the first column must be '{_COMPANY}'")
    known = {field.name: field for field in table.fields_in(layout)}
    unknown = [name for name in header[1:] if name not in known]
    if unknown:
        raise SettingsError(
            f"{path}:1: '{unknown[0]}' is no field of {table.name}",
            hint=f"fields are {', '.join(known)}",
        )
    missing = [name for name in table.key if name not in header]
    if missing:
        raise SettingsError(f"{path}:1: the key column '{missing[0]}' is missing")
    return [known[name] for name in header[1:]]


def _value(field: Field, cell: str, layout: Layout) -> object:
    """The cell as the field's kind reads it; an empty cell is NAV's empty value.

    Raises:
        ValueError: It can't be read; the message says what would do.
    """
    if field.kind in {Kind.CODE, Kind.TEXT}:
        return _fitting(field, as_code(cell) if field.kind is Kind.CODE else cell, layout)
    cell = cell.strip()
    if field.kind is Kind.DATE_FORMULA:
        return encode(cell)
    if field.kind is Kind.DATE:
        return _date(cell) if cell else None
    return _PARSERS[field.kind](field, cell) if cell else 0


def _fitting(field: Field, text: str, layout: Layout) -> str:
    length = field.length_in(layout)
    if len(text) > length:
        raise ValueError(f"'{text}' is longer than {length} characters")
    return text


def _date(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"'{cell}' is no date; write it as 2026-11-24") from None


def _option(field: Field, cell: str) -> int:
    if cell.isascii() and cell.isdigit():
        return int(cell)
    if cell not in field.captions:
        known = ", ".join(caption for caption in field.captions if caption)
        raise ValueError(f"'{cell}' is none of {known}")
    return field.captions.index(cell)


def _integer(_field: Field, cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", cell, re.ASCII):
        raise ValueError(f"'{cell}' is no whole number")
    return int(cell)


def _decimal(field: Field, cell: str) -> Decimal:
    value = parse_decimal(cell)
    scaled(value, field.places)
    return value


def _flag(_field: Field, cell: str) -> bool:
    if cell.lower() not in _FLAGS:
        raise ValueError(f"'{cell}' is neither yes nor no")
    return _FLAGS[cell.lower()]


_PARSERS: Final[Mapping[Kind, Callable[[Field, str], object]]] = {
    Kind.OPTION: _option,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _flag,
}
