"""Five technical faults in a row: the target is left alone for the run, and a person is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from robot.domain.document import ApprovedDocument
from robot.domain.notice import Handover, OutgoingMail
from robot.domain.state import State
from robot.errors import MailError, SourceError
from robot.flow.context import BREAKER, SOURCE, STOPPED, Run, RunOptions
from robot.flow.records import Lease
from tests.support.factories import a_line, an_invoice
from tests.support.fakes import FewRules
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved

MANY = 3 * BREAKER


def approved(
    count: int = MANY, beginning: str = "F", *, remark: str = "", customer: str = "99001"
) -> list[ApprovedDocument]:
    """Documents that do not resemble each other: each has an amount of its own."""
    made = []
    for place in range(count):
        number = f"{beginning}-{place:03}"
        invoice = an_invoice(number=number, lines=(a_line("1", str(100 + place)), a_line("2")))
        made.append(replace(an_approved(number, remark, customer=customer), invoice=invoice))
    return made


def numbers(documents: list[ApprovedDocument]) -> set[str]:
    return {document.invoice.number for document in documents if document.invoice}


def calls(world: FlowWorld) -> list[str]:
    return [call for call in world.erp.calls if call.startswith("post")]


def test_a_company_is_asked_five_times_and_then_left_alone(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved())
    world.erp.faults = ["lost"] * MANY
    summary = world.run()
    assert len(calls(world)) == BREAKER
    assert summary.errors[STOPPED] == 1
    assert any("left alone for the rest of this run" in words for words in summary.problems)
    assert summary.needs_person
    world.erp.faults = []
    assert world.run().counts["posted"] == MANY
    assert {entry.external_number for entry in world.erp.ledger} == numbers(approved())


def test_tables_that_answer_do_not_excuse_a_door_that_does_not(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved())
    world.erp.faults = ["lost"] * MANY
    summary = world.run(chunk_size=2)  # after each two requests the evidence is read
    assert len(calls(world)) == BREAKER
    assert summary.errors[STOPPED] == 1


def test_tables_that_do_not_answer_are_left_alone_too(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved())
    world.erp.down = True
    summary = world.run(batch_size=1)
    # Before facts are looked up it is asked, too, what stands under the key.
    assert len([call for call in world.erp.calls if call.startswith("facts")]) < BREAKER
    assert summary.errors[STOPPED] == 1
    world.erp.down = False
    assert world.run().counts["posted"] == MANY


def test_a_success_in_between_begins_the_count_anew(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved())
    world.erp.faults = [*["lost"] * (BREAKER - 1), "", *["lost"] * (BREAKER - 1)]
    summary = world.run()
    assert len(calls(world)) == MANY
    assert STOPPED not in summary.errors


def test_one_company_that_fails_stops_no_other(tmp_path: Path) -> None:
    other = a_served_customer(name="Fyrvæsenet", bogfoeringskreds="99002", company="Fyrvæsenet")
    world = FlowWorld(tmp_path, *approved())
    others = approved(3, beginning="G", customer="99002")
    world.source.documents += others
    world.rules = FewRules(a_served_customer(), other)
    world.erp.faults = ["lost"] * BREAKER
    summary = world.run(chunk_size=MANY)
    posted = {entry.external_number for entry in world.erp.ledger}
    assert posted == numbers(others)
    assert summary.counts["posted"] == len(posted)


def test_an_erp_that_answers_for_no_company_is_not_asked_about_hundreds(tmp_path: Path) -> None:
    served = [
        a_served_customer(name=f"K{it}", bogfoeringskreds=f"9900{it}", company=f"K{it}")
        for it in range(1, BREAKER + 4)
    ]
    world = FlowWorld(tmp_path)
    for it in served:
        kreds = it.bogfoeringskreds
        world.source.documents += approved(1, beginning=f"F{kreds}", customer=kreds)
    world.rules = FewRules(*served)
    world.erp.down = True
    summary = world.run()
    assert [name for name, _ in world.faults.faults] == ["ErpUnavailableError"] * BREAKER
    assert summary.errors[STOPPED] == 1
    assert [words for words in summary.problems if words.startswith("Navision: ")]
    world.erp.down = False
    assert world.run().counts["posted"] == len(served)


def test_a_source_that_can_not_be_told_is_left_alone(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved(remark="bounce dimension-missing"))
    world.source.deaf = True
    summary = world.run()
    assert len([name for name, _ in world.faults.faults if name == "SourceError"]) == BREAKER
    assert any(words.startswith(SOURCE) for words in summary.problems)
    assert {row.state for row in world.rows()} == {State.REJECTING}
    world.source.deaf = False
    assert world.run().counts["bounced"] == MANY


def test_a_source_that_is_told_in_between_begins_the_count_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = FlowWorld(tmp_path, *approved(remark="bounce dimension-missing"))
    reject, calls_so_far = world.source.reject, count(1)

    def answer_each_fifth(document_id: str, version: str, reasons: Sequence[str]) -> None:
        if next(calls_so_far) % BREAKER:
            raise SourceError("no answer")
        reject(document_id, version, reasons)

    monkeypatch.setattr(world.source, "reject", answer_each_fifth)
    summary = world.run()
    assert next(calls_so_far) == MANY + 1
    assert STOPPED not in summary.errors


@pytest.mark.parametrize("later", [timedelta(seconds=2), timedelta(hours=-1)])
def test_a_kill_switch_is_seen_within_a_second_also_when_the_clock_is_set_back(
    tmp_path: Path, later: timedelta
) -> None:
    world = FlowWorld(tmp_path)
    nobody = Lease(name="", owner="", token=0, seconds=0)
    options = RunOptions(owner="robot")
    run = Run(ports=world.ports, options=options, lease=nobody, id=0, today=world.ports.today())
    assert not run.is_paused("99001")
    with world.store.writing(actor="bente") as unit:
        unit.pause("99001", "noget er galt")
    world.clock.instant += later
    assert run.is_paused("99001")


def test_a_source_that_can_not_say_what_still_holds_is_asked_five_times(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, *approved())
    asked: list[int] = []

    def withdrawn(versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        asked.append(len(versions))
        raise SourceError("the folder is gone")

    vars(world.source)["withdrawn"] = withdrawn
    summary = world.run(chunk_size=1)
    assert len(asked) == BREAKER
    assert any(words.startswith(SOURCE) for words in summary.problems)
    assert world.erp.ledger == []


class Refusing:
    """A mail server that takes nothing, until it is put right."""

    def __init__(self) -> None:
        self.asked = 0
        self.taken: list[str] = []
        self.well = False

    def send(self, mail: OutgoingMail, *, patient: bool = True) -> Handover:
        del patient
        self.asked += 1
        if not self.well:
            raise MailError("550 no")
        self.taken.append(mail.message_id)
        return Handover()


@pytest.mark.parametrize("customers", [2 * BREAKER])
def test_a_mail_server_that_refuses_is_left_alone(tmp_path: Path, customers: int) -> None:
    kredse = [f"99{place:03}" for place in range(customers)]
    world = FlowWorld(
        tmp_path,
        *[
            an_approved(f"F-{kreds}", "bounce dimension-missing", customer=kreds)
            for kreds in kredse
        ],
    )
    world.rules = FewRules(
        *[replace(a_served_customer(), bogfoeringskreds=kreds, company=kreds) for kreds in kredse]
    )
    world.mailer = refusing = Refusing()
    summary = world.run()
    assert refusing.asked == BREAKER
    assert summary.errors[STOPPED] == 1
    refusing.well = True
    world.run()
    assert len(set(refusing.taken)) == customers
    assert len(refusing.taken) == customers


def test_nobody_is_told_while_the_kill_switch_is_set(tmp_path: Path) -> None:
    """It is set while the document in hand is sent back, and again when its mail waits."""
    world = FlowWorld(tmp_path, *approved(1, remark="bounce dimension-missing"))
    world.mailer = server = Refusing()

    def pause() -> None:
        with world.store.writing(actor="bente") as unit:
            unit.pause("99001", "noget er galt")

    def resume() -> None:
        with world.store.writing(actor="bente") as unit:
            unit.resume("99001")

    world.erp.on_call = pause
    world.run()
    assert set(world.states().values()) == {State.BOUNCED}
    assert list(world.store.mails.all()) == []
    resume()
    world.run()
    assert server.asked == 1
    server.well = True
    pause()
    world.run()
    assert server.asked == 1
    resume()
    world.run()
    assert len(server.taken) == 1
