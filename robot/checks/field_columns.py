"""The columns of the field catalogue: name, type, Danish and English meaning, source."""

from __future__ import annotations

from typing import Final

from robot.domain.fields import FieldSpec, FieldType

#: Values that the purchasing system states.
SOURCE: Final = "source system"
_NOTHING_DA: Final = "også ja, når der intet er at kontrollere"
_NOTHING_EN: Final = "also yes when there is nothing to check"


def field(  # noqa: PLR0913 - one argument a column of the table below
    name: str,
    kind: FieldType,
    da: str,
    en: str,
    source: str,
    *,
    unit: str = "",
    choices: tuple[str, ...] = (),
    whole: bool = False,
) -> FieldSpec:
    """Describe one field of a document."""
    return FieldSpec(
        name=name, type=kind, da=da, en=en, source=source, unit=unit, choices=choices, whole=whole
    )


def text_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """A field of free text."""
    return field(name, FieldType.TEXT, da, en, source)


def code_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """A field of codes and numbers that are text."""
    return field(name, FieldType.CODE, da, en, source)


def flag_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """A field that is yes or no."""
    return field(name, FieldType.FLAG, da, en, source)


def safe_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """A flag that asks whether something is right; yes as well when nothing is to be checked."""
    return flag_field(name, f"{da} ({_NOTHING_DA})", f"{en} ({_NOTHING_EN})", source)


def money_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """An amount; names ending in `_dkk` are in kroner."""
    unit = "DKK" if name.endswith("_dkk") else "the document's currency (BT-5)"
    return field(name, FieldType.MONEY, da, en, source, unit=unit)


def number_field(name: str, da: str, en: str, source: str, unit: str) -> FieldSpec:
    """A count: a whole number of something."""
    return field(name, FieldType.NUMBER, da, en, source, unit=unit, whole=True)


def rate_field(name: str, da: str, en: str, source: str, unit: str) -> FieldSpec:
    """A number with decimals."""
    return field(name, FieldType.NUMBER, da, en, source, unit=unit)


def date_field(name: str, da: str, en: str, source: str) -> FieldSpec:
    """A day."""
    return field(name, FieldType.DATE, da, en, source)


def choice_field(name: str, choices: tuple[str, ...], da: str, en: str, source: str) -> FieldSpec:
    """One of a fixed list of words."""
    return field(name, FieldType.CHOICE, da, en, source, choices=choices)
