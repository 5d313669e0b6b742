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
#: Height of a label, and the reach within which two of them would meet.
_LABEL, _BESIDE = 15.0, 150.0
_ORDER: Final = {name.value: place for place, name in enumerate(EventName)}


def process(
    passages: Sequence[Passage],
    *,
    title: str,
    event_word: Callable[[str], str],
    duration: Callable[[float], str],
) -> Markup:
    """The most frequent passages: down on the right, back on the left, thicker the more often."""
    shown = passages[:_SHOWN]
    if not shown:
        return Markup()
    names = sorted({it.origin for it in shown} | {it.to for it in shown}, key=_ORDER.__getitem__)
    place = {name: 20 + _ROW * number for number, name in enumerate(names)}
    drawing = svg.drawing(_WIDTH, _ROW * len(names) + 30, title, "chart process")
    most = max(it.times for it in shown)
    taken: list[tuple[float, float]] = []
    labels: list[tuple[float, float, str]] = []
    for number, it in enumerate(shown):
        start, end = place[it.origin], place[it.to]
        reach = 40 + abs(end - start) * 0.9 + 6 * (number % 5)
        width = 1 + 7 * it.times / most
        side = _LEFT + 20
        kind = "arc-1" if end > start else "arc-2"
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
        middle = _free(taken, (start + end) / 2 + 4, reach)
        told = f"{it.times} · {duration(it.median_days)}"
        labels.append((side + reach * 0.76 + 6, middle, told))
    # Above all arcs, so that none goes through a number.
    for x, y, told in labels:
        svg.label(drawing, x, y, told)
    for name in names:
        svg.label(drawing, _LEFT, place[name] + 4, event_word(name), anchor="end")
        svg.rect(drawing, _LEFT + 12, place[name] - 5, 10, 10, "fill-1")
    return svg.markup(drawing)


def _free(taken: list[tuple[float, float]], wanted: float, reach: float) -> float:
    """The height nearest below the wanted one at which no other label of this reach stands."""
    while any(abs(y - wanted) < _LABEL and abs(x - reach) < _BESIDE for x, y in taken):
        wanted += _LABEL
    taken.append((reach, wanted))
    return wanted
