"""Commands of the dashboard: written once, carried out in the name of who asked, answered."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from robot.domain.answer import Answer
from robot.domain.state import State
from robot.flow.case_commands import all_acts
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command, CommandStatus, NewCommand
from robot.flow.commands import carry_out, carry_out_long
from robot.flow.rule_approval import Reviewer
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.notices import real_taxonomy

HELD = "hold outside-criteria"


@pytest.fixture
def world(tmp_path: Path) -> FlowWorld:
    return FlowWorld(tmp_path, an_approved(remark=HELD))


def ask(
    world: FlowWorld,
    kind: str,
    reason: str = "aftalt",
    *,
    by: str = "anna",
    once: str = "form-1",
    **argument: str,
) -> int:
    with world.store.writing(actor=by) as unit:
        return unit.commands.ask(
            NewCommand(kind=kind, argument=argument, reason=reason, once=once)
        )


def answer(world: FlowWorld) -> Command:
    customers = world.rules.customers
    acts = all_acts(lambda: list(customers), lambda: world.ports)
    carry_out(world.store, real_taxonomy(), world.clock, acts)
    return world.store.commands.last(1)[0]


def test_a_release_lets_the_next_run_post(world: FlowWorld) -> None:
    world.run()
    ask(world, "release", document="SDI-F-1001")
    assert answer(world).status is CommandStatus.DONE
    world.run()
    assert world.states() == {"SDI-F-1001": State.POSTED}


def test_an_act_stands_in_the_trail_under_the_name_of_who_asked(world: FlowWorld) -> None:
    world.run()
    ask(world, "drop", document="SDI-F-1001", by="Bente Clerk")
    answer(world)
    acts = [(row.actor, row.act) for row in world.store.trail.rows(document=world.rows()[0].id)]
    assert ("Bente Clerk", "dropped") in acts


def test_the_same_form_sent_twice_is_one_command(world: FlowWorld) -> None:
    assert ask(world, "pause") == ask(world, "pause")
    assert ask(world, "pause", by="bente") != ask(world, "pause")
    assert len(world.store.commands.waiting()) == 2


def test_what_was_answered_is_not_done_again(world: FlowWorld) -> None:
    world.run()
    ask(world, "drop", document="SDI-F-1001")
    answer(world)
    before = list(world.store.trail.rows())
    answer(world)
    assert list(world.store.trail.rows()) == before


def test_two_robots_at_once_do_it_once(world: FlowWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one has done it since this one read what waits."""
    ask(world, "pause")
    waiting = world.store.commands.waiting()
    monkeypatch.setattr(world.store.commands, "waiting", lambda **_narrowed: waiting)
    answer(world)
    assert answer(world).status is CommandStatus.DONE
    assert [row.act for row in world.store.trail.rows()].count("paused") == 1


def test_a_kill_switch_that_was_set_since_then_stays(world: FlowWorld) -> None:
    ask(world, "resume")
    world.clock.instant += timedelta(minutes=5)
    with world.store.writing(actor="bente") as unit:
        unit.pause("", "noget er galt")
    assert answer(world).outcome == Answer(code="paused-since", values={"person": "bente"})
    assert [row.by for row in world.store.runs.pauses()] == ["bente"]


def test_a_command_that_can_not_be_done_says_why_and_stops_no_other(world: FlowWorld) -> None:
    ask(world, "release", document="SDI-unknown", once="a")
    ask(world, "pause", once="b")
    answer(world)
    pause, release = world.store.commands.last(2)
    assert release.status is CommandStatus.REFUSED
    assert release.outcome == Answer(code="no-document", values={"reference": "SDI-unknown"})
    assert pause.status is CommandStatus.DONE


def test_a_kind_that_nobody_knows_is_refused(world: FlowWorld) -> None:
    ask(world, "post-everything")
    assert answer(world).status is CommandStatus.REFUSED


def test_a_kill_switch_by_command_holds_the_next_run(world: FlowWorld) -> None:
    ask(world, "pause", customer="99001")
    answer(world)
    world.run()
    assert world.rows() == []
    ask(world, "resume", customer="99001", once="2")
    answer(world)
    world.run()
    assert world.states() == {"SDI-F-1001": State.HELD}


def test_nobody_approves_a_rule_set_of_their_own(world: FlowWorld) -> None:
    reviewer = Reviewer(store=world.store, clock=world.clock, name="anna")
    reviewer.propose("99001", "a" * 64, "rules", authors=["anna"])
    ask(world, "rules-approve", ruleset="a" * 64, by="anna", once="1")
    assert answer(world).status is CommandStatus.REFUSED
    ask(world, "rules-approve", ruleset="a" * 64, by="bente", once="2")
    assert answer(world).status is CommandStatus.DONE


def test_a_fault_of_an_act_shows_no_traceback(world: FlowWorld) -> None:
    def broken(command: Command, clerk: object) -> Answer:
        raise ZeroDivisionError(command, clerk)

    ask(world, "broken")
    faults: list[str] = []
    carry_out(
        world.store,
        real_taxonomy(),
        world.clock,
        {"broken": broken},
        lambda _error, about: faults.append(about),
    )
    assert world.store.commands.last(1)[0].outcome == Answer(code="own-fault")
    assert faults == ["command 1"]


def test_a_release_goes_through_while_a_trial_is_under_way_and_no_second_trial_begins(
    world: FlowWorld,
) -> None:
    begun, end = threading.Event(), threading.Event()
    tried: list[int] = []

    def trial(command: Command, clerk: object) -> Answer:
        del clerk
        tried.append(command.id)
        begun.set()
        assert end.wait(20)
        return Answer(code="rules-tried", values={"documents": "1", "changed": "0", "posted": "0"})

    def long(owner: str) -> int:
        acts = {"rules-backtest": trial}
        return carry_out_long(world.store, real_taxonomy(), world.clock, acts, owner=owner)

    world.run()
    ask(world, "rules-backtest", ruleset="a" * 64, once="1")
    ask(world, "rules-backtest", ruleset="b" * 64, once="2")
    first = threading.Thread(target=long, args=("one daemon",))
    first.start()
    assert begun.wait(20)
    released = ask(world, "release", document="SDI-F-1001", once="3")
    answer(world)
    assert [it.id for it in world.store.commands.last(3) if it.outcome] == [released]
    assert long("another daemon") == 0
    end.set()
    first.join()
    assert tried == [1, 2]
    assert world.store.commands.waiting() == []


def test_a_trial_whose_daemon_was_frozen_is_done_by_another_and_answered_once(
    world: FlowWorld,
) -> None:
    def frozen(command: Command, clerk: Clerk) -> Answer:
        del command
        assert clerk.lease is not None
        # As if its time had run out while the machine slept.
        world.store.release(clerk.lease)
        claimed = world.store.claimed(name=clerk.lease.name, owner="another daemon", seconds=60)
        with claimed, world.store.writing(actor="anna", lease=clerk.lease):
            raise AssertionError("it wrote after its lease was lost")

    ask(world, "rules-backtest", ruleset="a" * 64)
    acts = {"rules-backtest": frozen}
    given = (world.store, real_taxonomy(), world.clock)
    assert carry_out_long(*given, acts, owner="frozen") == 0
    done = {"rules-backtest": lambda _command, _clerk: Answer(code="rules-tried")}
    assert carry_out_long(*given, done, owner="another daemon") == 1
    assert world.store.commands.last(1)[0].outcome == Answer(code="rules-tried")
