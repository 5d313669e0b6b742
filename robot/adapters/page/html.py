"""A page as one self-contained HTML file: readable by all, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from robot.adapters.templates import Templates
from robot.domain.page import Code, Grid, Listing, Page, Paragraph, Section, Strong, pieces

_FOLDER: Final = Path(__file__).parent
#: A table of contents helps from this many sections on.
_MANY: Final = 3


def html(page: Page) -> str:
    """The page as HTML; all text is escaped.

    Raises:
        TextError: The page's template is damaged.
    """
    templates = Templates(_FOLDER, {"pieces": pieces, "kind": _kind})
    return templates.render(
        "page.html.j2", {"page": page, "contents": len(page.sections) >= _MANY}
    )


def _kind(value: object) -> str:
    names = {
        Paragraph: "paragraph",
        Listing: "listing",
        Grid: "grid",
        Section: "section",
        Code: "code",
        Strong: "strong",
    }
    return names.get(type(value), "text")
