"""Building SVG without a string of markup: values are escaped, colours are classes."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup


def drawing(width: float, height: float, title: str, kind: str = "chart") -> Element:
    """An empty drawing of a class that says what it shows."""
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "class": kind,
            "role": "img",
            "aria-label": title,
        },
    )
    SubElement(svg, "title").text = title
    return svg


def rect(parent: Element, x: float, y: float, width: float, height: float, kind: str) -> Element:
    """A rectangle of a class."""
    return SubElement(
        parent,
        "rect",
        {
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
            "width": f"{max(width, 0):.1f}",
            "height": f"{max(height, 0):.1f}",
            "class": kind,
        },
    )


def line(
    parent: Element, start: tuple[float, float], end: tuple[float, float], kind: str
) -> Element:
    """A straight line of a class."""
    return SubElement(
        parent,
        "line",
        {
            "x1": f"{start[0]:.1f}",
            "y1": f"{start[1]:.1f}",
            "x2": f"{end[0]:.1f}",
            "y2": f"{end[1]:.1f}",
            "class": kind,
        },
    )


def path(parent: Element, points: Iterable[tuple[float, float]], kind: str) -> None:
    """A line through points."""
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    SubElement(parent, "polyline", {"points": text, "class": kind})


def label(parent: Element, x: float, y: float, text: str, *, anchor: str = "start") -> None:
    """A piece of text; `anchor` is `start`, `middle` or `end`."""
    element = SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor})
    element.text = text


def hint(element: Element, text: str) -> None:
    """What is said when somebody points at a part; never the only place where it is said."""
    SubElement(element, "title").text = text


def markup(svg: Element) -> Markup:
    """The drawing for a template; everything in it is escaped."""
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 - ElementTree escapes
