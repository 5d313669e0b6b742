"""The history as backtests read it: a part at a time, by column, equal values by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from robot.domain.fields import FieldValues
from robot.flow.history_port import Aftermath

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Codes: TypeAlias = "npt.NDArray[np.int32]"
Ore: TypeAlias = "npt.NDArray[np.int64]"

#: Codes of every column: the value is known to be absent, or is not known.
ABSENT_CODE: Final = 0
UNKNOWN_CODE: Final = 1
#: Number of lines of a document whose lines are absent or not known.
LINES_ABSENT: Final = -2
LINES_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of many documents, or of many lines.

    `codes` has one code a row; `values[code]` is the value. The first two values are always None
    (absent) and UNKNOWN; every other one is there once.
    """

    codes: Codes
    values: Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDocument:
    """What a reader is told about one document of the past."""

    customer: str
    source_id: str
    number: str
    supplier: str
    amount_dkk: Decimal | None
    decided_on: date
    aftermath: Aftermath | None
    document_key: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the history that fits into memory: files, or row groups of files."""

    month: str
    pieces: tuple[tuple[str, int], ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which part of the past is looked at; both days are included."""

    customer: str = ""
    since: date | None = None
    until: date | None = None


class PastBatch(Protocol):
    """Documents of one part, sorted by customer, a customer's re-posting sheets last."""

    @property
    def size(self) -> int:
        """How many documents."""

    @property
    def customers(self) -> Mapping[str, slice]:
        """Bogføringskreds to its invoices' rows; empty for those whose customer nobody knows."""

    @property
    def repostings(self) -> Mapping[str, slice]:
        """The same for re-posting sheets, which have rules of their own."""

    @property
    def days(self) -> tuple[Sequence[date], Codes]:
        """The days of the decisions, and the place of each row's day among them."""

    @property
    def ore(self) -> Ore:
        """Total with VAT in øre; 0 where it is not known."""

    @property
    def aftermath(self) -> tuple[Sequence[Aftermath | None], Codes]:
        """What happened afterwards, and the place of each row's among them."""

    @property
    def recorded(self) -> tuple[Sequence[tuple[str, str]], Codes]:
        """Rule set and outcome as recorded, and the place of each row's among them."""

    @property
    def line_counts(self) -> Codes:
        """Lines of each document, or LINES_ABSENT, LINES_UNKNOWN."""

    def has(self, name: str) -> bool:
        """Whether a field (`invoice.total`, `lines.net`) was recorded at all."""

    def column(self, name: str) -> Column:
        """A field of the documents; UNKNOWN throughout when it was not recorded."""

    def line_column(self, name: str) -> Column:
        """A field of the lines, in the documents' order; UNKNOWN throughout when not recorded."""

    def values(self, row: int, fields: Sequence[str], line_fields: Sequence[str]) -> FieldValues:
        """The values of one document, with `lines` when line fields are asked for."""

    def document(self, row: int) -> PastDocument:
        """What a reader is told about one document."""


class Past(Protocol):
    """The history as backtests read it. Can be sent to other processes and machines."""

    def parts(self, which: Narrowing) -> list[Part]:
        """The pieces, in order of time, each small enough for memory.

        Raises:
            HistoryError: There is no history, or it can't be read.
        """

    def read(
        self,
        part: Part,
        which: Narrowing,
        fields: Sequence[str],
        line_fields: Sequence[str],
    ) -> PastBatch:
        """The documents of a piece with the fields that are asked for.

        Raises:
            HistoryError: It can't be read.
        """
