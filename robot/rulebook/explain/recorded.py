"""What a decision of the past saw, had back from the history."""

from __future__ import annotations

from datetime import date

from robot.domain.fields import FieldValues
from robot.errors import HistoryError
from robot.flow.past import Narrowing, Past
from robot.flow.records import DocumentCore
from robot.rulebook.conditions import LINES
from robot.rulebook.loader import LoadedRules


def seen_values(
    past: Past, core: DocumentCore, day: date, loaded: LoadedRules
) -> FieldValues | None:
    """The field values that a decision of a version saw; None when the history has them not.

    Args:
        past: The history.
        core: The version that was decided.
        day: The decision's day.
        loaded: The rules whose fields are wanted.
    """
    which = Narrowing(customer=core.customer, since=day, until=day)
    names = [*loaded.fields.document, LINES.key]
    dimensions = {
        name
        for file in loaded.customers.values()
        if file.customer is not None
        for name in file.customer.dimensions
    }
    line_names = [*loaded.fields.line, *(f"dimensions.{name}" for name in sorted(dimensions))]
    try:
        for part in past.parts(which):
            batch = past.read(part, which, names, line_names)
            for row in range(batch.size):
                document = batch.document(row)
                if (document.document_key, document.version) == (core.document_key, core.version):
                    return batch.values(row, names, line_names)
    except HistoryError:
        return None
    return None
