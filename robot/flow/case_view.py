"""A case as its parties may see it: made of nothing internal and nothing confidential."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from robot.domain.case import (
    BY_PARTIES,
    CaseStanding,
    CaseStatus,
    DocumentStanding,
    EntryKind,
    Visibility,
    status_of,
)
from robot.domain.state import State
from robot.flow.case_records import CaseDocument, CaseEntry, CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    """One document of a case. A confidential one shows its number, its status and no more."""

    number: str
    supplier: str
    kind: str
    total: Decimal | None
    currency: str
    due_date: date | None
    confidential: bool
    status: CaseStatus
    since: datetime
    #: The last day on which a fix is in time; only while it waits for the customer.
    fix_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReport:
    """Something that the parties said or were told."""

    at: datetime
    #: The party's address; empty for the centre, whose people are not named.
    author: str
    kind: EntryKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """A case for its parties; the page behind a link and the answer to STATUS show this."""

    number: str
    customer: str
    standing: CaseStanding
    documents: tuple[DocumentReport, ...]
    entries: tuple[EntryReport, ...]
    #: The customer said so; only while it waits for the customer.
    waits_until: date | None = None
    said_fixed_at: datetime | None = None

    @property
    def fix_by(self) -> date | None:
        """The earliest day on which something has to be fixed."""
        days = [document.fix_by for document in self.documents if document.fix_by is not None]
        return min(days, default=None)


def standing_of(case: CaseRow, documents: Sequence[CaseDocument]) -> CaseStanding:
    """The status of a case, who has the ball, since when."""
    return status_of(case.marks, [_standing(document) for document in documents])


def case_report(
    case: CaseRow, documents: Sequence[CaseDocument], entries: Sequence[CaseEntry]
) -> CaseReport:
    """What the parties of a case may see of it.

    Internal entries are left out whatever is passed in.
    """
    standing = standing_of(case, documents)
    waiting = standing.status is CaseStatus.WAITING_CUSTOMER
    told = [it.told_at for it in documents if it.state is State.BOUNCED and it.told_at is not None]
    said = case.marks.said_fixed_at
    return CaseReport(
        number=case.number,
        customer=case.customer,
        standing=standing,
        documents=tuple(_document(case, document) for document in documents),
        entries=tuple(
            _entry(entry) for entry in entries if entry.visibility is Visibility.EXTERNAL
        ),
        waits_until=case.marks.waits_until if waiting else None,
        said_fixed_at=said if waiting and said is not None and said >= min(told) else None,
    )


def _standing(document: CaseDocument) -> DocumentStanding:
    return DocumentStanding(
        state=document.state,
        since=document.since,
        told_at=document.told_at,
        paid_at=document.paid_at,
    )


def _document(case: CaseRow, document: CaseDocument) -> DocumentReport:
    standing = status_of(case.marks, [_standing(document)])
    waiting = standing.status is CaseStatus.WAITING_CUSTOMER
    shown = not document.confidential
    return DocumentReport(
        number=document.number,
        supplier=document.supplier if shown else "",
        kind=document.kind,
        total=document.total if shown else None,
        currency=document.currency if shown else "",
        due_date=document.due_date if shown else None,
        confidential=document.confidential,
        status=standing.status,
        since=standing.since,
        fix_by=document.fix_by if waiting else None,
    )


def _entry(entry: CaseEntry) -> EntryReport:
    return EntryReport(
        at=entry.at,
        author=entry.author if entry.kind in BY_PARTIES and "@" in entry.author else "",
        kind=entry.kind,
        text=entry.text,
    )
