"""Which documents about to be bounced are put right by the same repair."""

from __future__ import annotations

from collections.abc import Sequence

from robot.domain.case import cause_of
from robot.domain.taxonomy import Taxonomy
from robot.flow.store_port import Store


def shared_causes(store: Store, taxonomy: Taxonomy, documents: Sequence[int]) -> dict[int, str]:
    """Row id to the hash of the cause that one repair removes; others are left out.

    A confidential document has a case of its own: who sees the other documents of a case would
    learn what is wrong with it.
    """
    found: dict[int, str] = {}
    for row in store.cases.causes(documents):
        key = cause_of(row.findings, taxonomy, customer=row.customer, creditor=row.creditor)
        if key is not None and not row.confidential:
            found[row.document] = key.hash
    return found
