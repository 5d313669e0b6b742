"""The words of the rule language: operators by type, effects, quantifiers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from robot.domain.fields import FieldType


class Operator(StrEnum):
    """What a condition asks of one field."""

    MISSING = "missing"
    PRESENT = "present"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"
    IS = "is"
    IS_NOT = "is_not"
    BETWEEN = "between"
    BEFORE = "before"
    ON_OR_BEFORE = "on_or_before"
    AFTER = "after"
    ON_OR_AFTER = "on_or_after"
    WITHIN_DAYS = "within_days"
    IN = "in"
    NOT_IN = "not_in"
    IN_LIST = "in_list"
    NOT_IN_LIST = "not_in_list"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    SAME_AS = "same_as"
    DIFFERS_FROM = "differs_from"


class Quantifier(StrEnum):
    """How many lines a condition is about."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


_SIZES: Final = (
    Operator.BELOW,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.AT_LEAST,
    Operator.IS,
    Operator.BETWEEN,
)
_FIELDS: Final = (Operator.SAME_AS, Operator.DIFFERS_FROM)
_WORDS: Final = (Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN)
_TEXTS: Final = (
    *_WORDS,
    Operator.IN_LIST,
    Operator.NOT_IN_LIST,
    Operator.STARTS_WITH,
    Operator.MATCHES,
    *_FIELDS,
)

#: What people write for an operator or a quantifier, in English, Danish and signs.
SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("under", "less", "less_than", "lt", "<", "mindre_end"), "below"),
        **dict.fromkeys(("max", "up_to", "lte", "le", "<=", "maximum", "højst"), "at_most"),
        **dict.fromkeys(("over", "more", "more_than", "greater_than", "gt", ">"), "above"),
        **dict.fromkeys(("min", "from", "gte", "ge", ">=", "minimum", "mindst"), "at_least"),
        **dict.fromkeys(("equals", "equal", "eq", "=", "==", "er", "equal_to"), "is"),
        **dict.fromkeys(("not", "ne", "!=", "isnt", "not_equal", "er_ikke"), "is_not"),
        **dict.fromkeys(("one_of", "any_of", "i"), "in"),
        **dict.fromkeys(("prefix", "begins_with", "begins", "begynder_med"), "starts_with"),
        **dict.fromkeys(("regex", "pattern", "like", "match"), "matches"),
        **dict.fromkeys(("until", "earlier_than", "før"), "before"),
        **dict.fromkeys(("since", "later_than", "efter"), "after"),
        **dict.fromkeys(("within", "days"), "within_days"),
        **dict.fromkeys(("list", "on_list"), "in_list"),
        **dict.fromkeys(("same", "equals_field"), "same_as"),
        **dict.fromkeys(("differs", "different", "different_from"), "differs_from"),
        **dict.fromkeys(("some", "exists", "at_least_one"), "any"),
        **dict.fromkeys(("every", "each"), "all"),
    }
)

#: The operators that a field takes in `{operator: value}`, by its type.
OPERATORS: Final[Mapping[FieldType, tuple[Operator, ...]]] = MappingProxyType(
    {
        FieldType.MONEY: (*_SIZES, *_FIELDS),
        FieldType.NUMBER: (*_SIZES, *_FIELDS),
        FieldType.DATE: (
            Operator.BEFORE,
            Operator.ON_OR_BEFORE,
            Operator.AFTER,
            Operator.ON_OR_AFTER,
            Operator.IS,
            Operator.BETWEEN,
            Operator.WITHIN_DAYS,
            *_FIELDS,
        ),
        FieldType.CODE: _TEXTS,
        FieldType.TEXT: _TEXTS,
        FieldType.CHOICE: (*_WORDS, *_FIELDS),
        FieldType.ACCOUNT: (Operator.IS, *_FIELDS),
        FieldType.ACCOUNTS: (),
        FieldType.FLAG: (),
        FieldType.LINES: (),
    }
)

#: The words that stand alone after a field.
STATES: Final = (Operator.MISSING, Operator.PRESENT)
FLAG_WORDS: Final = ("yes", "no")

#: Bounds of `count` and `sum`.
BOUNDS: Final = _SIZES

#: The field types that `same_as` and `differs_from` can compare with each type.
COMPARABLE: Final[Mapping[FieldType, tuple[FieldType, ...]]] = MappingProxyType(
    {
        FieldType.MONEY: (FieldType.MONEY,),
        FieldType.NUMBER: (FieldType.NUMBER,),
        FieldType.DATE: (FieldType.DATE,),
        FieldType.CODE: (FieldType.CODE, FieldType.TEXT),
        FieldType.TEXT: (FieldType.CODE, FieldType.TEXT),
        FieldType.CHOICE: (FieldType.CHOICE,),
        FieldType.ACCOUNT: (FieldType.ACCOUNT, FieldType.ACCOUNTS),
        FieldType.ACCOUNTS: (),
        FieldType.FLAG: (),
        FieldType.LINES: (),
    }
)

#: What a type is called in messages.
TYPE_NAMES: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        FieldType.MONEY: "an amount",
        FieldType.NUMBER: "a number",
        FieldType.DATE: "a date",
        FieldType.CODE: "a code",
        FieldType.TEXT: "a text",
        FieldType.CHOICE: "a choice",
        FieldType.ACCOUNT: "a bank account",
        FieldType.ACCOUNTS: "a set of bank accounts",
        FieldType.FLAG: "yes or no",
        FieldType.LINES: "lines",
    }
)

BLOCKS: Final = ("any_of", "all_of", "none_of")
EFFECTS: Final = ("post", "bounce", "hold", "note")
