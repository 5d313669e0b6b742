"""Re-posting sheets, cell by cell: what NAV would refuse, and what the sheet itself leaves open.

A journal line has a posting date, an account and dimensions that NAV tests as it posts (codeunits
11, 12 and 408); a voucher must come to zero on each date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from robot.checks.period import is_open
from robot.checks.values import Values
from robot.domain.calendar import Terms
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Account, Coding, Facts, ValuePosting
from robot.domain.fields import Unknown
from robot.domain.reposting import (
    ACCOUNT,
    AMOUNT,
    AUTHOR,
    DATE,
    VOUCHER,
    Fault,
    RepostingLine,
    RepostingSheet,
    moved,
)

#: NAV's External Document No. (Code 35), where the customer's own number stands.
_LONGEST_VOUCHER: Final = 35
#: Of a document that is no re-posting.
NO_REPOSTING: Final[Values] = {
    "reposting.author": None,
    "reposting.author_on_declaration": False,
    "reposting.within_limit": True,
    "reposting.declaration_needed": False,
    "reposting.cut_off_passed": False,
    "reposting.wrong_cells": None,
}


def check_sheet(
    sheet: RepostingSheet,
    customer: Customer,
    facts: Mapping[date, Facts],
    terms: Mapping[date, Terms],
    today: date,
) -> list[Fault]:
    """Everything that is wrong, by row; nothing when the sheet may be accepted.

    Args:
        sheet: As read.
        customer: Whose it is.
        facts: What the ERP says, by posting date.
        terms: What the calendar says, by posting date.
        today: On which day the author must be on the customer's declaration, if it has one.
    """
    found = list(sheet.faults)
    if not sheet.lines and not found:
        found.append(_fault(0, VOUCHER, "Arket har ingen linjer.", "The sheet has no lines."))
    found += _of_author(sheet, customer, terms, today)
    for line in sheet.lines:
        found += _of_line(line, facts[line.posting_date])
        if terms[line.posting_date].cut_off_passed:
            found.append(
                _fault(
                    line.row,
                    DATE,
                    "Fristen for ark til perioden er passeret.",
                    "The time for sheets of this period is over.",
                )
            )
    if not any(fault.row for fault in sheet.faults):
        found += _of_balance(sheet.lines)
    return sorted(found, key=lambda it: (it.row, it.column))


def reposting_values(
    document: ApprovedDocument, facts: Facts, customer: Customer | None, today: date
) -> Values:
    """Fields `reposting.*`."""
    reposting = document.reposting
    if reposting is None:
        return NO_REPOSTING
    wrong = {
        (fault.row, fault.column)
        for fault in (
            *(fault for line in reposting.lines for fault in _of_line(line, facts)),
            *_of_balance(reposting.lines),
        )
    }
    return {
        "reposting.author": reposting.author,
        "reposting.author_on_declaration": customer is not None
        and _is_named(reposting.author, customer, today),
        "reposting.within_limit": customer is None
        or _may_move(reposting.author, customer, today, moved(reposting.lines)),
        "reposting.declaration_needed": reposting.declaration_needed,
        "reposting.cut_off_passed": reposting.cut_off_passed,
        "reposting.wrong_cells": Decimal(len(wrong)),
    }


def _fault(row: int, column: str, da: str, en: str) -> Fault:
    return Fault(row=row, column=column, da=da, en=en)


def _is_named(author: str, customer: Customer, day: date) -> bool:
    named = {person.strip().casefold() for person in customer.on_declaration(day)}
    return author.strip().casefold() in named


def _may_move(author: str, customer: Customer, day: date, amount: Decimal) -> bool:
    """Whether the amount is within what the declaration lets a person do; the best one counts."""
    person = author.strip().casefold()
    limits = [
        mandate.limit
        for mandate in customer.mandates_on(day)
        if mandate.person.strip().casefold() == person
    ]
    return not limits or any(limit is None or amount <= limit for limit in limits)


def _of_author(
    sheet: RepostingSheet, customer: Customer, terms: Mapping[date, Terms], today: date
) -> Iterator[Fault]:
    if not sheet.author:
        yield _fault(0, AUTHOR, "Skriv, hvem der har udfyldt arket.", "Say who filled it in.")
        return
    needed = any(terms[line.posting_date].declaration_needed for line in sheet.lines)
    if (customer.mandates or needed) and not _is_named(sheet.author, customer, today):
        yield _fault(
            0,
            AUTHOR,
            "Personen står ikke på kundens bemyndigelseserklæring i dag.",
            "The person is not on the customer's declaration today.",
        )
    elif not _may_move(sheet.author, customer, today, moved(sheet.lines)):
        yield _fault(
            0,
            AUTHOR,
            "Arket flytter mere, end personen er bemyndiget til.",
            "The sheet moves more than the person is authorised to.",
        )


def _of_line(line: RepostingLine, facts: Facts) -> Iterator[Fault]:
    posting = facts.posting
    if isinstance(posting, Unknown):
        yield _fault(line.row, DATE, "Datoen kan ikke efterprøves nu.", "The date is not known.")
    elif posting.year_closed or not is_open(posting, line.posting_date):
        yield _fault(
            line.row,
            DATE,
            "Perioden er lukket for bogføring.",
            "The period is closed for posting.",
        )
    if len(line.voucher) > _LONGEST_VOUCHER:
        yield _fault(line.row, VOUCHER, "Højst 35 tegn.", "At most 35 characters.")
    if line.amount == 0:
        yield _fault(line.row, AMOUNT, "Beløbet er nul.", "The amount is zero.")
    coding = facts.coding
    if isinstance(coding, Unknown):
        yield _fault(
            line.row, ACCOUNT, "Kontoen kan ikke efterprøves nu.", "The account is not known."
        )
        return
    yield from _of_account(line, coding.accounts.get(line.account))
    yield from _of_dimensions(line, coding)


def _of_account(line: RepostingLine, account: Account | None) -> Iterator[Fault]:
    if account is None:
        yield _fault(line.row, ACCOUNT, "Kontoen findes ikke.", "There is no such account.")
    elif not account.posting:
        yield _fault(
            line.row, ACCOUNT, "Kontoen er en sum eller overskrift.", "It is a sum or a heading."
        )
    elif account.blocked:
        yield _fault(line.row, ACCOUNT, "Kontoen er spærret.", "The account is blocked.")
    elif not account.direct_posting:
        yield _fault(
            line.row,
            ACCOUNT,
            "Der kan ikke bogføres direkte på kontoen.",
            "The account takes no direct posting.",
        )


def _of_dimensions(line: RepostingLine, coding: Coding) -> Iterator[Fault]:
    # People write small letters where the ERP has capital ones.
    known = {(name.casefold(), code.casefold()): (name, code) for name, code in coding.values}
    names = {name.casefold() for name in coding.dimensions}
    given: dict[str, str] = {}
    for name, code in line.dimensions:
        meant = known.get((name.casefold(), code.casefold()), (name, code))
        given[meant[0]] = meant[1]
        value = coding.values.get(meant)
        if name.casefold() not in names:
            yield _fault(line.row, name, "Dimensionen findes ikke.", "There is no such dimension.")
        elif value is None:
            yield _fault(line.row, name, "Værdien findes ikke.", "There is no such value.")
        elif value.blocked or name in coding.blocked_dimensions:
            yield _fault(line.row, name, "Værdien er spærret.", "The value is blocked.")
        elif not value.postable:
            yield _fault(
                line.row, name, "Værdien er en sum eller overskrift.", "It is a sum or a heading."
            )
    yield from _of_rules(line, coding)
    for it in coding.combinations:
        if it.blocks(given):
            yield _fault(
                line.row,
                it.second,
                f"Kombinationen med {it.first} er spærret.",
                f"The combination with {it.first} is blocked.",
            )


def _of_rules(line: RepostingLine, coding: Coding) -> Iterator[Fault]:
    given = {name.casefold(): code.casefold() for name, code in line.dimensions}
    for rule in coding.rules:
        if not rule.binds(line.account, None):
            continue
        code = given.get(rule.dimension.casefold())
        if not rule.needs_value and code is not None:
            yield _fault(
                line.row,
                rule.dimension,
                "Kontoen må ikke have denne dimension.",
                "The account takes no such dimension.",
            )
        elif rule.posting is ValuePosting.MANDATORY and code is None:
            yield _fault(
                line.row,
                rule.dimension,
                "Dimensionen skal udfyldes for kontoen.",
                "The account needs this dimension.",
            )
        elif rule.only_value is not None and code != rule.only_value.casefold():
            yield _fault(
                line.row,
                rule.dimension,
                "Kontoen kræver sin egen værdi her.",
                "The account needs its own value here.",
            )


def _of_balance(lines: Sequence[RepostingLine]) -> Iterator[Fault]:
    """A voucher of one date must come to zero."""
    sums: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    last: dict[tuple[str, date], int] = {}
    for line in lines:
        sums[line.voucher, line.posting_date] += line.amount
        last[line.voucher, line.posting_date] = line.row
    for key, amount in sums.items():
        if amount:
            shown = f"{amount:.2f}".replace(".", ",")
            yield _fault(
                last[key],
                AMOUNT,
                f"Bilag {key[0]} går ikke i nul: {shown} kr.",
                f"Voucher {key[0]} does not come to zero: {amount:.2f} DKK.",
            )
