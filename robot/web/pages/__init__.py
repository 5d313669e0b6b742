"""All pages and acts of the dashboard, a module for each subject."""

from __future__ import annotations

from typing import Final

from robot.web.page import Page
from robot.web.pages import (
    audit,
    capacity,
    cases,
    customers,
    documents,
    figures,
    health,
    login,
    rules,
    runs,
    shared_case,
    today,
    year_end,
)

PAGES: Final[tuple[Page, ...]] = (
    *today.PAGES,
    *documents.PAGES,
    *figures.PAGES,
    *capacity.PAGES,
    *year_end.PAGES,
    *cases.PAGES,
    *runs.PAGES,
    *customers.PAGES,
    *rules.PAGES,
    *audit.PAGES,
    *shared_case.PAGES,
    *login.PAGES,
    *health.PAGES,
)
