"""Everything about one document: its versions, decisions, effects, mails and trail."""

from __future__ import annotations

from dataclasses import dataclass

from robot.flow.records import (
    AuditRow,
    DecisionRow,
    DocumentFilter,
    DocumentRow,
    EffectHistoryRow,
    MailRow,
)
from robot.flow.store_port import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionHistory:
    """One version of a document, from the first decision to where it stands."""

    document: DocumentRow
    decisions: tuple[DecisionRow, ...]
    effects: tuple[EffectHistoryRow, ...]
    mails: tuple[MailRow, ...]
    trail: tuple[AuditRow, ...]


def history(store: Store, reference: str) -> list[VersionHistory]:
    """All versions of all documents that the reference means, oldest first.

    Args:
        store: The robot's own database.
        reference: Source document id, invoice number, case number or the beginning of the
            document key.
    """
    rows = store.documents.listing(DocumentFilter(reference=reference))
    return [
        VersionHistory(
            document=row,
            decisions=tuple(store.documents.decisions(row.id)),
            effects=tuple(store.documents.effects(row.id)),
            mails=tuple(store.mails.of_document(row.id)),
            trail=tuple(store.trail.rows(document=row.id)),
        )
        for row in list(rows)
    ]
