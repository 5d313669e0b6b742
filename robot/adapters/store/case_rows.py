"""Rows of the case tables as the flow's records."""

from __future__ import annotations

from robot.adapters.store.case_standings import marks
from robot.adapters.store.columns import AnyRow
from robot.domain.case import EntryKind, PartyKind, PartyOrigin, Visibility
from robot.domain.state import State
from robot.flow.case_records import (
    CaseDocument,
    CaseEntry,
    CaseParty,
    CaseRow,
    MemberChange,
)


def case_of(row: AnyRow) -> CaseRow:
    """A case with its marks."""
    return CaseRow(
        number=row.case_number,
        customer=row.case_customer,
        cause=row.cause,
        closed_by=row.closed_by,
        marks=marks(row),
    )


def document_of(row: AnyRow) -> CaseDocument:
    """A document of a case, as it stands."""
    return CaseDocument(
        document_key=row.document_key,
        case_number=row.case_number,
        document=row.id,
        version=row.version,
        state=State(row.state),
        since=row.changed_at,
        joined_at=row.joined_at,
        system=row.system,
        source_id=row.source_id,
        number=row.number,
        supplier=row.supplier,
        kind=row.kind,
        issue_date=row.issue_date,
        due_date=row.due_date,
        total=row.total,
        currency=row.currency,
        confidential=row.confidential,
        codes=tuple(row.codes.split()),
        receipt=row.receipt,
        fix_by=row.fix_by,
        fix_by_reason=row.fix_by_reason,
        told_at=row.told_at,
        reminders=row.reminders,
        reminded_on=row.reminded_on,
        escalated_on=row.escalated_on,
        closing_at=row.closing_at,
        paid_at=row.paid_at,
    )


def entry_of(row: AnyRow) -> CaseEntry:
    """A line of a case's dialogue."""
    return CaseEntry(
        id=row.id,
        case_number=row.case_number,
        at=row.at,
        author=row.author,
        kind=EntryKind(row.kind),
        visibility=Visibility(row.visibility),
        text=row.text,
        message_id=row.message_id,
    )


def party_of(row: AnyRow) -> CaseParty:
    """Who takes part in a case."""
    return CaseParty(
        case_number=row.case_number,
        address=row.address,
        kind=PartyKind(row.kind),
        origin=PartyOrigin(row.origin),
        added_by=row.added_by,
        added_at=row.added_at,
    )


def member_change_of(row: AnyRow) -> MemberChange:
    """The last change of who sees a shared mailbox."""
    removed = row.removed_at is not None
    return MemberChange(
        mailbox=row.mailbox,
        person=row.person,
        present=not removed,
        by=row.removed_by if removed else row.added_by,
        at=row.removed_at if removed else row.added_at,
    )
