"""The journey of one document: a lane for each party, and the due date across them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from robot.domain.case import Ball
from robot.domain.journey import Span
from robot.web.charts import svg

_LANES: Final = (Ball.CUSTOMER, Ball.SAM, Ball.SUPPLIER, Ball.NOBODY, Ball.BANK)
_LEFT, _WIDTH, _ROW, _TOP = 110.0, 900.0, 26.0, 24.0


def lanes(  # noqa: PLR0913 - what the picture says, by name
    spans: Sequence[Span],
    *,
    now: datetime,
    due: datetime | None,
    title: str,
    due_word: str,
    ball_word: Callable[[Ball], str],
    day: Callable[[datetime], str],
) -> Markup:
    """Who had the ball when, with the due date as a line."""
    shown = [ball for ball in _LANES if any(span.holder is ball for span in spans)]
    if not spans:
        return Markup()
    start = spans[0].start
    end = max([spans[-1].end, *([due + timedelta(days=1)] if due else [])])
    length = max((end - start).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return _LEFT + (_WIDTH - _LEFT - 20) * (at - start).total_seconds() / length

    height = _TOP + _ROW * len(shown) + 24
    drawing = svg.drawing(_WIDTH, height, title)
    for row, ball in enumerate(shown):
        y = _TOP + _ROW * row
        svg.label(drawing, 0, y + 15, ball_word(ball))
        svg.line(drawing, (_LEFT, y + _ROW), (_WIDTH - 20, y + _ROW), "axis")
        for span in spans:
            if span.holder is ball:
                width = max(x(min(span.end, now)) - x(span.start), 2.0)
                part = svg.rect(drawing, x(span.start), y + 4, width, 16, f"fill-{ball.value}")
                svg.hint(part, f"{ball_word(ball)}: {day(span.start)} – {day(span.end)}")
    bottom = _TOP + _ROW * len(shown)
    svg.label(drawing, _LEFT, bottom + 18, day(start))
    svg.label(drawing, _WIDTH - 20, bottom + 18, day(end), anchor="end")
    if due is not None and start <= due <= end:
        svg.line(drawing, (x(due), 8), (x(due), bottom), "line-bad")
        svg.label(drawing, x(due) - 4, 14, f"{due_word} {day(due)}", anchor="end")
    return svg.markup(drawing)
