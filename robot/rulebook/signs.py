"""Comparisons and words as they are used elsewhere, in the words of rule files."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.problem import did_you_mean
from robot.rulebook.vocabulary import OPERATORS, SYNONYMS, Operator

#: A comparison as it is written elsewhere.
_COMPARISON: Final = re.compile(r"(<=|>=|<>|!=|==|≤|≥|≠|<|>|=)\s*(\S.*)")
_BARE_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]{1,2})?")
_EQUAL: Final = {
    **dict.fromkeys(("=", "=="), Operator.IS),
    **dict.fromkeys(("!=", "<>", "≠"), Operator.IS_NOT),
}
_SIGNS: Final = {
    **_EQUAL,
    "<": Operator.BELOW,
    **dict.fromkeys(("<=", "≤"), Operator.AT_MOST),
    ">": Operator.ABOVE,
    **dict.fromkeys((">=", "≥"), Operator.AT_LEAST),
}
_DAY_SIGNS: Final = {
    **_EQUAL,
    "<": Operator.BEFORE,
    **dict.fromkeys(("<=", "≤"), Operator.ON_OR_BEFORE),
    ">": Operator.AFTER,
    **dict.fromkeys((">=", "≥"), Operator.ON_OR_AFTER),
}


def as_test(kind: FieldType, written: str) -> str:
    """What to write for a bare value or a comparison such as `> 5000`; empty when it can't be."""
    match = _COMPARISON.fullmatch(written)
    sign, rest = (match[1], match[2]) if match is not None else ("=", written)
    word = (_DAY_SIGNS if kind is FieldType.DATE else _SIGNS)[sign]
    if word not in OPERATORS[kind]:
        return ""
    if kind is FieldType.MONEY and _BARE_NUMBER.fullmatch(rest):
        rest = f"{rest} DKK"
    return f"write '{{{word}: {rest}}}'"


def meant(word: str, known: Collection[str]) -> str:
    """The phrase that offers the word that was probably meant, also by what others call it."""
    other = SYNONYMS.get(word.casefold().replace(" ", "_").replace("-", "_"))
    return f"did you mean '{other}'?" if other in known else did_you_mean(word, known)
