"""Shares over weeks as lines, with days marked on which something was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from robot.web.charts import svg

_LEFT, _WIDTH, _HEIGHT, _TOP, _BOTTOM = 50.0, 900.0, 260.0, 16.0, 210.0
#: Height that the name of a line needs.
_ROOM = 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: a value from 0 to 100 for each week, None where there is none."""

    name: str
    kind: str
    values: tuple[float | None, ...]


def trend(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    marks: Sequence[date],
    title: str,
    mark_word: str,
) -> Markup:
    """The drawing; nothing with fewer than two weeks."""
    if len(days) <= 1:
        return Markup()
    drawing = svg.drawing(_WIDTH, _HEIGHT, title)
    length = max((days[-1] - days[0]).days, 1)

    def x(day: date) -> float:
        return _LEFT + (_WIDTH - _LEFT - 150) * (day - days[0]).days / length

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / 100

    for level in (0, 25, 50, 75, 100):
        svg.line(drawing, (_LEFT, y(level)), (_WIDTH - 150, y(level)), "axis")
        svg.label(drawing, _LEFT - 6, y(level) + 4, f"{level} %", anchor="end")
    for mark in marks:
        place = min(max(x(mark), _LEFT), _WIDTH - 150)
        svg.hint(
            svg.line(drawing, (place, _TOP), (place, _BOTTOM), "line-bad"),
            f"{mark_word} {mark.day}/{mark.month}",
        )
    used: list[float] = []
    for row, line in enumerate(series):
        points = [
            (x(day), y(value))
            for day, value in zip(days, line.values, strict=True)
            if value is not None
        ]
        svg.path(drawing, points, line.kind)
        at = points[-1][1] if points else _TOP + _ROOM * row
        while any(abs(at - other) < _ROOM for other in used):
            at += _ROOM
        used.append(at)
        svg.line(drawing, (_WIDTH - 146, at), (_WIDTH - 130, at), line.kind)
        svg.label(drawing, _WIDTH - 126, at + 4, line.name)
    for day in days[:: max(1, len(days) // 8)]:
        svg.label(drawing, x(day), _BOTTOM + 18, f"{day.day}/{day.month}", anchor="middle")
    return svg.markup(drawing)
