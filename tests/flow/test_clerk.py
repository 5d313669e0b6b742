from __future__ import annotations

from pathlib import Path

import pytest

from robot.domain.state import State
from robot.errors import ActError
from robot.flow.clerk import Clerk
from robot.flow.history import history
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.notices import real_taxonomy


def _held(folder: Path, code: str) -> tuple[FlowWorld, Clerk]:
    world = FlowWorld(folder, an_approved("F-1", f"hold {code}"))
    world.run()
    clerk = Clerk(store=world.store, taxonomy=real_taxonomy(), clock=world.clock, name="bod")
    return world, clerk


def test_a_release_is_posted_by_the_next_run_and_audited(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "duplicate-suspected")
    clerk.release("F-1", "both are to be paid, says abe")
    assert world.erp.ledger == []
    world.run()
    assert world.states() == {"SDI-F-1": State.POSTED}
    (version,) = history(world.store, "F-1")
    assert version.decisions[-1].decision.posted_by == ("released by bod",)
    assert [(row.actor, row.act) for row in version.trail][1] == ("bod", "released")
    assert version.trail[1].detail["reason"] == "both are to be paid, says abe"


@pytest.mark.parametrize("code", ["duplicate-exact", "creditor-cvr-differs"])
def test_what_may_not_be_passed_over_is_not_released(tmp_path: Path, code: str) -> None:
    world, clerk = _held(tmp_path, code)
    with pytest.raises(ActError, match=f"{code} may not be passed over"):
        clerk.release("F-1", "just do it")
    world.run()
    assert world.erp.ledger == []


def test_a_release_does_not_post_past_a_new_finding(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "duplicate-suspected")
    clerk.release("F-1", "is fine")
    world.source.documents = [an_approved("F-1", "hold duplicate-exact")]
    world.run()
    assert world.erp.ledger == []


def test_a_bounce_by_a_clerk_is_carried_out_and_told(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "duplicate-suspected")
    assert clerk.bounce("F-1", "asked abe", ["order-reference-missing"]).state is State.DECIDED
    world.run()
    assert world.states() == {"SDI-F-1": State.BOUNCED}
    assert len(world.mails()) == 1
    assert world.rows()[0].codes == ("order-reference-missing",)


def test_a_recheck_is_answered_once(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "duplicate-exact")
    clerk.recheck("F-1", "the other one was reversed")
    world.run()
    world.run()
    (version,) = history(world.store, "F-1")
    assert [row.act for row in version.trail] == ["decided", "recheck-asked", "decided"]


def test_a_dropped_document_is_never_taken_up_again(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "creditor-unknown")
    clerk.drop("F-1", "paid by card")
    world.run()
    assert world.states() == {"SDI-F-1": State.DROPPED}


@pytest.mark.parametrize("act", ["recheck", "release", "drop"])
def test_every_act_needs_a_reason(tmp_path: Path, act: str) -> None:
    _, clerk = _held(tmp_path, "duplicate-suspected")
    with pytest.raises(ActError, match="give a reason"):
        getattr(clerk, act)("F-1", " ")


def test_only_what_waits_for_a_person_can_be_acted_on(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1"))
    world.run()
    clerk = Clerk(store=world.store, taxonomy=real_taxonomy(), clock=world.clock, name="bod")
    with pytest.raises(ActError, match="is posted, not held"):
        clerk.drop("F-1", "why not")
    with pytest.raises(ActError, match="no document 'F-2'"):
        clerk.drop("F-2", "why not")


def test_an_unknown_error_type_bounces_nothing(tmp_path: Path) -> None:
    _, clerk = _held(tmp_path, "duplicate-suspected")
    with pytest.raises(ActError, match="no error type 'no-such-type'"):
        clerk.bounce("F-1", "why not", ["no-such-type"])


def test_a_security_finding_is_not_told_by_mail(tmp_path: Path) -> None:
    _, clerk = _held(tmp_path, "creditor-cvr-differs")
    with pytest.raises(ActError, match="security"):
        clerk.bounce("F-1", "asked abe", ["order-reference-missing"])


def test_pause_and_resume_are_audited(tmp_path: Path) -> None:
    world, clerk = _held(tmp_path, "creditor-unknown")
    clerk.pause("99001", "year-end")
    assert [row.scope for row in world.store.runs.pauses()] == ["99001"]
    assert clerk.resume("99001")
    assert not clerk.resume("99001")
    acts = [row.act for row in world.store.trail.rows() if row.actor == "bod"]
    assert acts == ["paused", "resumed"]
