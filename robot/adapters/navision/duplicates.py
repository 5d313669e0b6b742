"""What a document repeats: ledger entries (25, 380) and unposted documents (38, 39).

NAV itself refuses only the same number of the same creditor (codeunit 90, external document
number). The same supplier under a second number, a number written otherwise or with another
amount, and the same amount on nearly the same day are suspicions for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, select

from robot.adapters.navision.batch import Inquiry, chunks
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.creditors import Match
from robot.adapters.navision.database import Reading
from robot.adapters.navision.options import LedgerDocumentType, PurchaseDocumentType
from robot.adapters.navision.schema.inbox import ROBOT_INBOX
from robot.adapters.navision.schema.ledger import DETAILED_VENDOR_LEDG_ENTRY, VENDOR_LEDGER_ENTRY
from robot.adapters.navision.schema.model import AMOUNT_PLACES
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER, PURCHASE_LINE
from robot.adapters.navision.schema.sqltypes import NO, YES, as_code, scaled
from robot.domain.facts import Duplicate
from robot.domain.invoice import Invoice, Kind
from robot.domain.likeness import Likeness, Trait, likeness, number_key

#: Documents looked at together for likeness: entries near any of their days are compared.
_DOCUMENTS: Final = 500
#: Values of one kind in a statement, of which it may have two (SQL Server: 2,100 parameters).
_VALUES: Final = 1000
#: Length of NAV's External Document No.; people cut longer numbers to it.
_NUMBER_LENGTH: Final = 35
#: The same amount within so many days is suspected.
NEAR: Final = timedelta(days=3)
#: How far back numbers written otherwise are looked for.
LOOK_BACK: Final = timedelta(days=730)
#: The marks that `number_key` leaves out.
_MARKS: Final = " \t-_./\\#:"
_TYPES: Final = {
    Kind.INVOICE: LedgerDocumentType.INVOICE,
    Kind.CREDIT_NOTE: LedgerDocumentType.CREDIT_MEMO,
}

_KINDS: Final = {entry_type: kind.value for kind, entry_type in _TYPES.items()}

Question: TypeAlias = tuple[Inquiry, Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A ledger entry or an unposted document of a creditor; the amount is positive."""

    where: str
    creditor: str
    type: LedgerDocumentType
    document: str
    number: str
    currency: str
    day: date | None
    amount: Decimal


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The entries that the documents of a batch may repeat or refer to, by creditor."""

    local_currency: str
    #: The document itself stands in NAV, unposted, before the robot asks for anything.
    delivered: bool = False
    _by_number: dict[tuple[str, str], list[Entry]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _by_amount: dict[tuple[str, Decimal], list[Entry]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, entry: Entry) -> None:
        """Take an entry in."""
        self._by_number[entry.creditor, number_key(entry.number)].append(entry)
        self._by_amount[entry.creditor, entry.amount].append(entry)

    def duplicates(self, inquiry: Inquiry, match: Match) -> tuple[Duplicate, ...]:
        """Every entry that the document repeats or may repeat, the exact ones first."""
        mine = _trait(inquiry, match)
        itself = self._itself(inquiry, match)
        found = [
            Duplicate(
                number=entry.document,
                where=entry.where,
                exact=alike is Likeness.EXACT,
                creditor=entry.creditor,
                amount=entry.amount,
                issue_date=entry.day,
            )
            for entry in self._like(inquiry, match)
            if entry is not itself
            and (alike := self._likeness(entry, mine, inquiry.invoice)) is not Likeness.NONE
        ]
        return tuple(sorted(found, key=lambda it: (not it.exact, it.where, it.number)))

    def _itself(self, inquiry: Inquiry, match: Match) -> Entry | None:
        """The unposted document that this one is, the same in everything; a second is another."""
        if not self.delivered:
            return None
        invoice = inquiry.invoice
        same = (
            entry
            for entry in self._by_number.get((match.row.payee, number_key(invoice.number)), ())
            if entry.where == "draft"
            and entry.type is _TYPES[invoice.kind]
            and entry.number == as_code(invoice.number)[:_NUMBER_LENGTH]
            and entry.amount == inquiry.posted_total
            and (entry.currency or self.local_currency) == invoice.currency
        )
        return min(same, key=lambda entry: entry.document, default=None)

    def _likeness(self, entry: Entry, mine: Trait, invoice: Invoice) -> Likeness:
        """How alike they are; a second row of the same supplier is never more than suspected."""
        same_currency = (entry.currency or self.local_currency) == invoice.currency
        other = Trait(
            supplier=mine.supplier,
            kind=_KINDS.get(entry.type, ""),
            number=entry.number,
            amount=entry.amount if same_currency else None,
            issue_date=entry.day,
        )
        alike = likeness(mine, other)
        if entry.creditor != mine.supplier:
            same_number = number_key(entry.number) == number_key(mine.number)
            return (
                Likeness.SUSPECTED if alike is not Likeness.NONE and same_number else Likeness.NONE
            )
        if alike is Likeness.NONE and mine.kind == other.kind and _is_near(mine, other):
            return Likeness.SUSPECTED
        return alike

    def referenced(self, inquiry: Inquiry, match: Match) -> frozenset[str]:
        """The billing references of a credit note that name a posted invoice."""
        if inquiry.invoice.kind is not Kind.CREDIT_NOTE:
            return frozenset()
        return frozenset(
            reference.number
            for reference in inquiry.invoice.billing_references
            if any(
                entry.where == "posted" and entry.type == LedgerDocumentType.INVOICE
                for creditor in match.ledger_numbers
                for entry in self._by_number.get((creditor, number_key(reference.number)), ())
            )
        )

    def _like(self, inquiry: Inquiry, match: Match) -> Iterable[Entry]:
        """The entries with the same number or the same amount, each once."""
        key, amount = number_key(inquiry.invoice.number), inquiry.posted_total
        found = {
            (entry.where, entry.type, entry.document): entry
            for creditor in match.ledger_numbers
            for entry in (
                *self._by_number.get((creditor, key), ()),
                *self._by_amount.get((creditor, amount), ()),
            )
        }
        return found.values()


def read_ledger(
    reading: Reading,
    tables: CompanyTables,
    questions: Sequence[Question],
    local_currency: str,
    *,
    delivered: bool = False,
) -> Ledger:
    """Look up what a batch may repeat: five statements, more only past 500 documents.

    The same number of the same creditor is read committed: a posting that NAV is at counts, or is
    waited for. What only looks alike is discovered.
    """
    ledger = Ledger(local_currency=local_currency, delivered=delivered)
    creditors = sorted({number for _, match in questions for number in match.ledger_numbers})
    rows = {row.entry: row for row in _look_alikes(reading.discovery, tables, questions)}
    for names in chunks(sorted(_as_stored(questions)), _VALUES):
        for row in reading.decisive.execute(_same_number(tables, names)):
            rows[row.entry] = row
    rows = {entry: row for entry, row in rows.items() if row.type in _KINDS}
    amounts = _amounts(reading.decisive, tables, rows)
    for row in rows.values():
        ledger.add(
            Entry(
                where="posted",
                creditor=row.creditor,
                type=LedgerDocumentType(row.type),
                document=row.document,
                number=row.number,
                currency=row.currency,
                day=row.day,
                amount=abs(amounts.get(row.entry, Decimal(0))),
            )
        )
    for names in chunks(creditors, _VALUES):
        _read_drafts(reading.discovery, tables, names, ledger)
    return ledger


def _trait(inquiry: Inquiry, match: Match) -> Trait:
    invoice = inquiry.invoice
    return Trait(
        supplier=match.row.payee,
        kind=invoice.kind.value,
        number=invoice.number,
        amount=inquiry.posted_total,
        issue_date=invoice.issue_date,
    )


def _is_near(one: Trait, other: Trait) -> bool:
    """The same amount under another number, not on the very same day, but nearly."""
    return (
        one.amount is not None
        and one.amount == other.amount != 0
        and one.issue_date is not None
        and other.issue_date is not None
        and abs(one.issue_date - other.issue_date) <= NEAR
    )


def _key_in_sql(column: ColumnElement[str]) -> ColumnElement[str]:
    """`number_key` in SQL; LTRIM strips spaces only, so zeros are spaces for a moment."""
    for mark in _MARKS:
        column = func.replace(column, mark, "")
    return func.replace(func.ltrim(func.replace(column, "0", " ")), " ", "0")


def _entries(tables: CompanyTables) -> Select[*tuple[Any, ...]]:
    entry = tables.read(VENDOR_LEDGER_ENTRY)
    return select(
        entry.c["Entry No_"].label("entry"),
        entry.c["Vendor No_"].label("creditor"),
        entry.c["Document Type"].label("type"),
        entry.c["Document No_"].label("document"),
        entry.c["External Document No_"].label("number"),
        entry.c["Currency Code"].label("currency"),
        entry.c["Document Date"].label("day"),
    ).where(entry.c["Reversed"] == NO)


def _same_number(tables: CompanyTables, numbers: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """By the number alone, so that its index is used and not all of a creditor's entries."""
    entry = tables.read(VENDOR_LEDGER_ENTRY)
    return _entries(tables).where(entry.c["External Document No_"].in_(numbers))


def _look_alikes(
    connection: Connection, tables: CompanyTables, questions: Sequence[Question]
) -> Iterable[Row[*tuple[Any, ...]]]:
    """Recent entries of the creditors with the number in another spelling, or the amount."""
    entry, detail = tables.read(VENDOR_LEDGER_ENTRY), tables.read(DETAILED_VENDOR_LEDG_ENTRY)
    for chunk in chunks(questions, _DOCUMENTS):
        days = [q.invoice.issue_date or q.posting_date for q, _ in chunk]
        creditors = sorted({number for _, match in chunk for number in match.ledger_numbers})
        recent = _entries(tables).where(entry.c["Posting Date"] >= min(days) - LOOK_BACK)
        keys = sorted({number_key(number) for number in _numbers(chunk)})
        key = _key_in_sql(entry.c["External Document No_"])
        amounts = _signed_amounts(chunk)
        near = recent.join(
            detail, detail.c["Vendor Ledger Entry No_"] == entry.c["Entry No_"]
        ).where(
            detail.c["Ledger Entry Amount"] == YES,
            entry.c["Document Date"].between(min(days) - NEAR, max(days) + NEAR),
        )
        its = entry.c["Vendor No_"]
        for names in chunks(creditors, _VALUES):
            for some in chunks(keys, _VALUES):
                yield from connection.execute(recent.where(its.in_(names), key.in_(some)))
            for some_amounts in chunks(amounts, _VALUES):
                yield from connection.execute(
                    near.where(its.in_(names), detail.c["Amount"].in_(some_amounts))
                )


def _as_stored(questions: Sequence[Question]) -> set[str]:
    return {as_code(number)[:_NUMBER_LENGTH] for number in _numbers(questions)}


def _numbers(questions: Sequence[Question]) -> set[str]:
    numbers = {inquiry.invoice.number for inquiry, _ in questions}
    for inquiry, _ in questions:
        if inquiry.invoice.kind is Kind.CREDIT_NOTE:
            numbers |= {reference.number for reference in inquiry.invoice.billing_references}
    return numbers


def _signed_amounts(questions: Sequence[Question]) -> list[Decimal]:
    """The amounts as the ledger signs them: an invoice is owed (negative)."""
    amounts = set()
    for inquiry, _ in questions:
        with suppress(ValueError):  # no ledger holds an amount that NAV can't
            amount = inquiry.posted_total
            scaled(amount, AMOUNT_PLACES)
            amounts.add(-amount if inquiry.invoice.kind is Kind.INVOICE else amount)
    return sorted(amounts)


def _amounts(
    connection: Connection, tables: CompanyTables, entries: Iterable[int]
) -> Mapping[int, Decimal]:
    detail = tables.read(DETAILED_VENDOR_LEDG_ENTRY)
    amounts: dict[int, Decimal] = {}
    for chunk in chunks(sorted(entries), _VALUES):
        statement = (
            select(detail.c["Vendor Ledger Entry No_"], func.sum(detail.c["Amount"]))
            .where(detail.c["Vendor Ledger Entry No_"].in_(chunk))
            .where(detail.c["Ledger Entry Amount"] == YES)
            .group_by(detail.c["Vendor Ledger Entry No_"])
        )
        amounts.update(tuple(row) for row in connection.execute(statement))
    return amounts


def _read_drafts(
    connection: Connection, tables: CompanyTables, creditors: Sequence[str], ledger: Ledger
) -> None:
    header, line = tables.read(PURCHASE_HEADER), tables.read(PURCHASE_LINE)
    gross = (
        select(func.sum(line.c["Amount Including VAT"]))
        .where(
            line.c["Document Type"] == header.c["Document Type"],
            line.c["Document No_"] == header.c["No_"],
        )
        .scalar_subquery()
    )
    statement = select(
        header.c["Document Type"],
        header.c["No_"],
        header.c["Pay-to Vendor No_"],
        header.c["Vendor Invoice No_"],
        header.c["Vendor Cr_ Memo No_"],
        header.c["Currency Code"],
        header.c["Document Date"],
        gross,
    ).where(
        header.c["Document Type"].in_(
            [PurchaseDocumentType.INVOICE.value, PurchaseDocumentType.CREDIT_MEMO.value]
        ),
        header.c["Pay-to Vendor No_"].in_(creditors),
    )
    if tables.has(ROBOT_INBOX, "Company Name", "Draft Type", "Draft No."):
        # What the robot's own requests led to is no other document.
        inbox = tables.read(ROBOT_INBOX)
        statement = statement.where(
            ~exists().where(
                inbox.c["Company Name"] == tables.company,
                inbox.c["Draft Type"] == header.c["Document Type"],
                inbox.c["Draft No_"] == header.c["No_"],
            )
        )
    for kind, number, creditor, invoice_no, memo_no, currency, day, amount in connection.execute(
        statement
    ):
        credit = kind == PurchaseDocumentType.CREDIT_MEMO
        ledger.add(
            Entry(
                where="draft",
                creditor=creditor,
                type=LedgerDocumentType.CREDIT_MEMO if credit else LedgerDocumentType.INVOICE,
                document=number,
                number=memo_no if credit else invoice_no,
                currency=currency,
                day=day,
                amount=amount or Decimal(0),
            )
        )
