"""The field catalogue, part four: re-posting sheets. Rules of invoices have no use for them."""

from __future__ import annotations

from typing import Final

from robot.checks.field_columns import code_field, flag_field, number_field, safe_field

_SHEET: Final = "re-posting sheet"

REPOSTING_FIELDS: Final = (
    code_field(
        "reposting.author",
        "Den, der har udfyldt omposteringsarket",
        "Who filled in the re-posting sheet",
        _SHEET,
    ),
    flag_field(
        "reposting.author_on_declaration",
        "Den, der har udfyldt omposteringsarket, står på kundens bemyndigelse i dag",
        "Who filled in the re-posting sheet is on the customer's mandate list today",
        f"{_SHEET}, customer file",
    ),
    safe_field(
        "reposting.within_limit",
        "Det flyttede beløb er inden for beløbsgrænsen på bemyndigelsen",
        "The amount that is moved is within the limit of the mandate list",
        f"{_SHEET}, customer file",
    ),
    flag_field(
        "reposting.declaration_needed",
        "Perioden tager kun bilag fra personer på bemyndigelsen",
        "The period takes vouchers only from persons on the mandate list",
        "calendar",
    ),
    flag_field(
        "reposting.cut_off_passed",
        "Fristen for omposteringsark til perioden er passeret",
        "The time for re-posting sheets of the period is over",
        "calendar",
    ),
    number_field(
        "reposting.wrong_cells",
        "Forkerte celler i omposteringsarket",
        "Wrong cells in the re-posting sheet",
        f"{_SHEET}; NAV tables 15, 349 to 352, 50, 91 and 98",
        "cells",
    ),
)
