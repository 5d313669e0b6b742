"""Horizontal bars in parts, a label in front and the sum behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from robot.web.charts import svg

_LEFT, _WIDTH, _ROW, _BAR = 300.0, 900.0, 26.0, 18.0
_END: Final = 90.0
_LETTERS: Final = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a bar; `kind` is its class."""

    value: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """The whole bar."""
        return sum(part.value for part in self.parts)


def bars(
    rows: Sequence[Bar], *, title: str, text: Callable[[float], str] = "{:g}".format
) -> Markup:
    """The drawing; nothing when there is nothing to draw."""
    most = max((row.total for row in rows), default=0)
    if most <= 0:
        return Markup()
    drawing = svg.drawing(_WIDTH, _ROW * len(rows) + 8, title)
    scale = (_WIDTH - _LEFT - _END) / most
    for number, row in enumerate(rows):
        y = 4 + _ROW * number
        name = row.label if len(row.label) <= _LETTERS else row.label[: _LETTERS - 1] + "…"
        svg.label(drawing, _LEFT - 8, y + 13, name, anchor="end")
        x = _LEFT
        for part in row.parts:
            if part.value:
                svg.rect(drawing, x, y, part.value * scale, _BAR, part.kind)
                x += part.value * scale
        svg.label(drawing, x + 6, y + 13, text(row.total))
    return svg.markup(drawing)
