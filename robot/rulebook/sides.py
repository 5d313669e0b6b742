"""The sides of a border that a rule draws: just under it, on it, just over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from robot.domain.money import CENT, Money
from robot.rulebook.conditions import Literal, Operand
from robot.rulebook.literals import RelativeDate, Window
from robot.rulebook.parts import Asked
from robot.rulebook.vocabulary import Operator

#: What has sides.
Size: TypeAlias = Money | Decimal | date
_ONE: Final = Decimal(1)


class Side(StrEnum):
    """Where a value lies, in the smallest steps: one øre, one day, one."""

    UNDER = "just under"
    AT = "at"
    OVER = "just over"


_UNDER_AT: Final = (Side.UNDER, Side.AT)
_AT_OVER: Final = (Side.AT, Side.OVER)
#: Of each border of an operator, the sides between which its answer changes.
_TELLING: Final = {
    Operator.BELOW: (_UNDER_AT,),
    Operator.AT_MOST: (_AT_OVER,),
    Operator.ABOVE: (_AT_OVER,),
    Operator.AT_LEAST: (_UNDER_AT,),
    Operator.BEFORE: (_UNDER_AT,),
    Operator.ON_OR_BEFORE: (_AT_OVER,),
    Operator.AFTER: (_AT_OVER,),
    Operator.ON_OR_AFTER: (_UNDER_AT,),
    Operator.BETWEEN: (_UNDER_AT, _AT_OVER),
    Operator.WITHIN_DAYS: (_UNDER_AT, _AT_OVER),
    Operator.IS: ((Side.UNDER, Side.AT, Side.OVER),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """One border of an operator on one day. `place` counts the borders of the operator."""

    place: int
    value: Size
    sides: tuple[Side, ...]

    def side(self, value: object) -> Side | None:
        """The side on which a value lies; None when it is further away or can't be compared."""
        return next((side for side in Side if beside(self.value, side, value)), None)

    def on(self, side: Side) -> Size:
        """The value on a side."""
        return stepped(self.value, {Side.UNDER: -1, Side.AT: 0, Side.OVER: 1}[side])


def borders(asked: Asked, today: date) -> Iterator[Border]:
    """The borders that an operator draws; none when it does not compare sizes with values."""
    telling = _TELLING.get(asked.operator)
    if telling is None:
        return
    values = [size for operand in asked.operands for size in _sizes(operand, today)]
    if len(values) == len(telling):
        for place, (value, sides) in enumerate(zip(values, telling, strict=True)):
            # Numbers count things: there is nothing under none.
            there = sides if value != 0 else tuple(s for s in sides if s is not Side.UNDER)
            yield Border(place=place, value=value, sides=there)


def stepped(value: Size, steps: int) -> Size:
    """A value some smallest steps further."""
    if isinstance(value, Money):
        return Money(value.amount + steps * CENT, value.currency)
    if isinstance(value, date):
        return value + timedelta(days=steps)
    return value + steps * (_ONE if value == value.to_integral_value() else CENT)


def beside(border: Size, side: Side, value: object) -> bool:
    """Whether a value lies on a side of a border; of numbers, anything up to one away counts."""
    if isinstance(border, Decimal) and isinstance(value, Decimal):
        away = value - border
        return {
            Side.UNDER: -_ONE <= away < 0,
            Side.AT: away == 0,
            Side.OVER: 0 < away <= _ONE,
        }[side]
    steps = {Side.UNDER: -1, Side.AT: 0, Side.OVER: 1}[side]
    return type(value) is type(border) and value == stepped(border, steps)


def _sizes(operand: Operand, today: date) -> Iterator[Size]:
    value = operand.value if isinstance(operand, Literal) else None
    if isinstance(value, RelativeDate):
        yield value.on(today)
    elif isinstance(value, Window):
        yield from value.on(today)
    elif isinstance(value, Money | Decimal | date):
        yield value
