"""NAV's number series (tables 308 and 309, codeunit 396)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.adapters.navision.schema.setup import NO_SERIES, NO_SERIES_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedNumber:
    """The next number of a series; it is used once it is written."""

    series: str
    line: int
    number: str
    day: date


class SeriesOfDay:
    """The series as they stand on one day."""

    def __init__(
        self, lines: Mapping[str, Row[*tuple[Any, ...]]], day: date, texts: NavTexts
    ) -> None:
        self._lines = lines
        self._day = day
        self._texts = texts

    def reserve(self, series: str) -> ReservedNumber:
        """The next number; nothing is written yet.

        Raises:
            Refusal: The series has no open line for the day, is used up, or wants date order.
        """
        row = self._lines.get(series)
        if row is None:
            raise self._texts.refuse(Message.SERIES_NOT_ON_DATE, series, self._day)
        if row.date_order and row.last_date is not None and self._day < row.last_date:
            raise self._texts.refuse(Message.SERIES_DATE_ORDER, series, row.last_date)
        number = increased(row.last, max(row.increment, 1)) if row.last else row.starting
        # Longer is later: KF999 comes before KF1000.
        if row.ending and (len(number), number) > (len(row.ending), row.ending):
            raise self._texts.refuse(Message.SERIES_USED_UP, series)
        return ReservedNumber(series=series, line=row.line, number=number, day=self._day)


class NumberSeries:
    """Gives the next numbers of a company's series."""

    def __init__(self, tables: CompanyTables, texts: NavTexts) -> None:
        self._texts = texts
        series, line = tables[NO_SERIES], tables[NO_SERIES_LINE]
        self._next = (
            select(
                line.c["Series Code"].label("series"),
                line.c["Line No_"].label("line"),
                line.c["Starting No_"].label("starting"),
                line.c["Ending No_"].label("ending"),
                line.c["Increment-by No_"].label("increment"),
                line.c["Last No_ Used"].label("last"),
                line.c["Last Date Used"].label("last_date"),
                series.c["Date Order"].label("date_order"),
            )
            .join(series, series.c["Code"] == line.c["Series Code"])
            .where(
                line.c["Series Code"].in_([bindparam("draft"), bindparam("posted")]),
                line.c["Open"] == True,  # noqa: E712 -- a column
                line.c["Starting Date"] <= bindparam("day", type_=line.c["Starting Date"].type),
            )
            .order_by(line.c["Starting Date"], line.c["Line No_"])
        )
        self._use = (
            update(line)
            .where(
                line.c["Series Code"] == bindparam("series"),
                line.c["Line No_"] == bindparam("line"),
            )
            .values(
                {
                    "Last No_ Used": bindparam("number"),
                    "Last Date Used": bindparam("day", type_=line.c["Last Date Used"].type),
                }
            )
        )

    def at(self, connection: Connection, draft: str, posted: str, day: date) -> SeriesOfDay:
        """The lines of two series that hold on a day: of each the latest."""
        rows = connection.execute(self._next, {"draft": draft, "posted": posted, "day": day})
        return SeriesOfDay({row.series: row for row in rows}, day, self._texts)

    def use(self, connection: Connection, *numbers: ReservedNumber) -> None:
        """Write that the numbers are taken."""
        connection.execute(
            self._use,
            [
                {"series": it.series, "line": it.line, "number": it.number, "day": it.day}
                for it in numbers
            ],
        )


def increased(number: str, increment: int) -> str:
    """The number with its last group of digits counted up, leading zeros kept (NAV's INCSTR)."""
    match = re.fullmatch(r"(.*?)([0-9]+)([^0-9]*)", number, re.ASCII | re.DOTALL)
    if match is None:
        return number
    before, digits, after = match.groups()
    return f"{before}{int(digits) + increment:0{len(digits)}d}{after}"
