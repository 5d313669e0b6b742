"""NAV's checks of dimensions (codeunit 408): blocked, mandatory, same, none, and combinations."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from robot.adapters.navision.options import (
    GL_ACCOUNT_TABLE,
    POSTABLE_VALUES,
    CombinationRestriction,
    DimensionValueType,
    ValuePostingRule,
)
from robot.adapters.navision.posting.master import DefaultDimension, MasterData
from robot.adapters.navision.posting.texts import Message, NavTexts

_TYPE_CAPTIONS: Final[Mapping[int, str]] = {
    DimensionValueType.HEADING: "Heading",
    DimensionValueType.TOTAL: "Total",
    DimensionValueType.END_TOTAL: "End-Total",
}


class DimensionChecks:
    """Says what is wrong with a set of dimensions in NAV's words, or nothing."""

    def __init__(self, master: MasterData, texts: NavTexts) -> None:
        self._master = master
        self._texts = texts

    def combination_error(self, values: Mapping[str, str]) -> str | None:
        """The first pair of dimensions or values that can't stand together."""
        for (first, first_value), (second, second_value) in combinations(
            sorted(values.items()), 2
        ):
            restriction = self._master.combination(first, second)
            if restriction is None:
                continue
            if restriction.option("Combination Restriction") != CombinationRestriction.LIMITED:
                return self._texts.say(Message.DIMENSIONS_TOGETHER, first, second)
            if self._master.value_combination(first, first_value, second, second_value):
                return self._texts.say(
                    Message.VALUES_TOGETHER, first, first_value, second, second_value
                )
        return None

    def posting_error(self, table: int, number: str, values: Mapping[str, str]) -> str | None:
        """The first value that can't be posted, or rule of the record that is not kept.

        The rules of the record and those of its whole table are both kept, each by itself.
        """
        for dimension, value in sorted(values.items()):
            if error := self._value_error(dimension, value):
                return error
        for owner in (number, ""):
            for rule in self._master.default_dimensions(table, owner):
                if error := self._rule_error(rule, table, owner, values):
                    return error
        return None

    def _value_error(self, dimension: str, value: str) -> str | None:
        texts, say = self._texts, self._texts.say
        known = self._master.dimension(dimension)
        if known is None:
            return say(Message.DIMENSION_NOT_FOUND, texts.caption("Dimension"), dimension)
        if known.flag("Blocked"):
            return say(Message.DIMENSION_BLOCKED, texts.caption("Dimension"), dimension)
        row = self._master.dimension_value(dimension, value)
        if row is None:
            return say(Message.VALUE_MISSING, texts.caption("Dimension Value"), dimension)
        if row.flag("Blocked"):
            return say(Message.VALUE_BLOCKED, texts.caption("Dimension Value"), dimension, value)
        kind = row.option("Dimension Value Type")
        if kind not in POSTABLE_VALUES:
            return say(
                Message.VALUE_TYPE_WRONG,
                texts.caption("Dimension Value Type"),
                texts.caption("Dimension Value"),
                dimension,
                value,
                texts.caption(_TYPE_CAPTIONS.get(kind, str(kind))),
            )
        return None

    def _rule_error(
        self, rule: DefaultDimension, table: int, owner: str, values: Mapping[str, str]
    ) -> str | None:
        value = values.get(rule.dimension)
        match rule.posting:
            case ValuePostingRule.NONE:
                return None
            case ValuePostingRule.CODE_MANDATORY:
                return None if value else self._select(rule, table, owner)
            case ValuePostingRule.SAME_CODE if rule.value:
                return None if value == rule.value else self._select_this(rule, table, owner)
            case ValuePostingRule.SAME_CODE:
                return self._not_wanted(Message.MUST_BE_BLANK, rule) if value else None
            case _:
                return self._not_wanted(Message.MUST_NOT_BE_MENTIONED, rule) if value else None

    def _select(self, rule: DefaultDimension, table: int, owner: str) -> str:
        texts = self._texts
        wanted = (
            texts.caption("Dimension Value Code"),
            texts.caption("Dimension Code"),
            rule.dimension,
        )
        if not owner:
            return texts.say(Message.SELECT_VALUE, *wanted)
        return texts.say(Message.SELECT_VALUE_FOR, *wanted, self._table(table), owner)

    def _select_this(self, rule: DefaultDimension, table: int, owner: str) -> str:
        texts = self._texts
        wanted = (
            texts.caption("Dimension Value Code"),
            rule.value,
            texts.caption("Dimension Code"),
            rule.dimension,
        )
        if not owner:
            return texts.say(Message.SELECT_THIS, *wanted)
        return texts.say(Message.SELECT_THIS_FOR, *wanted, self._table(table), owner)

    def _not_wanted(self, message: Message, rule: DefaultDimension) -> str:
        return self._texts.say(message, self._texts.caption("Dimension Code"), rule.dimension)

    def _table(self, table: int) -> str:
        return self._texts.caption("G/L Account" if table == GL_ACCOUNT_TABLE else "Vendor")
