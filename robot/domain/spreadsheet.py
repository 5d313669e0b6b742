"""Text in files that people open in a spreadsheet."""

from __future__ import annotations

from typing import Final

#: Characters with which a spreadsheet begins a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def defused(text: str) -> str:
    """Text as a cell that no spreadsheet runs; an apostrophe in front says that it is text."""
    return "'" + text if text.startswith(_FORMULA) else text
