"""Asking the ERP to post or to close a key: one call, and waiting for room to make it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from robot.domain.state import EffectKind
from robot.errors import ErpFullError
from robot.flow.context import Run
from robot.flow.failpoint import failpoint
from robot.flow.order import order_from
from robot.flow.records import EffectRow

#: Seconds between two looks whether the ERP has room for one more request, and in all.
_LOOK_AGAIN: Final = 2.0
_PATIENCE: Final = 60.0


def ask(run: Run, row: EffectRow, still_wanted: Callable[[], bool]) -> bool:
    """Ask the ERP as soon as it has room; whether it was asked.

    Its answer is no proof, so whatever it is, the evidence decides. Nothing was sent when the run
    is to stop, the customer is paused, the company is left alone, or the request is not wanted any
    more, while it waits.

    Args:
        run: The run that asks.
        row: What is asked for.
        still_wanted: Whether the document is still to go this way; asked after each wait.
    """
    waited = 0.0
    while True:
        full = _call(run, row)
        if full is None:
            return True
        if waited >= _PATIENCE:
            run.failed(row.company)
            run.fault(full, row.source_id)
            return False
        waited += _LOOK_AGAIN
        run.renew()
        stopped = run.options.stop.wait(_LOOK_AGAIN)
        kept_back = run.broken(row.company) or run.is_paused(row.customer)
        if stopped or kept_back or not still_wanted():
            return False


def _call(run: Run, row: EffectRow) -> ErpFullError | None:
    """One call; that there was no room for it is given back."""
    poster = run.ports.poster
    failpoint("call-before", row.kind.value)
    try:
        if row.kind is EffectKind.POSTING:
            poster.post(
                order_from(json.loads(row.payload)),
                generation=row.generation,
                payload_hash=row.payload_hash,
            )
        else:
            poster.tombstone(
                row.company,
                row.document_key,
                generation=row.generation,
                payload_hash=row.payload_hash,
            )
        run.worked(row.company)
    except ErpFullError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the outcome is unknown, which is handled
        run.failed(row.company)
        run.fault(error, row.source_id)
    failpoint("called", row.kind.value)
    return None
