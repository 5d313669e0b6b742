"""What a run leaves to the history. The history serves backtests: failing, it stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from robot.domain.answer import saying
from robot.domain.money import Money
from robot.domain.state import State
from robot.errors import RobotError
from robot.flow.candidate import Candidate
from robot.flow.context import Run
from robot.flow.history_port import Aftermath, Afterwards, PastDecision
from robot.flow.order import company_of
from robot.flow.records import AuditRow, Recorded

#: The act in the trail of a document whose posting somebody reversed.
REVERSED: Final = "reversed"
#: How long after its posting date a posting is watched.
LOOK_BACK: Final = timedelta(days=120)
TOTAL_IN_KRONER: Final = "invoice.total_dkk"
KRONER: Final = "DKK"
#: What an act in the trail says about the version that it was done to.
_ACTS: Final = {
    REVERSED: Aftermath.REVERSED,
    "released": Aftermath.POSTED_BY_CLERK,
    "bounce-asked": Aftermath.BOUNCED_BY_CLERK,
    "dropped": Aftermath.DROPPED,
    "superseded": Aftermath.CORRECTED,
}
#: Events kept together.
_PAGE: Final = 5_000


def remember(run: Run, decided: Sequence[tuple[Candidate, Recorded]]) -> None:
    """Put aside what a batch of decisions saw, before it is committed."""
    with _unharmed(run):
        now = run.ports.clock.now()
        run.ports.history.record(
            run.id,
            [past for candidate, recorded in decided for past in _past(candidate, recorded)],
            [
                event
                for candidate, recorded in decided
                for event in _made_obsolete(candidate, recorded, now)
            ],
        )


def collect(run: Run) -> None:
    """Add to the history what was put aside, and what people did since the last time."""
    with _unharmed(run):
        _note_reversals(run)
        history = run.ports.history
        history.collect()
        seen_to = history.seen_to()
        events: list[Afterwards] = []
        key_of = _keys(run)
        for row in run.ports.store.trail.rows(after=seen_to, acts=tuple(_ACTS)):
            seen_to = row.seq
            events += _event(row, key_of)
            if len(events) >= _PAGE:
                history.note(seen_to, events)
                events = []
        if events:
            history.note(seen_to, events)


def _note_reversals(run: Run) -> None:
    """Write in the trail, once each, which of the robot's postings were reversed in the ERP."""
    since = run.today - LOOK_BACK
    reversed_documents: list[int] = []
    for kreds in sorted(run.rulesets):
        company = company_of(run.ports.rulebook.for_customer(kreds).customer)
        try:
            receipts = run.ports.reversals.reversed_receipts(company, since)
        except RobotError as error:
            run.fault(error, "reversals")
            continue
        if receipts:
            documents = run.ports.store.documents
            reversed_documents += documents.posted_without(company, receipts, REVERSED)
    if reversed_documents:
        with run.unit() as unit:
            for document in reversed_documents:
                unit.audit(REVERSED, document=document)


def _past(candidate: Candidate, recorded: Recorded) -> Iterator[PastDecision]:
    judged = recorded.judged
    if judged is None or judged.values is None:
        return
    total = judged.values.get(TOTAL_IN_KRONER)
    amount: Decimal | None = None
    if isinstance(total, Money) and total.currency == KRONER:
        amount = total.amount
    yield PastDecision(
        document_key=candidate.core.document_key,
        version=candidate.core.version,
        turn=candidate.known.turn + 1 if candidate.known else 1,
        customer=candidate.customer.bogfoeringskreds if candidate.customer else "",
        source_id=candidate.core.source_id,
        decided_on=judged.decided_on,
        ruleset=judged.ruleset,
        outcome=judged.outcome,
        codes=tuple(dict.fromkeys(finding.code for finding in judged.findings)),
        amount_dkk=amount,
        values=judged.values,
    )


def _made_obsolete(
    candidate: Candidate, recorded: Recorded, now: datetime
) -> Iterator[Afterwards]:
    """An earlier decision about the same version, and bounced versions that this one corrects."""
    if candidate.known is not None and recorded.judged is not None:
        yield Afterwards(
            document_key=candidate.known.document_key,
            version=candidate.known.version,
            what=Aftermath.DECIDED_AGAIN,
            at=now,
            turn=candidate.known.turn,
        )
    for other in candidate.others:
        if other.state is State.BOUNCED and candidate.known is None:
            yield Afterwards(
                document_key=other.document_key,
                version=other.version,
                what=Aftermath.CORRECTED,
                at=now,
            )


def _event(row: AuditRow, key_of: Callable[[int], tuple[str, str]]) -> Iterator[Afterwards]:
    if row.document is None:
        return
    key, version = key_of(row.document)
    yield Afterwards(document_key=key, version=version, what=_ACTS[row.act], at=row.at)


def _keys(run: Run) -> Callable[[int], tuple[str, str]]:
    def key_of(document: int) -> tuple[str, str]:
        core = run.ports.store.documents.get(document).core
        return core.document_key, core.version

    return key_of


@contextmanager
def _unharmed(run: Run) -> Iterator[None]:
    """Whatever the history does, the run goes on and says so once."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - posting invoices does not wait for statistics
        run.fault(error, "the history")
        problem = saying("history-gaps", text=error)
        if problem not in run.problems:
            run.problems.append(problem)
