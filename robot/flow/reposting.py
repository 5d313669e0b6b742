"""Re-postings as documents: what the ERP is asked about a sheet, and what is decided about it.

The robot never writes general-ledger entries. What the rules let through is ordered from the ERP,
which posts it by its own journal routine or does not; where it has no such door, a clerk imports a
file of the lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from robot.domain.calendar import Terms
from robot.domain.customer import Customer
from robot.domain.document import Approval, ApprovedDocument, CodingLine, SourceStatement, Step
from robot.domain.facts import Facts
from robot.domain.invoice import Format, Invoice, Kind, Line, Party
from robot.domain.money import ZERO
from robot.domain.reposting import (
    REPOSTING,
    Fault,
    Reposting,
    RepostingLine,
    RepostingSheet,
    by_date,
    moved,
    reposting_number,
)
from robot.flow.ports import Question

KRONER: Final = "DKK"


class SheetFiles(Protocol):
    """Writes and reads sheets as workbooks."""

    def template(self, customer: Customer) -> bytes:
        """An empty sheet with the customer's dimensions in their order in Navision."""

    def read(self, content: bytes, customers: Mapping[str, Customer]) -> RepostingSheet:
        """Read a filled sheet.

        Raises:
            SheetError: It is no sheet that was made here.
        """

    def mark(self, content: bytes, customer: Customer, faults: Sequence[Fault]) -> bytes:
        """A new sheet with the same cells, of which the wrong ones are marked and say why."""

    def journal(self, number: str, customer: Customer, lines: Sequence[RepostingLine]) -> bytes:
        """The lines as a file for the ERP's own import of general journals."""


class CheckSheet(Protocol):
    """Finds everything that is wrong with a sheet (`robot.checks.check_sheet`)."""

    def __call__(
        self,
        sheet: RepostingSheet,
        customer: Customer,
        facts: Mapping[date, Facts],
        terms: Mapping[date, Terms],
        today: date,
        /,
    ) -> list[Fault]:
        """The faults, by row; none when the sheet may be accepted."""


def document_of(
    lines: Sequence[RepostingLine],
    *,
    customer: str,
    author: str,
    handed_in: tuple[str, datetime],
    content_hash: str,
    terms: Terms | None = None,
) -> ApprovedDocument:
    """Rows of one posting date as the document that is decided about.

    Args:
        lines: The rows.
        customer: Bogføringskreds.
        author: Who filled the sheet in.
        handed_in: By whom and when (aware).
        content_hash: Of the sheet.
        terms: What the calendar says of the date.
    """
    day = lines[0].posting_date
    number = reposting_number(customer, day, lines)
    amount = moved(lines)
    terms = terms or Terms()
    return ApprovedDocument(
        name=f"omposteringsark {number}",
        statement=SourceStatement(
            system=REPOSTING,
            document_id=number,
            posting_date=day,
            remark="",
            confidential=False,
            approvals=(Approval(step=Step.RECEIVED, by=handed_in[0], at=handed_in[1]),),
            customer=customer,
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
        content_hash=content_hash,
        invoice=Invoice(
            kind=Kind.REPOSTING,
            format=Format.EN_16931,
            number=number,
            currency=KRONER,
            seller=Party(),
            buyer=Party(),
            net=amount,
            vat=ZERO,
            total=amount,
            payable=ZERO,
            lines=tuple(
                Line(number=str(line.row), text=line.text, net=line.amount) for line in lines
            ),
            content_hash=content_hash,
        ),
        reposting=Reposting(
            author=author,
            lines=tuple(lines),
            declaration_needed=terms.declaration_needed,
            cut_off_passed=terms.cut_off_passed,
        ),
    )


def questions(
    sheet: RepostingSheet, customer: Customer, today: date, at: datetime
) -> dict[date, Question]:
    """What the ERP is asked about a sheet: for each posting date, all its accounts and dimensions.

    Args:
        sheet: As read.
        customer: Whose it is.
        today: The day of the decision.
        at: The instant (aware).
    """
    return {
        day: Question(
            document=document_of(
                lines,
                customer=sheet.customer,
                author=sheet.author,
                handed_in=("", at),
                content_hash=sheet.content_hash,
            ),
            customer=customer,
            today=today,
        )
        for day, lines in by_date(sheet.lines).items()
    }
