"""Changed under our feet: what the source has changed or taken back is never posted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from robot.domain.document import ApprovedDocument
from robot.domain.state import EffectStatus, State
from robot.errors import SourceError
from robot.flow.ports import Evidence, KeyState
from robot.flow.summary import RunSummary
from tests.support.factories import a_line, an_invoice
from tests.support.fakes import ListSource
from tests.support.flow_world import FlowWorld, an_approved


class ChangingSource(ListSource):
    """Gives what it has, and changes as soon as it was read."""

    def __init__(self, *documents: ApprovedDocument) -> None:
        super().__init__(*documents)
        self.then: Callable[[], None] = lambda: None

    def pull(self) -> Iterator[ApprovedDocument]:
        yield from super().pull()
        self.then()
        self.then = lambda: None


@pytest.fixture
def world(tmp_path: Path) -> FlowWorld:
    made = FlowWorld(tmp_path)
    made.source = ChangingSource(an_approved("F-1", customer="99001"))
    return made


def changed_once_it_is_decided(world: FlowWorld, *remarks: str) -> None:
    """The source gives F-1 when it is pulled and something else when the robot wants to post."""
    later = [an_approved("F-1", remark, at=20, customer="99001") for remark in remarks]
    once_it_is_decided(world, lambda: setattr(world.source, "documents", later))


def once_it_is_decided(world: FlowWorld, then: Callable[[], None]) -> RunSummary:
    assert isinstance(world.source, ChangingSource)
    world.source.then = then
    return world.run()


class TestBeforeAnythingWasSent:
    def test_a_withdrawn_document_is_held_and_the_erp_never_hears_of_it(
        self, world: FlowWorld
    ) -> None:
        changed_once_it_is_decided(world)

        (row,) = world.rows()
        assert (row.state, row.codes) == (State.HELD, ("source-withdrawn",))
        assert [call for call in world.erp.calls if call.startswith("post")] == []
        (effect,) = world.store.documents.effects(row.id)
        assert effect.status is EffectStatus.CANCELLED

    def test_the_new_version_is_decided_anew(self, world: FlowWorld) -> None:
        changed_once_it_is_decided(world, "bounce dimension-missing")

        world.run()

        assert sorted(row.state for row in world.rows()) == [State.BOUNCED, State.SUPERSEDED]
        assert world.erp.ledger == []

    def test_it_is_posted_when_it_comes_back_as_it_was(self, world: FlowWorld) -> None:
        first = list(world.source.documents)
        changed_once_it_is_decided(world)
        world.source.documents = first

        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED}

    def test_nothing_is_posted_while_the_source_can_not_say(self, world: FlowWorld) -> None:
        source = world.source
        summary = once_it_is_decided(world, lambda: setattr(source, "unreachable", True))
        assert world.erp.ledger == []
        assert summary.errors["source-unavailable"] == 1

        source.unreachable = False
        world.run()
        assert len(world.erp.ledger) == 1


class TestBetweenTwoRequestsOfOneChunk:
    @pytest.fixture
    def world(self, tmp_path: Path) -> FlowWorld:
        return FlowWorld(tmp_path, an_approved("F-1", customer="99001"), self.another())

    @staticmethod
    def another(remark: str = "", *, at: int = 12) -> ApprovedDocument:
        approved = an_approved("F-2", remark, at=at, customer="99001")
        lines = (a_line("1", "300.00"), a_line("2"))
        return replace(approved, invoice=an_invoice(number="F-2", lines=lines))

    def test_what_is_changed_meanwhile_is_not_sent_and_decided_anew(
        self, world: FlowWorld
    ) -> None:
        anew = [world.source.documents[0], self.another("bounce dimension-missing", at=20)]
        world.erp.on_call = lambda: setattr(world.source, "documents", anew)
        world.run()
        (_, held) = world.rows()
        assert (held.state, held.codes) == (State.HELD, ("source-withdrawn",))
        assert world.erp.calls.count("post:F-2") == 0

        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.BOUNCED}

    def test_a_request_of_an_earlier_run_is_not_repeated_and_its_key_is_closed(
        self, world: FlowWorld
    ) -> None:
        world.erp.faults = ["lost", "lost"]
        world.run()
        left = world.source.documents[:1]
        world.erp.on_call = lambda: setattr(world.source, "documents", left)

        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.HELD}
        assert world.rows()[1].codes == ("source-withdrawn",)
        assert world.erp.calls.count("post:F-2") == 1
        assert KeyState.TOMBSTONE in {evidence.state for evidence in world.erp.keys.values()}

    def test_nothing_more_is_sent_while_the_source_can_not_say(self, world: FlowWorld) -> None:
        source = world.source
        world.erp.on_call = lambda: setattr(source, "unreachable", True)
        world.run()
        assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.DECIDED}

        source.unreachable, world.erp.on_call = False, lambda: None
        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.POSTED}
        assert world.erp.calls.count("post:F-2") == 1


class TestAfterTheRequestWasLost:
    def test_it_is_not_asked_for_again_and_its_key_is_closed(self, world: FlowWorld) -> None:
        world.erp.faults = ["lost"]
        world.run()
        world.source.documents = []

        world.run()

        (row,) = world.rows()
        assert (row.state, row.codes) == (State.HELD, ("source-withdrawn",))
        (evidence,) = world.erp.keys.values()
        assert (evidence.state, evidence.generation) == (KeyState.TOMBSTONE, row.core.generation)

    def test_a_request_that_was_only_late_loses(self, world: FlowWorld) -> None:
        world.erp.faults = ["late"]
        world.run()
        world.source.documents = [an_approved("F-1", at=20, customer="99001")]
        world.run()

        world.erp.deliver()
        world.run()

        assert [entry.generation for entry in world.erp.ledger] == ["2026-11-23T20:00:00+00:00"]

    def test_a_request_that_arrived_in_time_is_posted_all_the_same(self, world: FlowWorld) -> None:
        world.erp.faults = ["unanswered"]
        world.run()
        world.source.documents = []

        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED}


class ForgetfulSource(ListSource):
    """Can't reopen what it does not have any more."""

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        if not any(it.statement.document_id == document_id for it in self.documents):
            raise SourceError(f"no document {document_id}")
        super().reject(document_id, version, reasons)


class TestABounceThatTheSourceAnticipated:
    @pytest.fixture
    def world(self, tmp_path: Path) -> FlowWorld:
        made = FlowWorld(tmp_path)
        made.source = ForgetfulSource(an_approved("F-1", "bounce account-unknown"))
        made.source.deaf = True
        made.run()
        return made

    def test_what_was_taken_back_meanwhile_waits_for_a_person_and_nobody_is_told(
        self, world: FlowWorld
    ) -> None:
        world.source.deaf = False
        world.source.documents = []

        summary = world.run()

        (row,) = world.rows()
        assert (row.state, row.codes) == (State.HELD, ("source-withdrawn",))
        assert world.mails() == []
        assert "source-unavailable" not in summary.errors

    def test_a_version_that_waited_for_it_and_was_taken_back_too_waits_for_a_person(
        self, world: FlowWorld
    ) -> None:
        world.erp.down = True
        world.source.documents = [an_approved("F-1", at=20)]
        world.run()
        world.source.documents = []
        world.run()
        assert [row.state for row in world.rows()] == [State.REJECTING, State.PULLED]
        world.erp.down = False

        world.run()

        assert [row.state for row in world.rows()] == [State.SUPERSEDED, State.HELD]
        assert world.rows()[-1].codes == ("source-withdrawn",)

    def test_its_next_version_is_posted(self, world: FlowWorld) -> None:
        world.source.deaf = False
        world.source.documents = []
        world.run()
        world.source.documents = [an_approved("F-1", at=20)]

        world.run()

        assert world.states() == {"SDI-F-1": State.POSTED}

    def test_a_source_that_can_only_not_be_reached_is_told_later(self, world: FlowWorld) -> None:
        summary = world.run()
        assert world.states() == {"SDI-F-1": State.REJECTING}
        assert summary.errors["source-unavailable"] == 1
        world.source.deaf = False

        world.run()

        assert world.states() == {"SDI-F-1": State.BOUNCED}


class TestWaitingForTheErp:
    def test_a_run_waits_at_its_end_for_what_the_erp_has_taken(
        self, world: FlowWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("robot.flow.outbox._CONFIRM_STEP", 0.001)
        world.erp.faults = ["asynchronous"]
        looks = 0
        evidence = world.erp.evidence

        def finish_at_the_fourth_look(company: str, keys: Sequence[str]) -> Mapping[str, Evidence]:
            nonlocal looks
            looks += 1
            if looks == 4:
                world.erp.work()
            return evidence(company, keys)

        monkeypatch.setattr(world.erp, "evidence", finish_at_the_fourth_look)
        world.run(confirm_seconds=1)

        assert world.states() == {"SDI-F-1": State.POSTED}

    def test_it_does_not_wait_for_what_is_stuck_and_says_so_once(self, world: FlowWorld) -> None:
        world.erp.faults = ["asynchronous"]
        world.run()
        (key,) = world.erp.keys
        taken = world.erp.keys[key]
        world.erp.keys[key] = Evidence(
            state=taken.state,
            generation=taken.generation,
            payload_hash=taken.payload_hash,
            trouble="posting-stuck",
        )

        summary = world.run(confirm_seconds=3600)

        assert world.states() == {"SDI-F-1": State.POSTING}
        assert summary.errors == {"posting-stuck": 1}
        assert summary.problems == ("SDI-F-1: posting-stuck",)


def test_a_stop_gives_back_nothing_of_which_an_earlier_run_sent_something(
    world: FlowWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had never been sent, it could be decided otherwise while its request arrives."""
    world.erp.faults = ["late"]
    world.run()
    withdrawn, stop = world.source.withdrawn, threading.Event()

    def told_to_stop(versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        stop.set()
        return withdrawn(versions)

    monkeypatch.setattr(world.source, "withdrawn", told_to_stop)
    world.run(stop=stop)

    (row,) = world.rows()
    (effect,) = world.store.documents.effects(row.id)
    assert (row.state, effect.status) == (State.POSTING, EffectStatus.SENT)
    assert world.erp.calls.count("post:F-1") == 1


def decided_and_not_sent(world: FlowWorld) -> None:
    """The source could not say whether it still holds, so nothing was sent."""
    once_it_is_decided(world, lambda: setattr(world.source, "unreachable", True))
    world.source.unreachable = False
    assert world.states() == {"SDI-F-1": State.DECIDED}


def test_a_document_of_a_paused_customer_is_not_taken_for_withdrawn(world: FlowWorld) -> None:
    decided_and_not_sent(world)
    with world.store.writing(actor="bente") as unit:
        unit.pause("99001", "noget er galt")
    world.run()
    assert world.states() == {"SDI-F-1": State.DECIDED}


def test_what_is_posted_and_given_no_more_is_taken_over_from_the_evidence(
    world: FlowWorld,
) -> None:
    """A restored store does not know that it had it posted."""
    decided_and_not_sent(world)
    core = world.rows()[0].core
    world.erp.keys[core.document_key] = Evidence(
        state=KeyState.POSTED,
        generation=core.generation,
        receipt="PF00001",
        external_number=core.number,
        amount=core.total,
    )
    world.source.documents = []
    world.run()
    assert [(row.state, row.receipt) for row in world.rows()] == [(State.POSTED, "PF00001")]
