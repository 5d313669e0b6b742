"""What is expected on each of some days, as a line within a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import SubElement

from markupsafe import Markup

from robot.web.charts import svg

_LEFT, _WIDTH, _HEIGHT, _TOP, _BOTTOM = 60.0, 900.0, 240.0, 16.0, 200.0
_RIGHT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A value of a day and the band around it."""

    day: date
    value: float
    low: float
    high: float


def band(days: Sequence[Between], *, title: str) -> Markup:
    """The drawing; nothing with fewer than two days or when all are zero."""
    most = max((it.high for it in days), default=0.0)
    if len(days) <= 1 or most <= 0:
        return Markup()
    drawing = svg.drawing(_WIDTH, _HEIGHT, title)
    step = (_WIDTH - _LEFT - _RIGHT) / (len(days) - 1)

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / most

    places = [_LEFT + step * number for number in range(len(days))]
    around = [(x, y(it.high)) for x, it in zip(places, days, strict=True)]
    around += [(x, y(it.low)) for x, it in reversed(list(zip(places, days, strict=True)))]
    corners = " ".join(f"{x:.1f},{height:.1f}" for x, height in around)
    SubElement(drawing, "polygon", {"points": corners, "class": "band"})
    for part in (0.0, 0.5, 1.0):
        svg.line(drawing, (_LEFT, y(most * part)), (_WIDTH - _RIGHT, y(most * part)), "axis")
        svg.label(drawing, _LEFT - 6, y(most * part) + 4, f"{most * part:.0f}", anchor="end")
    svg.path(drawing, [(x, y(it.value)) for x, it in zip(places, days, strict=True)], "line-1")
    for number in range(0, len(days), max(1, len(days) // 9)):
        day = days[number].day
        svg.label(drawing, places[number], _BOTTOM + 20, f"{day.day}/{day.month}", anchor="middle")
    return svg.markup(drawing)
