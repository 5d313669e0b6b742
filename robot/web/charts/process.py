"""The process as it went: events from left to right, an arc for each passage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.etree.ElementTree import SubElement

from markupsafe import Markup

from robot.domain.journey import EventName
from robot.flow.figures_port import Passage
from robot.web.charts import svg

_LEFT, _WIDTH, _ROW = 230.0, 900.0, 34.0
_SHOWN: Final = 16
_ORDER: Final = {name.value: place for place, name in enumerate(EventName)}


def process(
    passages: Sequence[Passage], *, title: str, event_word: Callable[[str], str], days: str
) -> Markup:
    """The most frequent passages: down on the right, back on the left, thicker the more often."""
    shown = passages[:_SHOWN]
    if not shown:
        return Markup()
    names = sorted({it.origin for it in shown} | {it.to for it in shown}, key=_ORDER.__getitem__)
    place = {name: 20 + _ROW * number for number, name in enumerate(names)}
    drawing = svg.drawing(_WIDTH, _ROW * len(names) + 30, title)
    most = max(it.times for it in shown)
    for number, it in enumerate(shown):
        start, end = place[it.origin], place[it.to]
        reach = 40 + abs(end - start) * 0.9 + 6 * (number % 5)
        width = 1 + 7 * it.times / most
        side = _LEFT + 20
        kind = "line-1" if end > start else "line-2"
        arc = SubElement(
            drawing,
            "path",
            {
                "d": f"M{side:.1f},{start:.1f} C{side + reach:.1f},{start:.1f} "
                f"{side + reach:.1f},{end:.1f} {side:.1f},{end:.1f}",
                "class": kind,
                "stroke-width": f"{width:.1f}",
                "stroke-opacity": "0.55",
            },
        )
        svg.hint(arc, f"{event_word(it.origin)} – {event_word(it.to)}: {it.times}")
        svg.label(
            drawing,
            side + reach * 0.76 + 6,
            (start + end) / 2 + 4,
            f"{it.times} · {it.median_days:.1f} {days}",
        )
    for name in names:
        svg.label(drawing, _LEFT, place[name] + 4, event_word(name), anchor="end")
        svg.rect(drawing, _LEFT + 12, place[name] - 5, 10, 10, "fill-1")
    return svg.markup(drawing)
