"""Reads what NAV knows about a batch of documents, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import Engine

from robot.adapters.navision.batch import Inquiry
from robot.adapters.navision.coding import read_coding
from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.creditors import (
    PAYMENT_METHODS,
    CreditorBook,
    Match,
    read_creditors,
)
from robot.adapters.navision.currencies import read_rates
from robot.adapters.navision.database import Database, Reading
from robot.adapters.navision.duplicates import Ledger, read_ledger
from robot.adapters.navision.periods import read_calendar
from robot.adapters.navision.probing import Part
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.invoice import PaymentChannel
from robot.flow.order import company_of
from robot.flow.ports import Question

#: Values of `Facts` by name; what is left out stays unknown.
FactValues: TypeAlias = dict[str, Any]


class NavisionReader:
    """Implements `ErpReader` on NAV's tables; only ever selects.

    What a company's tables can't tell, for want of a column or a right, is `UNKNOWN` in its facts.

    Args:
        database: The ERP's; an engine is taken with the usual patience.
        posting_user: The NAV user who posts; its User Setup decides the posting dates.
        payment_methods: What the site's payment method codes mean.
        companies: Finds the companies' tables; what it found is shared with who else uses it.
        delivered: Documents stand in NAV, unposted, before the robot sees them: one that is the
            same in everything is the document itself and no duplicate.
    """

    def __init__(
        self,
        database: Database | Engine,
        posting_user: str,
        *,
        payment_methods: Mapping[str, PaymentChannel] = PAYMENT_METHODS,
        companies: Companies | None = None,
        delivered: bool = False,
    ) -> None:
        self._database = database if isinstance(database, Database) else Database(database)
        self._posting_user = posting_user
        self._payment_methods = payment_methods
        self._delivered = delivered
        self._companies = companies or Companies(schema=self._database.schema)

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
                company = company_of(question.customer)
                by_company[company].append((position, inquiry))
        for company, asked in by_company.items():
            answers = self._database.read(
                partial(self._of_company, company, [inquiry for _, inquiry in asked])
            )
            for (position, _), answer in zip(asked, answers, strict=True):
                facts[position] = answer
        return facts

    def _of_company(
        self, company: str, inquiries: Sequence[Inquiry], reading: Reading
    ) -> list[Facts]:
        tables = self._companies.tables(reading.discovery, company)
        if tables is None:
            return [NOTHING_KNOWN] * len(inquiries)
        known = Part.CREDITOR not in tables.unknown
        book = (
            read_creditors(reading, tables, inquiries, self._payment_methods)
            if known
            else CreditorBook(())
        )
        matches = [book.match(inquiry.invoice) for inquiry in inquiries]
        creditors = (
            [_of_creditor(match) for match in matches] if known else [{} for _ in inquiries]
        )
        parts = (
            creditors,
            self._codings(reading, tables, inquiries, matches),
            *self._of_calendar(reading, tables, inquiries, matches),
        )
        return [
            Facts(**{name: value for part in of_one for name, value in part.items()})
            for of_one in zip(*parts, strict=True)
        ]

    def _codings(
        self,
        reading: Reading,
        tables: CompanyTables,
        inquiries: Sequence[Inquiry],
        matches: Sequence[Match | None],
    ) -> list[FactValues]:
        if Part.CODING in tables.unknown:
            return [{} for _ in inquiries]
        coding = read_coding(reading.discovery, tables, inquiries, matches)
        return [
            {"coding": coding.coding(inquiry, match)}
            for inquiry, match in zip(inquiries, matches, strict=True)
        ]

    def _of_calendar(
        self,
        reading: Reading,
        tables: CompanyTables,
        inquiries: Sequence[Inquiry],
        matches: Sequence[Match | None],
    ) -> Iterator[list[FactValues]]:
        """What hangs on the company's own setup: posting dates, currencies and the ledger."""
        if Part.POSTING in tables.unknown:
            return
        calendar = read_calendar(reading.discovery, tables, self._posting_user)
        postings = {
            day: calendar.posting(day) for day in {inquiry.posting_date for inquiry in inquiries}
        }
        yield [{"posting": postings[inquiry.posting_date]} for inquiry in inquiries]
        currency = calendar.local_currency
        if Part.CURRENCIES not in tables.unknown:
            rates = read_rates(reading.discovery, tables, inquiries, currency)
            yield [
                {
                    "currencies": rates.currencies,
                    "rate_to_dkk": rates.to_dkk(it.invoice.currency, it.posting_date),
                }
                for it in inquiries
            ]
        if Part.DUPLICATES not in tables.unknown:
            pairs = list(zip(inquiries, matches, strict=True))
            matched = [(inquiry, match) for inquiry, match in pairs if match is not None]
            ledger = read_ledger(reading, tables, matched, currency, delivered=self._delivered)
            yield [_of_ledger(ledger, inquiry, match) for inquiry, match in pairs]


def _of_creditor(match: Match | None) -> FactValues:
    if match is None:
        return {"creditor": None}
    return {"creditor": match.creditor, "creditor_candidates": len(match.others)}


def _of_ledger(ledger: Ledger, inquiry: Inquiry, match: Match | None) -> FactValues:
    if match is None:
        return {"duplicates": (), "referenced_posted": frozenset()}
    return {
        "duplicates": ledger.duplicates(inquiry, match),
        "referenced_posted": ledger.referenced(inquiry, match),
    }


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
