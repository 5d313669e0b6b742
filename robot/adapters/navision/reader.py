"""Reads what NAV knows about a batch of documents, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from robot.adapters.navision.batch import Inquiry
from robot.adapters.navision.coding import read_coding
from robot.adapters.navision.company import Companies
from robot.adapters.navision.creditors import PAYMENT_METHODS, read_creditors
from robot.adapters.navision.currencies import read_rates
from robot.adapters.navision.duplicates import read_ledger
from robot.adapters.navision.engine import translated
from robot.adapters.navision.periods import read_calendar
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.invoice import PaymentChannel
from robot.flow.ports import Question


class NavisionReader:
    """Implements `ErpReader` on NAV's tables; only ever selects.

    Args:
        engine: The ERP's database.
        posting_user: The NAV user who posts; its User Setup decides the posting dates.
        payment_methods: What the site's payment method codes mean.
    """

    def __init__(
        self,
        engine: Engine,
        posting_user: str,
        *,
        payment_methods: Mapping[str, PaymentChannel] = PAYMENT_METHODS,
    ) -> None:
        self._engine = engine
        self._posting_user = posting_user
        self._payment_methods = payment_methods
        self._companies = Companies()

    def facts(self, questions: Sequence[Question]) -> list[Facts]:
        """Facts in the order of the questions; all of a company's from one moment.

        A document that can't be read as an invoice, or whose company the ERP does not have, gets
        facts of which nothing is known.

        Raises:
            ErpUnavailableError: The ERP can't be reached.
            ErpError: The ERP's tables are not as they must be.
        """
        facts = [NOTHING_KNOWN] * len(questions)
        by_company: dict[str, list[tuple[int, Inquiry]]] = defaultdict(list)
        for position, question in enumerate(questions):
            inquiry = _inquiry(question)
            if inquiry is not None:
                company = question.customer.company or question.customer.name
                by_company[company].append((position, inquiry))
        try:
            for company, asked in by_company.items():
                with self._engine.connect() as connection, connection.begin():
                    answers = self._of_company(connection, company, [it for _, it in asked])
                for (position, _), answer in zip(asked, answers, strict=True):
                    facts[position] = answer
        except SQLAlchemyError as error:
            raise translated(error) from error
        return facts

    def _of_company(
        self, connection: Connection, company: str, inquiries: Sequence[Inquiry]
    ) -> list[Facts]:
        tables = self._companies.tables(connection, company)
        if tables is None:
            return [NOTHING_KNOWN] * len(inquiries)
        book = read_creditors(connection, tables, inquiries, self._payment_methods)
        matches = [book.match(inquiry.invoice) for inquiry in inquiries]
        coding = read_coding(connection, tables, inquiries, matches)
        calendar = read_calendar(connection, tables, self._posting_user)
        rates = read_rates(connection, tables, inquiries, calendar.local_currency)
        matched = [(it, match) for it, match in zip(inquiries, matches, strict=True) if match]
        ledger = read_ledger(connection, tables, matched, calendar.local_currency)
        postings = {
            day: calendar.posting(day) for day in {inquiry.posting_date for inquiry in inquiries}
        }
        return [
            Facts(
                creditor=match.creditor if match else None,
                creditor_candidates=len(match.others) if match else 0,
                coding=coding.coding(inquiry, match),
                posting=postings[inquiry.posting_date],
                duplicates=ledger.duplicates(inquiry, match) if match else (),
                currencies=rates.currencies,
                rate_to_dkk=rates.to_dkk(inquiry.invoice.currency, inquiry.posting_date),
                referenced_posted=ledger.referenced(inquiry, match) if match else frozenset(),
            )
            for inquiry, match in zip(inquiries, matches, strict=True)
        ]


def _inquiry(question: Question) -> Inquiry | None:
    document = question.document
    if document.invoice is None:
        return None
    return Inquiry(
        invoice=document.invoice,
        statement=document.statement,
        customer=question.customer,
        posting_date=document.statement.posting_date or question.today,
    )
