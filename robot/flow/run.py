"""One run of the main job: reconcile, pull, look up, decide, record, act, confirm, tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from robot.domain.decision import Decision
from robot.domain.document import ApprovedDocument
from robot.domain.state import State
from robot.flow.context import Ports, Run, RunOptions
from robot.flow.failpoint import failpoint
from robot.flow.garbage import seldom_collected
from robot.flow.inbox import receive
from robot.flow.intake import Intake
from robot.flow.journey import tell_journeys
from robot.flow.mailing import tell_customers
from robot.flow.measuring import measure_journeys
from robot.flow.outbox import Outbox
from robot.flow.records import DocumentCore, Lease
from robot.flow.remembering import collect
from robot.flow.reported import name_reported
from robot.flow.shadow import shadow_of
from robot.flow.sharing import another_pass, even_out
from robot.flow.summary import RunSummary, summarise


def run_once(ports: Ports, options: RunOptions) -> RunSummary:
    """Do one run and say what came of it.

    What earlier runs left open is settled by evidence before anything new is taken. A document, a
    company or a customer that fails stops no other. Killed at any moment, the next run ends where
    this one would have ended.

    Raises:
        LeaseHeldError: Another robot is at work, and the store is one of a single robot.
        LeaseLostError: This robot was stopped for so long that another one took over.
        StoreError: The robot's own database can't be used; nothing is sent without it.
    """
    store, owner = ports.store, options.owner
    if store.shared:
        lease = store.join(owner=owner, seconds=options.lease_seconds)
    else:
        lease = store.acquire(name=options.lease_name, owner=owner, seconds=options.lease_seconds)
    run = Run(
        ports=ports, options=options, lease=lease, id=0, today=ports.today(), shared=store.shared
    )
    try:
        with store.writing(actor=owner, lease=lease) as unit:
            run.id = number = unit.begin_run(options.slot, owner)
        run.problems.extend(ports.rulebook.held_back)
        run.shadow = shadow_of(store, ports.load_candidate)
        failpoint("run-begun")
        receive(run)
        failpoint("mail-received")
        if ports.sheets is not None:
            ports.sheets.work_off(run.fault)
        failpoint("sheets-worked-off")
        name_reported(run)
        with seldom_collected():
            pulled = _work(run)
        collect(run)
        failpoint("collected")
        tell_journeys(run)
        failpoint("journeys-told")
        measure_journeys(run)
        if run.shadow is not None and run.shadow.problem:
            run.problems.append(run.shadow.problem)
        summary = summarise(run, pulled)
        failpoint("run-end-before")
        with run.unit() as unit:
            if run.shadow is not None:
                run.shadow.close(unit, whole=not run.stopping())
            status = "stopped" if run.stopping() else "done"
            unit.finish_run(number, status, summary.as_json())
        failpoint("run-ended")
        return summary
    finally:
        store.release(run.lease)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a run would do with one document now."""

    document: ApprovedDocument
    core: DocumentCore
    decision: Decision | None
    state: State


def preview(ports: Ports, options: RunOptions) -> Iterator[Preview]:
    """Decide what is new or may have changed, and touch nothing: no lease, no row, no call.

    Raises:
        StoreError: The robot's own database can't be read.
    """
    nobody = Lease(name="", owner=options.owner, token=0, seconds=0)
    run = Run(ports=ports, options=options, lease=nobody, id=0, today=ports.today())
    intake = Intake(run)
    pulled = ports.source.pull()
    while documents := list(islice(pulled, options.batch_size)):
        for candidate, recorded in intake.decide(intake.candidates(documents)):
            yield Preview(
                document=candidate.document,
                core=candidate.core,
                decision=recorded.decision,
                state=recorded.state,
            )


def _work(run: Run) -> int:
    pulled = 0
    while True:
        intake = _pass(run)
        pulled += intake.pulled
        if not intake.complete or not another_pass(run):
            return pulled
        run.paused.clear()


def _pass(run: Run) -> Intake:
    """Go once through all documents of the companies that this run has."""
    outbox = Outbox(run)
    failpoint("reconcile-before")
    outbox.reconcile()
    failpoint("reconcile-after")
    intake = Intake(run)
    for ready in intake.batches():
        if run.shadow is not None:
            run.shadow.keep(run.unit, run.fault)
        outbox.carry_out(ready)
        even_out(run)
    failpoint("confirm-before")
    outbox.confirm()
    failpoint("tell-before")
    tell_customers(run)
    failpoint("tell-after")
    return intake
