"""What the ERP said when it refused and no table knew: what operations have to map."""

from __future__ import annotations

from dataclasses import dataclass

from robot.domain.state import State
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.records import DocumentFilter
from robot.flow.store_port import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmappedText:
    """One text as it was kept (long numbers masked), and the documents that it holds."""

    text: str
    #: Row ids and source ids of the documents, in the order in which they came.
    documents: tuple[tuple[int, str], ...]


def unmapped_texts(store: Store) -> list[UnmappedText]:
    """Every text that holds documents now, the one that holds most of them first."""
    held = DocumentFilter(states=frozenset({State.HELD}), code=ERP_UNMAPPED)
    by_text: dict[str, list[tuple[int, str]]] = {}
    for row in store.documents.listing(held):
        for finding in store.documents.decisions(row.id)[-1].decision.findings:
            if finding.code == ERP_UNMAPPED:
                by_text.setdefault(finding.seen, []).append((row.id, row.core.source_id))
    return sorted(
        (
            UnmappedText(text=text, documents=tuple(documents))
            for text, documents in by_text.items()
        ),
        key=lambda found: (-len(found.documents), found.text),
    )
