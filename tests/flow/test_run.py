from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from robot.domain.notice import MailPurpose
from robot.domain.state import EffectKind, EffectStatus, State
from robot.errors import LeaseHeldError
from robot.flow.context import BREAKER, STOPPED, RunOptions
from robot.flow.history import history
from robot.flow.run import preview
from tests.support.factories import a_creditor, a_line, a_refused_document, an_invoice
from tests.support.fakes import RemarkRules, SetClock, found
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved


def _world(folder: Path, *remarks: str) -> FlowWorld:
    """Documents F-1, F-2, ... with these remarks, each with an amount of its own."""
    documents = [an_approved(f"F-{place}", remark) for place, remark in enumerate(remarks, 1)]
    return FlowWorld(
        folder,
        *(
            replace(
                document,
                invoice=an_invoice(
                    number=f"F-{place}", lines=(a_line("1", Decimal(100 * place)), a_line("2"))
                ),
            )
            for place, document in enumerate(documents, 1)
        ),
    )


def test_a_correction_that_is_wrong_in_the_same_way_is_told_again(tmp_path: Path) -> None:
    world = _world(tmp_path, "bounce dimension-missing")
    world.run()
    world.source.documents = [an_approved("F-1", "bounce dimension-missing", at=20)]
    world.run()
    assert {row.state for row in world.rows()} == {State.BOUNCED}
    assert len(world.mails()) == 2


def test_the_intent_is_committed_before_the_erp_is_asked(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing")
    found: list[tuple[set[State], int]] = []

    def look() -> None:
        acts = [row.act for row in world.store.trail.rows()]
        found.append((set(world.states().values()), acts.count("sending")))

    world.erp.on_call = look
    world.run()
    assert found == [({State.POSTING, State.REJECTING}, 2)] * 2


def test_each_document_goes_its_way(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing", "hold creditor-unknown")
    world.source.documents.append(a_refused_document())
    summary = world.run()
    assert world.states() == {
        "SDI-F-1": State.POSTED,
        "SDI-F-2": State.BOUNCED,
        "SDI-F-3": State.HELD,
        "SDI-9999": State.UNREADABLE,
    }
    assert summary.counts == {
        "pulled": 4,
        "posted": 1,
        "bounced": 1,
        "held": 1,
        "unreadable": 1,
        "unknown": 0,
    }
    assert [entry.external_number for entry in world.erp.ledger] == ["F-1"]
    assert [said[0] for said in world.source.rejected] == ["SDI-F-2"]
    assert len(world.mails()) == summary.notices == 1


def test_result_json_has_the_shape_of_the_design(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing")
    result = world.result(world.run())
    (posted, bounced) = result["documents"]
    assert list(result)[:4] == ["run", "ruleset", "counts", "documents"]
    assert result["ruleset"] == {"99001": world.rules.rulesets["99001"].hash}
    assert (result["notices"], result["errors"]) == (1, {"dimension-missing": 1})
    assert posted["outcome"], posted["receipt"] == ("posted", "PF00001")
    assert {key: bounced[key] for key in ("id", "customer", "outcome", "findings", "receipt")} == {
        "id": "SDI-F-2",
        "customer": "99001",
        "outcome": "bounced",
        "findings": ["dimension-missing"],
        "receipt": None,
    }


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing", "hold duplicate-exact")
    world.run()
    ledger, mails, calls = list(world.erp.ledger), world.mails(), len(world.erp.calls)
    summary = world.run()
    assert summary.counts["pulled"] == 0
    assert (world.erp.ledger, world.mails()) == (ledger, mails)
    assert world.erp.calls[calls:] == []


def test_a_poison_document_stops_no_other(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "fail", "")
    world.run()
    assert world.states() == {
        "SDI-F-1": State.POSTED,
        "SDI-F-2": State.HELD,
        "SDI-F-3": State.POSTED,
    }
    assert world.faults.faults == [("ZeroDivisionError", "SDI-F-2.xml")]


def test_a_poison_document_is_tried_again_only_a_few_times(tmp_path: Path) -> None:
    world = _world(tmp_path, "fail")
    for _ in range(8):
        world.run()
    assert 2 <= len(world.faults.faults) <= 5


def test_of_the_same_invoice_twice_in_a_batch_the_first_is_posted(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", document_id="SDI-1"),
        an_approved("F-1", document_id="SDI-2"),
    )
    world.run()
    assert world.states() == {"SDI-1": State.POSTED, "SDI-2": State.HELD}
    assert world.rows()[1].codes == ("duplicate-exact",)
    assert len(world.erp.ledger) == 1


def test_the_same_invoice_in_the_next_batch_is_a_duplicate_too(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", "hold confidential", document_id="SDI-1"),
        an_approved("F-1", document_id="SDI-2"),
    )
    world.run(batch_size=1)
    assert world.rows()[1].codes == ("duplicate-exact",)


def test_of_two_equal_ones_that_wait_the_first_goes_on(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", document_id="SDI-1"),
        an_approved("F-1", document_id="SDI-2"),
    )
    world.erp.creditors["Dansk Kontor A/S"] = None
    world.run()
    world.erp.creditors.clear()
    world.run()
    assert world.states()["SDI-1"] is State.POSTED
    assert world.states()["SDI-2"] is State.HELD


def test_a_bounced_invoice_is_no_duplicate_of_its_successor(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", "bounce dimension-missing", document_id="SDI-1"),
        an_approved("F-1", document_id="SDI-2"),
    )
    world.run()
    assert world.states() == {"SDI-1": State.BOUNCED, "SDI-2": State.POSTED}


def test_a_corrected_document_is_a_new_version_and_keeps_its_case(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1", "bounce dimension-missing", at=10))
    world.run()
    world.source.documents = [an_approved("F-1", "bounce account-unknown", at=12)]
    world.run()
    world.source.documents = [an_approved("F-1", at=14)]
    world.run()
    rows = world.rows()
    assert [row.state for row in rows] == [State.BOUNCED, State.BOUNCED, State.POSTED]
    assert {row.case_number for row in rows} == {"SAM-2026-000001"}
    purposes = [row.mail.purpose for row in world.store.mails.all()]
    assert purposes == [MailPurpose.DIGEST, MailPurpose.DIGEST, MailPurpose.CLOSING]
    assert len(world.erp.ledger) == 1


def test_a_new_version_takes_the_place_of_a_held_one(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1", "hold creditor-unknown", at=10))
    world.run()
    world.source.documents = [an_approved("F-1", at=12)]
    summary = world.run()
    assert [row.state for row in world.rows()] == [State.SUPERSEDED, State.POSTED]
    assert [d["outcome"] for d in world.result(summary)["documents"]] == ["posted"]


def test_a_new_version_of_a_posted_document_is_held(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1", at=10))
    world.run()
    world.source.documents = [an_approved("F-1", "bounce dimension-missing", at=12)]
    world.run()
    assert [row.state for row in world.rows()] == [State.POSTED, State.HELD]
    assert "tombstone" not in world.erp.calls


def test_what_waits_is_decided_again_and_posted_when_the_cause_is_gone(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.erp.creditors["Dansk Kontor A/S"] = None
    world.run()
    assert world.rows()[0].codes == ("creditor-unknown",)
    world.erp.creditors["Dansk Kontor A/S"] = a_creditor()
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED}


def test_nothing_is_written_when_it_is_decided_again_with_the_same_result(tmp_path: Path) -> None:
    world = _world(tmp_path, "hold creditor-unknown")
    world.run()
    world.run()
    (version,) = history(world.store, "SDI-F-1")
    assert len(version.decisions) == 1
    assert [row.act for row in version.trail] == ["decided"]


def test_held_for_a_person_waits_for_a_person(tmp_path: Path) -> None:
    world = _world(tmp_path, "hold duplicate-exact")
    world.run()
    world.run()
    assert world.erp.calls.count("facts:1") == 1


def test_a_changed_rule_set_decides_again(tmp_path: Path) -> None:
    world = _world(tmp_path, "hold duplicate-exact")
    world.run()
    lenient = RemarkRules(a_served_customer(), name="rules-2", instead="")
    world.rules.rulesets["99001"] = lenient
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED}
    assert world.store.runs.ruleset_text(lenient.hash) == "# rules-2\n"


def test_a_refusal_by_the_erp_is_held_with_its_words(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "")
    world.erp.refuse["F-1"] = "Konto 12345678901234 findes ikke"
    world.run()
    assert world.states() == {"SDI-F-1": State.HELD, "SDI-F-2": State.POSTED}
    (finding,) = history(world.store, "SDI-F-1")[0].decisions[-1].decision.findings
    assert (finding.code, finding.seen) == ("erp-unmapped", "Konto …1234 findes ikke")


def test_a_refused_posting_is_not_sent_again_by_itself(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.erp.refuse["F-1"] = "Fejl"
    for _ in range(3):
        world.run()
    assert world.erp.calls.count("post:F-1") == 1


def test_the_erp_being_away_holds_and_the_next_run_goes_on(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing")
    world.erp.down = True
    summary = world.run()
    assert summary.errors["erp-unavailable"] == 2
    world.erp.down = False
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.BOUNCED}


def test_a_posting_that_was_taken_is_confirmed_by_a_later_run(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.erp.faults = ["asynchronous"]
    assert world.run().counts["unknown"] == 1
    world.erp.work()
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED}
    assert world.erp.calls.count("post:F-1") == 1


@pytest.mark.parametrize("fault", ["lost", "unanswered", "late"])
def test_an_unknown_outcome_is_settled_by_evidence(tmp_path: Path, fault: str) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing")
    world.erp.faults = [fault, fault]
    world.run()
    world.run()
    world.erp.deliver()
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.BOUNCED}
    assert len(world.erp.ledger) == len(world.mails()) == 1


def test_a_new_version_waits_for_the_outcome_of_the_earlier_one(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1", at=10))
    world.erp.faults = ["asynchronous"]
    world.run()
    world.source.documents = [an_approved("F-1", "bounce dimension-missing", at=12)]
    world.run()
    assert [row.state for row in world.rows()] == [State.POSTING, State.PULLED]
    world.erp.work()
    world.run()
    assert [row.state for row in world.rows()] == [State.POSTED, State.HELD]


def test_what_is_posted_otherwise_than_ordered_is_an_alarm(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.erp.faults = ["asynchronous"]
    world.run()
    world.erp.work()
    (key,) = world.erp.keys
    world.erp.keys[key] = replace(world.erp.keys[key], amount=Decimal(1))
    summary = world.run()
    assert summary.errors["receipt-differs"] == 1
    assert world.states() == {"SDI-F-1": State.POSTING}


def test_another_request_under_our_key_is_an_alarm(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.erp.faults = ["asynchronous"]
    world.run()
    (key,) = world.erp.keys
    world.erp.keys[key] = replace(world.erp.keys[key], payload_hash="another")
    world.run()
    world.run()
    assert world.rows()[0].codes == ("key-conflict",)


def test_a_store_older_than_the_erp_takes_postings_over(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "")
    world.run()
    ledger = list(world.erp.ledger)
    restored = FlowWorld(tmp_path / "restored", *world.source.documents)
    restored.erp = world.erp
    summary = restored.run()
    assert restored.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.POSTED}
    assert world.erp.ledger == ledger
    assert "older than the ERP" in summary.problems[0]


def test_a_document_withdrawn_before_anything_was_sent_is_not_posted(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "")
    options = RunOptions(owner="robot-1", chunk_size=1)
    world.erp.on_call = options.stop.set
    world.run(chunk_size=1, stop=options.stop)
    assert world.states() == {"SDI-F-1": State.POSTED, "SDI-F-2": State.DECIDED}
    world.source.documents = []
    world.run()
    assert world.rows()[1].codes == ("source-withdrawn",)
    assert len(world.erp.ledger) == 1


def test_a_paused_customer_is_left_alone(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    with world.store.writing(actor="bod") as unit:
        unit.pause("99001", "moving offices")
    summary = world.run()
    assert (dict(summary.paused), world.rows()) == ({"99001": 1}, [])
    with world.store.writing(actor="bod") as unit:
        unit.resume("99001")
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED}


def test_a_pause_in_the_middle_of_a_run_stops_what_is_not_sent(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "", "")

    def pause() -> None:
        with world.store.writing(actor="bod") as unit:
            unit.pause("", "something looks wrong")

    world.erp.on_call = pause
    world.run(chunk_size=1)
    assert len(world.erp.ledger) == 1


class Meanwhile(threading.Event):
    """A stop that nobody asks for; waiting for it takes no time, and something happens instead."""

    def __init__(self, clock: SetClock, happens: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._clock = clock
        self._happens = happens

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.instant += timedelta(seconds=timeout or 0)
        self._happens()
        return self.is_set()


def test_what_the_erp_has_no_room_for_waits_until_it_has(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "")
    world.erp.faults = ["", *["full"] * 20]
    summary = world.run(stop=Meanwhile(world.clock))
    assert set(world.states().values()) == {State.POSTED}
    assert not summary.problems


@pytest.mark.parametrize("what", ["stop", "pause", "withdraw"])
def test_waiting_for_room_ends_at_once_when_it_has_to(tmp_path: Path, what: str) -> None:
    world = _world(tmp_path, "", "")
    world.erp.faults = ["full"] * 1000

    def happens() -> None:
        if what == "stop":
            stop.set()
        elif what == "withdraw":
            world.source.documents = []
        else:
            with world.store.writing(actor="bod") as unit:
                unit.pause("99001", "something looks wrong")

    stop = Meanwhile(world.clock, happens)
    world.run(stop=stop)
    assert len([call for call in world.erp.calls if call.startswith("post")]) == 1
    assert world.erp.ledger == []
    # Nothing was sent, so nothing is unknown.
    sent = {row.state for row in world.rows()} - {State.DECIDED, State.HELD}
    assert not sent


def test_an_erp_that_never_has_room_is_left_alone_and_told(tmp_path: Path) -> None:
    world = _world(tmp_path, *[""] * (BREAKER + 2))
    world.erp.faults = ["full"] * 10_000
    summary = world.run(stop=Meanwhile(world.clock), lease_seconds=3600)
    assert summary.errors[STOPPED] == 1
    assert set(world.states().values()) == {State.DECIDED}


def test_a_stop_finishes_the_document_in_hand(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "", "")
    options = RunOptions(owner="robot-1")
    world.erp.on_call = options.stop.set
    summary = world.run(stop=options.stop)
    assert summary.stopped
    assert sorted(world.states().values()) == [State.DECIDED, State.DECIDED, State.POSTED]
    world.run()
    assert set(world.states().values()) == {State.POSTED}
    assert len(world.erp.ledger) == 3


def test_five_faults_in_a_row_leave_the_company_alone(tmp_path: Path) -> None:
    world = _world(tmp_path, *[""] * 8)
    world.erp.faults = ["lost"] * 8
    world.run()
    assert len([call for call in world.erp.calls if call.startswith("post")]) == 5
    world.erp.faults = []
    world.run()
    assert set(world.states().values()) == {State.POSTED}


def test_an_unreachable_source_is_a_reason_to_try_again(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    world.source.unreachable = True
    summary = world.run()
    assert summary.exit_code == 3
    assert "the source can't be read" in summary.problems[0]


def test_a_source_that_cannot_be_told_is_told_in_the_next_run(tmp_path: Path) -> None:
    world = _world(tmp_path, "bounce dimension-missing")
    world.source.deaf = True
    world.run()
    assert (world.states()["SDI-F-1"], world.mails()) == (State.REJECTING, [])
    world.source.deaf = False
    world.run()
    assert world.states() == {"SDI-F-1": State.BOUNCED}
    assert len(world.mails()) == 1


def test_two_runs_at_once_are_not_possible(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    lease = world.store.acquire(name="run", owner="other", seconds=60)
    other = world.open()
    world.store, mine = other, world.store
    with pytest.raises(LeaseHeldError):
        world.run()
    mine.release(lease)
    assert world.run().counts["posted"] == 1


def test_a_dry_run_shows_and_touches_nothing(tmp_path: Path) -> None:
    world = _world(tmp_path, "", "bounce dimension-missing")
    shown = list(preview(world.ports, RunOptions(owner="dry")))
    assert [item.decision.outcome for item in shown if item.decision] == ["post", "bounce"]
    assert (world.rows(), world.erp.ledger, world.source.rejected) == ([], [], [])
    assert world.store.trail.verify().rows == 0


def test_the_customer_of_a_document_may_become_known_later(tmp_path: Path) -> None:
    world = _world(tmp_path, "")
    known = world.rules.rulesets.pop("99001")
    world.run()
    world.rules.rulesets["99001"] = known
    world.run()
    assert [row.state for row in world.rows()] == [State.SUPERSEDED, State.POSTED]


def test_every_effect_has_its_end_in_the_history(tmp_path: Path) -> None:
    world = _world(tmp_path, "bounce dimension-missing")
    world.run()
    (version,) = history(world.store, "SDI-F-1")
    assert [(effect.kind, effect.status) for effect in version.effects] == [
        (EffectKind.REJECTION, EffectStatus.DONE),
        (EffectKind.NOTICE, EffectStatus.DONE),
    ]
    assert version.mails[0].mail.message_id == version.effects[1].message_id
    assert [row.act for row in version.trail] == ["decided", "sending", "bounced"]
    assert version.decisions[0].decision.findings == (found("dimension-missing"),)
