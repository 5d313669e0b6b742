"""Tables of cases: a header row of fields and expectations, then one row for each variant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from robot.rulebook.case_expected import EXPECT_KEYS, OUTCOMES
from robot.rulebook.case_values import ValueReader
from robot.rulebook.keys import kind_of
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.problem import Position, Report, did_you_mean

#: The column that names the rows; it comes first.
NAME_COLUMN: Final = "case"
OWN_COLUMNS: Final = ("customer", "document", "today")
EXPECT_COLUMNS: Final = tuple(key for key in EXPECT_KEYS if key not in OUTCOMES)
#: A cell that leaves the field as it is, or the expectation unsaid.
_AS_IT_IS: Final = "."
#: What people would write for that; most readers of YAML refuse it in a list.
_DASH: Final = "-"
_UNSAID: Final = frozenset({_AS_IT_IS, _DASH, "~", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its name and, as if they had been written out, what it changes and expects."""

    name: str
    own: tuple[tuple[YamlScalar, YamlNode], ...]
    changes: YamlMapping
    expect: YamlMapping
    at: Position


def read_table(node: YamlNode, values: ValueReader, report: Report) -> Iterator[Row]:
    """The rows of a table; what can't be read is left out and reported."""
    if not isinstance(node, YamlSequence) or not node.items:
        report.error("not-a-table", node.at, f"'table' is a list of rows, not {kind_of(node)}")
        return
    head, *rows = node.items
    columns = _columns(head, values, report)
    if columns is None:
        return
    if not rows:
        report.error("empty-table", head.at, "the table has a header and no rows")
    for row in rows:
        if not isinstance(row, YamlSequence):
            report.error("not-a-row", row.at, f"a row is a list of cells, not {kind_of(row)}")
        elif len(row.items) != len(columns):
            report.error(
                "table-columns",
                row.at,
                f"the row has {len(row.items)} cells and the header {len(columns)}",
            )
        else:
            made = _row(columns, row, report)
            if made is not None:
                yield made


def _columns(head: YamlNode, values: ValueReader, report: Report) -> tuple[YamlScalar, ...] | None:
    cells = head.items if isinstance(head, YamlSequence) else ()
    columns = tuple(cell for cell in cells if isinstance(cell, YamlScalar))
    if not columns or len(columns) < len(cells) or columns[0].text != NAME_COLUMN:
        report.error(
            "table-header",
            head.at,
            f"the first row of a table names its columns: '{NAME_COLUMN}', then fields and "
            "what is expected",
        )
        return None
    good = True
    for place, column in enumerate(columns):
        if column.text in {before.text for before in columns[:place]}:
            report.error("duplicate-column", column.at, f"'{column.text}' is there twice")
            good = False
        elif column.text not in {NAME_COLUMN, *OWN_COLUMNS, *EXPECT_COLUMNS}:
            good = _is_field(column, values, report) and good
    return columns if good else None


def _is_field(column: YamlScalar, values: ValueReader, report: Report) -> bool:
    if values.names_field(column.text):
        return True
    known = [*OWN_COLUMNS, *EXPECT_COLUMNS, *values.field_names()]
    report.error(
        "unknown-column",
        column.at,
        f"'{column.text}' is neither a field nor something to expect",
        did_you_mean(column.text, known),
    )
    return False


def _row(columns: tuple[YamlScalar, ...], row: YamlSequence, report: Report) -> Row | None:
    name, *cells = row.items
    if not isinstance(name, YamlScalar) or not name.text.strip() or name.empty:
        report.error("row-without-name", row.at, "the first cell of a row is its name")
        return None
    own: list[tuple[YamlScalar, YamlNode]] = []
    changes: list[tuple[YamlScalar, YamlNode]] = []
    expect: list[tuple[YamlScalar, YamlNode]] = []
    for column, cell in zip(columns[1:], cells, strict=True):
        if isinstance(cell, YamlScalar) and cell.plain and cell.text == _DASH:
            report.error("dash", cell.at, "'-' can't stand alone in a list", "write '.'")
        if isinstance(cell, YamlScalar) and cell.plain and cell.text in _UNSAID:
            continue
        key = YamlScalar(column.text, cell.at, column.plain)
        if column.text in EXPECT_COLUMNS:
            expect.append((key, cell))
        else:
            (own if column.text in OWN_COLUMNS else changes).append((key, cell))
    return Row(
        name=name.text.strip(),
        own=tuple(own),
        changes=YamlMapping(tuple(changes), row.at),
        expect=YamlMapping(tuple(expect), row.at),
        at=row.at,
    )
