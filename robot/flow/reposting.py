"""Re-posting sheets (*omposteringsark*): costs that a customer wants moved, cell by cell.

The robot never writes general-ledger entries. A sheet that is right becomes a file for the ERP's
own journal import, which a clerk runs; everything else goes back with its cells marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument, CodingLine, SourceStatement
from robot.domain.facts import Account, Coding, Facts, ValuePosting
from robot.domain.fields import Unknown
from robot.domain.invoice import Format, Invoice, Kind, Party
from robot.flow.ports import Question
from robot.flow.year_end import authorised

#: Columns of a sheet, before and after those of the customer's dimensions.
VOUCHER, DATE, TEXT, ACCOUNT, AMOUNT = "Bilag", "Bogføringsdato", "Tekst", "Finanskonto", "Beløb"
CUSTOMER, AUTHOR = "Bogføringskreds", "Udfyldt af"
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a cell, in Danish and English. Row 0 is the head of the sheet."""

    row: int
    column: str
    da: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepostingLine:
    """One row. `amount` is in DKK, positive for debit."""

    row: int
    voucher: str
    posting_date: date
    text: str
    account: str
    dimensions: tuple[tuple[str, str], ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RepostingSheet:
    """A sheet as read. Rows that can't be read are not among the lines but in `faults`."""

    customer: str
    author: str
    lines: tuple[RepostingLine, ...]
    faults: tuple[Fault, ...]
    #: SHA-256 of the file, hex.
    content_hash: str


class SheetFiles(Protocol):
    """Writes and reads sheets as files."""

    def template(self, customer: Customer, path: Path) -> None:
        """Write an empty sheet with the customer's dimensions in their order in Navision."""

    def read(self, path: Path, customers: Mapping[str, Customer]) -> RepostingSheet:
        """Read a filled sheet.

        Raises:
            ActError: It is no sheet that was made here.
        """

    def mark(self, path: Path, faults: Sequence[Fault], target: Path) -> None:
        """Write a copy of the sheet whose wrong cells are marked and say what is wrong."""

    def journal(self, sheet: RepostingSheet, customer: Customer, target: Path) -> None:
        """Write the lines as a file for the ERP's own import of general journals."""


def questions(sheet: RepostingSheet, customer: Customer, today: date) -> dict[date, Question]:
    """What the ERP is asked: for each posting date, all its accounts and dimensions."""
    by_date: dict[date, list[RepostingLine]] = defaultdict(list)
    for line in sheet.lines:
        by_date[line.posting_date].append(line)
    return {
        day: Question(document=_document(sheet, day, lines), customer=customer, today=today)
        for day, lines in by_date.items()
    }


def check(
    sheet: RepostingSheet, customer: Customer, facts: Mapping[date, Facts], today: date
) -> list[Fault]:
    """Everything that is wrong, by row; nothing when a clerk may import the sheet.

    Args:
        sheet: As read.
        customer: Whose it is.
        facts: What the ERP says, by posting date, to `questions`.
        today: On which day the author must be on the customer's declaration, if it has one.
    """
    found = list(sheet.faults)
    if not sheet.lines and not found:
        found.append(_fault(0, VOUCHER, "Arket har ingen linjer.", "The sheet has no lines."))
    found += _of_author(sheet, customer, today)
    for line in sheet.lines:
        found += _of_line(line, facts[line.posting_date])
    found += _of_balance(sheet)
    return sorted(found, key=lambda it: (it.row, it.column))


def _document(
    sheet: RepostingSheet, day: date, lines: Sequence[RepostingLine]
) -> ApprovedDocument:
    """The lines as the coding of a document of nobody, which is how the ERP is asked."""
    return ApprovedDocument(
        name=f"omposteringsark {sheet.content_hash[:12]}",
        statement=SourceStatement(
            system="folder",
            document_id=sheet.content_hash,
            posting_date=day,
            customer=sheet.customer,
            coding=tuple(
                CodingLine(
                    line=str(line.row),
                    account=line.account,
                    dimensions=line.dimensions,
                    amount=line.amount,
                )
                for line in lines
            ),
        ),
        content_hash=sheet.content_hash,
        invoice=Invoice(
            kind=Kind.INVOICE,
            format=Format.EN_16931,
            number=sheet.content_hash[:12],
            currency="DKK",
            seller=Party(),
            buyer=Party(),
            net=_ZERO,
            vat=_ZERO,
            total=_ZERO,
            payable=_ZERO,
            lines=(),
            content_hash=sheet.content_hash,
        ),
    )


def _fault(row: int, column: str, da: str, en: str) -> Fault:
    return Fault(row=row, column=column, da=da, en=en)


def _of_author(sheet: RepostingSheet, customer: Customer, today: date) -> Iterator[Fault]:
    if not sheet.author:
        yield _fault(0, AUTHOR, "Skriv, hvem der har udfyldt arket.", "Say who filled it in.")
        return
    named = {person.casefold() for person in authorised(customer, today)}
    if customer.mandates and sheet.author.casefold() not in named:
        yield _fault(
            0,
            AUTHOR,
            "Personen står ikke på kundens bemyndigelseserklæring i dag.",
            "The person is not on the customer's declaration today.",
        )


def _of_line(line: RepostingLine, facts: Facts) -> Iterator[Fault]:
    posting = facts.posting
    if isinstance(posting, Unknown):
        yield _fault(line.row, DATE, "Datoen kan ikke efterprøves nu.", "The date is not known.")
    elif (
        not posting.period_exists
        or posting.year_closed
        or (posting.allowed_from is not None and line.posting_date < posting.allowed_from)
        or (posting.allowed_to is not None and line.posting_date > posting.allowed_to)
    ):
        yield _fault(
            line.row,
            DATE,
            "Perioden er lukket for bogføring.",
            "The period is closed for posting.",
        )
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
    values = {(name.casefold(), code.casefold()): it for (name, code), it in coding.values.items()}
    names = {name.casefold() for name in coding.dimensions}
    for name, code in line.dimensions:
        value = values.get((name.casefold(), code.casefold()))
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
    given = {name.casefold(): code.casefold() for name, code in line.dimensions}
    for it in coding.combinations:
        first, second = (given.get(name.casefold()) for name in (it.first, it.second))
        if (
            first is not None
            and second is not None
            and (it.first_value is None or it.first_value.casefold() == first)
            and (it.second_value is None or it.second_value.casefold() == second)
        ):
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


def _of_balance(sheet: RepostingSheet) -> Iterator[Fault]:
    """A voucher of one date must come to zero; one with unreadable rows is not judged."""
    sums: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    last: dict[tuple[str, date], int] = {}
    for line in sheet.lines:
        sums[line.voucher, line.posting_date] += line.amount
        last[line.voucher, line.posting_date] = line.row
    if any(fault.row for fault in sheet.faults):
        return
    for key, amount in sums.items():
        if amount:
            shown = f"{amount:.2f}".replace(".", ",")
            yield _fault(
                last[key],
                AMOUNT,
                f"Bilag {key[0]} går ikke i nul: {shown} kr.",
                f"Voucher {key[0]} does not come to zero: {amount:.2f} DKK.",
            )
