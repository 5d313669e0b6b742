"""What the general ledger proves about re-postings: entries by their document number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, FromClause, select

from robot.adapters.navision.batch import chunks
from robot.domain.money import ZERO
from robot.flow.ports import Evidence

_NUMBERS: Final = 500


def amounts_moved(
    connection: Connection, entry: FromClause, numbers: Sequence[str]
) -> dict[str, Decimal | None]:
    """All that is debited under each number; None when the entries do not come to zero.

    Args:
        connection: Reads committed.
        entry: Table 17.
        numbers: Document numbers; those without entries are left out.
    """
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for chunk in chunks(sorted(set(numbers)), _NUMBERS):
        statement = select(entry.c["Document No_"], entry.c["Amount"]).where(
            entry.c["Document No_"].in_(chunk)
        )
        for number, amount in connection.execute(statement):
            amounts[number].append(amount)
    return {
        number: None if sum(found, ZERO) else sum((it for it in found if it > 0), ZERO)
        for number, found in amounts.items()
    }


def with_entries(
    evidence: Evidence, number: str, moved: dict[str, Decimal | None], own_currency: str
) -> Evidence:
    """The evidence of a re-posting that its key's row calls posted, as the ledger has it.

    The general ledger is kept in the company's own currency.
    """
    if number not in moved:
        return evidence
    return replace(
        evidence,
        receipt=number,
        creditor="",
        external_number=number,
        amount=moved[number],
        currency=own_currency,
    )
