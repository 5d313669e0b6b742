"""What a shadow found: how many documents would be decided otherwise, and which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from robot.domain.decision import Outcome
from robot.flow.rule_records import Comparison, Shadow


@dataclass(slots=True, kw_only=True)
class Count:
    """Documents and their total in DKK, as far as it is known."""

    documents: int = 0
    amount: Decimal = Decimal(0)

    def add(self, comparison: Comparison) -> None:
        """Count one more."""
        self.documents += 1
        self.amount += comparison.amount or Decimal(0)


@dataclass(slots=True, kw_only=True)
class ShadowReport:
    """A shadow in numbers, and the documents on which it differs."""

    shadow: Shadow
    compared: Count = field(default_factory=Count)
    #: Old and new outcome to documents, also where both are the same.
    outcomes: dict[tuple[str, str], Count] = field(default_factory=dict)
    #: Bogføringskreds to the documents that differ.
    customers: dict[str, Count] = field(default_factory=dict)
    differences: list[Comparison] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report for machines; amounts are decimal strings."""
        return {
            "shadow": self.shadow.id,
            "directory": self.shadow.directory,
            "customers": list(self.shadow.customers),
            "status": self.shadow.status.value,
            "runs": self.shadow.runs,
            "runs_done": self.shadow.runs_done,
            "words": self.shadow.words,
            "compared": _count(self.compared),
            "outcomes": [
                {"old": old, "new": new, **_count(count)}
                for (old, new), count in sorted(self.outcomes.items())
            ],
            "by_customer": {kreds: _count(c) for kreds, c in sorted(self.customers.items())},
            "differences": [_difference(found) for found in self.differences],
        }


def shadow_report(shadow: Shadow, comparisons: Iterable[Comparison]) -> ShadowReport:
    """Count what a shadow saw; what would be posted now comes first, then the largest amounts."""
    report = ShadowReport(shadow=shadow)
    for found in comparisons:
        report.compared.add(found)
        report.outcomes.setdefault((found.old_outcome, found.new_outcome), Count()).add(found)
        if found.differs:
            report.customers.setdefault(found.customer, Count()).add(found)
            report.differences.append(found)
    report.differences.sort(
        key=lambda found: (
            found.new_outcome != Outcome.POST.value,
            -(found.amount or Decimal(0)),
            found.document_key,
        )
    )
    return report


def _count(count: Count) -> dict[str, object]:
    return {"documents": count.documents, "dkk": f"{count.amount:.2f}"}


def _difference(found: Comparison) -> dict[str, object]:
    return {
        "document": found.source_id,
        "customer": found.customer,
        "number": found.number,
        "supplier": found.supplier,
        "dkk": None if found.amount is None else f"{found.amount:.2f}",
        "old": found.old_outcome,
        "new": found.new_outcome,
        "old_codes": list(found.old_codes),
        "new_codes": list(found.new_codes),
        "old_rules": list(found.old_rules),
        "new_rules": list(found.new_rules),
    }
