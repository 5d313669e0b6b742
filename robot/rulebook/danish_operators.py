"""The operators of the rule language in Danish; in English an operator is its own word."""

from __future__ import annotations

from typing import Final

from robot.rulebook.vocabulary import Operator, Quantifier

DANISH: Final = {
    Operator.MISSING: "mangler",
    Operator.PRESENT: "er udfyldt",
    Operator.BELOW: "under",
    Operator.AT_MOST: "højst",
    Operator.ABOVE: "over",
    Operator.AT_LEAST: "mindst",
    Operator.IS: "er",
    Operator.IS_NOT: "er ikke",
    Operator.BETWEEN: "mellem",
    Operator.BEFORE: "før",
    Operator.ON_OR_BEFORE: "senest",
    Operator.AFTER: "efter",
    Operator.ON_OR_AFTER: "tidligst",
    Operator.WITHIN_DAYS: "inden for dage",
    Operator.IN: "er en af",
    Operator.NOT_IN: "er ingen af",
    Operator.IN_LIST: "står på listen",
    Operator.NOT_IN_LIST: "står ikke på listen",
    Operator.STARTS_WITH: "begynder med",
    Operator.MATCHES: "har formen",
    Operator.SAME_AS: "er samme som",
    Operator.DIFFERS_FROM: "er en anden end",
}
#: How many lines a condition is about.
DANISH_LINES: Final = {
    Quantifier.ANY: "mindst én linje med",
    Quantifier.ALL: "alle linjer med",
    Quantifier.NONE: "ingen linje med",
}
