"""The result of a backtest as data: for machines, and for who looks at it later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from robot.rulebook.backtest.comparison import Change, Comparison, Tally
from robot.rulebook.backtest.concern import WORDS, Concern
from robot.rulebook.backtest.preparing import Beginning


def as_json(total: Comparison, idle: Sequence[Beginning]) -> dict[str, Any]:
    """The result for machines; amounts are decimal strings in DKK."""
    return {
        "documents": total.documents,
        "repostings": total.repostings,
        "changed": _tally(total.changed),
        "newly_posted": _tally(total.newly_posted),
        "concerns": {WORDS[kind]: _tally(total.concerns.get(kind, Tally())) for kind in Concern},
        "same_outcome_other_reasons": _tally(total.other_reasons),
        "matrix": [
            {"customer": customer, "old": old.value, "new": new.value, **_tally(tally)}
            for (customer, old, new), tally in sorted(total.matrix.items())
        ],
        "rules": [
            {"rule": rule, "old": old.value, "new": new.value, **_tally(tally)}
            for (rule, old, new), tally in sorted(total.rules.items())
        ],
        "error_types": [
            {"error_type": code, "change": change, **_tally(tally)}
            for (code, change), tally in sorted(total.codes.items())
        ],
        "afterwards": [
            {
                "old": old.value,
                "new": new.value,
                "afterwards": what.value if what else None,
                **_tally(tally),
            }
            for (old, new, what), tally in sorted(
                total.afterwards.items(), key=lambda item: tuple(map(str, item[0]))
            )
        ],
        "changes": [_change(change) for change in total.changes],
        "not_replayed": total.not_replayed,
        "not_recorded": total.not_recorded,
        "repostings_untried": total.sheets_untried,
        "not_in_force": [str(it) for it in idle],
        "begins_later": [
            {"rule": it.rule, "dispensation": it.dispensation, "from": it.begins.isoformat()}
            for it in idle
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    document = change.document
    return {
        "concern": WORDS[change.concern],
        "customer": document.customer,
        "document": document.source_id,
        "document_key": document.document_key,
        "number": document.number,
        "supplier": document.supplier,
        "amount_dkk": None if document.amount_dkk is None else str(document.amount_dkk),
        "decided_on": document.decided_on.isoformat(),
        "old": change.old.value,
        "new": change.new.value,
        "old_error_types": list(change.old_codes),
        "new_error_types": list(change.new_codes),
        "rules": list(change.rules),
        "afterwards": document.aftermath.value if document.aftermath else None,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {"documents": tally.documents, "amount_dkk": str(tally.amount)}
