"""How a NAV table is described once and laid out for NAV 2016, NAV 2018 or Business Central."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final


class Kind(StrEnum):
    """NAV's field types, as far as the tables here use them."""

    CODE = "Code"
    TEXT = "Text"
    OPTION = "Option"
    INTEGER = "Integer"
    DECIMAL = "Decimal"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    GUID = "GUID"
    DATE_FORMULA = "DateFormula"


class Layout(Enum):
    """How the same tables lie in SQL, by the version that owns the database."""

    NAV_2016 = "nav-2016"
    NAV_2018 = "nav-2018"
    BUSINESS_CENTRAL = "business-central"
    #: The small Navision: NAV 2018's names, and Business Central's non-deductible VAT.
    SMALL = "small"


#: The app that owns the base tables in Business Central 15 and later.
BASE_APPLICATION: Final = "437dbf0e-84ff-417a-965d-ed2bb9650972"
#: Microsoft's app for Danish payments (FIK and giro).
DANISH_PAYMENTS: Final = "644f7e5b-a81c-408a-aaa2-766e655a80a3"
NAV_ONLY: Final = frozenset({Layout.NAV_2016, Layout.NAV_2018, Layout.SMALL})
BC_ONLY: Final = frozenset({Layout.BUSINESS_CENTRAL})
SINCE_NAV_2018: Final = frozenset(Layout) - {Layout.NAV_2016}
BC_AND_SMALL: Final = frozenset({Layout.BUSINESS_CENTRAL, Layout.SMALL})
EVERYWHERE: Final = frozenset(Layout)
#: Decimal places that the small Navision keeps of an amount: NAV's unit-amount rounding precision.
AMOUNT_PLACES: Final = 5
#: The characters of the database setting "Convert identifiers" that NAV turns into `_`.
_CONVERTED: Final = re.compile(r"""[."\\/'%\]\[]""")


def convert_identifier(name: str) -> str:
    r"""A company, table or field name as it stands in SQL (`No.` → `No_`).

    Source: the default of NAV's database setting "Convert identifiers" (`. " \ / ' % ] [`).
    """
    return _CONVERTED.sub("_", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One NAV field. `length` is NAV 2018's; the others are given where they differ."""

    number: int
    name: str
    kind: Kind
    length: int = 0
    nav2016_length: int | None = None
    bc_length: int | None = None
    #: Decimals that are kept where the engine has no decimal type of its own (SQLite).
    places: int = AMOUNT_PLACES
    #: The option's captions by value; an empty caption is the blank or an unused value.
    captions: tuple[str, ...] = ()
    layouts: frozenset[Layout] = EVERYWHERE
    #: The app that adds the field in Business Central: it lies in a companion table.
    app: str = ""

    @property
    def column(self) -> str:
        """The column's name in SQL."""
        return convert_identifier(self.name)

    def length_in(self, layout: Layout) -> int:
        """How many characters the field holds in a layout; 0 for what is no text."""
        if layout is Layout.NAV_2016 and self.nav2016_length is not None:
            return self.nav2016_length
        if layout is Layout.BUSINESS_CENTRAL and self.bc_length is not None:
            return self.bc_length
        return self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One NAV table by NAV's own names; `key` and `indexes` name fields."""

    number: int
    name: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    #: NAV's DataPerCompany: false for the tables that all companies share.
    per_company: bool = True
    #: Fields that apps add in Business Central.
    extensions: tuple[Field, ...] = ()
    #: The app that owns the whole table in Business Central, when it is not the base application.
    owner: str = ""
    #: The layouts that have the table at all.
    layouts: frozenset[Layout] = EVERYWHERE

    def fields_in(self, layout: Layout) -> Sequence[Field]:
        """The fields that the layout has."""
        return [field for field in self.fields if layout in field.layouts]

    def field(self, name: str) -> Field:
        """The field by NAV's name.

        Raises:
            KeyError: The table has no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def name_in_sql(self, company: str, layout: Layout) -> str:
        """The table's name in SQL: `Company$Table`, in Business Central with the app's id."""
        name = convert_identifier(self.name)
        if self.per_company:
            name = f"{convert_identifier(company)}${name}"
        if layout is Layout.BUSINESS_CENTRAL and (self.per_company or self.owner):
            name = f"{name}${self.owner or BASE_APPLICATION}"
        return name

    def companions_in_sql(self, company: str, field: Field) -> Sequence[tuple[str, str]]:
        """Where an app's field may lie, each as table and column in SQL.

        Business Central 15 to 22 keeps one companion table for each app; from 23 on there is one
        for all apps, whose columns carry the app's id.
        """
        base = f"{convert_identifier(company)}${convert_identifier(self.name)}"
        return (
            (f"{base}${field.app}", field.column),
            (f"{base}${BASE_APPLICATION}$ext", f"{field.column}${field.app}"),
        )


def code(
    number: int,
    name: str,
    length: int,
    *,
    nav2016: int | None = None,
    bc: int | None = None,
    only: frozenset[Layout] = EVERYWHERE,
) -> Field:
    """A Code field: upper case, trimmed."""
    return Field(
        number=number,
        name=name,
        kind=Kind.CODE,
        length=length,
        nav2016_length=nav2016,
        bc_length=bc,
        layouts=only,
    )


def text(
    number: int,
    name: str,
    length: int,
    *,
    bc: int | None = None,
    only: frozenset[Layout] = EVERYWHERE,
    app: str = "",
) -> Field:
    """A Text field."""
    return Field(
        number=number,
        name=name,
        kind=Kind.TEXT,
        length=length,
        bc_length=bc,
        layouts=only,
        app=app,
    )


def option(
    number: int,
    name: str,
    captions: tuple[str, ...] = (),
    *,
    only: frozenset[Layout] = EVERYWHERE,
) -> Field:
    """An Option field with its English captions."""
    return Field(number=number, name=name, kind=Kind.OPTION, captions=captions, layouts=only)


def integer(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """An Integer field."""
    return Field(number=number, name=name, kind=Kind.INTEGER, layouts=only)


def decimal(
    number: int,
    name: str,
    *,
    places: int = AMOUNT_PLACES,
    only: frozenset[Layout] = EVERYWHERE,
) -> Field:
    """A Decimal field."""
    return Field(number=number, name=name, kind=Kind.DECIMAL, places=places, layouts=only)


def boolean(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """A Boolean field."""
    return Field(number=number, name=name, kind=Kind.BOOLEAN, layouts=only)


def day(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """A Date field."""
    return Field(number=number, name=name, kind=Kind.DATE, layouts=only)


def instant(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """A DateTime field, UTC in SQL."""
    return Field(number=number, name=name, kind=Kind.DATETIME, layouts=only)


def guid(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """A GUID field."""
    return Field(number=number, name=name, kind=Kind.GUID, layouts=only)


def formula(number: int, name: str, *, only: frozenset[Layout] = EVERYWHERE) -> Field:
    """A DateFormula field."""
    return Field(number=number, name=name, kind=Kind.DATE_FORMULA, length=32, layouts=only)
