"""All pages and acts of the dashboard, a module for each subject."""

from __future__ import annotations

from typing import Final

from robot.web.page import Page
from robot.web.pages import documents, figures, health, login, today

PAGES: Final[tuple[Page, ...]] = (
    *today.PAGES,
    *documents.PAGES,
    *figures.PAGES,
    *login.PAGES,
    *health.PAGES,
)
