"""Mapping what the ERP said to an error type, and which documents that concerns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from robot.domain.taxonomy import Taxonomy
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.store_port import Store
from robot.flow.unmapped import UnmappedText, unmapped_texts
from robot.rulebook.refusals import ERP_REFUSALS, RefusalRow, add_refusal, checked_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A pattern that is to mean an error type.

    `explained` are the unmapped texts that it is found in, `others` those that it is not.
    """

    row: RefusalRow
    explained: tuple[UnmappedText, ...]
    others: tuple[UnmappedText, ...]

    @property
    def documents(self) -> tuple[tuple[int, str], ...]:
        """Row ids and source ids of the documents that are looked at again."""
        return tuple(document for text in self.explained for document in text.documents)


def codes_to_map(taxonomy: Taxonomy) -> list[str]:
    """The error types that a text can be mapped to."""
    return [code for code in taxonomy.codes() if code != ERP_UNMAPPED]


def previewed(store: Store, taxonomy: Taxonomy, pattern: str, code: str) -> Mapping:
    """What mapping would do; nothing is changed.

    Raises:
        RuleFileError: The pattern is no RE2 or matches everything, or there is no such error type.
    """
    row = checked_refusal(pattern, code, codes_to_map(taxonomy))
    found = unmapped_texts(store)
    return Mapping(
        row=row,
        explained=tuple(it for it in found if row.matches(it.text)),
        others=tuple(it for it in found if not row.matches(it.text)),
    )


def map_refusal(
    store: Store,
    taxonomy: Taxonomy,
    directory: Path,
    mapping: Mapping,
    *,
    person: str,
    reason: str,
) -> Path:
    """Add a pattern to the table, and have what it explains looked at in the next run.

    Returns:
        The file that the entry was added to.

    Raises:
        RuleFileError: The file can't be used or written; nothing is changed then.
    """
    path = directory / ERP_REFUSALS
    (pattern,) = mapping.row.patterns
    with store.writing(actor=person) as unit:
        unit.audit(
            "refusal-mapped", {"pattern": pattern, "code": mapping.row.code, "reason": reason}
        )
        for document, _ in mapping.documents:
            unit.request(document)
        add_refusal(path, mapping.row, reason, codes_to_map(taxonomy))
    return path
