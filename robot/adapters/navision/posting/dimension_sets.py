"""Dimension sets (table 480): the same dimensions always have the same number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Connection, func, insert, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.posting.master import MasterData
from robot.adapters.navision.schema.masterdata import DIMENSION_SET_ENTRY

Content: TypeAlias = frozenset[tuple[str, str]]


class DimensionSets:
    """Finds or writes the sets of one company. Sets never change, so a number is kept for good."""

    def __init__(self, tables: CompanyTables) -> None:
        self._table = tables[DIMENSION_SET_ENTRY]
        self._kept: dict[Content, int] = {}
        self._new: dict[Content, int] = {}

    def number(self, master: MasterData, dimensions: Mapping[str, str]) -> int:
        """The number of the set with exactly these dimensions; 0 for none."""
        if not dimensions:
            return 0
        content = frozenset(dimensions.items())
        number = self._kept.get(content) or self._new.get(content)
        if number is None:
            number = self._find(master.connection, content)
            if number is None:
                number = self._write(master, dimensions)
            self._new[content] = number
        return number

    def committed(self) -> None:
        """What was found or written in this transaction holds from now on."""
        self._kept |= self._new
        self._new.clear()

    def rolled_back(self) -> None:
        """What was written in this transaction is not there."""
        self._new.clear()

    def _find(self, connection: Connection, content: Content) -> int | None:
        table = self._table
        set_id, dimension, value = (
            table.c["Dimension Set ID"],
            table.c["Dimension Code"],
            table.c["Dimension Value Code"],
        )
        first_dimension, first_value = min(content)
        candidates = select(set_id).where(dimension == first_dimension, value == first_value)
        found: dict[int, set[tuple[str, str]]] = {}
        statement = select(set_id, dimension, value).where(set_id.in_(candidates))
        for number, code, value_code in connection.execute(statement):
            found.setdefault(number, set()).add((code, value_code))
        return next((number for number, pairs in found.items() if pairs == content), None)

    def _write(self, master: MasterData, dimensions: Mapping[str, str]) -> int:
        table = self._table
        last = master.connection.scalar(select(func.max(table.c["Dimension Set ID"]))) or 0
        rows = []
        for dimension, value in sorted(dimensions.items()):
            known = master.dimension_value(dimension, value)
            rows.append(
                {
                    "Dimension Set ID": last + 1,
                    "Dimension Code": dimension,
                    "Dimension Value Code": value,
                    "Dimension Value ID": known.option("Dimension Value ID") if known else 0,
                }
            )
        master.connection.execute(insert(table), rows)
        return int(last) + 1
