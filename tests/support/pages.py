"""Reads a page of HTML as strictly as a test wants it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: WCAG 2.1, criterion 1.4.3, for text of normal size.
WCAG_CONTRAST = 4.5
_VOID = frozenset({"meta", "br", "hr", "img", "link", "input", "rect"})


class Page(HTMLParser):
    """A page whose elements are closed in order; its tags, its text, and its inline colours."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        assert html.startswith("<!DOCTYPE html>")
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        #: The text without the headings of columns.
        self.prose = ""
        self._open: list[str] = []
        self._in_column_heading = False
        self._colours = [("#1b1b1b", "#ffffff")]
        self._contrasts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of this name."""
        return [attributes for name, attributes in self.tags if name == tag]

    def least_contrast(self) -> float:
        """The smallest contrast of any text against its ground, by its inline styles."""
        return min(_contrast(*pair) for pair in self._contrasts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._write(" ")
        if tag in _VOID:
            return
        self._in_column_heading = tag == "th" and attributes.get("scope") == "col"
        style = attributes.get("style") or ""
        ink, ground = self._colours[-1]
        if colour := re.search(r"(?<![-\w])color:(#\w{6})", style):
            ink = colour[1]
        if colour := re.search(r"background-color:(#\w{6})", style):
            ground = colour[1]
        self._colours.append((ink, ground))
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._colours.pop()
        self._in_column_heading = False
        self._write(" ")

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self._write(data)
        if data.strip():
            self._contrasts.append(self._colours[-1])

    def _write(self, text: str) -> None:
        self.text += text
        if not self._in_column_heading:
            self.prose += text


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)
