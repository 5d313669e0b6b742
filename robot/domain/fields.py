"""The typed names that rules use, and the value that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeAlias

from robot.domain.money import Money


class Unknown(Enum):
    """The type of the one value `UNKNOWN`: it was not looked up, or could not be."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN


class FieldType(StrEnum):
    """Which operators a field takes and how its literals are written."""

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    ACCOUNT = "account"
    #: A set of bank accounts, only for `is same_as differs_from` on the other side.
    ACCOUNTS = "accounts"
    LINES = "lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One entry of the field catalogue.

    `source` names where the value comes from (BT number, NAV table and column, calendar, source
    system). `of_line` fields stand under `lines`. `open_ended` is a prefix such as `dimensions.`
    that the customer's own names follow. `whole` says that a number has no decimals.
    """

    name: str
    type: FieldType
    da: str
    en: str
    source: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    of_line: bool = False
    open_ended: bool = False
    whole: bool = False


#: A field's value. None: known to be absent. UNKNOWN: not known.
Scalar: TypeAlias = str | Money | Decimal | date | bool | frozenset[str] | Unknown | None
#: The values of one line by field name (`net`, `account`, `dimensions.delregnskab`, ...).
LineValues: TypeAlias = Mapping[str, Scalar]
#: The values of one document by field name; `lines` holds the lines, or UNKNOWN.
FieldValues: TypeAlias = Mapping[str, "Scalar | Sequence[LineValues]"]
