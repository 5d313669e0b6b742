"""All pages and acts of the dashboard, a module for each subject."""

from __future__ import annotations

from typing import Final

from robot.web.page import Page
from robot.web.pages import (
    audit,
    capacity,
    cases,
    checks,
    customers,
    documents,
    figures,
    health,
    login,
    rules,
    runs,
    set_aside,
    shared_case,
    sheets,
    today,
    year_end,
)

PAGES: Final[tuple[Page, ...]] = (
    *today.PAGES,
    *documents.PAGES,
    *checks.PAGES,
    *figures.PAGES,
    *capacity.PAGES,
    *year_end.PAGES,
    *sheets.PAGES,
    *cases.PAGES,
    *runs.PAGES,
    *set_aside.PAGES,
    *customers.PAGES,
    *rules.PAGES,
    *audit.PAGES,
    *shared_case.PAGES,
    *login.PAGES,
    *health.PAGES,
)
